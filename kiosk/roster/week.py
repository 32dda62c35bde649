"""A week of postings as a calendar: counters in rows, days in columns, times on the office's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from kiosk.localisation import _, clock_time, current_language, day_name, in_one_piece
from shared.db.rosters import RosterCounter, RosterPosting
from shared.domain.rosters import Week
from shared.i18n import mark

JOINED: Final = "\u2060"
"""Keeps a line from being broken here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting on one of its days; the note says where it goes beyond that day."""

    id: int
    officer: str
    hours: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A counter and its entries, a list for each day; None on a day when it is closed and empty."""

    counter: RosterCounter
    days: tuple[list[Entry] | None, ...]


def calendar(
    postings: Sequence[RosterPosting], counters: Sequence[RosterCounter], week: Week, timezone: ZoneInfo
) -> list[Row]:
    """Return a row for each counter that is open in the week or has postings in it."""
    rows = []
    for counter in counters:
        own = [posting for posting in postings if posting.counter == counter.code]
        days = tuple(_entries(own, day, timezone) or ([] if counter.open_on(day) else None) for day in week.days)
        if any(day is not None for day in days):
            rows.append(Row(counter, days))
    return rows


def hours(posting: RosterPosting, timezone: ZoneInfo) -> str:
    """Write from and until: "08.00–12.00" on Indonesian pages; midnight at the end is 24.00."""
    starts, ends = (moment.astimezone(timezone) for moment in (posting.starts_at, posting.ends_at))
    at_midnight = ends.time() == time()
    return f"{clock_time(starts.hour, starts.minute)}–{clock_time(24 if at_midnight else ends.hour, ends.minute)}"


def weekday(day: date) -> str:
    """Write a day with its weekday: "Monday, 16 November"."""
    return f"{weekday_name(day)}, {day_of_month(day)}"


def weekday_name(day: date) -> str:
    """Write a day's weekday: "Monday"."""
    return str(format_date(day, "EEEE", locale=current_language()))


def day_of_month(day: date) -> str:
    """Write a day within its year: "16 November"."""
    return in_one_piece(str(format_date(day, "d MMMM", locale=current_language())))


def week_name(week: Week) -> str:
    """Write the days of a week: "16–22 November 2026"."""
    first, last = week.days[0], week.days[-1]
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{JOINED}–{JOINED}{day_name(last)}"
    if first.year == last.year:
        return f"{day_of_month(first)} – {day_name(last)}"
    return f"{day_name(first)} – {day_name(last)}"


def _last_day(posting: RosterPosting, timezone: ZoneInfo) -> date:
    """Return the day on which a posting ends; one that ends at midnight ends with the day before."""
    return (posting.ends_at - timedelta(microseconds=1)).astimezone(timezone).date()


def _entries(postings: Sequence[RosterPosting], day: date, timezone: ZoneInfo) -> list[Entry]:
    entries = []
    for posting in postings:
        first, last = posting.starts_at.astimezone(timezone).date(), _last_day(posting, timezone)
        if first <= day <= last:
            entries.append(Entry(posting.id, posting.officer_name, hours(posting, timezone), _note(first, day, last)))
    return entries


def _note(first: date, day: date, last: date) -> str:
    since = _(mark("since {day}"), day=_short(first)) if first < day else ""
    until = _(mark("until {day}"), day=_short(last)) if last > day else ""
    return ", ".join(note for note in (since, until) if note)


def _short(day: date) -> str:
    return in_one_piece(str(format_date(day, "EEE d MMM", locale=current_language())))
