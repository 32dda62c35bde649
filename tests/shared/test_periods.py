"""Semesters and years: how they are written, where a group stands over them, and that no two looks tell of few."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import privacy
from shared.domain.m1 import OfficerMonth, level_over, summed
from shared.domain.months import Month
from shared.domain.periods import SEMESTER, YEAR, Period
from shared.domain.ratings import Channel
from shared.domain.results import GroupMonths
from shared.domain.scoring import Tally
from shared.privacy import MINIMUM_RATINGS, Past

BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND, WHOLE = Period.parse("2026-S1"), Period.parse("2026-S2"), Period.parse("2026")
MONTHS: Final = WHOLE.months
JANUARY, FEBRUARY, MARCH, *_ = MONTHS
JULY: Final = MONTHS[6]


class TestWriting:
    @pytest.mark.parametrize(
        ("written", "first", "last"),
        [
            pytest.param("2026-S1", "2026-01", "2026-06", id="first semester"),
            pytest.param("2026-S2", "2026-07", "2026-12", id="second semester"),
            pytest.param("2026", "2026-01", "2026-12", id="year"),
        ],
    )
    def test_what_is_read_is_written_the_same(self, written: str, first: str, last: str) -> None:
        period = Period.parse(written)
        assert (str(period.first), str(period.last)) == (first, last)
        assert str(period) == written

    @pytest.mark.parametrize(
        "written", ["2026-S3", "2026-s1", "26", "2026-10", "2026-S1 ", "0000", "", "2026-S", "x"]
    )
    def test_nothing_else_is_a_period(self, written: str) -> None:
        with pytest.raises(ValueError, match="no semester or year"):
            Period.parse(written)

    def test_other_months_on_end_are_written_by_their_ends(self) -> None:
        assert str(Period(Month(2026, 2), Month(2026, 7))) == "2026-02/2026-07"
        assert str(Period(Month(2025, 7), Month(2026, 6))) == "2025-07/2026-06", "twelve months, but no year"

    @given(st.integers(1, 9000), st.integers(1, 12), st.sampled_from([SEMESTER, YEAR]))
    def test_every_semester_and_year_is_read_back(self, year: int, number: int, length: int) -> None:
        period = Period.around(Month(year, number), length)
        assert Period.parse(str(period)) == period


def rows(*counts: int, officers: int = 6) -> list[OfficerMonth]:
    """Return months of 2026, each officer a little unlike the others."""
    return [
        OfficerMonth(f"P{number}", str(month), {Channel.KIOSK: Tally(number % 2, 1, 2, count)})
        for number in range(officers)
        for month, count in zip(MONTHS, counts, strict=False)
    ]


class TestLevels:
    def test_a_group_stands_over_a_period_where_its_months_together_stand(self) -> None:
        known = rows(1, 2, 3, 4, 5, 6, 7, 8)
        group = GroupMonths(known, "2026-08")
        levels = group.levels()
        assert set(levels) == {"2026-S2", "2026"}
        since_july = summed([row for row in known if row.month >= "2026-07"], {})
        assert levels["2026-S2"] == level_over(since_july.values(), group.parameters)
        assert levels["2026"] == level_over(summed(known, {}).values(), group.parameters)
        assert levels["2026"] != levels["2026-S2"]

    def test_a_semester_that_ends_is_a_window_of_six_months(self) -> None:
        known = rows(13, 12, 13, 12, 13, 12)
        group = GroupMonths(known, "2026-06")
        six = group.results()["P0"].window
        assert six is not None
        assert six.months == SEMESTER
        level = group.levels()["2026-S1"]
        assert level is not None
        drawn = level.mean + (six.score.reliability or 0) * ((six.score.mean or 0) - level.mean)
        assert six.score.index == pytest.approx(2500 * drawn, abs=0.51)


def past(month: Month, settled: int, count: int | None = None, *, day: int | None = 1, **known: bool) -> Past:
    """Return a month looked at again on a day; with the same ratings still, unless it is said how many."""
    settled_at = None if day is None else BEGIN + timedelta(days=day)
    return Past(month, settled if count is None else count, settled_at, settled, **known)


@pytest.mark.parametrize(
    ("pasts", "entered"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([past(JANUARY, 5), past(FEBRUARY, 4)], [(JANUARY,)], id="four stay out"),
        pytest.param([past(JANUARY, 2), past(FEBRUARY, 3)], [(JANUARY, FEBRUARY)], id="five together"),
        pytest.param([past(JANUARY, 2), past(FEBRUARY, 3, day=None)], [], id="not looked at again yet"),
        pytest.param([past(JANUARY, 0, 6, day=None)], [(JANUARY,)], id="seen as soon as it is closed"),
        pytest.param(
            [past(JANUARY, 2), past(FEBRUARY, 3), past(MARCH, 2)], [(JANUARY, FEBRUARY)], id="the next one waits"
        ),
        pytest.param(
            [past(JANUARY, 2, day=9), past(FEBRUARY, 3), past(MARCH, 2)],
            [(FEBRUARY, MARCH)],
            id="what was looked at again later comes later",
        ),
        pytest.param([past(JANUARY, 2), past(JULY, 3)], [], id="semesters are not mixed: one could subtract them"),
        pytest.param(
            [past(JANUARY, 2, 1, moved=True), past(FEBRUARY, 3), past(MARCH, 4), past(MONTHS[3], 4)],
            [(MARCH, MONTHS[3])],
            id="dark with all that were sealed with it",
        ),
        pytest.param([past(JANUARY, 2, 0, moved=True), past(FEBRUARY, 3), past(MARCH, 2)], [], id="nothing left"),
        pytest.param([past(JANUARY, 2, noted=True), past(FEBRUARY, 3)], [], id="seen with more ratings before"),
        pytest.param([past(JANUARY, 8, 3, moved=True), past(FEBRUARY, 3)], [], id="seen, and not any more"),
        pytest.param(
            [past(JANUARY, 0, noted=True), past(FEBRUARY, 3), past(MARCH, 2)], [(FEBRUARY, MARCH)], id="none"
        ),
    ],
)
def test_months_enter_as_they_are_seen_or_in_bundles(pasts: list[Past], entered: list[tuple[Month, ...]]) -> None:
    assert privacy.entering(pasts) == entered


@dataclass
class Life:
    """One year of an officer: every rating is a number, and all that was ever seen is kept."""

    ids: int = 0
    now: dict[Month, set[int]] = field(default_factory=dict)
    settled: dict[Month, tuple[datetime, int]] = field(default_factory=dict)
    moved: set[Month] = field(default_factory=set)
    noted: set[Month] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    looks: list[set[int]] = field(default_factory=list)

    def more(self, count: int) -> set[int]:
        self.ids += count
        return set(range(self.ids - count, self.ids))

    def close(self, month: Month, count: int, lost: int) -> None:
        """Close a month of so many ratings, after some that may have been seen were withdrawn."""
        ratings, withdrawn = self.more(count), self.more(lost)
        if count + lost >= MINIMUM_RATINGS:
            self.noted.add(month)
            self.seen |= ratings | withdrawn if lost else set()
        self.put(month, ratings)

    def look_again(self, month: Month, arrived: int) -> None:
        before = self.now[month]
        after = before | self.more(arrived)
        if privacy.may_follow(Tally(fours=len(before)), Tally(fours=len(after)), 0):
            self.put(month, after)
        self.settled[month] = BEGIN + timedelta(days=self.ids, hours=len(self.settled)), len(self.now[month])
        self.look()

    def decide(self, month: Month, away: int) -> None:
        self.moved |= {month} & self.settled.keys()
        self.put(month, set(sorted(self.now[month])[away:]))

    def put(self, month: Month, ratings: set[int]) -> None:
        self.now[month] = ratings
        if len(ratings) >= MINIMUM_RATINGS:
            self.noted.add(month)
            self.seen |= ratings
        self.look()

    def look(self) -> None:
        pasts = [
            Past(month, len(ratings), at, settled, month in self.moved, month in self.noted)
            for month, ratings in self.now.items()
            for at, settled in [self.settled.get(month, (None, 0))]
        ]
        for period in (FIRST, SECOND, WHOLE):
            inside = [one for one in pasts if period.holds(one.month, one.month)]
            entered = [month for part in privacy.entering(inside) for month in part]
            self.looks.append(set().union(*(self.now[month] for month in entered)))


few = st.one_of(st.integers(0, 4), st.integers(0, 9))
lives = st.lists(
    st.tuples(few, st.sampled_from([0, 0, 0, 1, 3, 6]), st.sampled_from([0, 0, 1, 2, 5]), st.integers(0, 2)),
    min_size=2,
    max_size=12,
)
decisions = st.dictionaries(st.integers(0, 30), st.tuples(st.integers(0, 11), st.integers(1, 3)), max_size=3)


@given(lives, decisions)
def test_no_look_at_a_period_minus_any_other_and_the_months_leaves_fewer_than_five(
    months: list[tuple[int, int, int, int]], decided: dict[int, tuple[int, int]]
) -> None:
    life, waiting = Life(), list[tuple[int, Month, int]]()
    for turn, (month, (count, lost, arrived, wait)) in enumerate(zip(MONTHS, months, strict=False)):
        life.close(month, count, lost)
        waiting.append((turn + wait, month, arrived))
        for due in sorted(one for one in waiting if one[0] <= turn):
            life.look_again(due[1], due[2])
            waiting.remove(due)
        place, away = decided.get(turn, (0, 0))
        if away and MONTHS[place] in life.now:
            life.decide(MONTHS[place], away)
    for _, month, arrived in waiting:
        life.look_again(month, arrived)
    # Of months that are seen by themselves everything is known already; what else is told must be of five or more.
    told = {frozenset(look - life.seen) for look in life.looks}
    for one, other in combinations([frozenset[int](), *told], 2):
        for left in (one - other, other - one):
            assert not 0 < len(left) < MINIMUM_RATINGS


@given(st.lists(st.tuples(st.integers(5, 14), st.integers(0, 14)), min_size=1, max_size=6))
def test_what_is_left_out_can_be_subtracted_only_when_it_is_of_five_or_more(drawn: list[tuple[int, int]]) -> None:
    parts = [(count, min(count, out)) for count, out in drawn]
    if not privacy.may_leave_out(parts):
        return
    shown = sum(count - out for count, out in parts)
    whole = [count for count, out in parts if not out]
    kept_whole = [sum(chosen) for size in range(len(whole) + 1) for chosen in combinations(whole, size)]
    remainders = [sum(count for count, _ in parts) - shown, *(shown - known for known in kept_whole)]
    assert not [left for left in remainders if 0 < left < MINIMUM_RATINGS]


@pytest.mark.parametrize(
    ("parts", "may"),
    [
        pytest.param([(9, 0), (9, 0)], True, id="nobody rated twice"),
        pytest.param([(9, 4), (9, 0)], False, id="four would be told by what is missing"),
        pytest.param([(9, 2), (9, 3), (9, 0)], True, id="five of two months"),
        pytest.param([(10, 5), (9, 0)], True, id="five, and five of that month stay"),
        pytest.param([(9, 5), (9, 0)], False, id="four of that month stay, and would be told"),
        pytest.param([(5, 5), (9, 0)], True, id="all of a month"),
    ],
)
def test_later_ratings_replace_earlier_ones_when_nobody_is_told(parts: list[tuple[int, int]], may: bool) -> None:
    assert privacy.may_leave_out(parts) is may
