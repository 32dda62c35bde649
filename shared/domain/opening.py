"""Whether an office is open: its week on its own wall clock."""

from datetime import datetime
from typing import Final

Week = tuple[tuple[str, ...], ...]
"""For each day, Monday first, from and until as "08:00"; nothing on a day when it is closed."""
YESTERDAY: Final = -1


def within(week: Week, local: datetime) -> bool:
    """Say whether a moment on the office's clock lies in its opening hours; a span may end after midnight."""
    now, day = f"{local:%H:%M}", local.weekday()
    return _since(week[day], now) or _until(week[day + YESTERDAY], now)


def _since(span: tuple[str, ...], now: str) -> bool:
    if not span:
        return False
    opens, closes = span
    return opens <= now and (now < closes or closes <= opens)


def _until(span: tuple[str, ...], now: str) -> bool:
    """Say whether a span that began yesterday lasts until after this time of today."""
    return bool(span) and span[1] <= span[0] and now < span[1]
