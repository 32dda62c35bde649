"""Time zones by name, read once."""

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

ABBREVIATIONS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
HOME: Final = ZoneInfo("Asia/Jakarta")
"""The clock of what belongs to no office."""


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone of that IANA name; raise ZoneInfoNotFoundError for a name nobody knows."""
    return ZoneInfo(name)


def zone_name(timezone: ZoneInfo) -> str:
    """Return what people call the zone: WIB, WITA, WIT, or its IANA name elsewhere."""
    return ABBREVIATIONS.get(timezone.key, timezone.key)
