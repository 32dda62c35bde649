"""When each kiosk was last heard of and how it was; kept in Redis, because losing it loses nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import RedisError

from shared.domain.people import Office
from shared.logs import logger

KEY: Final = "kiosks:contact"
SILENT_AFTER: Final = timedelta(minutes=10)
AS_TOLD: Final = frozenset({"sequence", "version", "battery", "secure", "persisted", "used", "quota"})
"""What is kept of a contact just as the device said it."""
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Visits:
    """How the visits at a device have ended since it was enrolled."""

    rated: int = 0
    skipped: int = 0
    timed_out: int = 0

    @property
    def count(self) -> int:
        """Return how many visits there were."""
        return self.rated + self.skipped + self.timed_out


@dataclass(frozen=True, slots=True)
class Contact:
    """How a kiosk was when last heard of, in its own words; None where it did not say.

    `waiting` are the ratings on it that are not sent, `held` those of them that were given for another office,
    `refused` those moved aside; `sequence` is the last number it gave to a rating. `skew` is by how much its clock is
    ahead of ours, as we saw it. Storage is told in bytes, the battery from 0 to 1.
    """

    at: datetime
    waiting: int
    storage_kept: bool
    refused: int = 0
    held: int = 0
    oldest: datetime | None = None
    sequence: int | None = None
    version: str = ""
    skew: timedelta = timedelta()
    battery: float | None = None
    secure: bool | None = None
    persisted: bool | None = None
    used: float | None = None
    quota: float | None = None
    voices: tuple[str, ...] | None = None
    visits: Visits = Visits()

    @property
    def unrecorded(self) -> int:
        """Return how many of its ratings it says are still on it: we cannot miss these."""
        return self.waiting + self.refused

    @property
    def storage_share(self) -> float | None:
        """Return how full its storage is, from 0 to 1."""
        if self.used is None or not self.quota:
            return None
        return min(self.used / self.quota, 1.0)


class Standing(StrEnum):
    """How the device of an enrolled kiosk stands with us."""

    ENROLLED = "enrolled"
    """a moment ago, and not heard of yet"""
    HEARD = "heard"
    RESTING = "resting"
    """not heard of, while its office is closed or has only just opened"""
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


def standing(contacts: Contacts, kiosk_id: int, enrolled_at: datetime, now: datetime, office: Office) -> Standing:
    """Return how the device that became this kiosk of an office at that moment stands with us now."""
    if contacts is None:
        return Standing.UNKNOWN
    contact = contact_of(contacts, kiosk_id, enrolled_at)
    if now - (contact.at if contact else enrolled_at) < SILENT_AFTER:
        return Standing.HEARD if contact else Standing.ENROLLED
    # Switched off for the night it has a while to come back in the morning.
    if not (office.open_at(now) and office.open_at(now - SILENT_AFTER)):
        return Standing.RESTING
    return Standing.SILENT if contact else Standing.NEVER_HEARD


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
    oldest, voices = told.get("oldest"), told.get("voices")
    return Contact(
        at=datetime.fromisoformat(told["at"]),
        waiting=int(told.get("outbox", 0)),
        storage_kept=told.get("storage", "device") == "device",
        refused=int(told.get("refused", 0)),
        held=int(told.get("held", 0)),
        oldest=datetime.fromisoformat(oldest) if oldest else None,
        skew=timedelta(seconds=told.get("skew") or 0),
        voices=None if voices is None else tuple(voices),
        visits=Visits(**told.get("visits") or {}),
        **{name: told[name] for name in AS_TOLD if name in told},
    )
