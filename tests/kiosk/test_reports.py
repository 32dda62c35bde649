"""People who say that they were asked for money: what the agency is told, and that nobody at the office is."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from shared import closing, standings
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.imports import add_by_operator
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.db.ratings import record
from shared.domain.imports import ImportKind
from shared.domain.months import Month
from shared.domain.people import Role
from shared.domain.ratings import Reason
from shared.i18n import LANGUAGES, Language, translate
from shared.reports import FEWEST_OFFICERS, Reports, named, told_of_offices
from shared.services import Services
from shared.wording import CONCERNS
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE, let_see
from tests.decisions import grant_objection
from tests.factories import SettableClock, a_message
from tests.kiosk.test_pages_by_role import address, rules
from tests.pages import Pages, led_by, let_lead, let_sign_in

OCTOBER: Final = Month(2026, 10)
TWENTIETH: Final = datetime(2026, 11, 19, 17, tzinfo=UTC)
"""00:00 on 20 November in Sawahlunto."""
CITRA: Final = "DK9"
SMALL: Final = "KFR"
EKA: Final = "KF1"
ASKED: Final = Reason.MINTA_BIAYA
WORDS: Final = "Dimintai uang di belakang loket."
OTHER_WORDS: Final = "Mohon ditambah kursi."


@pytest.fixture(autouse=True)
def _cast(services: Services, clock: SettableClock) -> None:
    """Add a third officer to Asha's office, and an office of the region with a single one; October is told of."""
    clock.moment = TWENTIETH
    with writing(services.engine) as session:
        session.add(OfficerRow(code=CITRA, name="Citra", office_code=OFFICE))
        session.add(
            OfficeRow(code=SMALL, region_code="SWL", name="UPT Talawi", kind="dukcapil", timezone="Asia/Jakarta")
        )
        session.flush()
        session.add(OfficerRow(code=EKA, name="Eka", office_code=SMALL))
    services.directory.look_again()


@pytest.fixture
def agency(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "dian", Place(Role.AGENCY, region="SWL"))


def agency_by_now(app: Flask, services: Services) -> Pages:
    """Sign in by the clock of now: a session of long ago is over."""
    return led_by(app, services, f"dian-{services.clock():%H%M%d%m%y}", Place(Role.AGENCY, region="SWL"))


@pytest.fixture
def auditor(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "faisal", Place(Role.AUDITOR))


def give(
    services: Services,
    officer: str,
    count: int,
    month: Month = OCTOBER,
    recorded: datetime | None = None,
    **about: Any,
) -> None:
    """Let so many people say that an officer asked them for money; it is recorded on the next day."""
    begin = datetime(month.year, month.number, 5, 1, tzinfo=UTC)
    values = {"officer": officer, "overall": 1, "reasons": (ASKED,), **about}
    ratings = [a_message(given_at=begin + timedelta(minutes=number), **values) for number in range(count)]
    with writing(services.engine) as session:
        record(ratings, session, recorded or begin + timedelta(days=1))
    standings.refresh(services)


def let_all_be_rated(services: Services, month: Month = OCTOBER) -> None:
    """Let the three officers of Asha's office be rated, without any report."""
    for officer in (ASHA, BILAL, CITRA):
        give(services, officer, 1, month, overall=4, reasons=())


def test_a_month_says_how_many_reports_an_office_got(agency: Pages, services: Services) -> None:
    let_all_be_rated(services)
    for officer in (ASHA, BILAL, CITRA):
        give(services, officer, 4)
    page = agency.get("/reports").text
    assert "Ada laporan dari 1 kantor." in page
    assert "Disdukcapil Sawahlunto Bulan Laporan Oktober 2026 12" in page


def test_fewer_than_five_have_no_number_and_nobody_is_named(agency: Pages, services: Services) -> None:
    let_all_be_rated(services)
    give(services, ASHA, 4)
    page = agency.get("/reports").text
    assert "Oktober 2026 kurang dari 5" in page
    assert "Tidak ada nama yang ditampilkan" in page
    assert "Asha" not in page


def test_from_five_reports_in_the_year_an_officer_is_named_without_their_number(
    agency: Pages, services: Services
) -> None:
    for month in (Month(2026, 9), OCTOBER):
        let_all_be_rated(services, month)
    give(services, ASHA, 3, Month(2026, 9))
    give(services, ASHA, 2)
    give(services, BILAL, 4)
    page = agency.get("/reports").text
    assert "Asha Pertiwi, S.Sos. DK7 Disdukcapil Sawahlunto" in page
    assert "Bilal" not in page
    assert "September 2026 kurang dari 5 Oktober 2026 6" in page


def test_a_small_office_is_told_of_for_the_year_and_from_five_on(agency: Pages, services: Services) -> None:
    give(services, EKA, 3, Month(2026, 8), office=SMALL)
    give(services, EKA, 1, Month(2026, 9), office=SMALL)
    assert "Tidak ada yang dapat ditampilkan untuk 2026." in agency.get("/reports").text
    give(services, EKA, 1, office=SMALL)
    page = agency.get("/reports").text
    assert "UPT Talawi Bulan Laporan Setahun digabung 5 atau lebih" in page
    assert "Agustus" not in page


def test_a_month_is_told_from_the_20th_of_the_next_by_the_clock_of_the_office(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    let_all_be_rated(services)
    give(services, ASHA, 9)
    clock.moment = TWENTIETH - timedelta(minutes=1)
    agency = agency_by_now(app, services)
    assert "Tidak ada yang dapat ditampilkan untuk 2026." in agency.get("/reports").text
    clock.advance(minutes=1)
    assert "Oktober 2026 9" in agency.get("/reports").text


def test_what_arrives_after_that_moves_no_number_and_names_nobody(agency: Pages, services: Services) -> None:
    let_all_be_rated(services)
    give(services, ASHA, 1, recorded=TWENTIETH - timedelta(seconds=1))
    give(services, ASHA, 3)
    give(services, BILAL, 4)
    before = agency.get("/reports").text
    assert "Oktober 2026 8" in before
    give(services, ASHA, 1, recorded=TWENTIETH)
    assert agency.get("/reports").text == before


def test_an_officer_rated_after_that_makes_no_small_office_large(agency: Pages, services: Services) -> None:
    for officer in (ASHA, BILAL):
        give(services, officer, 4)
    before = agency.get("/reports").text
    assert "Setahun digabung 5 atau lebih" in before
    give(services, CITRA, 1, recorded=TWENTIETH, overall=4, reasons=())
    assert agency.get("/reports").text == before


@pytest.mark.parametrize(
    ("confirmed", "number"),
    [
        pytest.param(TWENTIETH - timedelta(seconds=1), "6", id="before"),
        pytest.param(TWENTIETH, "kurang dari 5", id="after"),
    ],
)
def test_what_was_imported_counts_when_it_was_confirmed_by_then(
    agency: Pages, services: Services, confirmed: datetime, number: str
) -> None:
    batch = uuid4()
    with writing(services.engine) as session:
        add_by_operator(session, batch, ImportKind.RATINGS, OFFICE, "skm.csv", confirmed)
    let_all_be_rated(services)
    give(services, ASHA, 4)
    give(services, ASHA, 2, channel="paper", import_batch=batch)
    assert f"Oktober 2026 {number} Petugas" in agency.get("/reports").text


def test_a_review_takes_no_report_out(agency: Pages, services: Services) -> None:
    let_all_be_rated(services)
    give(services, ASHA, 6)
    before = agency.get("/reports").text
    assert "Oktober 2026 6" in before
    grant_objection(services, ASHA, OCTOBER)
    assert agency.get("/reports").text == before


def test_the_demo_which_was_planted_today_tells_of_earlier_months(agency: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(update(RegionRow).values(demo=True))
    services.directory.look_again()
    for officer in (ASHA, BILAL, CITRA):
        give(services, officer, 2, recorded=services.clock())
    assert "Oktober 2026 6" in agency.get("/reports").text


def test_each_year_is_told_by_itself(app: Flask, services: Services, clock: SettableClock) -> None:
    december = Month(2026, 12)
    let_all_be_rated(services, december)
    give(services, ASHA, 5, december)
    clock.moment = datetime(2027, 1, 25, tzinfo=UTC)
    assert "Desember 2026 5" in agency_by_now(app, services).get("/reports").text
    clock.moment = datetime(2027, 2, 25, tzinfo=UTC)
    agency = agency_by_now(app, services)
    assert "Tidak ada yang dapat ditampilkan untuk 2027." in agency.get("/reports").text
    assert "Desember 2026 5" in agency.get("/reports?year=2026").text


@pytest.mark.parametrize("asked", ["2031", "1999", "kemarin", ""])
def test_a_year_that_is_not_offered_leads_to_the_latest(agency: Pages, asked: str) -> None:
    assert "Tidak ada yang dapat ditampilkan untuk 2026." in agency.get(f"/reports?year={asked}").text


def test_other_reasons_are_not_counted(agency: Pages, services: Services) -> None:
    let_all_be_rated(services)
    others = [reason for reason in Reason if reason is not ASKED]
    give(services, ASHA, 9, reasons=others)
    assert "Tidak ada yang dapat ditampilkan" in agency.get("/reports").text


def test_an_agency_reads_of_its_region_only_and_an_auditor_of_all(
    agency: Pages, auditor: Pages, services: Services
) -> None:
    give(services, DEV, 6, office=OTHER_OFFICE)
    assert "Sofifi" not in agency.get("/reports").text
    page = auditor.get("/reports").text
    assert "Puskesmas Sofifi" in page
    assert "Dev Lasut" in page


def test_the_agency_finds_it_from_its_first_page_and_an_auditor_among_the_sections(
    agency: Pages, auditor: Pages
) -> None:
    assert 'href="/reports"' in agency.get("/office").html
    assert 'href="/reports"' in auditor.get("/admin").html


def test_who_said_it_when_and_with_which_words_is_shown_to_nobody(
    agency: Pages, auditor: Pages, services: Services
) -> None:
    let_all_be_rated(services)
    give(services, ASHA, 12, comment=WORDS)
    for pages in (agency, auditor):
        page = pages.get("/reports").text
        assert "Oktober 2026 12" in page
        assert WORDS not in page
        assert "5 Oktober" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_no_page_of_the_office_says_a_word_of_it(
    app: Flask, services: Services, clock: SettableClock, role: str, language: Language
) -> None:
    for month in (OCTOBER, Month(2026, 11)):
        let_all_be_rated(services, month)
        give(services, ASHA, 39, month, comment=WORDS, channel="kiosk", kiosk=1, picked=True)
        give(services, ASHA, 1, month, comment=OTHER_WORDS, reasons=())
    for step in closing.steps(services):
        closing.take(step, services)
    let_see(services)
    pages = Pages(app, language)
    if role == "officer":
        let_sign_in(services, "asha", ASHA)
        pages.sign_in("asha")
    else:
        let_lead(services, "chitra", Place(Role.SUPERVISOR, office=OFFICE))
        pages.lead(services, "chitra")
    read = dict(_everything(app, pages))
    assert "41" in read["/me/2026-10" if role == "officer" else "/office"]
    if role == "officer":  # who reads what was said beside other reasons, or none
        assert OTHER_WORDS in read["/me/2026-10"]
    told = (ASKED.value, *(translate(CONCERNS[ASKED], one) for one in LANGUAGES), WORDS, 'href="/reports"')
    assert [(path, words) for path, html in read.items() for words in told if words in html] == []
    assert pages.client.get("/reports").status_code == 403


PERIODS: Final = ["2026-11", "2026-10", "2026-S2", "2026"]


def _everything(app: Flask, pages: Pages) -> Iterable[tuple[str, str]]:
    """Return every answer that this account can get, whatever it is."""
    for rule in rules(app, "GET"):
        if rule.endpoint.startswith(("static", "touch.", "api.", "health.", "security.logout")):
            continue  # what a kiosk shows to residents, who give the reason
        for path in {re.sub("2026-11", period, address(rule, 1)) for period in PERIODS}:
            response = pages.client.get(path)
            if response.status_code == 200:
                yield path, response.text
            pages.client.set_cookie("language", pages.language)


MONTHS: Final = [Month(2026, number) for number in (7, 8, 9)]
OFFICERS: Final = ["A", "B", "C", "D"]
reported = st.lists(
    st.builds(
        Reports, st.sampled_from("XY"), st.sampled_from([*OFFICERS, None]), st.sampled_from(MONTHS),
        st.integers(1, 7)
    ),
    max_size=12,
)  # fmt: skip
were_rated = st.dictionaries(st.tuples(st.sampled_from("XY"), st.sampled_from(MONTHS)), st.integers(0, 4))


@given(reported, were_rated)
def test_no_number_is_below_five_and_nothing_is_told_of_few_officers_or_few_reports(
    reports: list[Reports], rated: dict[tuple[str, Month], int]
) -> None:
    told = told_of_offices(reports, rated)
    for office in "XY":
        theirs = [one for one in reports if one.office == office]
        of_crowds = [one for one in theirs if rated.get((office, one.month), 0) >= FEWEST_OFFICERS]
        others = sum(one.count for one in theirs) - sum(one.count for one in of_crowds)
        sums = {month: sum(one.count for one in of_crowds if one.month == month) for month in MONTHS}
        expected = {month: count if count >= 5 else None for month, count in sums.items() if count}
        if office not in told:
            assert not expected
            assert others < 5
            continue
        assert told[office].months == expected
        assert told[office].five_in_others is (others >= 5)


@given(reported)
def test_an_officer_is_named_from_five_reports_on_wherever_they_were_given(reports: list[Reports]) -> None:
    sums = {code: sum(one.count for one in reports if one.officer == code) for code in OFFICERS}
    assert named(reports).keys() == {code for code, count in sums.items() if count >= 5}
