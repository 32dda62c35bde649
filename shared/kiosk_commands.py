"""What a kiosk is asked to do at its next heartbeat; kept in Redis until it has done it, or somebody asks again."""

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from redis import Redis
from redis.exceptions import RedisError

from shared.logs import logger

KEY: Final = "kiosks:command"
RELOAD: Final = "reload"
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a kiosk is asked to do, and since when."""

    id: str
    do: str
    asked_at: datetime


def ask_to_reload(redis: Redis, kiosk_id: int, now: datetime) -> bool:
    """Ask a kiosk to load its screen anew; False when it was asked already. Raises RedisError with Redis away."""
    command = {"id": secrets.token_hex(8), "do": RELOAD, "asked_at": now.isoformat()}
    return bool(redis.hsetnx(KEY, str(kiosk_id), json.dumps(command)))


def command_for(redis: Redis, kiosk_id: int) -> Command | None:
    """Return what a kiosk is still asked to do; None when there is nothing, and with Redis away."""
    try:
        kept = cast("bytes | None", redis.hget(KEY, str(kiosk_id)))
    except RedisError as error:
        log.warning("command not read", kiosk=kiosk_id, error=type(error).__name__)
        return None
    if kept is None:
        return None
    told = json.loads(kept)
    return Command(told["id"], told["do"], datetime.fromisoformat(told["asked_at"]))


def command_left(redis: Redis, kiosk_id: int, done: Collection[str]) -> Command | None:
    """Return what a kiosk is still asked to do, now that it says which commands it has done."""
    command = command_for(redis, kiosk_id)
    if command is None or command.id not in done:
        return command
    try:
        redis.hdel(KEY, str(kiosk_id))
    except RedisError as error:
        log.warning("command not forgotten", kiosk=kiosk_id, error=type(error).__name__)
    return None
