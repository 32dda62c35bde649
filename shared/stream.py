"""The stream: accepted ratings on their way to the database. Redis holds them until they are recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.retry import Retry

STREAM: Final = "ratings"
GROUP: Final = "recorders"
FIELD: Final = b"rating"
PROBE: Final = "health:probe"
ABANDONED_AFTER: Final = timedelta(seconds=10)
SILENT_CONSUMER: Final = timedelta(hours=1)


RETRY: Final = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
"""Once more at once, because a restarted server leaves dead connections in the pool; never after a time-out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted rating as it travels: the stream's own id and the bytes."""

    id: str
    body: bytes


def connect(address: str, timeout: float) -> Redis:
    """Return a client that gives up after `timeout` seconds, so that a door can turn to the other one."""
    return Redis.from_url(address, socket_timeout=timeout, socket_connect_timeout=timeout, retry=RETRY)


def append(redis: Redis, bodies: Sequence[bytes]) -> None:
    """Put accepted ratings on the stream; when it returns they are on disk (the server fsyncs before it answers)."""
    if len(bodies) == 1:
        redis.xadd(STREAM, {FIELD: bodies[0]})
        return
    with redis.pipeline(transaction=False) as pipeline:
        for body in bodies:
            pipeline.xadd(STREAM, {FIELD: body})
        pipeline.execute()


def probe(redis: Redis) -> None:
    """Raise RedisError when nothing can be written, as when memory or disk are full and a ping would still answer."""
    redis.set(PROBE, b"1")


def open_group(redis: Redis) -> None:
    """Make the consumer group, from the stream's first entry on; an existing one stays."""
    try:
        redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


def claim(redis: Redis, consumer: str, count: int, wait: timedelta) -> list[Entry]:
    """Return up to `count` entries for this consumer, waiting up to `wait` for the first.

    What it already holds comes first (a commit failed), then what a dead consumer left, then what is new.
    """
    try:
        own = _entries(redis.xreadgroup(GROUP, consumer, {STREAM: "0"}, count=count))
        return own or _abandoned(redis, consumer, count) or _new(redis, consumer, count, wait)
    except ResponseError as error:
        if "NOGROUP" not in str(error):
            raise
        open_group(redis)
        return []


def _abandoned(redis: Redis, consumer: str, count: int) -> list[Entry]:
    idle = int(ABANDONED_AFTER.total_seconds() * 1000)
    reply = cast(Any, redis.xautoclaim(STREAM, GROUP, consumer, idle, count=count))
    return [Entry(key.decode(), fields.get(FIELD, b"")) for key, fields in reply[1] if fields]


def take_over(redis: Redis, consumer: str, count: int) -> None:
    """Take what others hold, however short a time: a server's clock that was set back would keep it from us for long.

    Should one of them be alive after all, the batch is recorded twice, which changes nothing.
    """
    redis.xautoclaim(STREAM, GROUP, consumer, 0, count=count)


def _new(redis: Redis, consumer: str, count: int, wait: timedelta) -> list[Entry]:
    milliseconds = int(wait.total_seconds() * 1000) or None
    return _entries(redis.xreadgroup(GROUP, consumer, {STREAM: ">"}, count=count, block=milliseconds))


def _entries(reply: Any) -> list[Entry]:
    return [Entry(key.decode(), fields.get(FIELD, b"")) for _stream, entries in reply for key, fields in entries]


def finish(redis: Redis, entries: Sequence[Entry]) -> None:
    """Acknowledge and delete entries whose ratings are committed."""
    ids = [entry.id for entry in entries]
    # In one transaction: acknowledged and not deleted, an entry would stay for ever and belong to nobody.
    with redis.pipeline(transaction=True) as pipeline:
        pipeline.xack(STREAM, GROUP, *ids)
        pipeline.xdel(STREAM, *ids)
        pipeline.execute()


def forget_dead_consumers(redis: Redis) -> None:
    """Remove consumers that hold nothing and have been silent for an hour: every start makes a new name."""
    for consumer in cast(Any, redis.xinfo_consumers(STREAM, GROUP)):
        if consumer["pending"] == 0 and consumer["idle"] > SILENT_CONSUMER.total_seconds() * 1000:
            redis.xgroup_delconsumer(STREAM, GROUP, consumer["name"])


def length(redis: Redis) -> int:
    """Return how many accepted ratings are not recorded yet."""
    return redis.xlen(STREAM)


def oldest_age(redis: Redis, now: datetime) -> timedelta | None:
    """Return for how long the oldest unrecorded rating has been waiting; None when none waits."""
    first = cast(Any, redis.xrange(STREAM, count=1))
    if not first:
        return None
    milliseconds = int(first[0][0].split(b"-")[0])
    return max(now - datetime.fromtimestamp(milliseconds / 1000, UTC), timedelta())
