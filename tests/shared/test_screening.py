"""Which ratings count: every rule on both sides of its bound, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session

from shared import standings
from shared.db.closing_tables import GroupClosingRow
from shared.db.engine import writing
from shared.db.people_tables import KioskRow, PostingRow
from shared.db.ratings import record
from shared.db.tables import StaleMonthRow
from shared.domain.months import Month
from shared.domain.ratings import Rating
from shared.domain.screening import SetAside
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock, a_message, a_rating

NOVEMBER = Month(2026, 11)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def _nobody_is_posted(services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(delete(PostingRow))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def a_press(seconds: float = 0, **about: Any) -> Rating:
    return a_rating(given_at=after(seconds), accepted_at=after(seconds), **about)


def counted(services: Services, *ratings: Rating, officer: str = ASHA) -> tuple[int, dict[SetAside, int]]:
    """Return how many of these count, and how many are set aside by reason."""
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)
    score = standings.score_of(officer, NOVEMBER, services)
    assert score is not None
    return score.tally.count, score.set_aside


def raw_index_of(services: Services) -> int:
    score = standings.score_of(ASHA, NOVEMBER, services)
    assert score is not None
    assert score.raw_index is not None
    return score.raw_index


def post(services: Services, begins: datetime, ends: datetime, officer: str = ASHA) -> None:
    with writing(services.engine) as session:
        session.add(PostingRow(officer_code=officer, counter_code=COUNTER, starts_at=begins, ends_at=ends))


def another_kiosk(session: Session) -> int:
    kiosk = KioskRow(name="Layar kedua", office_code=OFFICE, counter_code=COUNTER)
    session.add(kiosk)
    session.flush()
    assert kiosk.id is not None
    return kiosk.id


class TestRepeatedPresses:
    @pytest.mark.parametrize(
        ("seconds", "count"),
        [
            pytest.param((0, 9.999), 1, id="faster than two people can follow each other"),
            pytest.param((0, 10), 2, id="just as fast as they can"),
            pytest.param((0, 6, 12, 18, 27), 1, id="each counts from the press before, counted or not"),
            pytest.param((0, 6, 16), 2, id="and again after a pause"),
            pytest.param((0, 0, 0), 1, id="three at the same moment"),
        ],
    )
    def test_they_do_not_count(self, services: Services, seconds: tuple[float, ...], count: int) -> None:
        found, aside = counted(services, *(a_press(second) for second in seconds))
        assert found == count
        assert aside.get(SetAside.REPEAT_PRESS, 0) == len(seconds) - count

    @pytest.mark.parametrize(
        ("interval", "count"), [pytest.param(3, 3, id="shorter"), pytest.param(30, 1, id="longer")]
    )
    def test_a_kiosk_goes_by_its_own_interval_and_the_others_by_theirs(
        self, services: Services, interval: int, count: int
    ) -> None:
        with writing(services.engine) as session:
            session.get_one(KioskRow, 1).press_interval = interval
            other = another_kiosk(session)
        ours = [a_press(second) for second in (0, 3, 20)]
        theirs = [a_press(second, kiosk=other) for second in (0, 3, 20)]
        assert counted(services, *ours, *theirs) == (count + 2, {SetAside.REPEAT_PRESS: 3 - count + 1})

    def test_only_on_the_same_kiosk_about_the_same_officer(self, services: Services) -> None:
        with writing(services.engine) as session:
            other = another_kiosk(session)
        ratings = a_press(), a_press(1, kiosk=other), a_press(2, officer=BILAL), a_message(given_at=after(3))
        assert counted(services, *ratings) == (3, {})
        assert counted(services, officer=BILAL) == (1, {})

    def test_fifty_of_them_move_the_index_by_less_than_one_point(self, services: Services) -> None:
        usual = [a_press(-60 * n, overall=(3, 4, 4, 2)[n % 4]) for n in range(1, 201)]
        counted(services, *usual)
        before = raw_index_of(services)
        assert counted(services, *(a_press(n * 0.4, overall=1) for n in range(50))) == (
            201,
            {SetAside.REPEAT_PRESS: 49},
        )
        assert abs(raw_index_of(services) - before) < 100


def test_what_came_from_a_phone_of_the_office_does_not_count_and_takes_nobodys_place(services: Services) -> None:
    voices = a_message(rater_key="a" * 32), a_message(given_at=after(9), own_phone=True, rater_key="a" * 32)
    assert counted(services, *voices) == (1, {SetAside.OWN_PHONE: 1})


class TestOneVoicePerPersonAndMonth:
    def test_the_latest_counts(self, services: Services) -> None:
        voices = [a_message(given_at=after(n), overall=n + 1, rater_key="a" * 32) for n in range(4)]
        assert counted(services, *reversed(voices)) == (1, {SetAside.SUPERSEDED: 3})
        score = standings.score_of(ASHA, NOVEMBER, services)
        assert score is not None
        assert score.tally.counts == (0, 0, 0, 1)

    def test_two_people_are_two(self, services: Services) -> None:
        assert counted(services, a_message(rater_key="a" * 32), a_message(rater_key="b" * 32)) == (2, {})

    def test_one_that_does_not_count_takes_nobodys_place(self, services: Services) -> None:
        long_ago = NOON - timedelta(days=17)
        first = a_message(given_at=long_ago, accepted_at=long_ago, rater_key="a" * 32)
        lost = a_message(given_at=after(0), accepted_at=NOON + timedelta(days=46), rater_key="a" * 32)
        assert counted(services, first, lost) == (1, {SetAside.STALE: 1})


class TestOffDuty:
    @pytest.mark.parametrize(
        ("given_at", "counts"),
        [
            pytest.param(after(-1800), True, id="half an hour before"),
            pytest.param(after(-1800) - MILLISECOND, False, id="earlier than that"),
            pytest.param(after(3600 + 1800), True, id="half an hour after"),
            pytest.param(after(3600 + 1800) + MILLISECOND, False, id="later than that"),
        ],
    )
    def test_a_posting_is_good_for_half_an_hour_around(
        self, services: Services, given_at: datetime, counts: bool
    ) -> None:
        post(services, NOON, after(3600))
        found, aside = counted(services, a_rating(given_at=given_at))
        assert (found, aside) == ((1, {}) if counts else (0, {SetAside.OFF_DUTY: 1}))

    def test_on_a_day_without_postings_everybody_counts(self, services: Services) -> None:
        post(services, NOON - timedelta(days=1), after(3600) - timedelta(days=1))
        assert counted(services, a_press()) == (1, {})

    def test_who_was_picked_by_the_person_counts(self, services: Services) -> None:
        post(services, NOON, after(3600), BILAL)
        assert counted(services, a_press(picked=True), a_press(60)) == (1, {SetAside.OFF_DUTY: 1})

    def test_days_are_those_of_the_office(self, services: Services) -> None:
        # 00:30 to 01:30 in Sawahlunto is still the day before by UTC.
        midnight = NOON.replace(hour=17)
        post(services, midnight + timedelta(minutes=30), midnight + timedelta(minutes=90))
        late, early = midnight - timedelta(minutes=40), midnight + timedelta(hours=3)
        assert counted(services, a_rating(given_at=late)) == (1, {}), "before midnight nobody was posted"
        assert counted(services, a_rating(given_at=early)) == (1, {SetAside.OFF_DUTY: 1})

    def test_a_shift_over_midnight_is_good_on_both_days(self, services: Services) -> None:
        midnight = NOON.replace(hour=17)
        post(services, midnight - timedelta(hours=2), midnight + timedelta(hours=2))
        ratings = [a_rating(given_at=midnight + timedelta(minutes=minutes)) for minutes in (-60, 60, 149, 151)]
        assert counted(services, *ratings) == (3, {SetAside.OFF_DUTY: 1})

    def test_a_message_is_never_off_duty(self, services: Services) -> None:
        post(services, NOON, after(3600), BILAL)
        assert counted(services, a_message(given_at=after(60))) == (1, {})


@pytest.mark.parametrize(("more", "counts"), [(timedelta(0), True), (MILLISECOND, False)])
def test_what_waited_longer_than_45_days_is_stale(services: Services, more: timedelta, counts: bool) -> None:
    found = counted(services, a_rating(given_at=NOON, accepted_at=NOON + timedelta(days=45) + more))
    assert found == ((1, {}) if counts else (0, {SetAside.STALE: 1}))


def test_what_comes_after_the_last_restatement_is_late(services: Services, clock: SettableClock) -> None:
    restated = NOON + timedelta(days=30)
    with writing(services.engine) as session:
        session.add(
            GroupClosingRow(region_code="SWL", kind="dukcapil", month="2026-11", closed_at=NOON, restated_at=restated)
        )
    ratings = [a_rating(accepted_at=restated + more) for more in (timedelta(0), MILLISECOND)]
    assert counted(services, *ratings) == (1, {SetAside.LATE: 1})


def test_the_home_office_is_where_most_was_counted(services: Services) -> None:
    at_home = [a_message(officer=DEV, office=OTHER_OFFICE, given_at=after(n)) for n in range(2)]
    away = [a_message(officer=DEV, office=OFFICE, given_at=after(n)) for n in range(2)]
    counted(services, *at_home, *away, officer=DEV)
    first = standings.score_of(DEV, NOVEMBER, services)
    assert first is not None
    assert first.office == min(OFFICE, OTHER_OFFICE), "of two with as many, the first by code"
    counted(services, a_message(officer=DEV, office=OTHER_OFFICE), officer=DEV)
    then = standings.score_of(DEV, NOVEMBER, services)
    assert then is not None
    assert then.office == OTHER_OFFICE


def test_order_of_arrival_never_matters(services: Services) -> None:
    post(services, NOON - timedelta(hours=1), after(3600))
    ratings = [a_press(n * 7, overall=1 + n % 4) for n in range(12)]
    ratings += [a_message(given_at=after(n), rater_key="c" * 32, overall=1 + n % 4) for n in range(5)]
    for rating in ratings[::2] + ratings[1::2][::-1]:
        counted(services, rating)
    bit_by_bit = standings.score_of(ASHA, NOVEMBER, services)
    with writing(services.engine) as session:
        session.add(StaleMonthRow(officer_code=ASHA, month="2026-11"))
    standings.refresh(services)
    assert standings.score_of(ASHA, NOVEMBER, services) == bit_by_bit
    assert bit_by_bit is not None
    assert bit_by_bit.set_aside == {SetAside.REPEAT_PRESS: 11, SetAside.SUPERSEDED: 4}
