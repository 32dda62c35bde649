"""How kiosks stand with us, as lists and pages tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from babel.dates import format_timedelta

from kiosk.context import services
from kiosk.localisation import current_language
from shared.db.kiosks import ListedKiosk
from shared.kiosk_contacts import Contact, Contacts, contact_of, last_contacts, standing


class State(StrEnum):
    """What there is to say first about a kiosk."""

    NEW = "new"
    INVITED = "invited"
    ENROLLED = "enrolled"
    HEARD = "heard"
    SILENT = "silent"
    NEVER_HEARD = "never_heard"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KioskLine:
    """A kiosk and its state; `contact` is the last of its device, or of the one before when none is enrolled."""

    kiosk: ListedKiosk
    state: State
    contact: Contact | None
    silent_for: str


def kiosk_lines(kiosks: Sequence[ListedKiosk]) -> list[KioskLine]:
    """Return how each of these kiosks is now."""
    contacts, now = last_contacts(services().redis), services().clock()
    return [_line(kiosk, contacts, now) for kiosk in kiosks]


def _line(kiosk: ListedKiosk, contacts: Contacts, now: datetime) -> KioskLine:
    contact = contact_of(contacts, kiosk.id, kiosk.enrolled_at)
    since = contact.at if contact else kiosk.enrolled_at or now
    silent_for = str(format_timedelta(now - since, locale=current_language()))
    return KioskLine(kiosk, _state(kiosk, contacts, now), contact, silent_for)


def _state(kiosk: ListedKiosk, contacts: Contacts, now: datetime) -> State:
    if kiosk.revoked_at is not None:
        return State.REVOKED
    if kiosk.enrolled_at is None:
        return State.INVITED if kiosk.invited(now) else State.NEW
    return State(standing(contacts, kiosk.id, kiosk.enrolled_at, now))
