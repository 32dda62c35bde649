"""What people may ask of us about themselves: what we keep of their telephone, and that we forget it."""

from typing import Final

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from shared import privacy
from shared.db import persons
from shared.db.audit import note
from shared.db.directory_version import WritingSession
from shared.db.engine import reading
from shared.db.persons import Held
from shared.domain.errors import IntakeUnavailable
from shared.domain.phones import masked_phone
from shared.logs import logger
from shared.phones import Phones, phone_key
from shared.services import Services

CONVERSATION: Final = "sms:conversation:"
"""In Redis, before the keyed hash of the telephone whose conversation it is."""
log = logger(__name__)


def held(phone: str, services: Services) -> Held:
    """Return what is kept of a telephone in E.164; raise IntakeUnavailable with the database away."""
    try:
        with reading(services.engine) as session:
            return persons.held(session, Phones.of(services.settings).hash(phone))
    except SQLAlchemyError as error:
        raise IntakeUnavailable from error


def look_up(phone: str, session: WritingSession, services: Services) -> Held:
    """Return what is kept of a telephone in E.164, for somebody else than its owner: so in this session, which has an
    actor, and with a line in the trail, for it tells whether they want no messages.
    """
    note(session, "looked_up", "person", masked_phone(phone))
    return persons.held(session, Phones.of(services.settings).hash(phone))


def forget(phone: str, session: WritingSession, services: Services) -> None:
    """Forget a telephone in E.164 in this session, which has an actor; the trail knows it masked.

    What was being said ends too, or by itself within the hour with Redis away.
    """
    persons.forget(session, Phones.of(services.settings).hash(phone))
    note(session, "forgotten", "person", masked_phone(phone))
    try:
        services.redis.delete(CONVERSATION + privacy.keyed_hash(phone, phone_key(services.settings)))
    except RedisError as error:
        log.warning("conversation not ended", error=type(error).__name__)
