"""Long lists: what an address asks of them, and how they are cut into pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import request

Line = TypeVar("Line")
LENGTH: Final = 50
LONGEST_SOUGHT: Final = 100
LAST_PAGE: Final = 1_000_000
"""No list has as many pages; behind it, a database would not count any more."""


@dataclass(frozen=True, slots=True)
class Cut(Generic[Line]):
    """One page of a list: its lines, its number from 1, the number of the last, and how many lines all have."""

    lines: Sequence[Line]
    number: int
    last: int
    count: int

    @property
    def first_line(self) -> int:
        """Return the place of this page's first line, from 1."""
        return LENGTH * (self.number - 1) + 1

    @property
    def last_line(self) -> int:
        """Return the place of this page's last line."""
        return LENGTH * (self.number - 1) + len(self.lines)


def asked_page() -> int:
    """Return the page that the address asks for: 1 when it names none, and none that no list could have."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)


def asked_words() -> str:
    """Return the words that the address looks for."""
    return sought_text(request.args.get("words", ""))


def sought_text(text: str) -> str:
    """Return what somebody looks for as we look for it: letters that can be seen, a hundred at most."""
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_SOUGHT].strip()


def cut(lines: Sequence[Line], wanted: int) -> Cut[Line]:
    """Return the page that was asked for, or the nearest there is."""
    last = max(1, -(-len(lines) // LENGTH))
    number = min(max(1, wanted), last)
    return Cut(lines[LENGTH * (number - 1) : LENGTH * number], number, last, len(lines))


def having(words: str, lines: Sequence[Line], told: Callable[[Line], str]) -> Sequence[Line]:
    """Return the lines that have every one of the words somewhere in what is told of them."""
    # The longest word is the rarest: whatever is left for the others is little.
    for word in sorted(words.casefold().split(), key=len, reverse=True):
        lines = [line for line in lines if word in told(line).casefold()]
    return lines
