"""What every command starts with: the settings, the services, and words in the operator's language."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.db.audit import OPERATOR, OPERATOR_ROLE, Actor, act_as
from shared.db.directory_version import WritingSession
from shared.db.engine import reading, writing
from shared.db.people import read_directory
from shared.domain.months import Month
from shared.domain.people import Directory
from shared.i18n import DEFAULT_LANGUAGE, translate
from shared.services import Services
from shared.settings import Settings, SettingsInvalid


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


def directory(services: Services) -> Directory:
    """Return the directory as it is now."""
    with reading(services.engine) as session:
        return read_directory(session)
