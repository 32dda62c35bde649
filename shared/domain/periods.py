"""Whole calendar months on end, as a survey is reported: a quarter, a semester, a year."""

from dataclasses import dataclass
from typing import Self

from shared.domain.months import Month


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
