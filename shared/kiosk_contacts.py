"""When each kiosk was last heard of and how it was; kept in Redis, because losing it loses nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import RedisError

from shared.logs import logger

KEY: Final = "kiosks:contact"
SILENT_AFTER: Final = timedelta(minutes=10)
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Contact:
    """How a kiosk was when it was last heard of: the ratings that wait on it, and whether it keeps them."""

    at: datetime
    waiting: int
    storage_kept: bool

    def is_silent(self, now: datetime) -> bool:
        """Say whether that was too long ago for a device that works."""
        return now - self.at >= SILENT_AFTER


def note_contact(redis: Redis, kiosk_id: int, contact: dict[str, Any]) -> None:
    """Remember how this kiosk is; with Redis away nothing is remembered and nothing fails."""
    try:
        redis.hset(KEY, str(kiosk_id), json.dumps(contact))
    except RedisError as error:
        log.warning("contact not noted", kiosk=kiosk_id, error=type(error).__name__)


def last_contacts(redis: Redis) -> Mapping[int, Contact] | None:
    """Return how each kiosk was when it was last heard of; None with Redis away, when nobody knows."""
    try:
        contacts = cast(dict[bytes, bytes], redis.hgetall(KEY))
    except RedisError as error:
        log.warning("contacts not read", error=type(error).__name__)
        return None
    return {int(kiosk_id): _contact(json.loads(contact)) for kiosk_id, contact in contacts.items()}


def silent_kiosks(redis: Redis, enrolled: set[int], now: datetime) -> set[int]:
    """Return those enrolled kiosks that were not heard of for ten minutes."""
    contacts = cast(dict[bytes, bytes], redis.hgetall(KEY))
    heard = {
        int(kiosk_id)
        for kiosk_id, contact in contacts.items()
        if now - datetime.fromisoformat(json.loads(contact)["at"]) < SILENT_AFTER
    }
    return enrolled - heard


def _contact(told: dict[str, Any]) -> Contact:
    return Contact(
        at=datetime.fromisoformat(told["at"]),
        waiting=int(told.get("outbox", 0)),
        storage_kept=told.get("storage", "device") == "device",
    )
