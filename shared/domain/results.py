"""The months of a group's officers scored by method m1, and over a few months where one does not say enough."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
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


class GroupMonths:
    """The months of a group's officers up to the one that is scored, and what that is scored with.

    Offsets, windows, semester and year reach back from the same month: what is summed for one of them serves all.
    """

    def __init__(self, rows: Iterable[OfficerMonth], month: str, parameters: Parameters | None = None) -> None:
        """Take the group's months, twelve at most, in any order; without parameters, these tell their own."""
        self._last = Month.parse(month)
        self._rows: dict[str, list[OfficerMonth]] = {month: []}
        for row in rows:
            self._rows.setdefault(row.month, []).append(row)
        self._totals: dict[str, Mapping[str, Channels]] = {}
        self._levels: dict[str, Level | None] = {}
        self.parameters = parameters or self._estimated()

    def results(self, suspected: Set[tuple[str, str]] = frozenset()) -> dict[str, Result]:
        """Return the result of every officer who was rated in the month; earlier months only serve windows.

        A month that is `suspected`, as (officer, month), is at most provisional, and so is every window with it: none
        is given.
        """
        results, month, last_suspected = {}, str(self._last), dict(sorted(suspected))
        for row in self._rows[month]:
            if not count_of(row.channels):
                continue
            found = score(row.channels, self.parameters, self.parameters.level)
            if (row.officer, month) in suspected:
                results[row.officer] = Result(row.channels, at_most_provisional(found), None)
            else:
                since = last_suspected.get(row.officer, "")
                window = None if found.status is Status.FINAL else self._first_final(row.officer, since)
                results[row.officer] = Result(row.channels, found, window)
        return results

    def levels(self) -> dict[str, Level | None]:
        """Return where the group stands over the semester and over the year of the month, as far as up to it."""
        periods = [Period.around(self._last, length) for length in (SEMESTER, YEAR)]
        return {str(period): self._level_since(str(period.first)) for period in periods}

    def _estimated(self) -> Parameters:
        first = self._first_of(MONTHS_OF_PARAMETERS)
        rows = [row for month, several in self._rows.items() if month >= first for row in several]
        return parameters_of(rows, self._since(first).values(), str(self._last))

    def _first_final(self, officer: str, last_suspected: str) -> Window | None:
        for months, first, totals in self._windows:
            if first <= last_suspected:
                break
            channels = totals[officer]
            count = count_of(channels)
            if status_of(reliability_of(count, self.parameters)) is Status.FINAL:
                found = score(channels, self.parameters, self._level_since(first))
                if found.status is Status.FINAL:  # a group without a level has no final score
                    return Window(months, count, found)
        return None

    @cached_property
    def _windows(self) -> list[tuple[int, str, Mapping[str, Channels]]]:
        firsts = [(months, self._first_of(months)) for months in WINDOWS]
        return [(months, first, self._since(first)) for months, first in firsts]

    def _first_of(self, months: int) -> str:
        return str(self._last.plus(1 - months))

    def _since(self, first: str) -> Mapping[str, Channels]:
        """Return each officer's sum over the months from `first` on."""
        earliest, *later = sorted(month for month in self._rows if month >= first)
        if earliest not in self._totals:
            known = self._since(later[0]) if later else {}
            self._totals[earliest] = summed(self._rows[earliest], known)
        return self._totals[earliest]

    def _level_since(self, first: str) -> Level | None:
        earliest = min(month for month in self._rows if month >= first)
        if earliest not in self._levels:
            self._levels[earliest] = level_over(self._since(earliest).values(), self.parameters)
        return self._levels[earliest]


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
