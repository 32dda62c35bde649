"""A month's result: its tally, and everything an officer needs to redo its index with a calculator."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from babel.numbers import format_decimal

from kiosk.localisation import current_language
from shared.domain.scoring import Tally, raw_index
from shared.domain.skm import grade_of
from shared.wording import OVERALL


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One of the four answers: how many gave it, and what share of all that is in whole percent."""

    answer: int
    word: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Result:
    """A tally of at least one rating with its raw index in hundredths."""

    tally: Tally
    index: int

    @classmethod
    def of(cls, tally: Tally | None) -> "Result | None":
        """Return the result of a tally that may be shown, or None where there is none."""
        index = raw_index(tally) if tally else None
        return None if tally is None or index is None else cls(tally, index)

    @property
    def grade(self) -> str:
        """Return the letter of the scale's part in which the index lies."""
        return grade_of(self.index).value

    @property
    def good(self) -> int:
        """Return how many answered 3 or 4."""
        return self.tally.threes + self.tally.fours

    @property
    def answers(self) -> list[AnswerLine]:
        """Return the four answers, best first."""
        best_first = list(enumerate(self.tally.counts, start=1))[::-1]
        return [
            AnswerLine(answer, OVERALL[answer], given, _percent(given, self.tally.count))
            for answer, given in best_first
        ]

    @property
    def percents_add_up(self) -> bool:
        """Say whether the shares, each rounded by itself, are a hundred together."""
        return sum(line.percent for line in self.answers) == 100

    @property
    def exact(self) -> bool:
        """Say whether the index needed no rounding."""
        return 2500 * self.tally.total % self.tally.count == 0

    @property
    def unrounded(self) -> str:
        """Return what a calculator shows for the index; after the fourth decimal it is cut off, not rounded."""
        value = Decimal(25 * self.tally.total) / self.tally.count
        cut = value.quantize(Decimal("0.0001"), ROUND_DOWN)
        return str(format_decimal(cut, "0.00##", current_language())) + ("…" if cut != value else "")

    @property
    def after_one_bad(self) -> int:
        """Return what the index would be after one more rating of 1: how far a single rating moves it."""
        return raw_index(self.tally + Tally(ones=1)) or 0


def _percent(given: int, count: int) -> int:
    """Return what share of all that is, in whole percent; half a percent goes up."""
    return (200 * given + count) // (2 * count)
