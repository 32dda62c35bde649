"""Opening hours of a week, as an office keeps them and as its screens go by them."""

from collections.abc import Sequence
from typing import Final

MIDNIGHT: Final = "00:00"
DAY_END: Final = "24:00"
Week = list[list[list[str]]]


def spans_of(hours: Sequence[Sequence[str]] | None) -> Week | None:
    """Return the spans of each day, Monday first, none of them past its midnight; None when it is always open.

    A night from 20:00 until 06:00 is two spans, the second on the day after, so that nobody who asks whether it is
    open now needs to look at yesterday.
    """
    if hours is None:
        return None
    week: Week = [[] for _day in hours]
    for day, span in enumerate(hours):
        if not span:
            continue
        opens, closes = span
        if opens < closes:
            week[day].append([opens, closes])
            continue
        week[day].append([opens, DAY_END])
        if closes > MIDNIGHT:
            week[(day + 1) % len(week)].insert(0, [MIDNIGHT, closes])
    return week
