"""An officer's month: how many of each answer, and the index anyone can redo from them.

Indices are integers in hundredths on the scale 25-100 (8750 means 87.50) and are rounded once, half up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class RevisionReason(StrEnum):
    """Why a revision of a closed month was made."""

    CLOSING = "closing"
    LATE_ARRIVALS = "late_arrivals"
    REVIEW = "review"
    OBJECTION = "objection"


DECIDED: Final = frozenset({RevisionReason.REVIEW, RevisionReason.OBJECTION})
"""Why a revision was made that follows from what people have decided; of five ratings or more, which were seen."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each answer, from 1 (Tidak Baik) to 4 (Sangat Baik)."""

    ones: int = 0
    twos: int = 0
    threes: int = 0
    fours: int = 0

    @classmethod
    def of(cls, counts: "tuple[int, int, int, int] | list[int]") -> Self:
        """Build a tally from four counts, ones first."""
        ones, twos, threes, fours = counts
        return cls(ones, twos, threes, fours)

    @classmethod
    def all_of(cls, tallies: "Iterable[Tally]") -> Self:
        """Return all of these together; a closing adds up so many that it is not done by `+`."""
        ones = twos = threes = fours = 0
        for tally in tallies:
            ones += tally.ones
            twos += tally.twos
            threes += tally.threes
            fours += tally.fours
        return cls(ones, twos, threes, fours)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Return the four counts, ones first."""
        return self.ones, self.twos, self.threes, self.fours

    @property
    def count(self) -> int:
        """Return how many ratings there are."""
        return self.ones + self.twos + self.threes + self.fours

    @property
    def total(self) -> int:
        """Return the sum of all answers."""
        return self.ones + 2 * self.twos + 3 * self.threes + 4 * self.fours

    @property
    def total_of_squares(self) -> int:
        """Return the sum of the squares of all answers."""
        return self.ones + 4 * self.twos + 9 * self.threes + 16 * self.fours

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.ones + other.ones, self.twos + other.twos, self.threes + other.threes, self.fours + other.fours
        )


def raw_index(tally: Tally) -> int | None:
    """Return 25 x the mean answer in hundredths, half up; None when nobody rated.

    Integer arithmetic, because a binary mean rounds 4.625 to 4.62 where a calculator says 4.63.
    """
    if tally.count == 0:
        return None
    return (5000 * tally.total + tally.count) // (2 * tally.count)


def index_text(hundredths: int) -> str:
    """Write an index with two decimals and a point: 8750 becomes "87.50"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"
