"""What is told of reports that somebody was asked for money: to the agency alone, never to the office.

A report is no proof, and a few may be one angry person's. So nothing is told of an officer from fewer than five:

1. Of an office's month it is told when three officers or more were rated there in it, for then it is about no single
   one of them. The number is said from five reports on; below, only that there are some.
2. Of months with fewer officers it is told for the year as a whole, from five reports on.
3. An officer is named for a year in which five reports or more are about them.

In 2 and 3 it is only said that there are five or more. So no number says less than five, and what is left of an
office's number without an officer who is named there cannot be reckoned.

A month is told of once it has been looked at for the last time, with what was there by then. What arrives later, or
is decided about an officer's score, moves no number: by one, it would tell of a single person. Only an import that is
undone takes its reports with it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.months import Month
from shared.privacy import MINIMUM_RATINGS

FEWEST_OFFICERS: Final = 3
"""What is said of an office with fewer is said of a person."""


@dataclass(frozen=True, slots=True)
class Reports:
    """How many reports about one officer (None: about nobody in particular) were given at an office in a month."""

    office: str
    officer: str | None
    month: Month
    count: int


@dataclass(frozen=True, slots=True)
class OfficeTold:
    """What is told of an office's year: its months with reports, and whether there are five in the other months.

    A month with fewer than five has no number.
    """

    months: dict[Month, int | None]
    five_in_others: bool


def told_of_offices(reports: Iterable[Reports], rated: Mapping[tuple[str, Month], int]) -> dict[str, OfficeTold]:
    """Return what is told of offices in one year; `rated` says how many officers were rated at one in a month."""
    in_months: Counter[tuple[str, Month]] = Counter()
    for one in reports:
        in_months[one.office, one.month] += one.count
    months: dict[str, dict[Month, int | None]] = {office: {} for office, _ in sorted(in_months)}
    others: Counter[str] = Counter()
    for (office, month), count in sorted(in_months.items()):
        if rated.get((office, month), 0) < FEWEST_OFFICERS:
            others[office] += count
        else:
            months[office][month] = count if count >= MINIMUM_RATINGS else None
    told = {office: OfficeTold(known, others[office] >= MINIMUM_RATINGS) for office, known in months.items()}
    return {office: one for office, one in told.items() if one.months or one.five_in_others}


def named(reports: Iterable[Reports]) -> dict[str, str]:
    """Return the officers who are named in one year, each with the office where most of it was said."""
    about: dict[str, Counter[str]] = {}
    for one in reports:
        if one.officer is not None:
            about.setdefault(one.officer, Counter())[one.office] += one.count
    return {
        officer: max(sorted(offices), key=lambda office: offices[office])
        for officer, offices in sorted(about.items())
        if offices.total() >= MINIMUM_RATINGS
    }
