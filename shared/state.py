"""How the system is, in the few figures that tell it: what waits, what is stuck, who is silent, who swept last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.exceptions import RedisError

from shared import standings, stream
from shared.db.engine import reading
from shared.db.kiosks import known_kiosks
from shared.db.quarantine import quarantined_count
from shared.db.scores import stale_count
from shared.kiosk_contacts import last_contacts, standing
from shared.services import Services


@dataclass(frozen=True, slots=True)
class Queue:
    """What only Redis knows: ratings not recorded yet, the last sweep, silent kiosks, and what was refused."""

    length: int
    oldest: timedelta | None
    last_sweep: timedelta | None
    silent: frozenset[int]
    refused: int


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
        enrolled = {kiosk.id: kiosk.enrolled_at for kiosk in kiosks if kiosk.enrolled_at and not kiosk.revoked_at}
        waiting, stale = quarantined_count(session), stale_count(session)
    try:
        queue = _queue(services, enrolled, {kiosk.id: kiosk.office for kiosk in kiosks})
    except RedisError:
        queue = None
    return State(queue, waiting, stale, frozenset(enrolled))


def _queue(services: Services, enrolled: Mapping[int, datetime], place: Mapping[int, str]) -> Queue:
    offices = services.directory.current().offices
    now, last = services.clock(), standings.last_sweep(services)
    contacts = last_contacts(services.redis)
    return Queue(
        length=stream.length(services.redis),
        oldest=stream.oldest_age(services.redis, now),
        last_sweep=now - last if last else None,
        silent=frozenset(
            kiosk
            for kiosk, since in enrolled.items()
            if standing(contacts, kiosk, since, now, offices[place[kiosk]]).is_silent
        ),
        refused=sum(contact.refused for kiosk, contact in (contacts or {}).items() if kiosk in enrolled),
    )
