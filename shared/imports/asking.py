"""Ask for imports to be taken further without delay; should the asking be lost, the sweep comes."""

from typing import Final

from redis import Redis
from redis.exceptions import RedisError

ASKED: Final = "imports:asked"
KEPT_SECONDS: Final = 60


def ask(redis: Redis) -> None:
    """Ask; with Redis away the sweep finds what waits."""
    try:
        redis.set(ASKED, b"1", ex=KEPT_SECONDS)
    except RedisError:
        return


def asked(redis: Redis) -> bool:
    """Say whether somebody asked since the last time."""
    return bool(redis.delete(ASKED))
