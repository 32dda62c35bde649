"""How the system is, in the few figures that tell it: what waits, what is stuck, who is silent, who swept last."""

from dataclasses import dataclass
from datetime import timedelta

from redis.exceptions import RedisError

from shared import standings, stream
from shared.db.engine import reading
from shared.db.kiosks import known_kiosks
from shared.db.quarantine import quarantined_count
from shared.db.scores import stale_count
from shared.kiosk_contacts import silent_kiosks
from shared.services import Services


@dataclass(frozen=True, slots=True)
class Queue:
    """What only Redis knows: ratings not recorded yet, the last sweep, and the kiosks that are silent."""

    length: int
    oldest: timedelta | None
    last_sweep: timedelta | None
    silent: frozenset[int]


@dataclass(frozen=True, slots=True)
class State:
    """The figures; `queue` is None while Redis does not answer."""

    queue: Queue | None
    quarantined: int
    stale_scores: int
    enrolled: frozenset[int]


def state_of(services: Services) -> State:
    """Return how the system is now, whether or not Redis answers."""
    with reading(services.engine) as session:
        kiosks = known_kiosks(session)
        enrolled = frozenset(kiosk.id for kiosk in kiosks if kiosk.enrolled_at and not kiosk.revoked_at)
        waiting, stale = quarantined_count(session), stale_count(session)
    try:
        queue = _queue(services, enrolled)
    except RedisError:
        queue = None
    return State(queue, waiting, stale, enrolled)


def _queue(services: Services, enrolled: frozenset[int]) -> Queue:
    now, last = services.clock(), standings.last_sweep(services)
    return Queue(
        length=stream.length(services.redis),
        oldest=stream.oldest_age(services.redis, now),
        last_sweep=now - last if last else None,
        silent=frozenset(silent_kiosks(services.redis, set(enrolled), now)),
    )
