"""The months of a group's officers scored by method m1, and over a few months where one does not say enough."""

from collections import Counter
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import starmap
from statistics import quantiles
from typing import Final

from shared.domain.m1 import (
    Channels,
    Level,
    OfficerMonth,
    Parameters,
    Score,
    Status,
    count_of,
    level_over,
    parameters_of,
    reliability_of,
    score,
    status_of,
    summed,
)
from shared.domain.months import Month
from shared.domain.periods import SEMESTER, YEAR, Period
from shared.domain.ratings import Channel
from shared.domain.scoring import Tally

MONTHS_OF_PARAMETERS: Final = 6
"""Offsets and the answers' variance come from the month itself and the five before it."""
FEWEST_IN_SPREAD: Final = 10
WINDOWS: Final = (3, 6, 12)
"""Months that a window score may reach back over, the shortest that is enough."""


@dataclass(frozen=True, slots=True)
class Window:
    """The score over the months up to this one, where this one alone does not say enough."""

    months: int
    count: int
    score: Score


@dataclass(frozen=True, slots=True)
class Spread:
    """How the indices of a group's officers lie, in hundredths: a quarter is below `lower`, half below `middle`, a
    quarter above `upper`.
    """

    officers: int
    lower: int
    middle: int
    upper: int


@dataclass(frozen=True, slots=True)
class Result:
    """An officer's month as m1 scores it; `window` is None when the month is final, or no window says enough."""

    channels: Channels
    score: Score
    window: Window | None

    @property
    def tally(self) -> Tally:
        """Return the answers over all channels."""
        return Tally.all_of(self.channels.values())


NOTHING: Final = Result({}, Score(None), None)
"""What is left of a month when all its ratings are set aside."""


def parameters_in(rows: Iterable[OfficerMonth], month: str) -> Parameters:
    """Return what `month` is scored with, from those of the rows that belong to it or the five months before."""
    first = str(Month.parse(month).plus(1 - MONTHS_OF_PARAMETERS))
    return parameters_of([row for row in rows if first <= row.month <= month], month)


def results_of(
    rows: Collection[OfficerMonth], month: str, parameters: Parameters, suspected: Set[tuple[str, str]] = frozenset()
) -> dict[str, Result]:
    """Return the result of every officer of a group who was rated in `month`.

    `rows` are the group's months up to this one, twelve at most; earlier ones only serve windows. A month that is
    `suspected`, as (officer, month), is at most provisional, and so is every window with it: none is given.
    """
    last = Month.parse(month)
    windows: list[_Window] = []
    for length in WINDOWS:
        windows.append(_Window(rows, Period(last.plus(1 - length), last), parameters, *windows[-1:]))
    results = {}
    for row in rows:
        if row.month == month and count_of(row.channels):
            found = score(row.channels, parameters, parameters.level)
            if (row.officer, month) in suspected:
                results[row.officer] = Result(row.channels, at_most_provisional(found), None)
                continue
            window = None if found.status is Status.FINAL else _first_final(windows, row.officer, suspected)
            results[row.officer] = Result(row.channels, found, window)
    return results


def levels_of(rows: Collection[OfficerMonth], month: str, parameters: Parameters) -> dict[str, Level | None]:
    """Return where a group stands over the semester and over the year that `month` lies in, as far as up to it."""
    last, levels = Month.parse(month), dict[str, Level | None]()
    since = {month: parameters.level}
    # Where both begin with the same ratings, as in January, what is summed already is not summed again.
    for period in (Period.around(last, length) for length in (SEMESTER, YEAR)):
        begins = str(period.first)
        first = min((row.month for row in rows if row.month >= begins), default=month)
        if first not in since:
            since[first] = _Window(rows, Period(period.first, last), parameters).level
        levels[str(period)] = since[first]
    return levels


def spread_of(results: Iterable[Result]) -> Spread | None:
    """Return how the indices that are shown lie; None of fewer than ten, for it would tell what colleagues have."""
    shown = [result.score for result in results if result.score.status is not Status.INSUFFICIENT]
    indices = [score.index for score in shown if score.index is not None]
    if len(indices) < FEWEST_IN_SPREAD:
        return None
    lower, middle, upper = (round(value) for value in quantiles(indices, n=4, method="inclusive"))
    return Spread(len(indices), lower, middle, upper)


def at_most_provisional(found: Score) -> Score:
    """Return a score as it stands while a review of its month is open."""
    return replace(found, status=Status.PROVISIONAL, needed=0) if found.status is Status.FINAL else found


class _Window:
    """A group's months over a while that ends with the month that is scored, summed when they are first asked for.

    `shorter` is the window that begins later: what it has summed is not summed again.
    """

    def __init__(
        self, rows: Iterable[OfficerMonth], months: Period, parameters: Parameters, shorter: "_Window | None" = None
    ) -> None:
        self._months, self._parameters, self._shorter = months, parameters, shorter
        self._first: str = str(months.first)
        later = shorter._first if shorter else str(months.last.plus(1))
        self._more = [row for row in rows if self._first <= row.month < later]

    @cached_property
    def _sums(self) -> dict[str, dict[Channel, Tally]]:
        if self._shorter is None:
            return summed(self._more)
        known = self._shorter._sums
        return summed([*starmap(_of_several_months, known.items()), *self._more]) if self._more else known

    @cached_property
    def _counts(self) -> Counter[str]:
        counts = Counter(self._shorter._counts if self._shorter else ())
        for row in self._more:
            counts[row.officer] += count_of(row.channels)
        return counts

    @cached_property
    def level(self) -> Level | None:
        """Return where the group stands over these months."""
        if self._shorter and not self._more:
            return self._shorter.level
        return level_over(self._sums.values(), self._parameters)

    def holds(self, officer: str, suspected: Set[tuple[str, str]]) -> bool:
        """Say whether one of these months of the officer is suspected."""
        return any(one == officer and self._first <= month for one, month in suspected)

    def says_enough(self, officer: str) -> bool:
        """Say whether the officer's ratings over this window are enough for a final score."""
        return status_of(reliability_of(self._counts[officer], self._parameters)) is Status.FINAL

    def of(self, officer: str) -> Window:
        """Return the officer's score over this window."""
        channels = self._sums[officer]
        return Window(self._months.length, count_of(channels), score(channels, self._parameters, self.level))


def _of_several_months(officer: str, channels: Channels) -> OfficerMonth:
    return OfficerMonth(officer, "", channels)


def _first_final(windows: Iterable[_Window], officer: str, suspected: Set[tuple[str, str]]) -> Window | None:
    enough = (window for window in windows if window.says_enough(officer) and not window.holds(officer, suspected))
    found = (window.of(officer) for window in enough)
    return next((window for window in found if window.score.status is Status.FINAL), None)
