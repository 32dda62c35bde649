"""Officers move between offices: at once, or when their day begins at the new office."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from shared import intake
from shared.db.audit import Actor, act_as
from shared.db.engine import writing
from shared.db.moves import MoveStands, MoveTooEarly, NoMove, cancel_move, carry_out_moves, moves_of, plan_move
from shared.db.people_tables import OfficeRow, OfficerRow
from shared.db.trail import acts_on
from shared.domain.errors import IntakeRefused
from shared.domain.facts import MoveFacts
from shared.domain.people import Directory
from shared.duty import officers_at
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock, a_rating
from workers import jobs

TODAY = date(2026, 11, 18)
DECEMBER = date(2026, 12, 1)
JANUARY = date(2027, 1, 1)
THIRD_OFFICE = "SWB"


@pytest.fixture(autouse=True)
def _third_office(services: Services) -> None:
    with writing(services.engine) as session:
        session.add(
            OfficeRow(code=THIRD_OFFICE, region_code="SWL", name="Barangin", kind="other", timezone="Asia/Jakarta")
        )


Plan = Callable[[str, date], None]


@pytest.fixture
def plan(services: Services) -> Plan:
    """Plan a move of Asha's."""

    def planned(to: str, moves_on: date) -> None:
        with writing(services.engine) as session:
            act_as(session, Actor("admin", "administrator"), services.clock())
            plan_move(session, ASHA, MoveFacts(to=to, moves_on=moves_on), services.clock())

    return planned


def begin_day(services: Services, clock: SettableClock, moment: str) -> int:
    clock.moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    with writing(services.engine) as session:
        return carry_out_moves(session, clock())


def office_of(session: Session, officer: str = ASHA) -> str:
    session.rollback()
    return session.get_one(OfficerRow, officer).office_code


def directory(services: Services) -> Directory:
    services.directory.look_again()
    return services.directory.current()


@pytest.mark.parametrize("day", [pytest.param(TODAY, id="today"), pytest.param(date(2026, 3, 1), id="in March")])
def test_a_move_whose_day_has_begun_takes_place_at_once(plan: Plan, session: Session, day: date) -> None:
    plan(OTHER_OFFICE, day)
    assert office_of(session) == OTHER_OFFICE
    assert [(move.left, move.joined, move.moves_on, move.done) for move in moves_of(session, ASHA)] == [
        (OFFICE, OTHER_OFFICE, day, True)
    ]


def test_a_later_one_waits_until_its_day_begins_at_the_new_office(
    plan: Plan, services: Services, session: Session, clock: SettableClock
) -> None:
    plan(OTHER_OFFICE, DECEMBER)
    assert office_of(session) == OFFICE
    assert begin_day(services, clock, "2026-11-30T14:59") == 0
    assert office_of(session) == OFFICE
    assert begin_day(services, clock, "2026-11-30T15:00") == 1, "midnight in Sofifi, ten in the evening in Sawahlunto"
    assert office_of(session) == OTHER_OFFICE
    assert begin_day(services, clock, "2026-12-01T15:00") == 0, "again changes nothing"
    assert office_of(session) == OTHER_OFFICE
    told = [(act.actor.name, act.after.get("office_code")) for act in acts_on(session, "officer", ASHA)]
    assert told == [("suara", OTHER_OFFICE)]
    assert [act.actor.name for act in acts_on(session, "move", ASHA)] == ["suara", "admin"]


def test_a_new_day_carries_out_every_move_that_an_idle_week_has_left(
    plan: Plan, services: Services, session: Session, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(OTHER_OFFICE, DECEMBER)
    plan(THIRD_OFFICE, date(2026, 12, 3))
    monkeypatch.setattr(jobs, "services", lambda: services)
    clock.moment = datetime(2026, 12, 8, tzinfo=UTC)
    jobs.new_day()
    assert office_of(session) == THIRD_OFFICE
    assert [move.done for move in moves_of(session, ASHA)] == [True, True]


def test_the_same_move_twice_is_one(plan: Plan, session: Session) -> None:
    plan(OTHER_OFFICE, DECEMBER)
    plan(OTHER_OFFICE, DECEMBER)
    assert len(moves_of(session, ASHA)) == 1
    assert len(acts_on(session, "move", ASHA)) == 1


@pytest.mark.parametrize(
    ("to", "day", "error"),
    [
        pytest.param(THIRD_OFFICE, DECEMBER, MoveTooEarly, id="elsewhere on the same day"),
        pytest.param(THIRD_OFFICE, date(2026, 11, 30), MoveTooEarly, id="before the last"),
        pytest.param(OTHER_OFFICE, JANUARY, NoMove, id="to where they will be"),
    ],
)
def test_moves_follow_each_other(plan: Plan, session: Session, to: str, day: date, error: type[Exception]) -> None:
    plan(OTHER_OFFICE, DECEMBER)
    with pytest.raises(error):
        plan(to, day)
    assert len(moves_of(session, ASHA)) == 1


def test_nobody_moves_to_where_they_are(plan: Plan, session: Session) -> None:
    with pytest.raises(NoMove):
        plan(OFFICE, DECEMBER)
    assert moves_of(session, ASHA) == []


def test_a_move_back_begins_where_the_one_before_ends(plan: Plan, session: Session) -> None:
    plan(OTHER_OFFICE, DECEMBER)
    plan(OFFICE, JANUARY)
    assert [(move.left, move.joined) for move in moves_of(session, ASHA)] == [
        (OTHER_OFFICE, OFFICE),
        (OFFICE, OTHER_OFFICE),
    ]


class TestCancelling:
    """A planned move can be taken back, as long as nothing builds on it."""

    def cancel(self, services: Services, nth: int, officer: str = ASHA) -> bool:
        """Cancel the nth of Asha's moves, the latest being the first."""
        with writing(services.engine) as session:
            act_as(session, Actor("admin", "administrator"), services.clock())
            return cancel_move(session, officer, moves_of(session, ASHA)[nth].id)

    def test_the_officer_stays(self, plan: Plan, services: Services, session: Session, clock: SettableClock) -> None:
        plan(OTHER_OFFICE, DECEMBER)
        assert self.cancel(services, 0)
        assert moves_of(session, ASHA) == []
        begin_day(services, clock, "2026-12-02")
        assert office_of(session) == OFFICE
        assert [act.verb for act in acts_on(session, "move", ASHA)] == ["removed", "added"]

    def test_the_one_before_a_planned_one_stands(self, plan: Plan, services: Services) -> None:
        plan(OTHER_OFFICE, DECEMBER)
        plan(THIRD_OFFICE, JANUARY)
        with pytest.raises(MoveStands):
            self.cancel(services, 1)
        assert self.cancel(services, 0)
        assert self.cancel(services, 0)

    def test_one_that_has_happened_stands(self, plan: Plan, services: Services, session: Session) -> None:
        plan(OTHER_OFFICE, TODAY)
        with pytest.raises(MoveStands):
            self.cancel(services, 0)
        assert office_of(session) == OTHER_OFFICE

    def test_it_is_not_another_officers(self, plan: Plan, services: Services, session: Session) -> None:
        plan(OTHER_OFFICE, DECEMBER)
        assert not self.cancel(services, 0, officer=BILAL)
        assert len(moves_of(session, ASHA)) == 1

    def test_one_that_is_gone_is_cancelled(self, services: Services) -> None:
        with writing(services.engine) as session:
            assert cancel_move(session, ASHA, 4711)


def test_ratings_of_both_offices_are_taken_whatever_the_day(plan: Plan, services: Services) -> None:
    at_the_other = a_rating(office=OTHER_OFFICE, counter="PSL1")
    with pytest.raises(IntakeRefused):
        intake.check(at_the_other, directory(services))
    plan(OTHER_OFFICE, DECEMBER)
    intake.check(at_the_other, directory(services))
    intake.check(a_rating(), directory(services))


def test_residents_meet_an_officer_only_where_they_serve_that_day(
    plan: Plan, services: Services, clock: SettableClock
) -> None:
    def met(counter: str) -> list[str]:
        known = directory(services)
        return [officer.code for officer in officers_at(known.counters[counter], known, services)]

    clock.moment = NOON.replace(day=25)  # nobody is posted
    plan(OTHER_OFFICE, DECEMBER)
    assert (ASHA in met("DSL3"), ASHA in met("PSL1")) == (True, False)
    begin_day(services, clock, "2026-12-01")
    assert (ASHA in met("DSL3"), ASHA in met("PSL1")) == (False, True)
    plan(OFFICE, date(2026, 12, 2))
    begin_day(services, clock, "2026-12-02")
    assert (ASHA in met("DSL3"), ASHA in met("PSL1")) == (True, False)
