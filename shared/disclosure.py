"""What may be shown of an office's survey: figures from fewer than five people can neither be read nor subtracted.

Everything is counted in bundles of five people or more, and only whole bundles are shown:

1. Ratings given in one month that came in together are never parted. Those given at the counter or by message come in
   together when they are recorded by the same closing, on the 6th of a month; those of an import come with it.
2. In the order of their coming such units are gathered until there are five people, and then sealed: one bundle. The
   next unit begins the next one. Each import is gathered by itself, and each calendar year anew.
3. A period, which is made of closed months, shows the bundles of which every month lies in it.

This is sound because a bundle, once sealed, never changes: its units had come in before it was sealed and nothing can
join them. Bundles have nobody in common. So all that anyone can look at, whatever the period and the day, are sums of
whole bundles; and so are their differences, sums of those. An import that is undone takes its own bundles with it.
What a review or an objection decides concerns an officer's score and takes nothing out here.
Each element is bundled by those who answered it. What people said of themselves goes by bundles of these bundles:
sealed when no group in them is small, or when they are large, and small groups are then not told apart.

The price: up to four answers a year wait for ever, and small months show only beside those they are bundled with.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from shared.domain.months import Month
from shared.domain.periods import Period
from shared.privacy import MINIMUM_RATINGS

LARGE: Final = 10 * MINIMUM_RATINGS
"""So many respondents are told apart at last, though a group among them may still be small."""
PEOPLE: Final = "people"
SUM: Final = "sum"

Figures = Counter[str]
Rule = Callable[[Figures, bool], bool]
"""Says of what was gathered, and of whether anything more can come, if it may be sealed."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Ratings given in one month that came in together: by an import (its id), or by the closing after `round`."""

    month: Month
    round: Month
    source: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Figures that are shown together or not at all, of ratings given from `first` to `last`."""

    first: Month
    last: Month
    figures: Figures


@dataclass(frozen=True, slots=True)
class Groups:
    """Respondents by one trait: those told apart, how many are not, and the groups some of these are in.

    Of the last `waiting`, nothing at all is told.
    """

    told: Figures
    others: int
    hidden: frozenset[str]
    waiting: int

    def more_than_told(self, group: str) -> bool:
        """Say whether there may be more in a group than are told."""
        return bool(self.waiting) or group in self.hidden


def answered(units: Mapping[Unit, Figures]) -> list[Bundle]:
    """Return the bundles of answers, of whose figures PEOPLE says from how many people they are."""
    return [
        bundle
        for _, single in _by_source(units)
        for bundle in _gathered(single, False, lambda figures, _: figures[PEOPLE] >= MINIMUM_RATINGS)
    ]


def told_apart(units: Mapping[Unit, Figures]) -> list[Bundle]:
    """Return the bundles of respondents by one trait; every respondent is in one group of it."""
    found: list[Bundle] = []
    for of_import, single in _by_source(units):
        # The same bundles in which respondents are counted: else their number could be subtracted.
        bundles = list(_gathered(single, False, lambda groups, _: groups.total() >= MINIMUM_RATINGS))
        # Of an import nothing more comes; at a counter there may always be somebody more.
        found += _gathered(bundles, of_import, _may_be_told_apart)
    return found


def within(bundles: Iterable[Bundle], period: Period) -> Figures:
    """Return what the bundles in a period say together: nothing, or figures from five people or more."""
    return sum((one.figures for one in bundles if period.holds(one.first, one.last)), Figures())


def groups_within(bundles: Iterable[Bundle], period: Period, respondents: int) -> Groups:
    """Return how many of a period's respondents are in which group, as far as they may be told apart."""
    told, seen, hidden = Figures(), 0, frozenset[str]()
    for bundle in bundles:
        if period.holds(bundle.first, bundle.last):
            not_told = _hidden(bundle.figures)
            told.update({name: count for name, count in bundle.figures.items() if name not in not_told})
            seen, hidden = seen + bundle.figures.total(), hidden | not_told
    return Groups(told, respondents - told.total(), hidden, respondents - seen)


def _by_source(units: Mapping[Unit, Figures]) -> Iterator[tuple[bool, list[Bundle]]]:
    """Return for each import, and for all others, each year's units in the order of their coming."""
    ordered = sorted(units, key=lambda unit: (unit.source, unit.month.year, unit.round, unit.month))
    for (source, _), several in groupby(ordered, key=lambda unit: (unit.source, unit.month.year)):
        yield bool(source), [Bundle(unit.month, unit.month, units[unit]) for unit in several]


def _gathered(parts: Sequence[Bundle], complete: bool, may_be_sealed: Rule) -> Iterator[Bundle]:
    """Gather parts in their order into bundles; what may not be sealed yet is left out."""
    gathered: list[Bundle] = []
    for number, part in enumerate(parts, 1):
        gathered.append(part)
        figures = sum((one.figures for one in gathered), Figures())
        if may_be_sealed(figures, complete and number == len(parts)):
            yield Bundle(min(one.first for one in gathered), max(one.last for one in gathered), figures)
            gathered = []


def _may_be_told_apart(groups: Figures, nothing_more_comes: bool) -> bool:
    return nothing_more_comes or groups.total() >= LARGE or min(groups.values()) >= MINIMUM_RATINGS


def _hidden(groups: Figures) -> frozenset[str]:
    """Return the groups of a bundle that are not told apart: those below five, and never one alone.

    One alone could be read off the total: the next smallest is hidden with it, until there are five people in them.
    """
    hidden = Figures()
    for count, name in sorted((count, name) for name, count in groups.items()):
        if count >= MINIMUM_RATINGS and not 0 < hidden.total() < MINIMUM_RATINGS:
            break
        hidden[name] = count
    return frozenset(hidden)
