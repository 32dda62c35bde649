"""How many ratings seem lost on their way, by the numbers that each device gives them; counted by the clock's job.

Kept in Redis beside the contacts, because losing it loses nothing: it is counted anew.
"""

import json
from collections.abc import Mapping
from typing import Final, cast

from redis import Redis
from redis.exceptions import RedisError

from shared.db.engine import reading
from shared.db.sequences import missing_numbers
from shared.kiosk_contacts import Contact, last_contacts
from shared.logs import logger
from shared.services import Services

KEY: Final = "kiosks:missing"
log = logger(__name__)


def count_lost(services: Services) -> int:
    """Look for numbers that never came, less those a device says are still on it; return on how many kiosks."""
    with reading(services.engine) as session:
        missing = missing_numbers(session, services.clock())
    contacts = last_contacts(services.redis) or {}
    lost = {kiosk: count - contacts[kiosk].unrecorded for kiosk, count in missing.items() if kiosk in contacts}
    kept = {kiosk: [lost[kiosk], missing[kiosk]] for kiosk in lost if lost[kiosk] > 0}
    services.redis.set(KEY, json.dumps(kept))
    return len(kept)


def last_counted(redis: Redis) -> dict[int, tuple[int, int]]:
    """Return kiosk -> how many seem lost and how many are missing, as last counted; nothing with Redis away."""
    try:
        kept = cast("bytes | None", redis.get(KEY))
    except RedisError as error:
        log.warning("lost ratings not read", error=type(error).__name__)
        return {}
    return {int(kiosk): (lost, missing) for kiosk, (lost, missing) in json.loads(kept or b"{}").items()}


def lost_on(counted: Mapping[int, tuple[int, int]], kiosk_id: int, contact: Contact | None) -> int:
    """Return how many ratings of a kiosk seem lost, now that its device has said once more what is still on it."""
    if contact is None:
        return 0
    lost, missing = counted.get(kiosk_id, (0, 0))
    return max(0, min(lost, missing - contact.unrecorded))
