"""How the kiosks of an office are, as far as they were heard of."""

from collections.abc import Collection
from dataclasses import dataclass

from kiosk.alarms import Raised, raised
from kiosk.touch.views import version
from shared.db.engine import reading
from shared.db.leaders import Screen, screens_of
from shared.kiosk_contacts import Contact, Standing, contact_of, last_contacts, standing
from shared.lost_ratings import last_counted, lost_on
from shared.services import Services


@dataclass(frozen=True, slots=True)
class HeardScreen:
    """A kiosk, the last contact of its device, how that stands (None before there is one), and what is amiss."""

    screen: Screen
    contact: Contact | None
    standing: Standing | None
    alarms: list[Raised]

    @property
    def silent(self) -> bool:
        """Say whether it should have been heard of and was not."""
        return self.standing is not None and self.standing.is_silent


def screens_heard(offices: Collection[str], services: Services) -> list[HeardScreen]:
    """Return the kiosks of these offices by name, each with its last contact."""
    with reading(services.engine) as session:
        screens = screens_of(session, offices)
    now, contacts, counted = services.clock(), last_contacts(services.redis), last_counted(services.redis)
    known, served = services.directory.current().offices, version()
    heard = []
    for screen in screens:
        contact, since = contact_of(contacts, screen.id, screen.enrolled_at), screen.enrolled_at
        stands = standing(contacts, screen.id, since, now, known[screen.office]) if since else None
        silent = now - (contact.at if contact else since or now)
        alarms = raised(stands, contact, silent, lost_on(counted, screen.id, contact), served)
        heard.append(HeardScreen(screen, contact, stands, alarms))
    return heard
