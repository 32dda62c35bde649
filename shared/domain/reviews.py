"""Reviews: people look at a month, because of a sign or because its officer objects, and decide with a reason.

Setting ratings aside takes two people; so does every decision on an objection. A sign alone one person may dismiss.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.domain.facts import Facts, blank_is_none
from shared.domain.months import Month
from shared.domain.suspicion import Suspicion

LONGEST_REASON: Final = 1000
OBJECTS_WITHIN: Final = timedelta(days=14)
"""From being told (PP 30/2019, art. 59): from first reading it, which a message that was sent does not prove."""
DECIDED_WITHIN: Final = timedelta(days=14)
"""From being raised; nothing happens by itself when it is over, but everybody sees it."""
ONE_DAY_MISSING: Final = PydanticCustomError("one_day_missing", "the first day without the last, or the last alone")
NOT_FORWARD: Final = PydanticCustomError("days_not_forward", "the last day is before the first")
Days = tuple[date, date]


def _printable(value: Any) -> Any:
    """Leave out what nobody sees: a reason of it alone is none, and marks of direction turn what stands beside it."""
    if not isinstance(value, str):
        return value
    return "".join(letter for letter in value if letter.isprintable() or letter in "\n\t")


Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REASON),
    BeforeValidator(_printable),
]


class Ground(StrEnum):
    """Why a month is looked at: a sign, or its officer's objection."""

    BURST = Suspicion.BURST
    ONE_ANSWER = Suspicion.ONE_ANSWER
    REGULAR = Suspicion.REGULAR
    ONE_KIOSK = Suspicion.ONE_KIOSK
    OBJECTION = "objection"


class Outcome(StrEnum):
    """What is decided about the ratings in question."""

    STANDS = "stands"
    SET_ASIDE = "set_aside"


class DaysFacts(Facts):
    """Which days something is about, both included; neither for the whole month."""

    first_day: date | None = Field(default=None, validate_default=True)
    last_day: date | None = Field(default=None, validate_default=True)

    _no_day = field_validator("first_day", "last_day", mode="before")(blank_is_none)

    @field_validator("last_day")
    @classmethod
    def _after_the_first(cls, last_day: date | None, known: ValidationInfo) -> date | None:
        first_day = known.data.get("first_day")
        if (first_day is None) is not (last_day is None):
            raise ONE_DAY_MISSING
        if first_day and last_day and last_day < first_day:
            raise NOT_FORWARD
        return last_day

    @property
    def days(self) -> "Days | None":
        """Return both days, or None for the whole month."""
        return (self.first_day, self.last_day) if self.first_day and self.last_day else None


class DecisionFacts(DaysFacts):
    """What somebody proposes or decides, and why."""

    outcome: Outcome
    reason: Reason


class ObjectionFacts(DaysFacts):
    """What an officer objects to, in their own words: the month, days of it, or a comment by its reference."""

    words: Reason
    comment: Annotated[str | None, Field(max_length=64)] = None

    _no_comment = field_validator("comment", mode="before")(blank_is_none)


@dataclass(frozen=True, slots=True)
class Word:
    """What one person said about a review: an outcome with a reason."""

    outcome: Outcome
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when the ratings in question were given: a kiosk by name, their first and last moment."""

    name: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A month that is looked at: why, which ratings it is about, and what was proposed and decided so far.

    `words` are the officer's, where it is an objection; `days` are those it is about, and `proposed_days` those whose
    ratings would be or were set aside; None for the whole month. One
    `about_comment` is to what somebody has written, not to the score. A sign is raised by nobody.
    """

    id: int
    officer: str
    month: Month
    office: str
    ground: Ground
    raised_at: datetime
    count: int
    place: Place | None = None
    words: str | None = None
    days: Days | None = None
    about_comment: bool = False
    raised_by: str | None = None
    proposal: Word | None = None
    proposed_days: Days | None = None
    decision: Word | None = None

    @property
    def open(self) -> bool:
        """Say whether nothing is decided yet."""
        return self.decision is None

    @property
    def due_at(self) -> datetime:
        """Return when it should be decided."""
        return self.raised_at + DECIDED_WITHIN

    def takes_two(self, outcome: Outcome) -> bool:
        """Say whether one person alone cannot decide this."""
        return outcome is Outcome.SET_ASIDE or self.ground is Ground.OBJECTION

    def may_speak(self, by: str) -> bool:
        """Say whether this person may say what it should come to: anybody but who raised it."""
        return by != self.raised_by


def objects_until(told_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment from which an officer who was told then can no longer object: the end of the 14th day, in
    the office.
    """
    last_day = (told_at.astimezone(zone) + OBJECTS_WITHIN).date()
    return datetime(last_day.year, last_day.month, last_day.day, tzinfo=zone) + timedelta(days=1)
