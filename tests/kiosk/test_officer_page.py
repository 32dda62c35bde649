"""The officer's page: their own months, in figures they can redo, and nothing that tells who rated."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import col

from kiosk import create_app
from shared import standings
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import RegionRow
from shared.db.ratings import record
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock, a_message
from tests.pages import Pages, let_lead, let_sign_in

TOO_FEW = "Belum cukup penilaian untuk bulan ini. Nilai tampil bila ada paling sedikit 5 penilaian."
OCTOBER = NOON - timedelta(days=31)
SEPTEMBER = NOON - timedelta(days=62)
AUGUST = NOON - timedelta(days=93)
OFFICES = {DEV: OTHER_OFFICE}


def rate(services: Services, officer: str, *answers: int, given_at: datetime = NOON) -> None:
    """Let residents give these answers; the score is refreshed as the worker does."""
    about = {"officer": officer, "office": OFFICES.get(officer, OFFICE), "given_at": given_at}
    given = [a_message(overall=answer, **about) for answer in answers]
    with writing(services.engine) as session:
        record(given, session, services.clock())
    standings.refresh(services)


@pytest.fixture
def app(services: Services) -> Flask:
    for username, officer in (("asha", ASHA), ("bilal", BILAL), ("dev", DEV)):
        let_sign_in(services, username, officer)
    return create_app(services)


def signed_in(app: Flask, username: str, language: str = "id") -> Pages:
    pages = Pages(app, "en" if language == "en" else "id")
    pages.sign_in(username)
    return pages


def test_asha_reads_her_month_and_can_redo_its_sum(app: Flask, services: Services) -> None:
    rate(services, ASHA, 4, 4, 4, 4, 3, 3, 2, 1)
    text = signed_in(app, "asha").get("/me").text
    assert "Penilaian untuk Anda, November 2026" in text
    assert "Yth. Asha Pertiwi, S.Sos. Disdukcapil Sawahlunto" in text
    assert "Pada November 2026, 6 dari 8 penilaian menyebut pelayanan Anda baik atau sangat baik." in text
    assert "Indeks mentah 78,13 pada skala 25 sampai 100, dari 8 penilaian" in text
    assert "Sangat baik 4 50% Baik 2 25% Kurang baik 1 13% Tidak baik 1 13%" in text
    assert "4 × 4 + 2 × 3 + 1 × 2 + 1 × 1 = 25" in text
    assert "25 × 25 ÷ 8 = 78,125 → 78,13" in text
    assert "dari 1 November 2026 sampai 30 November 2026, menurut jam kantor Anda (WIB)" in text


def test_the_page_reads_the_same_in_english(app: Flask, services: Services) -> None:
    rate(services, ASHA, 4, 4, 4, 4, 3, 3, 2, 1)
    text = signed_in(app, "asha", "en").get("/me").text
    assert "In November 2026, 6 of 8 ratings called your service good or very good." in text
    assert "25 × 25 ÷ 8 = 78.125 → 78.13" in text


@pytest.mark.parametrize(
    ("answers", "sum_"),
    [
        pytest.param((4, 4, 4, 4, 4, 3, 3, 3), "25 × 29 ÷ 8 = 90,625 → 90,63", id="exactly half goes up"),
        pytest.param((4, 4, 4, 4, 4, 4, 3), "25 × 27 ÷ 7 = 96,4285… → 96,43", id="endless decimals"),
        pytest.param((4, 4, 4, 4, 4, 3), "25 × 23 ÷ 6 = 95,8333… → 95,83", id="rounds down"),
        pytest.param((1, 1, 1, 1, 1), "25 × 5 ÷ 5 = 25,00 Yang", id="needs no rounding"),
    ],
)
def test_the_sum_shows_what_a_calculator_shows(
    app: Flask, services: Services, answers: tuple[int, ...], sum_: str
) -> None:
    rate(services, ASHA, *answers)
    assert sum_ in signed_in(app, "asha").get("/me").text


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param((4, 4, 3, 3, 3), "Semua 5 penilaian pada November 2026 menyebut pelayanan Anda baik", id="all"),
        pytest.param((4, 2, 2, 1, 1), "Pada November 2026, 1 dari 5 penilaian menyebut", id="one"),
        pytest.param((2, 2, 2, 1, 1), "dari 5 penilaian belum ada yang menyebut pelayanan Anda baik", id="none"),
    ],
)
def test_a_sentence_says_the_result(app: Flask, services: Services, answers: tuple[int, ...], sentence: str) -> None:
    rate(services, ASHA, *answers)
    assert sentence in signed_in(app, "asha").get("/me").text


def test_the_page_says_how_far_one_rating_moves_the_figure(app: Flask, services: Services) -> None:
    rate(services, ASHA, 4, 4, 4, 4, 4)
    page = signed_in(app, "asha").get("/me")
    assert "satu lagi jawaban “Tidak baik” membuatnya menjadi 87,50" in page.text, "25 × 21 ÷ 6"
    assert 'aria-label="Indeks mentah 100,00 berada di bagian A pada skala 25 sampai 100."' in page.html


def test_bilal_sees_too_few_ratings_rather_than_zero(app: Flask, services: Services) -> None:
    pages = signed_in(app, "bilal")
    without_any = pages.get("/me").text
    rate(services, BILAL, 4, 4, 1, 1)
    text = pages.get("/me").text
    assert TOO_FEW in text
    assert text == without_any, "four ratings and none read the same"
    assert "Indeks mentah" not in text


def test_a_month_of_too_few_leaves_a_gap_among_the_others(app: Flask, services: Services) -> None:
    for moment, answers in ((AUGUST, (4,) * 5), (SEPTEMBER, (1, 1, 4, 4)), (OCTOBER, (3,) * 6), (NOON, (3,) * 7)):
        rate(services, ASHA, *answers, given_at=moment)
    pages = signed_in(app, "asha")
    page = pages.get("/me/2026-09")
    assert "Belum cukup penilaian untuk September 2026." in page.text
    assert "Baca November 2026" in page.text
    assert "Oktober 2026 75,00 6 September 2026 belum cukup penilaian Agustus 2026 100,00 5" in page.text
    assert page.html.count('class="point') == 3
    assert page.html.count('class="trend"') == 1, "no line leads over the gap"


def test_earlier_months_have_their_own_address(app: Flask, services: Services) -> None:
    rate(services, ASHA, 3, 3, 3, 3, 3, given_at=OCTOBER)
    rate(services, ASHA, 4, 4, 4, 4, 4)
    pages = signed_in(app, "asha")
    page = pages.get("/me/2026-10")
    assert "Semua 5 penilaian pada Oktober 2026" in page.text
    assert "Indeks mentah 75,00" in page.text
    assert 'href="/me/2026-11"' in page.html
    assert pages.get("/me/2026-11").text.replace(" ‹ ", " ") == pages.get("/me").text.replace(" ‹ ", " ")


@pytest.mark.parametrize(
    "month",
    [
        pytest.param("2026-12", id="not yet begun"),
        pytest.param("2026-08", id="before the first"),
        pytest.param("2026-13", id="no month"),
        pytest.param("november", id="no date"),
        pytest.param("DK8", id="somebody"),
    ],
)
def test_a_month_the_officer_does_not_have_does_not_exist(app: Flask, services: Services, month: str) -> None:
    rate(services, ASHA, 4, given_at=SEPTEMBER)
    assert "Halaman ini tidak ada" in signed_in(app, "asha").get(f"/me/{month}", 404).text


def test_dev_sees_nothing_of_the_other_office(app: Flask, services: Services) -> None:
    rate(services, ASHA, 3, 3, 3, 3, 3, given_at=OCTOBER)
    rate(services, ASHA, 4, 4, 4, 4, 3)
    rate(services, DEV, 2, 2, 2, 2, 2)
    pages = signed_in(app, "dev")
    text = pages.get("/me").text
    assert "Indeks mentah 50,00" in text
    assert "(WIT)" in text
    assert "95,00" not in text
    assert "Asha" not in text
    pages.get("/me/2026-10", 404)
    pages.get(f"/me/{ASHA}", 404)


def test_the_month_turns_at_the_offices_midnight(app: Flask, services: Services, clock: SettableClock) -> None:
    clock.moment = datetime.fromisoformat("2026-11-30T16:00:00Z")
    assert "Penilaian untuk Anda, November 2026" in signed_in(app, "asha").get("/me").text
    assert "Penilaian untuk Anda, Desember 2026" in signed_in(app, "dev").get("/me").text, "01:00 in Sofifi"


def test_an_open_month_never_moves_by_one_person(app: Flask, services: Services, clock: SettableClock) -> None:
    pages = signed_in(app, "asha")
    rate(services, ASHA, 4, 4, 4, 4, 4)
    assert "100,00" in pages.get("/me").text
    rate(services, ASHA, 1, 1, 1, 1)
    assert "dari 5 penilaian" in pages.get("/me").text, "not on the same day"
    clock.advance(days=1)
    standings.move_snapshots(services)
    pages = signed_in(app, "asha")
    assert "dari 5 penilaian" in pages.get("/me").text, "not by four"
    rate(services, ASHA, 1, given_at=NOON)
    text = pages.get("/me").text
    assert "Indeks mentah 62,50 pada skala 25 sampai 100, dari 10 penilaian" in text
    assert "Bulan ini masih berjalan." in text


def test_a_demo_moves_at_once_and_says_so(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(update(RegionRow).where(col(RegionRow.code) == "SWL").values(demo=True))
    services.directory.look_again()
    rate(services, ASHA, 4, 4, 4, 4, 4)
    rate(services, ASHA, 1)
    text = signed_in(app, "asha").get("/me").text
    assert "dari 6 penilaian" in text
    assert "Demo: angka langsung berubah, dan semua orangnya rekaan." in text
    assert "Bulan ini masih berjalan." not in text


def test_only_a_signed_in_officer_has_a_page(app: Flask, services: Services) -> None:
    let_lead(services, "esha", Place(Role.ADMINISTRATOR))
    pages = Pages(app)
    assert pages.redirect("/me/2026-11") == "/login?next=/me/2026-11"
    pages.lead(services, "esha")
    assert "Halaman ini bukan untuk Anda" in pages.get("/me", 403).text
