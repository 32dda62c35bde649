"""The desk cards of an office: one for each officer who serves there and one for each counter that is open."""

from dataclasses import dataclass

from shared.db.cards import photos_in
from shared.db.engine import reading
from shared.domain.people import Office
from shared.services import Services


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a desk: whose it is, the code that residents send, and a face or initials of an officer."""

    code: str
    name: str
    office: str
    initials: str = ""
    photo: bytes | None = None
    of_counter: bool = False


def deck_of(office: Office, services: Services) -> list[Card]:
    """Return the officers' cards, then the counters', each by name."""
    offered = services.directory.current().offered(services.clock())
    with reading(services.engine) as session:
        photos = photos_in(session, office.code)
    officers = [
        Card(officer.code, officer.name, office.name, officer.initials, photos.get(officer.code))
        for officer in offered.staff_of(office.code)
    ]
    counters = [
        Card(counter.code, counter.name, office.name, of_counter=True)
        for counter in offered.counters.values()
        if counter.office == office.code
    ]
    return [*_by_name(officers), *_by_name(counters)]


def _by_name(cards: list[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: (card.name.casefold(), card.code))
