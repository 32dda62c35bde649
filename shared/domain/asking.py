"""When people may be written to unasked: from eight in the morning until eight in the evening, on their clock."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FIRST_HOUR: Final = 8
LAST_HOUR: Final = 20
"""From this hour on nobody is written to any more that day."""


def may_write(now: datetime, timezone: ZoneInfo) -> bool:
    """Say whether somebody in this zone may be written to at this moment."""
    return FIRST_HOUR <= now.astimezone(timezone).hour < LAST_HOUR


def next_writing(moment: datetime, timezone: ZoneInfo) -> datetime:
    """Return this moment if somebody in this zone may be written to then, else the next morning's first one."""
    if may_write(moment, timezone):
        return moment
    local = moment.astimezone(timezone)
    day = local.date() + timedelta(days=1 if local.hour >= LAST_HOUR else 0)
    return datetime.combine(day, time(FIRST_HOUR), timezone)
