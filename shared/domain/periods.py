"""Whole calendar months on end, as surveys and scores are reported: a quarter, a semester, a year."""

import re
from dataclasses import dataclass
from typing import Final, Self

from shared.domain.months import Month

SEMESTER: Final = 6
YEAR: Final = 12
"""Months in them."""
_WRITTEN: Final = re.compile(r"(\d{4})(?:-S([12]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """The months from `first` to `last`, both of them in it."""

    first: Month
    last: Month

    @classmethod
    def around(cls, month: Month, length: int) -> Self:
        """Return the quarter (3 months), semester (6) or year (12) that a month lies in."""
        first = Month(month.year, (month.number - 1) // length * length + 1)
        return cls(first, first.plus(length - 1))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a semester, "2026-S2", or a year, "2026"; raise ValueError for anything else."""
        match = _WRITTEN.fullmatch(text)
        if match is None or not int(match[1]):
            raise ValueError(f"{text!r} is no semester or year; write it as 2026-S1, 2026-S2 or 2026.")
        if match[2] is None:
            return cls.around(Month(int(match[1]), 1), YEAR)
        return cls.around(Month(int(match[1]), 1 if match[2] == "1" else 7), SEMESTER)

    def __str__(self) -> str:
        for length, written in (
            (SEMESTER, f"{self.first.year:04d}-S{self.semester}"),
            (YEAR, f"{self.first.year:04d}"),
        ):
            if self == Period.around(self.first, length):
                return written
        return f"{self.first}/{self.last}"

    @property
    def semester(self) -> int:
        """Return 1 or 2: in which semester of its year it begins."""
        return 1 if self.first.number <= SEMESTER else 2

    @property
    def length(self) -> int:
        """Return of how many months it is made."""
        return (self.last.year - self.first.year) * 12 + self.last.number - self.first.number + 1

    @property
    def months(self) -> list[Month]:
        """Return its months in time."""
        return [self.first.plus(number) for number in range(self.length)]

    def until(self, month: Month) -> "Period | None":
        """Return as much of it as is not later than a month; None when all of it is."""
        return None if month < self.first else Period(self.first, min(self.last, month))

    def before(self, several: int) -> list["Period"]:
        """Return the periods of the same length before it, the latest first."""
        back = [self.length * number for number in range(1, several + 1)]
        return [Period(self.first.plus(-months), self.last.plus(-months)) for months in back]

    def holds(self, first: Month, last: Month) -> bool:
        """Say whether everything from `first` to `last` lies in it."""
        return self.first <= first and last <= self.last
