"""A visit of somebody who agreed to be asked about it, as a queue system or the front desk tells of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from shared.domain.facts import NOT_A_PHONE, Facts, Maybe, one_line
from shared.domain.people import Directory, Office
from shared.domain.phones import normal_phone
from shared.domain.ratings import Code, Moment

LONGEST_PHONE: Final = 40
KEY_NAME_LENGTH: Final = 80
OLDEST_VISIT: Final = timedelta(days=7)
"""Who is asked later than this no longer remembers."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
NO_CONSENT: Final = PydanticCustomError("no_consent", "nobody is asked who has not agreed")


class ApiKeyFacts(Facts):
    """What is to be known of a key before it is made: what it is for, and for which office it speaks."""

    name: Annotated[str, Field(min_length=1, max_length=KEY_NAME_LENGTH), BeforeValidator(one_line)]
    office: Code


class VisitProblem(StrEnum):
    """Why nobody can be asked about a visit as it was told."""

    MALFORMED = "malformed"
    NOT_A_PHONE = "not_a_phone"
    NO_CONSENT = "no_consent"
    UNKNOWN_OFFICER = "unknown_officer"
    FOREIGN_OFFICER = "foreign_officer"
    UNKNOWN_COUNTER = "unknown_counter"
    UNKNOWN_SERVICE = "unknown_service"
    OFFICE_CLOSED = "office_closed"
    SERVED_IN_FUTURE = "served_in_future"
    SERVED_TOO_LONG_AGO = "served_too_long_ago"


class VisitRefused(Exception):
    """Nobody can be asked about this visit as it was told; `field` is the one to look at."""

    def __init__(self, problem: VisitProblem, field: str, /, **facts: str) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.field = field
        self.facts = facts


def _one_number(written: str) -> str:
    phone = normal_phone(written)
    if phone is None:
        raise NOT_A_PHONE
    return phone


def _agreed(consent: bool) -> bool:
    if not consent:
        raise NO_CONSENT
    return consent


class Visit(BaseModel):
    """Who was served by whom, and when; the phone in E.164, however it was written."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    phone: Annotated[str, Field(strict=True, max_length=LONGEST_PHONE), AfterValidator(_one_number)] = Field(
        repr=False
    )
    officer: Code
    counter: Annotated[Code | None, Maybe] = None
    service: Annotated[Code | None, Maybe] = None
    served_at: Moment
    language: Literal["id", "en"] = "id"
    consent: Annotated[StrictBool, AfterValidator(_agreed)]


def check_visit(visit: Visit, office: Office, offered: Directory, now: datetime) -> None:
    """Raise VisitRefused when this office has no such officer, counter or service, or the time is beyond belief.

    `offered` is what residents are offered at this moment.
    """
    if not office.open_on(now.astimezone(office.timezone).date()):
        raise VisitRefused(VisitProblem.OFFICE_CLOSED, "officer", office=office.name)
    officer = offered.officers.get(visit.officer)
    if officer is None:
        raise VisitRefused(VisitProblem.UNKNOWN_OFFICER, "officer", officer=visit.officer)
    if office.code not in officer.offices:
        raise VisitRefused(VisitProblem.FOREIGN_OFFICER, "officer", officer=visit.officer)
    counter = offered.counters.get(visit.counter or "")
    if visit.counter and (counter is None or counter.office != office.code):
        raise VisitRefused(VisitProblem.UNKNOWN_COUNTER, "counter", counter=visit.counter)
    if visit.service and (office.code, visit.service) not in offered.services:
        raise VisitRefused(VisitProblem.UNKNOWN_SERVICE, "service", service=visit.service)
    if visit.served_at > now + CLOCKS_DIFFER:
        raise VisitRefused(VisitProblem.SERVED_IN_FUTURE, "served_at")
    if visit.served_at < now - OLDEST_VISIT:
        raise VisitRefused(VisitProblem.SERVED_TOO_LONG_AGO, "served_at")
