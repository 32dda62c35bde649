"""A roster: weeks on the wall clock of an office, who may stand where on a day, and what a posting may not be.

Moments are compared in UTC: on the wall clock of one zone the hour that is lived twice would count once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.domain.facts import Facts
from shared.domain.ratings import Code

LONGEST_POSTING: Final = timedelta(hours=24)
YEARS: Final = range(2000, 2100)
DAYS: Final = 7
NOT_A_TIME: Final = PydanticCustomError("not_a_time", "not a time of day")
NOT_FORWARD: Final = PydanticCustomError("not_forward", "ends when it begins")
NO_DAY: Final = PydanticCustomError("date_parsing", "no day a roster is made for")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


class PostingProblem(StrEnum):
    """Why a posting cannot be as it is asked for."""

    POSTED_ELSEWHERE = "posted_elsewhere"
    DOES_NOT_SERVE = "does_not_serve"
    HAS_LEFT = "has_left"
    NO_SUCH_COUNTER = "no_such_counter"
    COUNTER_CLOSED = "counter_closed"
    OFFICE_CLOSED = "office_closed"
    NOT_FORWARD = "not_forward"
    TOO_LONG = "too_long"
    PAST_STAYS = "past_stays"


class PostingRefused(Exception):
    """A posting breaks a rule; `facts` say by what, for the words a person reads."""

    def __init__(self, problem: PostingProblem, **facts: Any) -> None:
        super().__init__(problem)
        self.problem, self.facts = problem, facts


def _time_of_day(value: Any) -> time:
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise NOT_A_TIME
    return time(int(match[1]), int(match[2]))


def _near(value: date) -> date:
    if value.year not in YEARS:
        raise NO_DAY
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Day = Annotated[date, AfterValidator(_near)]


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """The days from a Monday to a Sunday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week in which a day lies."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def at(cls, moment: datetime, timezone: ZoneInfo) -> Self:
        """Return the week that an aware moment falls in on the wall clock of `timezone`."""
        return cls.of(moment.astimezone(timezone).date())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the week of a day written YYYY-MM-DD; raise ValueError for anything else or times far away."""
        day = date.fromisoformat(text)
        if day.isoformat() != text or day.year not in YEARS:
            raise ValueError(f"{text!r} is no day a roster is made for.")
        return cls.of(day)

    def __str__(self) -> str:
        return self.monday.isoformat()

    @property
    def days(self) -> tuple[date, ...]:
        """Return its days, Monday first."""
        return tuple(self.monday + timedelta(days=number) for number in range(DAYS))

    def plus(self, weeks: int) -> "Week":
        """Return the week that many weeks later (earlier when negative)."""
        return Week(self.monday + timedelta(weeks=weeks))

    def bounds(self, timezone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return [start, start of the next week) in `timezone`, as moments in UTC."""
        return moment_at(self.monday, time(), timezone), moment_at(self.plus(1).monday, time(), timezone)


class PostingFacts(Facts):
    """A posting as somebody asks for it: an `until` before `begins` lies on the next day."""

    officer: Code
    counter: Code
    day: Day
    begins: TimeOfDay
    until: TimeOfDay

    @field_validator("until")
    @classmethod
    def _forward(cls, value: time, info: ValidationInfo) -> time:
        if value == info.data.get("begins"):
            raise NOT_FORWARD
        return value

    def span(self, timezone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return from and until as moments."""
        last = self.day if self.until > self.begins else self.day + timedelta(days=1)
        return moment_at(self.day, self.begins, timezone), moment_at(last, self.until, timezone)


class EndFacts(Facts):
    """When a posting is to end: a day and a time."""

    ends_on: Day
    until: TimeOfDay

    def moment(self, timezone: ZoneInfo) -> datetime:
        """Return the end as a moment."""
        return moment_at(self.ends_on, self.until, timezone)


@dataclass(frozen=True, slots=True)
class Serving:
    """What decides on which days an officer may be posted at one office.

    `moves` are (day, whether it leads here) of every move between this office and another, in order; `posted` says
    that the officer has stood here before, lent by another office.
    """

    code: str
    name: str
    home: str
    at_home: bool
    left_on: date | None
    moves: tuple[tuple[date, bool], ...]
    posted: bool

    def problem_on(self, day: date) -> PostingProblem | None:
        """Return why the officer may not be posted here on a day; None when they may."""
        if self.left_on is not None and self.left_on <= day:
            return PostingProblem.HAS_LEFT
        moved = [here for moved_on, here in self.moves if moved_on <= day]
        serves = moved[-1] if moved else self.at_home or self.posted
        return None if serves else PostingProblem.DOES_NOT_SERVE

    def any_of(self, days: Iterable[date]) -> bool:
        """Say whether the officer may be posted here on one of these days."""
        return any(self.problem_on(day) is None for day in days)


def moment_at(day: date, clock: time, timezone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which the wall clock of `timezone` shows this day and time."""
    return datetime.combine(day, clock, tzinfo=timezone).astimezone(UTC)


def weeks_later(moment: datetime, weeks: int, timezone: ZoneInfo) -> datetime:
    """Return the moment with the same weekday and time on the wall clock, that many weeks later."""
    local = moment.astimezone(timezone)
    return moment_at(local.date() + timedelta(weeks=weeks), local.time(), timezone)


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Raise PostingRefused when a posting would end before it begins, or last longer than a day and a night."""
    if ends_at <= starts_at:
        raise PostingRefused(PostingProblem.NOT_FORWARD)
    if ends_at - starts_at > LONGEST_POSTING:
        raise PostingRefused(PostingProblem.TOO_LONG)
