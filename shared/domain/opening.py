"""Opening hours of a week, on the office's own wall clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

Week = tuple[tuple[str, ...], ...]
"""For each day, Monday first, from and until as "08:00"; nothing on a day when it is closed."""
MIDNIGHT: Final = "00:00"
DAY_END: Final = "24:00"


def within(week: Week, local: datetime) -> bool:
    """Say whether a moment on the office's clock lies in its opening hours; a span may end after midnight."""
    return any(opens <= f"{local:%H:%M}" < closes for opens, closes in spans_of(week)[local.weekday()])


def spans_of(week: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return the spans of each day, Monday first, none of them past its midnight.

    A night from 20:00 until 06:00 is two spans, the second on the day after, so that nobody who asks whether it is
    open now needs to look at yesterday.
    """
    spans: list[list[list[str]]] = [[] for _day in week]
    for day, span in enumerate(week):
        if not span:
            continue
        opens, closes = span
        if opens < closes:
            spans[day].append([opens, closes])
            continue
        spans[day].append([opens, DAY_END])
        if closes > MIDNIGHT:
            spans[(day + 1) % len(week)].insert(0, [MIDNIGHT, closes])
    return spans
