"""When each kiosk was last heard of and how it was; kept in Redis, because losing it loses nothing."""

import json
from datetime import datetime, timedelta
from typing import Any, Final, cast

from redis import Redis
from redis.exceptions import RedisError

from shared.logs import logger

KEY: Final = "kiosks:contact"
SILENT_AFTER: Final = timedelta(minutes=10)
log = logger(__name__)


def note_contact(redis: Redis, kiosk_id: int, contact: dict[str, Any]) -> None:
    """Remember how this kiosk is; with Redis away nothing is remembered and nothing fails."""
    try:
        redis.hset(KEY, str(kiosk_id), json.dumps(contact))
    except RedisError as error:
        log.warning("contact not noted", kiosk=kiosk_id, error=type(error).__name__)


def silent_kiosks(redis: Redis, enrolled: set[int], now: datetime) -> set[int]:
    """Return those enrolled kiosks that were not heard of for ten minutes."""
    contacts = cast(dict[bytes, bytes], redis.hgetall(KEY))
    heard = {
        int(kiosk_id)
        for kiosk_id, contact in contacts.items()
        if now - datetime.fromisoformat(json.loads(contact)["at"]) < SILENT_AFTER
    }
    return enrolled - heard
