"""How the kiosks of an office are, as far as they were heard of."""

from collections.abc import Collection
from dataclasses import dataclass

from shared.db.engine import reading
from shared.db.leaders import Screen, screens_of
from shared.kiosk_contacts import Contact, Standing, contact_of, last_contacts, standing
from shared.services import Services


@dataclass(frozen=True, slots=True)
class HeardScreen:
    """A kiosk, the last contact of its device and how that stands; None while no device has become this kiosk."""

    screen: Screen
    contact: Contact | None
    standing: Standing | None

    @property
    def silent(self) -> bool:
        """Say whether it should have been heard of and was not."""
        return self.standing is not None and self.standing.is_silent


def screens_heard(offices: Collection[str], services: Services) -> list[HeardScreen]:
    """Return the kiosks of these offices by name, each with its last contact."""
    with reading(services.engine) as session:
        screens = screens_of(session, offices)
    now, contacts = services.clock(), last_contacts(services.redis)
    return [
        HeardScreen(
            screen,
            contact_of(contacts, screen.id, screen.enrolled_at),
            standing(contacts, screen.id, screen.enrolled_at, now) if screen.enrolled_at else None,
        )
        for screen in screens
    ]
