"""Long lists, cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Line = TypeVar("Line")
LENGTH: Final = 50


@dataclass(frozen=True, slots=True)
class Cut(Generic[Line]):
    """One page of a list: its lines, its number from 1, and the number of the last."""

    lines: Sequence[Line]
    number: int
    last: int


def cut(lines: Sequence[Line], wanted: int) -> Cut[Line]:
    """Return the page that was asked for, or the nearest there is."""
    last = max(1, -(-len(lines) // LENGTH))
    number = min(max(1, wanted), last)
    return Cut(lines[LENGTH * (number - 1) : LENGTH * number], number, last)


def has_words(words: str, *told: str) -> bool:
    """Say whether every one of the words is somewhere in what is told."""
    text = " ".join(told).casefold()
    return all(word in text for word in words.casefold().split())
