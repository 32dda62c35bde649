"""What an administrator says about regions, offices, counters, services and officers, parsed once at the door.

Each rule that fails has a code, for which the page has words in the reader's language.
"""

from datetime import date
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from shared.domain.nip import NipInvalid, is_nip, parse_nip
from shared.domain.people import OfficeKind
from shared.domain.ratings import Code
from shared.domain.zones import zone

NAME_LENGTH: Final = 120
LARGEST_POPULATION: Final = 100_000_000
DAYS: Final = 7
NOT_A_ZONE: Final = PydanticCustomError("not_a_zone", "no such time zone")
NOT_A_NIP: Final = PydanticCustomError("not_a_nip", "neither a NIP nor a NI PPPK")
CODE_IS_NIP: Final = PydanticCustomError("code_is_nip", "a NIP is never a code: codes are public")
NOT_HOURS: Final = PydanticCustomError("not_hours", "opening hours are from and until")


def blank_is_none(value: Any) -> Any:
    """Return None for a field left empty."""
    return None if isinstance(value, str) and not value.strip() else value


def one_line(value: Any) -> Any:
    """Return a text without line breaks and without what cannot be seen."""
    if not isinstance(value, str):
        return value
    return " ".join("".join(char for char in value if char.isprintable() or char.isspace()).split())


def _no_nip(value: str) -> str:
    if is_nip(value):
        raise CODE_IS_NIP
    return value


PublicCode = Annotated[Code, AfterValidator(_no_nip)]
"""A code that residents send by message: it stands on posters."""
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), BeforeValidator(one_line)]
Maybe = BeforeValidator(blank_is_none)


class Facts(BaseModel):
    """Facts about one thing, as somebody typed them."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


class RegionFacts(Facts):
    """A regional government."""

    code: Code
    name: Name


class OfficeFacts(Facts):
    """A unit that serves residents. `opening_hours` is a list of [from, until], Monday first; [] on a closed day.

    An `until` before its `from` is after midnight, on the day after.
    """

    code: Code
    region: Code
    name: Name
    kind: OfficeKind
    timezone: str
    parent: Annotated[Code | None, Maybe] = None
    population: Annotated[Annotated[int, Field(ge=0, le=LARGEST_POPULATION)] | None, Maybe] = None
    opening_hours: list[list[str]] | None = None
    closed_on: Annotated[date | None, Maybe] = None

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            return zone(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise NOT_A_ZONE from error

    @field_validator("opening_hours")
    @classmethod
    def _a_week(cls, value: list[list[str]] | None) -> list[list[str]] | None:
        if value is None or not any(value):
            return None
        if len(value) != DAYS or any(day and not _is_span(day) for day in value):
            raise NOT_HOURS
        return value


class CounterFacts(Facts):
    """A place in an office where residents are served."""

    code: PublicCode
    office: Code
    name: Name
    closed_on: Annotated[date | None, Maybe] = None


class ServiceFacts(Facts):
    """A kind of service an office gives."""

    code: Code
    office: Code
    name: Name
    closed_on: Annotated[date | None, Maybe] = None


class OfficerFacts(Facts):
    """A civil servant who serves residents; the name carries its titles, the NIP is only for administration."""

    code: PublicCode
    office: Code
    name: Name
    nip: Annotated[str | None, Maybe] = None
    left_on: Annotated[date | None, Maybe] = None

    @field_validator("nip")
    @classmethod
    def _a_nip(cls, value: str | None) -> str | None:
        try:
            return None if value is None else parse_nip(value)
        except NipInvalid as error:
            raise NOT_A_NIP from error


class MoveFacts(Facts):
    """Where an officer moves to, and on which day they begin there."""

    to: Code
    moves_on: date


def _is_span(day: list[str]) -> bool:
    return len(day) == 2 and all(_is_time(text) for text in day) and day[0] != day[1]


def _is_time(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    whole = len(text) == 5 and colon and hours.isdigit() and minutes.isdigit()
    return bool(whole) and int(hours) < 24 and int(minutes) < 60
