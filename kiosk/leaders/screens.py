"""How the kiosks of an office are, as far as they were heard of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shared.db.engine import reading
from shared.db.leaders import Screen, screens_of
from shared.kiosk_contacts import Contact, last_contacts
from shared.services import Services


@dataclass(frozen=True, slots=True)
class HeardScreen:
    """A kiosk and its last contact; `known` is False while nobody can say."""

    screen: Screen
    contact: Contact | None
    known: bool
    now: datetime

    @property
    def waiting(self) -> bool:
        """Say whether no device has become this kiosk yet."""
        return self.screen.enrolled_at is None

    @property
    def well(self) -> bool:
        """Say whether it was heard of within the last minutes."""
        return self.contact is not None and not self.contact.is_silent(self.now)

    @property
    def silent(self) -> bool:
        """Say whether it should have been heard of and was not."""
        return self.known and not self.waiting and not self.well


def screens_heard(offices: Collection[str], services: Services) -> list[HeardScreen]:
    """Return the kiosks of these offices by name, each with its last contact."""
    with reading(services.engine) as session:
        screens = screens_of(session, offices)
    now, contacts = services.clock(), last_contacts(services.redis)
    known = contacts is not None
    return [HeardScreen(screen, (contacts or {}).get(screen.id), known, now) for screen in screens]
