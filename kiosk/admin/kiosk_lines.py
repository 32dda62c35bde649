"""How kiosks stand with us, as lists and pages tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kiosk.alarms import ADVICE, TITLES, Alarm, Raised, lasting, raised
from kiosk.context import services
from kiosk.localisation import _
from kiosk.touch.views import version
from shared.db.kiosks import ListedKiosk
from shared.kiosk_contacts import Contact, Contacts, Standing, contact_of, last_contacts, standing
from shared.lost_ratings import last_counted, lost_on


class State(StrEnum):
    """What there is to say first about a kiosk."""

    NEW = "new"
    INVITED = "invited"
    ENROLLED = "enrolled"
    HEARD = "heard"
    RESTING = "resting"
    SILENT = "silent"
    NEVER_HEARD = "never_heard"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KioskLine:
    """A kiosk, its state and what is amiss with it.

    `contact` is the last of its device, or of the one before when none is enrolled.
    """

    kiosk: ListedKiosk
    state: State
    contact: Contact | None
    silent: timedelta
    alarms: list[Raised]

    @property
    def silent_for(self) -> str:
        """Write since when it was not heard of."""
        return lasting(self.silent)


@dataclass(frozen=True, slots=True)
class AlarmGroup:
    """One thing that is amiss, and with which kiosks."""

    alarm: Alarm
    lines: list[tuple[KioskLine, Raised]]

    @property
    def title(self) -> str:
        """Return what is amiss, in the page's language."""
        return _(TITLES[self.alarm])

    @property
    def advice(self) -> str:
        """Return what to do about it, in the page's language."""
        return _(ADVICE[self.alarm])


def kiosk_lines(kiosks: Sequence[ListedKiosk]) -> list[KioskLine]:
    """Return how each of these kiosks is now; those with which something is amiss come first."""
    redis, served = services().redis, version()
    contacts, counted = last_contacts(redis), last_counted(redis)
    lines = []
    for kiosk in kiosks:
        contact, stands, silent = _heard(kiosk, contacts)
        alarms = raised(stands, contact, silent, lost_on(counted, kiosk.id, contact), served)
        lines.append(KioskLine(kiosk, _state(kiosk, stands), contact, silent, alarms))
    return sorted(lines, key=lambda line: not line.alarms)


def grouped(lines: Sequence[KioskLine]) -> list[AlarmGroup]:
    """Return what is amiss, the gravest first, each with its kiosks."""
    found = [(one, line) for line in lines for one in line.alarms]
    return [
        AlarmGroup(alarm, [(line, one) for one, line in found if one.alarm is alarm])
        for alarm in Alarm
        if any(one.alarm is alarm for one, _line in found)
    ]


def _heard(kiosk: ListedKiosk, contacts: Contacts) -> tuple[Contact | None, Standing | None, timedelta]:
    """Return a kiosk's last contact, how its device stands with us, and since when we have not heard of it."""
    now, office = services().clock(), services().directory.current().offices[kiosk.office]
    contact, enrolled_at = contact_of(contacts, kiosk.id, kiosk.enrolled_at), kiosk.enrolled_at
    silent = now - (contact.at if contact else enrolled_at or now)
    if enrolled_at is None or kiosk.revoked_at is not None:
        return contact, None, silent
    return contact, standing(contacts, kiosk.id, enrolled_at, now, office), silent


def _state(kiosk: ListedKiosk, stands: Standing | None) -> State:
    if kiosk.revoked_at is not None:
        return State.REVOKED
    if stands is None:
        return State.INVITED if kiosk.invited(services().clock()) else State.NEW
    return State(stands)
