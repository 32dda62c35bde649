"""Scores are derived: refreshing again, late or in any order gives the same numbers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from shared import closing, standings
from shared.db.engine import writing
from shared.db.people_tables import RegionRow
from shared.db.ratings import record
from shared.db.tables import StaleMonthRow
from shared.domain.months import Month
from shared.domain.scoring import Tally
from shared.services import Services
from shared.standings import ShownMonth
from tests.cast import ASHA, BILAL, let_see
from tests.factories import SettableClock, a_rating

NOVEMBER = Month(2026, 11)


def give(services: Services, *answers: int, **about: Any) -> None:
    ratings = [a_rating(overall=answer, **about) for answer in answers]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)


def shown(services: Services, officer: str = ASHA) -> ShownMonth:
    directory = services.directory.current()
    return standings.months_shown(directory.officers[officer], directory, services)[-1]


def make_demo(services: Services) -> None:
    with writing(services.engine) as session:
        session.get_one(RegionRow, "SWL").demo = True
    services.directory.look_again()


def test_a_month_is_counted_by_answer_and_channel(services: Services) -> None:
    give(services, 4, 4, 3, 1)
    give(services, 2, channel="sms", kiosk=None)
    score = standings.score_of(ASHA, NOVEMBER, services)
    assert score is not None
    assert score.tally == Tally(1, 1, 1, 2)
    assert {channel.value: tally.counts for channel, tally in score.channels.items()} == {
        "kiosk": (1, 0, 1, 2),
        "sms": (0, 1, 0, 0),
    }
    assert score.raw_index == 7000, "25 x 14 / 5"


def test_refreshing_again_changes_nothing(services: Services, session: Session) -> None:
    give(services, 4, 3, 2)
    first = standings.score_of(ASHA, NOVEMBER, services)
    assert standings.refresh(services) == 0
    with writing(services.engine) as writer:
        writer.add(StaleMonthRow(officer_code=ASHA, month="2026-11"))
    assert standings.refresh(services) == 1
    assert standings.score_of(ASHA, NOVEMBER, services) == first
    assert session.scalars(select(col(StaleMonthRow.id))).all() == []


def test_bilal_sees_too_few_ratings_rather_than_zero(services: Services) -> None:
    give(services, 4, 4, 4, 4, officer=BILAL)
    assert shown(services, BILAL) == ShownMonth(NOVEMBER, None)


def test_an_open_month_is_seen_five_ratings_and_a_day_behind(services: Services, clock: SettableClock) -> None:
    give(services, 4, 4, 4, 4, 4)
    give(services, 1, 1, 1, 1, 1, 1)
    assert shown(services).tally is None, "noted, and not seen before five more came on a later day"
    clock.advance(days=1)
    standings.move_snapshots(services)
    assert shown(services).tally == Tally(fours=5), "though nobody rated"
    clock.advance(days=1)
    give(services, 2, 2, 2, 2)
    assert shown(services).tally == Tally(fours=5), "four more would tell who they were"
    give(services, 2)
    assert shown(services).tally == Tally(ones=6, fours=5)


def test_a_month_long_past_is_shown_whole_once_it_is_closed(services: Services, clock: SettableClock) -> None:
    then = clock() - timedelta(days=240)
    form = {"given_at": then, "accepted_at": then, "channel": "sms", "kiosk": None}
    give(services, *[4] * 10, **form)
    directory = services.directory.current()

    def shown_first() -> ShownMonth:
        return standings.months_shown(directory.officers[ASHA], directory, services)[0]

    assert shown_first().tally is None
    for step in closing.steps(services):
        closing.take(step, services)
    first = shown_first()
    assert first.tally == Tally(fours=10)
    assert first.revision is not None
    assert (first.index, first.revision.result.score.needed) == (None, 24), "ten do not say enough for an index"


def test_the_demo_moves_at_once_but_never_below_five(services: Services) -> None:
    make_demo(services)
    give(services, 4, 4, 4, 4)
    assert shown(services).tally is None
    give(services, 3)
    give(services, 1)
    assert shown(services).tally == Tally(ones=1, threes=1, fours=4)


@pytest.mark.parametrize(
    ("moment", "month"),
    [("2026-10-31T16:59:59Z", "2026-10"), ("2026-10-31T17:00:00Z", "2026-11")],
    ids=["a second before midnight in WIB", "midnight in WIB"],
)
def test_months_turn_at_midnight_of_the_office(services: Services, moment: str, month: str) -> None:
    give(services, 4, given_at=moment)
    assert standings.score_of(ASHA, Month.parse(month), services) is not None


def test_earlier_months_come_without_gaps(services: Services, clock: SettableClock) -> None:
    then = clock() - timedelta(days=92)
    give(services, 4, 4, 4, 4, 4, given_at=then, accepted_at=then, channel="sms", kiosk=None)
    let_see(services)
    directory = services.directory.current()
    months = standings.months_shown(directory.officers[ASHA], directory, services)
    assert [(str(one.month), one.tally is not None) for one in months] == [
        ("2026-08", True),
        ("2026-09", False),
        ("2026-10", False),
        ("2026-11", False),
    ]


def test_the_sweep_notes_when_it_was(services: Services, clock: SettableClock) -> None:
    assert standings.last_sweep(services) is None
    standings.sweep(services)
    assert standings.last_sweep(services) == clock()
