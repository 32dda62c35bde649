"""What every command starts with: the settings, the services, and words in the operator's language."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final, TypeVar

from babel.dates import format_date
from pydantic import BaseModel, ValidationError

from shared.db.audit import OPERATOR_ROLE, Actor, act_as
from shared.db.directory_version import WritingSession
from shared.db.engine import reading, writing
from shared.db.people import read_directory
from shared.domain.account_facts import OPERATOR
from shared.domain.months import Month
from shared.domain.people import Directory
from shared.i18n import DEFAULT_LANGUAGE, mark, translate
from shared.services import Services
from shared.settings import Settings, SettingsInvalid

Shape = TypeVar("Shape", bound=BaseModel)
NAME_UNREADABLE: Final = mark("The name is missing, or longer than 120 characters.")
UNKNOWN_OFFICE: Final = mark("We do not know the office “{office}”.")


class Refused(Exception):
    """The command cannot be carried out; the message says why and what to do."""


def say(text: str, /, **facts: object) -> str:
    """Return a text in the operator's language, which is Indonesian."""
    return translate(text, DEFAULT_LANGUAGE, **facts)


def settings() -> Settings:
    """Return the settings of this installation; raise Refused naming every problem."""
    try:
        return Settings.from_environment()
    except SettingsInvalid as error:
        raise Refused(str(error)) from error


def services() -> Services:
    """Return the services of this installation; whoever asks closes them."""
    return Services.of(settings())


def read_facts(shape: type[Shape], problems: Mapping[str, str], **typed: object) -> Shape:
    """Return what was typed, parsed by the domain's rules; raise Refused with the sentence for its first problem.

    `problems` has a sentence for each field, and for a rule that deserves its own.
    """
    try:
        return shape.model_validate(typed)
    except ValidationError as error:
        first = error.errors()[0]
        sentence = problems.get(first["type"]) or problems[str(first["loc"][0])]
        raise Refused(say(sentence, **typed)) from error


@contextmanager
def operating(services: Services) -> Iterator[WritingSession]:
    """Open a session that commits when the block ends; what it changes stands in the trail as the operator's act."""
    with writing(services.engine) as session:
        act_as(session, Actor(OPERATOR, OPERATOR_ROLE), services.clock())
        yield session


def month(text: str) -> Month:
    """Return a month written as YYYY-MM; raise Refused for anything else."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Refused(say("“{text}” is not a month. Write it as YYYY-MM, for example 2026-03.", text=text)) from error


def month_name(month: Month) -> str:
    """Write a month in full, in the operator's language."""
    return str(format_date(date(month.year, month.number, 1), "MMMM yyyy", locale=DEFAULT_LANGUAGE))


def directory(services: Services) -> Directory:
    """Return the directory as it is now."""
    with reading(services.engine) as session:
        return read_directory(session)
