"""Months are closed once, whole, and never changed: what comes later is the next revision, or is set aside."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from shared import closing, standings
from shared.closing import NeverRated, Step
from shared.db.engine import writing
from shared.db.imports import add_by_operator
from shared.db.people_tables import PostingRow, RegionRow
from shared.db.ratings import record
from shared.db.revisions import Revision
from shared.domain.imports import ImportKind
from shared.domain.m1 import Status
from shared.domain.months import Month
from shared.domain.people import Group, OfficeKind
from shared.domain.scoring import RevisionReason
from shared.domain.screening import SetAside
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, DEV, OFFICE, OTHER_OFFICE
from tests.factories import SettableClock, a_rating
from workers import jobs

OCTOBER = Month(2026, 10)
DUKCAPIL = Group("SWL", OfficeKind.DUKCAPIL)
BEGIN = datetime(2026, 10, 12, 1, tzinfo=UTC)
SIXTH = datetime(2026, 11, 5, 17, tzinfo=UTC)
"""00:00 on 6 November in Sawahlunto."""
TWENTIETH = datetime(2026, 11, 19, 17, tzinfo=UTC)
CLOSES = Step(DUKCAPIL, OCTOBER, RevisionReason.CLOSING)
RESTATES = Step(DUKCAPIL, OCTOBER, RevisionReason.LATE_ARRIVALS)


def give(services: Services, *answers: int, begin: datetime = BEGIN, **about: Any) -> None:
    """Give these answers a minute after each other, accepted at once unless it is said when."""
    ratings = []
    for number, answer in enumerate(answers):
        given_at = begin + timedelta(minutes=number)
        ratings.append(a_rating(**{"given_at": given_at, "accepted_at": given_at, "overall": answer, **about}))
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)


@pytest.fixture
def october(services: Services, clock: SettableClock) -> None:
    """Let Asha and Bilal be rated in October, on 3 November."""
    clock.moment = datetime(2026, 11, 3, tzinfo=UTC)
    give(services, *[4, 4, 3, 2] * 15)
    give(services, *[3, 3, 3, 1] * 2, officer=BILAL)


def revisions(services: Services, officer: str = ASHA) -> list[Revision]:
    return closing.revisions_of(officer, OCTOBER, services)


def close(services: Services) -> int:
    return sum(closing.take(step, services) for step in closing.steps(services))


@pytest.mark.usefixtures("october")
class TestTheSixth:
    def test_a_group_closes_when_its_last_clock_reaches_it(self, services: Services, clock: SettableClock) -> None:
        clock.moment = SIXTH - timedelta(seconds=1)
        assert closing.steps(services) == []
        clock.moment = SIXTH
        assert closing.steps(services) == [CLOSES]
        assert close(services) == 2
        assert closing.steps(services) == []

    def test_every_officer_gets_a_revision_with_all_it_was_made_of(
        self, services: Services, clock: SettableClock
    ) -> None:
        clock.moment = SIXTH
        close(services)
        (asha,), (bilal,) = revisions(services), revisions(services, BILAL)
        assert (asha.revision, asha.reason, asha.method, asha.made_at) == (1, RevisionReason.CLOSING, "m1", SIXTH)
        assert asha.tally.counts == (0, 15, 15, 30)
        assert asha.result.score.status is Status.FINAL
        assert bilal.result.score.status is Status.INSUFFICIENT
        assert bilal.result.score.needed is not None
        published = closing.published_for(asha, services).parameters
        assert published.level is not None
        assert published.level.officers == 2

    def test_closing_again_or_twice_at_once_adds_nothing(self, services: Services, clock: SettableClock) -> None:
        clock.moment = SIXTH
        made: list[int] = []
        both = [Thread(target=lambda: made.append(closing.take(CLOSES, services))) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert sorted(made) == [0, 2]
        assert closing.take(CLOSES, services) == 0
        assert len(revisions(services)) == 1

    def test_what_comes_after_it_changes_no_revision(self, services: Services, clock: SettableClock) -> None:
        clock.moment = SIXTH
        close(services)
        before = revisions(services)
        give(services, 1, 1, 1, accepted_at=SIXTH + timedelta(days=1), begin=BEGIN + timedelta(days=1))
        assert closing.steps(services) == []
        assert revisions(services) == before


@pytest.mark.usefixtures("october")
class TestTheTwentieth:
    @pytest.fixture(autouse=True)
    def _closed(self, services: Services, clock: SettableClock, october: None) -> None:
        clock.moment = SIXTH
        close(services)

    def test_late_arrivals_make_the_next_revision_once(self, services: Services, clock: SettableClock) -> None:
        give(services, *[1] * 6, accepted_at=SIXTH + timedelta(days=3), begin=BEGIN + timedelta(days=2))
        clock.moment = TWENTIETH
        assert closing.steps(services) == [RESTATES]
        assert close(services) == 2
        first, second = revisions(services)
        assert (second.revision, second.reason) == (2, RevisionReason.LATE_ARRIVALS)
        assert (first.tally.count, second.tally.count) == (60, 66)
        assert closing.steps(services) == []

    def test_of_fewer_than_five_none_is_made_for_it_would_tell_who_they_were(
        self, services: Services, clock: SettableClock
    ) -> None:
        give(services, *[1] * 4, accepted_at=SIXTH + timedelta(days=3), begin=BEGIN + timedelta(days=2))
        clock.moment = TWENTIETH
        close(services)
        assert [revision.revision for revision in revisions(services)] == [1]

    def test_in_a_demo_every_late_rating_restates(self, services: Services, clock: SettableClock) -> None:
        with writing(services.engine) as session:
            session.get_one(RegionRow, "SWL").demo = True
        services.directory.look_again()
        give(services, 1, accepted_at=SIXTH + timedelta(days=3), begin=BEGIN + timedelta(days=2))
        clock.moment = TWENTIETH
        close(services)
        assert [revision.tally.count for revision in revisions(services)] == [60, 61]

    def test_without_any_there_is_no_other_revision(self, services: Services, clock: SettableClock) -> None:
        clock.moment = TWENTIETH
        assert closing.steps(services) == [RESTATES]
        assert close(services) == 0
        assert len(revisions(services)) == 1
        assert closing.steps(services) == []

    def test_what_comes_later_still_is_set_aside(self, services: Services, clock: SettableClock) -> None:
        clock.moment = TWENTIETH
        close(services)
        give(services, 1, 1, accepted_at=TWENTIETH + timedelta(hours=1), begin=BEGIN + timedelta(days=4))
        score = standings.score_of(ASHA, OCTOBER, services)
        assert score is not None
        assert (score.tally.count, score.set_aside) == (60, {SetAside.LATE: 2})

    def test_an_officer_who_changes_group_by_late_ratings_keeps_one_row_of_revisions(
        self, services: Services, clock: SettableClock
    ) -> None:
        about: dict[str, Any] = {"office": OTHER_OFFICE, "officer": BILAL, "channel": "sms", "counter": None}
        give(services, *[4] * 20, kiosk=None, accepted_at=SIXTH, begin=BEGIN + timedelta(days=3), **about)
        clock.moment = TWENTIETH
        close(services)
        first, second = revisions(services, BILAL)
        assert (first.group, second.group) == (DUKCAPIL, Group("TDK", OfficeKind.PUSKESMAS))
        assert second.revision == 2


@pytest.mark.usefixtures("october")
def test_a_closing_killed_half_way_leaves_nothing_and_is_done_whole(
    services: Services, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.moment = SIXTH
    with monkeypatch.context() as broken:
        broken.setattr("shared.closing.note", _power_fails)
        with pytest.raises(KeyboardInterrupt):
            closing.take(CLOSES, services)
    assert revisions(services) == []
    assert closing.steps(services) == [CLOSES]
    assert close(services) == 2


def _power_fails(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize("act", ["UPDATE {} SET revision = 2", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["score_revision", "group_parameters"])
def test_the_database_refuses_to_change_what_is_closed(
    services: Services, clock: SettableClock, act: str, table: str
) -> None:
    clock.moment = SIXTH
    close(services)
    with pytest.raises(DBAPIError, match="never changed"), writing(services.engine) as session:
        session.execute(text(act.format(table)))


@pytest.mark.usefixtures("october")
def test_the_trail_says_that_a_month_was_closed(services: Services, clock: SettableClock, session: Session) -> None:
    clock.moment = SIXTH
    close(services)
    lines = session.execute(text("SELECT actor, verb, subject_kind, subject FROM audit")).all()
    assert ("suara", "closed", "month", "SWL dukcapil 2026-10") in [tuple(line) for line in lines]


@pytest.mark.usefixtures("october")
def test_an_open_month_goes_by_what_was_published_last(services: Services, clock: SettableClock) -> None:
    november = Month(2026, 11)
    clock.moment = SIXTH
    give(services, *[4] * 40, begin=SIXTH)
    assert closing.assessed(DUKCAPIL, november, services).estimated_from == november, "nothing is closed yet"
    close(services)
    now = closing.assessed(DUKCAPIL, november, services)
    assert now.estimated_from == OCTOBER
    assert now.parameters == closing.published_for(revisions(services)[0], services).parameters


@pytest.mark.usefixtures("october")
def test_recomputing_from_the_single_ratings_gives_what_is_stored(services: Services, clock: SettableClock) -> None:
    clock.moment = SIXTH
    close(services)
    anew = closing.recomputed(DUKCAPIL, OCTOBER, services)
    for officer in (ASHA, BILAL):
        assert anew.results[officer] == revisions(services, officer)[-1].result
    assert anew.parameters == closing.published_for(revisions(services)[0], services).parameters


@pytest.mark.usefixtures("october")
def test_where_ratings_are_being_imported_a_group_waits_a_day(services: Services, clock: SettableClock) -> None:
    clock.moment = SIXTH
    with writing(services.engine) as session:
        add_by_operator(session, uuid4(), ImportKind.RATINGS, OFFICE, "Oktober.csv", SIXTH)
    assert closing.steps(services) == []
    clock.advance(days=1, seconds=1)
    assert closing.steps(services) == [CLOSES]


@pytest.mark.usefixtures("october")
def test_a_roster_corrected_before_counts_at_the_closing(
    services: Services, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(services, *[4] * 5, begin=BEGIN + timedelta(days=1), channel="kiosk", kiosk=1, counter=COUNTER)
    with writing(services.engine) as session:
        begins = BEGIN + timedelta(days=1)
        ends = begins + timedelta(hours=3)
        session.add(PostingRow(officer_code=BILAL, counter_code=COUNTER, starts_at=begins, ends_at=ends))
    clock.moment = SIXTH
    monkeypatch.setattr(jobs, "services", lambda: services)
    jobs.close_months()
    (asha,) = revisions(services)
    assert (asha.tally.count, asha.set_aside) == (60, {SetAside.OFF_DUTY: 5})


def test_a_month_without_ratings_is_never_closed(services: Services, clock: SettableClock) -> None:
    clock.moment = SIXTH
    assert closing.steps(services) == []
    with pytest.raises(NeverRated):
        closing.steps_of(OCTOBER, services)


def test_a_month_is_over_when_it_is_over_everywhere(services: Services, clock: SettableClock) -> None:
    clock.moment = datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC)
    assert not closing.ended(OCTOBER, services)
    clock.advance(seconds=1)
    assert closing.ended(OCTOBER, services)


@pytest.mark.usefixtures("october")
def test_one_officer_alone_in_a_group_is_closed_too(services: Services, clock: SettableClock) -> None:
    about: dict[str, Any] = {"office": OTHER_OFFICE, "officer": DEV, "channel": "sms", "counter": None}
    give(services, *[4] * 60, kiosk=None, **about)
    clock.moment = SIXTH + timedelta(hours=2)
    close(services)
    (dev,) = revisions(services, DEV)
    assert dev.result.score.index == 10000, "drawn towards a mean that is their own"
    assert dev.result.score.status is Status.FINAL
