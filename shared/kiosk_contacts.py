"""When each kiosk was last heard of and how it was; kept in Redis, because losing it loses nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import RedisError

from shared.logs import logger

KEY: Final = "kiosks:contact"
SILENT_AFTER: Final = timedelta(minutes=10)
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Contact:
    """How a kiosk was when last heard of: the ratings that wait on it or were refused, and whether it keeps them."""

    at: datetime
    waiting: int
    storage_kept: bool
    refused: int = 0


class Standing(StrEnum):
    """How the device of an enrolled kiosk stands with us."""

    ENROLLED = "enrolled"
    """a moment ago, and not heard of yet"""
    HEARD = "heard"
    SILENT = "silent"
    NEVER_HEARD = "never_heard"
    UNKNOWN = "unknown"
    """nobody can say"""

    @property
    def is_silent(self) -> bool:
        """Say whether the device should have been heard of and was not."""
        return self in {Standing.SILENT, Standing.NEVER_HEARD}


Contacts = Mapping[int, Contact] | None


def contact_of(contacts: Contacts, kiosk_id: int, enrolled_at: datetime | None) -> Contact | None:
    """Return the last contact of a kiosk's device; what the one before it said, only while none is enrolled."""
    contact = (contacts or {}).get(kiosk_id)
    return None if contact and enrolled_at and contact.at < enrolled_at else contact


def standing(contacts: Contacts, kiosk_id: int, enrolled_at: datetime, now: datetime) -> Standing:
    """Return how the device that became this kiosk at that moment stands with us now."""
    if contacts is None:
        return Standing.UNKNOWN
    contact = contact_of(contacts, kiosk_id, enrolled_at)
    if contact is None:
        return Standing.ENROLLED if now - enrolled_at < SILENT_AFTER else Standing.NEVER_HEARD
    return Standing.HEARD if now - contact.at < SILENT_AFTER else Standing.SILENT


def note_contact(redis: Redis, kiosk_id: int, contact: dict[str, Any]) -> None:
    """Remember how this kiosk is; with Redis away nothing is remembered and nothing fails."""
    try:
        redis.hset(KEY, str(kiosk_id), json.dumps(contact))
    except RedisError as error:
        log.warning("contact not noted", kiosk=kiosk_id, error=type(error).__name__)


def last_contacts(redis: Redis) -> Contacts:
    """Return how each kiosk was when it was last heard of; None with Redis away, when nobody knows."""
    try:
        contacts = cast(dict[bytes, bytes], redis.hgetall(KEY))
    except RedisError as error:
        log.warning("contacts not read", error=type(error).__name__)
        return None
    return {int(kiosk_id): _contact(json.loads(contact)) for kiosk_id, contact in contacts.items()}


def _contact(told: dict[str, Any]) -> Contact:
    return Contact(
        at=datetime.fromisoformat(told["at"]),
        waiting=int(told.get("outbox", 0)),
        storage_kept=told.get("storage", "device") == "device",
        refused=int(told.get("refused", 0)),
    )
