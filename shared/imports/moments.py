"""Dates and times as people write them in tables, on the wall clock of their office."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from shared.i18n import mark
from shared.imports.refusals import RowRefused

NOON: Final = time(12)
EARLIEST_YEAR: Final = 2000
"""Older dates are slips of the pen (0225, 1925), not surveys."""
LONGEST_MONTH: Final = 31

_NAMES: Final = (
    "jan januari january", "feb februari pebruari february", "mar maret march", "apr april", "mei may",
    "jun juni june", "jul juli july", "agu agt ags agustus aug august", "sep sept september",
    "okt oktober oct october", "nov november nop nopember", "des desember dec december",
)  # fmt: skip
_MONTHS: Final = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}
_TIME = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6}))?)?"
_OFFSET = r"\s*(?P<offset>z|[+-]\d{2}:?\d{2})?"
_DAYS: Final = (
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
    r"(?:[a-z']+,?\s+)?(?P<day>\d{1,2})[- ](?P<month>[a-z]{3,})\.?[- ](?P<year>\d{4})",
)
_WRITTEN: Final = [
    re.compile(rf"{day}(?:(?:t|,?\s+(?:pukul\s+|jam\s+)?){_TIME}{_OFFSET})?", re.ASCII) for day in _DAYS
]
_NUMBER: Final = re.compile(r"\d{5}(?:[.,]\d{1,12})?", re.ASCII)
"""The days since 1900 or 1904, as a spreadsheet counts them: which of the two cannot be told."""
_CLOCK: Final = re.compile(_TIME, re.ASCII)


@dataclass(frozen=True, slots=True)
class WrittenMoment:
    """A moment as written; `whole_day` when only the day was, which then stands for its noon."""

    at: datetime
    whole_day: bool


def read_moment(text: str, local: ZoneInfo) -> WrittenMoment:
    """Read a date, with or without a time, on the wall clock of `local` unless it names its own offset.

    Raises RowRefused for a blank or anything that is not a day of the calendar.
    """
    if not text:
        raise RowRefused(mark("The date is missing."))
    unreadable = RowRefused(
        mark("The date “{text}” cannot be read; write it like 2026-11-21 or 21/11/2026."), text=text[:60]
    )
    match = next((found for pattern in _WRITTEN if (found := pattern.fullmatch(text.casefold()))), None)
    if match is None and _NUMBER.fullmatch(text):
        raise RowRefused(
            mark("“{text}” is a date that became a number. Format this column as a date, then save the file again."),
            text=text,
        )
    if match is None:
        raise unreadable
    if _is_no_day(match):
        raise RowRefused(mark("There is no {text} in the calendar."), text=text[:60])
    try:
        clock = NOON if match["hour"] is None else _time(match)
        day = datetime(
            int(match["year"]), _month(match["month"]), int(match["day"]), tzinfo=_zone(match["offset"], local)
        )
    except ValueError as error:
        raise unreadable from error
    if day.year < EARLIEST_YEAR:
        raise unreadable
    return WrittenMoment(datetime.combine(day, clock, tzinfo=day.tzinfo), whole_day=match["hour"] is None)


def read_time(text: str) -> time | None:
    """Read a time of day such as 8:00 or 08.00; None for anything else."""
    match = _CLOCK.fullmatch(text)
    try:
        return None if match is None else _time(match)
    except ValueError:
        return None


def _time(match: re.Match[str]) -> time:
    fraction = (match["fraction"] or "").ljust(6, "0")
    return time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), int(fraction))


def _is_no_day(match: re.Match[str]) -> bool:
    """Say whether a month is given a day that only longer months have: 31/06/2026."""
    year, month, day = int(match["year"]), _month(match["month"]), int(match["day"])
    there_is = year >= EARLIEST_YEAR and 1 <= month <= len(_NAMES)
    return there_is and monthrange(year, month)[1] < day <= LONGEST_MONTH


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text, 0)


def _zone(offset: str | None, local: ZoneInfo) -> tzinfo:
    if offset is None:
        return local
    if offset == "z":
        return UTC
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timezone(ahead if offset[0] == "+" else -ahead)
