"""The officer's page: their own months, in figures they can redo, and nothing that tells who rated."""

import math
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import col

from kiosk import create_app
from shared import closing, standings
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import OfficerRow, RegionRow
from shared.db.ratings import record
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE, let_see
from tests.factories import NOON, SettableClock, a_message, a_rating
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
    let_see(services)


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
    assert "Persen dibulatkan; jumlahnya bisa 99 atau 101." in text
    assert "Nilai keluar setelah bulan ditutup, tanggal 6 Desember 2026." in text
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
    assert "Oktober 2026 – 75,00 6 September 2026 belum cukup penilaian Agustus 2026 – 100,00 5" in page.text
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


def test_an_open_month_stays_five_ratings_and_a_day_behind(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    def page_after(*answers: int) -> str:
        with writing(services.engine) as session:
            record([a_message(overall=answer) for answer in answers], session, services.clock())
        standings.refresh(services)
        standings.move_snapshots(services)
        return signed_in(app, "asha").get("/me").text

    assert "Belum cukup penilaian untuk bulan ini." in page_after(4, 4, 4, 4, 4)
    assert "Belum cukup penilaian untuk bulan ini." in page_after(1, 1, 1, 1, 1), "not on the same day"
    clock.advance(days=1)
    text = page_after()
    assert "Indeks mentah 100,00 pada skala 25 sampai 100, dari 5 penilaian" in text
    assert "Bulan ini masih berjalan." in text
    clock.advance(days=1)
    assert "dari 5 penilaian" in page_after(2, 2, 2, 2), "not by four"
    assert "Indeks mentah 62,50 pada skala 25 sampai 100, dari 10 penilaian" in page_after(2)


class TestAClosedMonth:
    @pytest.fixture(autouse=True)
    def _october(self, services: Services) -> None:
        rate(services, ASHA, *[4, 4, 3, 4, 3, 4, 2] * 8, given_at=OCTOBER)
        rate(services, BILAL, *[3, 3, 4] * 8, given_at=OCTOBER)

    def close(self, services: Services) -> None:
        for step in closing.steps(services):
            closing.take(step, services)

    def test_it_says_the_score_with_its_interval_and_grade(self, app: Flask, services: Services) -> None:
        assert "Nilai Anda untuk Oktober 2026" not in signed_in(app, "asha").get("/me/2026-10").text
        self.close(services)
        text = signed_in(app, "asha").get("/me/2026-10").text
        assert "Nilai Anda untuk Oktober 2026 85,45 mutu B, final" in text
        assert "Dengan jumlah penilaian ini, nilai sebenarnya kira-kira antara 82,0 dan 88,9." in text
        assert "Indeks mentah, yaitu rata-rata biasa dari 56 penilaian ini, adalah 85,71." in text
        assert "Bulan ini sudah ditutup. Nilainya hanya bisa berubah karena" in text

    def test_a_provisional_one_says_how_many_are_missing(self, app: Flask, services: Services) -> None:
        self.close(services)
        text = signed_in(app, "bilal").get("/me/2026-10").text
        assert "sementara" in text
        assert "Untuk nilai final, bulan itu kurang 22 penilaian." in text

    def test_of_too_few_ratings_no_score_is_said(self, app: Flask, services: Services) -> None:
        rate(services, DEV, *[4] * 6, given_at=OCTOBER)
        self.close(services)
        text = signed_in(app, "dev").get("/me/2026-10").text
        assert "Penilaian ini terlalu sedikit untuk memberi nilai secara adil." in text
        assert "Indeks mentah 100,00" in text

    def test_what_does_not_count_is_told_with_its_reason(self, app: Flask, services: Services) -> None:
        with writing(services.engine) as session:
            record([a_message(given_at=OCTOBER, rater_key="a" * 32) for _ in range(3)], session, services.clock())
        standings.refresh(services)
        self.close(services)
        text = signed_in(app, "asha").get("/me/2026-10").text
        assert "Penilaian yang tidak dihitung" in text
        assert "2 digantikan penilaian yang lebih baru dari orang yang sama" in text
        assert "ikut dihitung" not in text, "what two people answered is told to nobody"

    @pytest.mark.parametrize(("count", "told"), [(1, False), (4, False), (5, True)])
    def test_phones_of_staff_are_told_of_from_five_on(
        self, app: Flask, services: Services, count: int, told: bool
    ) -> None:
        """Of one such phone it would say whether its owner rated: a colleague, or whoever's number was registered."""
        with writing(services.engine) as session:
            record([a_message(given_at=OCTOBER, own_phone=True) for _ in range(count)], session, services.clock())
        standings.refresh(services)
        self.close(services)
        text = signed_in(app, "asha").get("/me/2026-10").text
        assert (f"{count} dikirim dari nomor HP petugas kantor itu sendiri" in text) == told
        assert ("Penilaian yang tidak dihitung" in text) == told

    def test_what_they_would_change_is_told_from_five_on(self, app: Flask, services: Services) -> None:
        again = [a_message(overall=1, given_at=OCTOBER, rater_key="a" * 32) for _ in range(6)]
        with writing(services.engine) as session:
            record(again, session, services.clock())
        standings.refresh(services)
        self.close(services)
        text = signed_in(app, "asha").get("/me/2026-10").text
        # 192 of 56 answers and a 1 counts; five more 1 do not: 25 x 193/57 and 25 x 198/62.
        assert "Indeks mentahnya 84,65. Kalau penilaian ini ikut dihitung, indeksnya menjadi 79,84." in text

    def test_in_a_small_group_its_figures_are_kept_back(self, app: Flask, services: Services) -> None:
        self.close(services)
        text = signed_in(app, "asha").get("/me/2026-10").text
        assert "Kelompok Anda sangat kecil" in text
        assert "Rata-rata kelompok" not in text

    def test_in_a_larger_one_the_sum_can_be_redone(self, app: Flask, services: Services) -> None:
        with writing(services.engine) as session:
            session.add_all(OfficerRow(code=f"Q{n}", name=f"Petugas {n}", office_code=OFFICE) for n in range(3))
        services.directory.look_again()
        for number in range(3):
            rate(services, f"Q{number}", *[3, 4, 4, 3] * 5, given_at=OCTOBER)
        self.close(services)
        text = signed_in(app, "asha", "en").get("/me/2026-10").text
        found = re.search(r"25 × \(([\d.]+) \+ ([\d.]+) × \(([\d.]+) − ([\d.]+)\)\) ≈ ([\d.]+)", text)
        assert found is not None
        mu, reliability, mean, again, index = (float(part) for part in found.groups())
        assert mu == again
        assert 25 * (mu + reliability * (mean - mu)) == pytest.approx(index, abs=0.01)
        assert "of 5 officers" in text
        redone = re.search(r"= ([\d.]+) ÷ \(([\d.]+) \+ ([\d.]+) ÷ (\d+)\) = ([\d.]+)", text)
        ends = re.search(r"÷ W\) = ([\d.]+) to ([\d.]+) W = ([\d.]+)", text)
        assert redone is not None
        assert ends is not None
        tau2, _again, sigma2, count, known = (float(part) for part in redone.groups())
        low, high, weight = (float(part) for part in ends.groups())
        assert tau2 / (tau2 + sigma2 / count) == pytest.approx(known, abs=0.0001)
        half = 25 * 1.645 * math.sqrt(tau2 * (1 - known) + (1 - known) ** 2 / weight)
        assert low == pytest.approx(index - half, abs=0.02)
        assert high == pytest.approx(index + half, abs=0.02)

    def test_where_a_way_was_used_by_too_few_it_says_that_answers_were_moved(
        self, app: Flask, services: Services
    ) -> None:
        with writing(services.engine) as session:
            session.add_all(OfficerRow(code=f"Q{n}", name=f"Petugas {n}", office_code=OFFICE) for n in range(3))
            by_screen = [a_rating(given_at=OCTOBER + timedelta(minutes=n), overall=2) for n in range(3)]
            record(by_screen, session, services.clock())
        services.directory.look_again()
        for number in range(3):
            rate(services, f"Q{number}", *[3, 4, 4, 3] * 5, given_at=OCTOBER)
        self.close(services)
        text = signed_in(app, "asha").get("/me/2026-10").text
        assert "Jawaban dari beberapa cara menilai digeser sedikit. Rinciannya tidak ditampilkan" in text
        assert "Digeser" not in text


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
    page = pages.get("/me", 403)
    assert "Akun Anda tidak dapat membuka halaman ini" in page.text
    assert "Keluar" in page.text, "whoever is signed in with another account can sign out here"
