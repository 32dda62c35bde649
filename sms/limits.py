"""How fast and how much may be sent, for all workers together: kept in Redis, whose clock is one for all of them."""

import math
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final

from redis import Redis

from shared.domain.zones import HOME
from shared.settings import Settings

TURN: Final = "messages:turn"
KEPT: Final = timedelta(days=2)


class Limits:
    """The pace of messages a second, the segments of a day, and gateways that want to be left alone."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._most = settings.segments_per_day
        self._apart = math.ceil(1000 / settings.messages_per_second)

    def wait_for_turn(self, until: float) -> bool:
        """Return when the next message may be sent by anybody; False when that is after `until`."""
        while not self._redis.set(TURN, b"1", nx=True, px=self._apart):
            left: Any = self._redis.pttl(TURN)
            pause = max(left, 1) / 1000
            if time.monotonic() + pause > until:
                return False
            time.sleep(pause)
        return True

    def is_day_full(self, now: datetime) -> bool:
        """Say whether nothing more can be sent today that a daily limit counts."""
        used: Any = self._redis.get(_day(now))
        return int(used or 0) >= self._most

    def reserve(self, segments: int, now: datetime, *, always: bool) -> bool:
        """Count segments as sent today; False when they would be too many, unless they are to go `always`."""
        with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.incrby(_day(now), segments)
            pipeline.expire(_day(now), KEPT)
            used = pipeline.execute()[0]
        if used <= self._most or always:
            return True
        self.give_back(segments, now)
        return False

    def give_back(self, segments: int, now: datetime) -> None:
        """Uncount segments that were not sent after all."""
        self._redis.decrby(_day(now), segments)

    def rest(self, gateway: str, seconds: float) -> None:
        """Leave a gateway alone for so long, all workers."""
        self._redis.set(_resting(gateway), b"1", px=math.ceil(seconds * 1000))

    def is_resting(self, gateway: str) -> bool:
        """Say whether a gateway is left alone now."""
        return bool(self._redis.exists(_resting(gateway)))


def next_day(now: datetime) -> datetime:
    """Return when the day ends that segments are counted by."""
    tomorrow = now.astimezone(HOME).date() + timedelta(days=1)
    return datetime.combine(tomorrow, clock_time(), HOME).astimezone(UTC)


def _day(now: datetime) -> str:
    return f"messages:segments:{now.astimezone(HOME).date()}"


def _resting(gateway: str) -> str:
    return f"messages:resting:{gateway}"
