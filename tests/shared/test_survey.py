"""The units an office's survey is made of, as both databases read them."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from shared import closing
from shared.db.engine import reading, writing
from shared.db.import_tables import ImportBatchRow
from shared.db.imports import add_by_operator
from shared.db.ratings import record
from shared.db.survey import NOT_SAID, TRAITS, Came, came_in, first_month
from shared.disclosure import PEOPLE, SUM, Unit
from shared.domain.imports import ImportKind
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.ratings import Channel, Sex
from shared.domain.screening import SetAside
from shared.domain.skm import Element
from shared.domain.zones import zone
from shared.services import Services
from tests.cast import ASHA, OFFICE, OTHER_OFFICE
from tests.decisions import grant_objection
from tests.factories import NOON, a_rating

WIB: Final = zone("Asia/Jakarta")
YEAR: Final = Period(Month(2026, 1), Month(2026, 12))
MAY, JUNE, JULY, OCTOBER = (Month(2026, number) for number in (5, 6, 7, 10))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(UTC)


def given(services: Services, when: str, recorded: str = "", **about: Any) -> None:
    """Record somebody's answers about waiting and fees."""
    form = a_rating(given_at=at(when), **{"elements": {Element.WAKTU: 3, Element.BIAYA: 4}, **about})
    with writing(services.engine) as session:
        record([form], session, at(recorded or when))


def imported(services: Services) -> UUID:
    batch = uuid4()
    with writing(services.engine) as session:
        add_by_operator(session, batch, ImportKind.RATINGS, OFFICE, "skm.csv", NOON)
    return batch


def came(services: Services, closed: Month = OCTOBER, period: Period = YEAR) -> Came:
    following = {month: month.plus(1) for month in Period(period.first, closed).months}
    rounds = {month: datetime(after.year, after.number, 6, tzinfo=WIB) for month, after in following.items()}
    with reading(services.engine) as session:
        return came_in(session, OFFICE, period, closed, rounds)


def respondents(found: Came) -> dict[Unit, int]:
    return {unit: figures[PEOPLE] for unit, figures in found.respondents.items()}


def test_answers_are_summed_by_month_and_by_the_closing_they_came_in_by(services: Services) -> None:
    given(services, "2026-05-10T10:00")
    given(services, "2026-05-31T23:59", "2026-06-05T23:59", elements={Element.WAKTU: 1})
    given(services, "2026-05-31T23:59", "2026-06-06T00:00", elements={Element.WAKTU: 2})
    given(services, "2026-06-01T00:00")
    found = came(services)
    assert respondents(found) == {Unit(MAY, MAY): 2, Unit(MAY, JUNE): 1, Unit(JUNE, JUNE): 1}
    assert found.answers[Element.WAKTU][Unit(MAY, MAY)] == {PEOPLE: 2, SUM: 4}
    assert found.answers[Element.BIAYA] == {
        Unit(MAY, MAY): {PEOPLE: 1, SUM: 4}, Unit(JUNE, JUNE): {PEOPLE: 1, SUM: 4}
    }  # fmt: skip
    assert found.answers[Element.SARANA] == {}


def test_what_is_not_closed_yet_is_not_there(services: Services) -> None:
    given(services, "2026-10-31T12:00", "2026-11-06T00:00")
    given(services, "2026-11-01T12:00")
    assert respondents(came(services)) == {}
    november = Month(2026, 11)
    assert respondents(came(services, november)) == {Unit(OCTOBER, november): 1, Unit(november, november): 1}


def test_a_clock_ahead_of_its_month_comes_with_that_month(services: Services) -> None:
    given(services, "2026-06-06T00:01", "2026-06-05T23:59")
    assert list(came(services).respondents) == [Unit(JUNE, JUNE)]


def test_an_import_comes_as_a_whole_and_at_once(services: Services) -> None:
    batch = imported(services)
    for when in ("2026-05-02T12:00", "2026-07-02T12:00", "2026-11-02T12:00"):
        given(services, when, "2026-11-18T12:00", import_batch=batch, kiosk=None, channel="paper")
    months = [MAY, JULY, Month(2026, 11)]
    assert respondents(came(services)) == {Unit(month, month, str(batch)): 1 for month in months}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"undone_at": NOON, "undone_by": "esha"}, id="undone"),
        pytest.param({"confirmed_at": None, "confirmed_by": None}, id="not confirmed"),
    ],
)
def test_an_import_that_does_not_count_is_not_there(services: Services, changed: dict[str, Any]) -> None:
    batch = imported(services)
    given(services, "2026-05-02T12:00", import_batch=batch)
    with writing(services.engine) as session:
        session.execute(update(ImportBatchRow).where(col(ImportBatchRow.id) == batch).values(**changed))
    assert respondents(came(services)) == {}


def test_what_an_objection_sets_aside_of_a_score_stays_an_answer_to_the_office(services: Services) -> None:
    for minute in range(6):
        given(services, f"2026-10-05T10:{minute:02}")
    before = came(services)
    grant_objection(services, ASHA, OCTOBER)
    assert closing.revisions_of(ASHA, OCTOBER, services)[-1].set_aside == {SetAside.WITHDRAWN: 6}
    assert came(services) == before
    assert respondents(before) == {Unit(OCTOBER, OCTOBER): 6}


def test_other_offices_other_months_and_ratings_without_elements_are_left_out(services: Services) -> None:
    given(services, "2026-05-02T12:00", office=OTHER_OFFICE, officer=None, overall=None, counter=None, kiosk=None)
    given(services, "2025-12-02T12:00")
    given(services, "2026-05-02T12:00", elements={})
    assert respondents(came(services)) == {}
    with reading(services.engine) as session:
        assert first_month(session, OFFICE) == Month(2025, 12)
        assert first_month(session, "NONE") is None


def test_respondents_are_counted_by_each_trait_they_told(services: Services) -> None:
    given(services, "2026-05-02T12:00", profile={"sex": "female", "education": "s1"})
    given(services, "2026-05-03T12:00", profile={"sex": "female"}, channel="paper", kiosk=None)
    given(services, "2026-05-04T12:00")
    found, unit = came(services).traits, Unit(MAY, MAY)
    assert list(found) == list(TRAITS)
    assert found["sex"] == {unit: Counter({Sex.FEMALE: 2, NOT_SAID: 1})}
    assert found["education"][unit] == {"s1": 1, NOT_SAID: 2}
    assert found["age_band"][unit] == {NOT_SAID: 3}
    assert found["channel"][unit] == {Channel.KIOSK: 2, Channel.PAPER: 1}
