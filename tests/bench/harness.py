"""Figures with their spread and their bar, and the table they stand in."""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 150
FEWEST_ROUNDS = 3


class NotMeasurable(Exception):
    """This cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing measured several times."""

    values: tuple[float, ...]
    unit: str

    @property
    def median(self) -> float:
        """Return the middle of the measurements."""
        return median(self.values)

    def __str__(self) -> str:
        low, high = _number(min(self.values)), _number(max(self.values))
        spread = f" ({low}–{high})" if len(self.values) > 1 else ""
        return f"{_number(self.median)}{spread} {self.unit}"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure has to reach, or to stay under: as it is measured when the bar has a unit, else as a ratio."""

    limit: float
    unit: str = ""
    at_least: bool = False

    def passed_by(self, value: float) -> bool:
        """Say whether this value is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {_number(self.limit)} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: ours, what it is compared with, and the bar, if any; or why there is nothing to show."""

    what: str
    bar: Bar | None = None
    ours: Measured | None = None
    other: Measured | None = None
    missing: str = ""

    @property
    def ratio(self) -> float | None:
        """Return the median of ours over the other's, round by round: the machine's mood changes between rounds."""
        if not (self.ours and self.other):
            return None
        return median(ours / other for ours, other in zip(self.ours.values, self.other.values, strict=True))

    @property
    def verdict(self) -> str:
        """Return ok, short, or why it was not measured; measured where there is no bar."""
        if self.ours is None:
            return f"not measured: {self.missing}"
        if self.bar is None:
            return "measured"
        ratio = None if self.bar.unit else self.ratio
        return "ok" if self.bar.passed_by(self.ours.median if ratio is None else ratio) else "short"

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is printed."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return self.what, str(self.ours or ""), str(self.other or ""), ratio, str(self.bar or ""), self.verdict


def rounds(most: int, seconds: float) -> Iterator[int]:
    """Count rounds: `most` of them, fewer when they take longer than so many seconds, but never fewer than three."""
    ends = time.monotonic() + seconds
    for number in range(most):
        if number >= FEWEST_ROUNDS and time.monotonic() > ends:
            return
        yield number


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def show(figures: Sequence[Figure], facts: Sequence[str]) -> None:
    """Print the machine's facts and the table."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False)
    for fact in facts:
        console.print(fact, markup=False)
    table = Table(title="Bars: median (lowest–highest) of alternating rounds", title_justify="left")
    for name in ("what", "ours", "compared with"):
        table.add_column(name)
    for name in ("ratio", "bar"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for figure in figures:
        table.add_row(*figure.cells(), style=None if figure.verdict in {"ok", "measured"} else "bold")
    console.print(table)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
