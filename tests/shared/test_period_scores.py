"""An officer's semester and year, from the closed months as both databases hold them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

import pytest

from shared import closing, standings
from shared.db import closings
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow, OfficerRow, PostingRow
from shared.db.ratings import record
from shared.db.review_tables import ReviewRow
from shared.domain.m1 import Status, level_over, score
from shared.domain.months import Month
from shared.domain.people import Group, OfficeKind
from shared.domain.periods import Period
from shared.domain.ratings import Channel, Rating
from shared.domain.scoring import RevisionReason, Tally
from shared.services import Services
from shared.summaries import Summary, summary_of
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import SettableClock, a_message, a_rating

FIRST, SECOND, YEAR = (Period.parse(written) for written in ("2026-S1", "2026-S2", "2026"))
TEACHER, COLLEAGUE, SCHOOL = "SD7", "SD8", "SDX"
ENOUGH: Final = [4, 4, 3, 2] * 15
_numbers: Final = count()


def a_day(month: int, day: int = 12) -> datetime:
    return datetime(2026, month, day, 1, tzinfo=UTC)


def after(month: int, day: int) -> datetime:
    """Return noon of a day of the following month."""
    following = Month(2026, month).plus(1)
    return datetime(following.year, following.number, day, 12, tzinfo=UTC)


def give(services: Services, *ratings: Rating) -> None:
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)


def given(month: int, answers: Iterable[int], **about: Any) -> list[Rating]:
    """Return messages of a month, none at the same moment."""
    return [a_message(overall=one, given_at=a_day(month) + timedelta(seconds=next(_numbers)), **about)
            for one in answers]  # fmt: skip


def close_at(moment: datetime, services: Services, clock: SettableClock) -> None:
    clock.moment = moment
    for step in closing.steps(services):
        closing.take(step, services)


def live(month: int, services: Services, clock: SettableClock, *ratings: Rating) -> None:
    """Let a month be rated, closed, and looked at again."""
    clock.moment = a_day(month, 28)
    give(services, *ratings)
    close_at(after(month, 7), services, clock)
    close_at(after(month, 21), services, clock)


def summary(services: Services, period: Period = SECOND, officer: str = ASHA) -> Summary | None:
    directory = services.directory.current()
    return summary_of(directory.officers[officer], period, directory, services)


def shown(services: Services, period: Period = SECOND, officer: str = ASHA) -> Summary:
    found = summary(services, period, officer)
    assert found is not None
    return found


def suspect(services: Services, officer: str) -> None:
    with writing(services.engine) as session:
        review = ReviewRow(
            officer_code=officer, month="2026-12", office_code=OFFICE, ground="burst", raised_at=services.clock()
        )
        session.add(review)


class TestMonthsTogether:
    def test_closed_months_are_summed_by_channel_and_scored_where_the_group_stands(
        self, services: Services, clock: SettableClock
    ) -> None:
        at_counter = [
            a_rating(given_at=a_day(10) + timedelta(minutes=number), accepted_at=a_day(10, 13), overall=3)
            for number in range(6)
        ]
        live(9, services, clock, *given(9, ENOUGH), *given(9, [1, 3] * 4, officer=BILAL))
        live(10, services, clock, *given(10, [2] * 5), *at_counter, *given(10, [1, 3] * 4, officer=BILAL))
        found = shown(services)
        assert found.channels == {Channel.SMS: Tally(0, 20, 15, 30), Channel.KIOSK: Tally(threes=6)}
        group = Group("SWL", OfficeKind.DUKCAPIL)
        october = closing.revisions_of(ASHA, Month(2026, 10), services)[-1]
        parameters = closing.published_for(october, services).parameters
        bilal = {Channel.SMS: Tally(8, 0, 8, 0)}
        assert october.group == group
        expected = score(found.channels, parameters, level_over([found.channels, bilal], parameters))
        assert (found.score.index, found.score.low, found.score.high) == (expected.index, expected.low, expected.high)
        assert shown(services, YEAR).channels == found.channels
        assert summary(services, FIRST) is None

    def test_while_it_grows_it_is_provisional_and_then_final(self, services: Services, clock: SettableClock) -> None:
        live(11, services, clock, *given(11, ENOUGH))
        found = shown(services)
        assert (found.grows, found.score.status, found.score.grade) == (True, Status.PROVISIONAL, None)
        live(12, services, clock, *given(12, ENOUGH))
        clock.moment = datetime(2027, 1, 19, 16, 59, tzinfo=UTC)
        assert shown(services).grows
        clock.moment = datetime(2027, 1, 19, 17, tzinfo=UTC)
        over = shown(services)
        assert (over.grows, over.score.status) == (False, Status.FINAL)
        assert over.score.grade is not None
        assert over.tally == Tally(0, 30, 30, 60)

    def test_until_its_last_rated_month_is_looked_at_again_it_grows(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(11, services, clock, *given(11, ENOUGH))
        clock.moment = a_day(12, 28)
        give(services, *given(12, ENOUGH))
        clock.moment = after(12, 25)
        assert shown(services).grows, "nobody has closed December"
        assert shown(services).tally.count == 60

    def test_while_people_look_into_a_month_it_is_provisional(self, services: Services, clock: SettableClock) -> None:
        live(12, services, clock, *given(12, ENOUGH))
        assert shown(services).score.status is Status.FINAL
        suspect(services, BILAL)
        assert shown(services).score.status is Status.FINAL, "it is about somebody else"
        suspect(services, ASHA)
        found = shown(services)
        assert (found.suspected, found.score.status) == (True, Status.PROVISIONAL)

    def test_bilals_small_months_enter_when_they_are_five_together(
        self, services: Services, clock: SettableClock
    ) -> None:
        about = {"officer": BILAL}
        live(8, services, clock, *given(8, [1, 4], **about), *given(8, ENOUGH))
        live(9, services, clock, *given(9, [3] * 6, **about), *given(9, ENOUGH))
        assert (shown(services, officer=BILAL).tally, shown(services, officer=BILAL).hidden) == (Tally(threes=6), 0)
        clock.moment = a_day(10, 28)
        give(services, *given(10, [2, 2, 2], **about), *given(10, ENOUGH))
        close_at(after(10, 7), services, clock)
        assert shown(services, officer=BILAL).hidden == 0, "October may still grow"
        close_at(after(10, 21), services, clock)
        found = shown(services, officer=BILAL)
        assert (found.tally, found.hidden) == (Tally(1, 3, 6, 1), 5)
        live(11, services, clock, *given(11, [1], **about), *given(11, ENOUGH))
        assert shown(services, officer=BILAL).tally == found.tally, "one more is not told"

    def test_of_four_ratings_nothing_is_seen(self, services: Services, clock: SettableClock) -> None:
        live(8, services, clock, *given(8, [1, 4, 4, 4], officer=BILAL), *given(8, ENOUGH))
        assert summary(services, officer=BILAL) is None
        assert summary(services, YEAR, BILAL) is None

    def test_what_came_too_late_for_a_month_is_not_in_its_semester_either(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(11, services, clock, *given(11, ENOUGH))
        give(services, *given(11, [1, 1, 1]))
        assert shown(services).tally.count == 60


@pytest.fixture
def school(services: Services) -> None:
    """Found a school with two teachers."""
    with writing(services.engine) as session:
        session.add(OfficeRow(code=SCHOOL, region_code="SWL", name="SD 7", kind="school", timezone="Asia/Jakarta"))
        session.flush()
        session.add_all(OfficerRow(code=code, name=code, office_code=SCHOOL) for code in (TEACHER, COLLEAGUE))
    services.directory.look_again()


def by_parents(month: int, answer: int, *parents: int, **about: Any) -> list[Rating]:
    """Let these parents rate the teacher."""
    of_school: dict[str, Any] = {"office": SCHOOL, "officer": TEACHER, **about}
    return [rating for parent in parents for rating in given(month, [answer], rater_key=f"key{parent}", **of_school)]


def anybody(month: int, answer: int, several: int) -> list[Rating]:
    return given(month, [answer] * several, office=SCHOOL, officer=TEACHER)


@pytest.mark.usefixtures("school")
class TestSchools:
    def test_a_parent_counts_once_with_the_latest_rating_when_the_semester_is_over(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(8, services, clock, *by_parents(8, 1, *range(12)), *anybody(8, 2, 3))
        live(10, services, clock, *by_parents(10, 4, *range(6)), *by_parents(10, 3, 20, 21), *anybody(10, 2, 2))
        running = shown(services, officer=TEACHER)
        assert (running.tally, running.left_out) == (Tally(12, 5, 2, 6), 0), "not over yet"
        clock.moment = after(12, 21)
        found = shown(services, officer=TEACHER)
        assert (found.tally, found.left_out) == (Tally(6, 5, 2, 6), 6), "who cannot be known again all count"
        assert shown(services, YEAR, TEACHER).tally == found.tally

    def test_where_fewer_than_five_would_be_left_out_all_stay(self, services: Services, clock: SettableClock) -> None:
        live(8, services, clock, *by_parents(8, 1, *range(12)))
        live(10, services, clock, *by_parents(10, 4, *range(4)), *by_parents(10, 3, 20, 21))
        clock.moment = after(12, 21)
        found = shown(services, officer=TEACHER)
        assert (found.tally, found.left_out) == (Tally(12, 0, 2, 4), 0)

    def test_where_fewer_than_five_of_a_month_would_stay_all_stay(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(8, services, clock, *by_parents(8, 1, *range(8)))
        live(10, services, clock, *by_parents(10, 4, *range(5)))
        clock.moment = after(12, 21)
        assert (shown(services, officer=TEACHER).tally, 0) == (Tally(ones=8, fours=5), 0)

    def test_another_teacher_and_another_semester_are_rated_anew(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(5, services, clock, *by_parents(5, 1, *range(6)))
        live(8, services, clock, *by_parents(8, 2, *range(6)), *by_parents(8, 2, *range(6), officer=COLLEAGUE))
        clock.moment = after(12, 21)
        assert shown(services, YEAR, TEACHER).tally == Tally(ones=6, twos=6)
        assert shown(services, SECOND, COLLEAGUE).tally == Tally(twos=6)

    def test_what_was_recorded_after_the_month_was_scored_replaces_nothing(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(8, services, clock, *by_parents(8, 1, *range(12)))
        live(10, services, clock, *by_parents(10, 4, *range(6)))
        give(services, *by_parents(10, 2, *range(6)))
        clock.moment = after(12, 21)
        assert shown(services, officer=TEACHER).tally == Tally(ones=6, fours=6)

    def test_when_a_month_is_found_other_than_it_was_scored_all_stay(
        self, services: Services, clock: SettableClock
    ) -> None:
        moments = [a_day(8) + timedelta(minutes=number) for number in range(5)]
        presses = [a_rating(officer=TEACHER, given_at=moment, accepted_at=moment) for moment in moments]
        live(8, services, clock, *by_parents(8, 1, *range(12)), *presses)
        live(10, services, clock, *by_parents(10, 4, *range(6)))
        with writing(services.engine) as session:
            session.add(
                PostingRow(
                    officer_code=ASHA, counter_code=COUNTER, starts_at=a_day(8), ends_at=a_day(8) + timedelta(hours=9)
                )
            )
        clock.moment = after(12, 21)
        found = shown(services, officer=TEACHER)
        assert (found.tally, found.left_out) == (Tally(ones=12, fours=11), 0)

    def test_once_something_was_decided_about_a_month_all_stay(
        self, services: Services, clock: SettableClock
    ) -> None:
        live(8, services, clock, *by_parents(8, 1, *range(12)))
        live(10, services, clock, *by_parents(10, 4, *range(6)))
        clock.moment = after(12, 21)
        assert shown(services, officer=TEACHER).left_out == 6
        august = closing.revisions_of(TEACHER, Month(2026, 8), services)[-1]
        following = replace(august, revision=2, reason=RevisionReason.REVIEW, made_at=services.clock())
        with writing(services.engine) as session:
            closings.keep_revisions(session, [following])
        assert shown(services, officer=TEACHER).left_out == 0, "others might be left out than at the look before"

    def test_of_an_office_that_is_no_school_everybody_counts_once_a_month(
        self, services: Services, clock: SettableClock
    ) -> None:
        for month in (8, 10):
            live(month, services, clock, *(one for key in range(6) for one in given(month, [3], rater_key=f"k{key}")))
        clock.moment = after(12, 21)
        assert shown(services).tally == Tally(threes=12)


def test_a_month_is_screened_the_same_beside_others(services: Services, clock: SettableClock) -> None:
    """Two presses in a row at midnight are of two months, and one person may rate in both."""
    midnight = datetime(2026, 8, 31, 17, tzinfo=UTC)
    with writing(services.engine) as session:
        session.add(OfficeRow(code=SCHOOL, region_code="SWL", name="SD", kind="school", timezone="Asia/Jakarta"))
        session.flush()
        session.add(OfficerRow(code=TEACHER, name="Guru", office_code=SCHOOL))
    services.directory.look_again()
    about: dict[str, Any] = {"office": "DSW", "officer": TEACHER, "picked": True}
    presses = [
        a_rating(given_at=midnight + timedelta(seconds=second), accepted_at=midnight, overall=2, **about)
        for second in (-3, 3)
    ]
    live(8, services, clock, presses[0], *by_parents(8, 1, *range(12)))
    live(9, services, clock, presses[1], *by_parents(9, 4, *range(6)))
    clock.moment = after(12, 21)
    assert shown(services, officer=TEACHER).tally == Tally(6, 2, 0, 6)


def test_over_its_only_month_a_group_stands_where_that_month_stood(services: Services, clock: SettableClock) -> None:
    live(9, services, clock, *given(9, ENOUGH), *given(9, [1, 3] * 4, officer=BILAL))
    month = Month(2026, 9)
    published = closing.published_for(closing.revisions_of(ASHA, month, services)[-1], services)
    assert published.levels.keys() == {"2026-S2", "2026"}
    assert published.levels["2026-S2"] == published.parameters.level
