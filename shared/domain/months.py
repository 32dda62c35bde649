"""Calendar months as an office lives them: in its own time zone, half-open."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month, such as 2026-03; months order in time."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime, timezone: tzinfo) -> Self:
        """Return the month in which an aware `moment` falls on the wall clock of `timezone`."""
        local = moment.astimezone(timezone)
        return cls(local.year, local.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "YYYY-MM"; raise ValueError for anything else."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a month; write it as YYYY-MM, for example 2026-03.")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def plus(self, months: int) -> "Month":
        """Return the month that many months later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def start(self, timezone: ZoneInfo) -> datetime:
        """Return the first moment of the month in `timezone`."""
        return datetime(self.year, self.number, 1, tzinfo=timezone)

    def bounds(self, timezone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return [start, start of the next month) in `timezone`."""
        return self.start(timezone), self.plus(1).start(timezone)
