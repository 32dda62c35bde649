"""What an administrator says about regions, offices, counters, services and officers, parsed once at the door.

Each rule that fails has a code, for which the page has words in the reader's language.
"""

import re
from datetime import date
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.domain.nip import NipInvalid, is_nip, parse_nip
from shared.domain.people import OfficeKind
from shared.domain.phones import normal_phone
from shared.domain.ratings import Code
from shared.domain.zones import zone

NAME_LENGTH: Final = 120
LARGEST_POPULATION: Final = 100_000_000
QUESTION_LENGTH: Final = 160
ANSWER_LENGTH: Final = 60
LARGEST_POSITION: Final = 99
DAYS: Final = 7
_ELEMENT_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{0,15}")
NOT_A_ZONE: Final = PydanticCustomError("not_a_zone", "no such time zone")
NOT_A_NIP: Final = PydanticCustomError("not_a_nip", "neither a NIP nor a NI PPPK")
CODE_IS_NIP: Final = PydanticCustomError("code_is_nip", "a NIP is never a code: codes are public")
NOT_ELEMENT_CODE: Final = PydanticCustomError("not_element_code", "a letter, then letters and digits")
SAME_ANSWER: Final = PydanticCustomError("same_answer", "two answers of one question say the same")
NOT_A_PHONE: Final = PydanticCustomError("not_a_phone", "not a telephone number")
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


def _element_code(value: str) -> str:
    # Without dashes, so that a column of an imported table is never named by two codes.
    if not _ELEMENT_CODE.fullmatch(value):
        raise NOT_ELEMENT_CODE
    return value


PublicCode = Annotated[Code, AfterValidator(_no_nip)]
"""A code that residents send by message: it stands on posters."""
Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), BeforeValidator(one_line)]
Maybe = BeforeValidator(blank_is_none)
ElementCode = Annotated[Code, AfterValidator(_element_code)]
Question = Annotated[str, Field(min_length=1, max_length=QUESTION_LENGTH), BeforeValidator(one_line)]
AnswerWords = Annotated[str, Field(min_length=1, max_length=ANSWER_LENGTH), BeforeValidator(one_line)]


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


class ExtraElementFacts(Facts):
    """A question an office asks beside the regulation's nine elements; its answers are in the order 1 to 4.

    Whoever reads English reads the Indonesian where English is missing.
    """

    code: ElementCode
    office: Code
    position: Annotated[int, Field(ge=1, le=LARGEST_POSITION)]
    name: Name
    question: Question
    answer_1: AnswerWords
    answer_2: AnswerWords
    answer_3: AnswerWords
    answer_4: AnswerWords
    name_en: Annotated[Name | None, Maybe] = None
    question_en: Annotated[Question | None, Maybe] = None
    answer_1_en: Annotated[AnswerWords | None, Maybe] = None
    answer_2_en: Annotated[AnswerWords | None, Maybe] = None
    answer_3_en: Annotated[AnswerWords | None, Maybe] = None
    answer_4_en: Annotated[AnswerWords | None, Maybe] = None
    ended_on: Annotated[date | None, Maybe] = None

    @field_validator("answer_2", "answer_3", "answer_4")
    @classmethod
    def _each_answer_once(cls, value: str, known: ValidationInfo) -> str:
        before = {said.casefold() for name, said in known.data.items() if name.startswith("answer_")}
        if value.casefold() in before:
            raise SAME_ANSWER
        return value

    def name_in(self, language: str) -> str:
        """Return its name in reports."""
        return self._said("name", language)

    def question_in(self, language: str) -> str:
        """Return the question."""
        return self._said("question", language)

    def answers_in(self, language: str) -> list[str]:
        """Return the four answers, 1 to 4."""
        return [self._said(f"answer_{answer}", language) for answer in (1, 2, 3, 4)]

    def asked_on(self, day: date) -> bool:
        """Say whether residents are asked this on a day."""
        return self.ended_on is None or day < self.ended_on

    def _said(self, text: str, language: str) -> str:
        english = getattr(self, f"{text}_en") if language == "en" else None
        return str(english or getattr(self, text))


class OfficerFacts(Facts):
    """A civil servant who serves residents; the name carries its titles, the NIP is only for administration.

    `own_phone` is the officer's own number in E.164, as it was just typed: it is sealed, and no form has it again, so
    without one what was registered stays, unless `forget_phone`.
    """

    code: PublicCode
    office: Code
    name: Name
    nip: Annotated[str | None, Maybe] = None
    left_on: Annotated[date | None, Maybe] = None
    own_phone: Annotated[str | None, Maybe] = Field(default=None, repr=False, exclude=True)
    forget_phone: Annotated[bool, Field(exclude=True)] = False

    @field_validator("nip")
    @classmethod
    def _a_nip(cls, value: str | None) -> str | None:
        try:
            return None if value is None else parse_nip(value)
        except NipInvalid as error:
            raise NOT_A_NIP from error

    @field_validator("own_phone")
    @classmethod
    def _a_phone(cls, value: str | None) -> str | None:
        phone = None if value is None else normal_phone(value)
        if value is not None and phone is None:
            raise NOT_A_PHONE
        return phone


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
