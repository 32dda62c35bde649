"""The page of a semester and a year: closed months together, and nothing that tells of fewer than five."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from kiosk import create_app
from shared import closing, standings
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow
from shared.db.ratings import record
from shared.db.review_tables import ReviewRow
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import SettableClock, a_message
from tests.pages import Pages, let_sign_in

ANSWERS = [4, 4, 4, 3, 2] * 12


def rate(services: Services, month: int, officer: str, *answers: int, keys: bool = False) -> None:
    begin = datetime(2026, month, 12, 1, tzinfo=UTC)
    given = [
        a_message(
            officer=officer,
            overall=answer,
            given_at=begin + timedelta(minutes=number),
            rater_key=f"key{number}" if keys else None,
        )
        for number, answer in enumerate(answers)
    ]
    with writing(services.engine) as session:
        record(given, session, begin + timedelta(days=1))
    standings.refresh(services)


def close(services: Services, clock: SettableClock, moment: datetime) -> None:
    """Close what is due then; what is closed late is looked at again at once."""
    clock.moment = moment
    for _ in range(2):
        for step in closing.steps(services):
            closing.take(step, services)


@pytest.fixture(autouse=True)
def _rated(services: Services, clock: SettableClock) -> None:
    """Let Asha be rated in July, September and November, Bilal a little; all but November is closed."""
    rate(services, 7, ASHA, *ANSWERS)
    rate(services, 9, ASHA, *ANSWERS)
    rate(services, 7, BILAL, 4, 1, 1)
    close(services, clock, datetime(2026, 10, 21, tzinfo=UTC))
    rate(services, 11, ASHA, *ANSWERS)
    clock.moment = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def app(services: Services) -> Flask:
    for username, officer in (("asha", ASHA), ("bilal", BILAL)):
        let_sign_in(services, username, officer)
    return create_app(services)


def signed_in(app: Flask, username: str = "asha", language: str = "id") -> Pages:
    pages = Pages(app, "en" if language == "en" else "id")
    pages.sign_in(username)
    return pages


def test_a_semester_that_runs_says_what_is_in_it_and_that_it_grows(app: Flask) -> None:
    text = signed_in(app).get("/me/2026-S2").text
    assert "Penilaian untuk Anda, Semester II 2026" in text
    assert "Pada Semester II 2026, 96 dari 120 penilaian menyebut pelayanan Anda baik atau sangat baik." in text
    assert "sementara" in text
    assert "Penilaian masih bertambah sampai 20 Januari 2027." in " ".join(text.split())
    assert "Juli 2026 60" in text
    assert "Agustus 2026 belum cukup penilaian" in text
    assert "November 2026 belum ditutup" in text
    assert "Jumlah 120" in text


def test_when_it_is_over_it_has_a_grade_and_one_can_redo_its_raw_index(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    close(services, clock, datetime(2027, 1, 21, tzinfo=UTC))
    text = signed_in(app, language="en").get("/me/2026-S2").text
    assert "grade B, final" in text
    assert "still being added" not in text
    assert "The raw index, the plain average of these 180 ratings, is 85.00." in text
    year = signed_in(app, language="en").get("/me/2026").text
    assert "In the year 2026, 144 of 180 ratings called your service good or very good." in year


def test_the_month_leads_to_its_semester_and_year_and_they_lead_back(app: Flask) -> None:
    pages = signed_in(app)
    month = pages.get("/me/2026-09").html
    assert '<a href="/me/2026-S2">Semester II 2026</a>' in month
    assert '<a href="/me/2026">2026</a>' in month
    assert "2026-S1" not in month, "their first month is July"
    semester = pages.get("/me/2026-S2").html
    assert '<a href="/me/2026-09">September 2026</a>' in semester


@pytest.mark.parametrize(
    "path", ["2026-S1", "2025", "2025-S2", "2027", "2027-S1", "2026-S3", "2026-q4", "0000", "9999"]
)
def test_a_period_without_a_month_of_theirs_does_not_exist(app: Flask, path: str) -> None:
    signed_in(app).get(f"/me/{path}", 404)


def test_a_period_cannot_be_objected_to(app: Flask) -> None:
    signed_in(app).get("/me/2026-S2/objection", 404)


def test_bilal_sees_no_period_made_of_three_ratings(app: Flask) -> None:
    pages = signed_in(app, "bilal")
    text = pages.get("/me/2026").text
    assert "Belum cukup penilaian untuk tahun 2026." in text
    month = pages.get("/me").html
    assert '<a href="/me/2026">2026</a>' in month, "as for everybody"
    assert "2026-S1" not in month


def test_months_with_too_few_enter_together_without_being_told_apart(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    rate(services, 10, BILAL, *[3] * 6)
    rate(services, 11, BILAL, 2, 2)
    close(services, clock, datetime(2026, 12, 21, tzinfo=UTC))
    text = signed_in(app, "bilal").get("/me/2026-S2").text
    assert "Dari bulan yang penilaiannya terlalu sedikit, digabung 5" in text
    assert "Jumlah 11" in text
    assert "November 2026 belum cukup penilaian" in text
    assert "Penilaian ini terlalu sedikit untuk memberi nilai secara adil." in text


def test_months_with_too_few_and_without_any_read_the_same(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    rate(services, 10, BILAL, *[3] * 6)
    rate(services, 9, BILAL, 4)
    close(services, clock, datetime(2026, 11, 22, tzinfo=UTC))
    text = signed_in(app, "bilal").get("/me/2026-S2").text
    assert "Jumlah 6" in text
    assert "terlalu sedikit, digabung" not in text
    assert "baru ikut dihitung di sini setelah terkumpul paling sedikit lima" in text


def test_while_people_look_into_a_month_the_page_says_why_it_is_provisional(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    close(services, clock, datetime(2027, 1, 21, tzinfo=UTC))
    with writing(services.engine) as session:
        session.add(
            ReviewRow(officer_code=ASHA, month="2026-09", office_code=OFFICE, ground="burst", raised_at=clock.moment)
        )
    text = signed_in(app).get("/me/2026-S2").text
    assert "Penilaian pada salah satu bulan ini sedang diperiksa" in text
    assert "final" not in text.partition("Keempat jawaban")[0]


def test_a_school_says_that_whoever_rated_again_counts_once(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    rate(services, 10, ASHA, *[2] * 20, keys=True)
    rate(services, 12, ASHA, *[3] * 6, keys=True)
    with writing(services.engine) as session:
        session.get_one(OfficeRow, OFFICE).kind = "school"
    services.directory.look_again()
    close(services, clock, datetime(2027, 1, 21, tzinfo=UTC))
    text = signed_in(app).get("/me/2026-S2").text
    assert "Diganti penilaian yang lebih baru dari orang yang sama −6" in text
    assert "Jumlah 200" in text
    assert "orang yang menilai Anda beberapa kali dihitung satu kali" in text


def test_of_months_that_are_never_seen_by_themselves_five_together_are(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    rate(services, 10, BILAL, 3, 3)
    close(services, clock, datetime(2027, 1, 21, tzinfo=UTC))
    pages = signed_in(app, "bilal")
    text = pages.get("/me/2026-S2").text
    assert "Pada Semester II 2026, 3 dari 5 penilaian menyebut pelayanan Anda baik" in text
    assert "Oktober" not in text
    assert "Jumlah 5" in text
    assert "/me/2026" not in pages.get("/me").html, "their list of months begins with the present one"
