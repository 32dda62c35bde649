"""What is amiss with a kiosk, in words, and what to do about it; the gravest first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from babel.dates import format_timedelta

from kiosk.localisation import _, current_language, whole
from shared.i18n import mark
from shared.kiosk_contacts import Contact, Standing

CLOCK_OFF_BY: Final = timedelta(minutes=2)
NEARLY_FULL: Final = 0.9


class Alarm(StrEnum):
    """What can be amiss with a kiosk."""

    SILENT = "silent"
    NOT_KEPT = "not_kept"
    CLOCK = "clock"
    NEARLY_FULL = "nearly_full"
    LOST = "lost"
    REFUSED = "refused"
    HELD = "held"
    INSECURE = "insecure"
    NOT_PERSISTED = "not_persisted"
    OLD_VERSION = "old_version"


TITLES: Final[dict[Alarm, str]] = {
    Alarm.SILENT: mark("No word from the kiosk"),
    Alarm.NOT_KEPT: mark("Ratings are not kept through a restart"),
    Alarm.CLOCK: mark("The clock is wrong"),
    Alarm.NEARLY_FULL: mark("Storage nearly full"),
    Alarm.LOST: mark("Ratings seem lost"),
    Alarm.REFUSED: mark("Ratings were refused"),
    Alarm.HELD: mark("Ratings of another office"),
    Alarm.INSECURE: mark("No secure connection"),
    Alarm.NOT_PERSISTED: mark("Storage not promised"),
    Alarm.OLD_VERSION: mark("Older version of the screen"),
}
"""What each is called where several kiosks stand below it."""
ADVICE: Final[dict[Alarm, str]] = {
    Alarm.SILENT: mark(
        "See whether the kiosk is switched on and connected to the network. Ratings given meanwhile are kept on it"
        " and arrive later."
    ),
    Alarm.NOT_KEPT: mark(
        "Do not switch the device off before it has sent everything. Then open the screen in an ordinary window, not"
        " a private one, and let the browser store data."
    ),
    Alarm.CLOCK: mark(
        "Set the clock of the device, best by letting it take the time from the network. Ratings are put right as"
        " long as the clock is off by the same when they are sent."
    ),
    Alarm.NEARLY_FULL: mark(
        "Let the device send what waits, then delete what it does not need: photos, files, other apps."
    ),
    Alarm.LOST: mark(
        "Each device numbers its ratings, and these numbers never came in. Look at the device: if it still has them,"
        " let it send them or write them to a file. If its data was deleted, they cannot be brought back."
    ),
    Alarm.REFUSED: mark(
        "Refused ratings stay on the device: the officer, counter or service they name was not known in this office"
        " when they came. Put back the officer, the roster or the counter, and within a few minutes the device sends"
        " them again by itself."
    ),
    Alarm.HELD: mark(
        "They were given before the device came to this office. The device keeps them and sends them once it is"
        " enrolled again as a kiosk of that office."
    ),
    Alarm.INSECURE: mark(
        "Open the screen by an address that begins with https. Without it the screen works only while the network"
        " does, and the browser may delete ratings that wait."
    ),
    Alarm.NOT_PERSISTED: mark(
        "The browser may delete ratings that wait when space runs out. Install the screen as an app on the device, or"
        " allow it to store data."
    ),
    Alarm.OLD_VERSION: mark(
        "It changes by itself as soon as nobody uses it. If it has not by tomorrow, let the screen load anew from the"
        " kiosk’s page."
    ),
}
SILENT_SINCE: Final = mark("No word for {span}.")
NEVER_HEARD: Final = mark("No word since it was enrolled {span} ago.")
NOT_KEPT: Final = mark("What waits on it would be lost in a restart.")
AHEAD, BEHIND = mark("Its clock is {span} ahead."), mark("Its clock is {span} behind.")
FULL: Final = mark("Its storage is {percent} % full.")
LOST: Final = mark("Ratings that never came in: {count}.")
REFUSED: Final = mark("Refused ratings: {count}.")
HELD: Final = mark("Ratings given for another office: {count}.")
INSECURE: Final = mark("Its connection is not secure (no HTTPS).")
NOT_PERSISTED: Final = mark("Its browser does not promise to keep what waits.")
OLD_VERSION: Final = mark("It shows an older version of the screen.")


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm about one kiosk: which, and its sentence with what there is to fill in."""

    alarm: Alarm
    text: str
    facts: Mapping[str, int | timedelta] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return what is amiss, in the page's language."""
        return _(self.text, **{name: _told(fact) for name, fact in self.facts.items()})

    @property
    def advice(self) -> str:
        """Return what to do about it, in the page's language."""
        return _(ADVICE[self.alarm])


def raised(
    standing: Standing | None, contact: Contact | None, silent_for: timedelta, lost: int, version: str
) -> list[Raised]:
    """Return what is amiss with a kiosk, the gravest first; nothing while no device is enrolled.

    `silent_for` is since its last contact or else its enrolment, `version` that of the screen as we serve it.
    """
    if standing is None:
        return []
    found = [*_silence(standing, contact, silent_for)]
    if contact is not None:
        found += [*_about_the_device(contact), *_about_ratings(contact, lost)]
        # One that is switched off changes when it is back.
        if standing is Standing.HEARD and contact.version not in ("", version):
            found.append(Raised(Alarm.OLD_VERSION, OLD_VERSION))
    order = list(Alarm)
    return sorted(found, key=lambda one: order.index(one.alarm))


def _silence(standing: Standing, contact: Contact | None, silent_for: timedelta) -> Iterator[Raised]:
    if standing.is_silent:
        yield Raised(Alarm.SILENT, SILENT_SINCE if contact else NEVER_HEARD, {"span": silent_for})


def _about_the_device(contact: Contact) -> Iterator[Raised]:
    if not contact.storage_kept:
        yield Raised(Alarm.NOT_KEPT, NOT_KEPT)
    if abs(contact.skew) >= CLOCK_OFF_BY:
        yield Raised(Alarm.CLOCK, AHEAD if contact.skew > timedelta() else BEHIND, {"span": abs(contact.skew)})
    share = contact.storage_share
    if share is not None and share >= NEARLY_FULL:
        yield Raised(Alarm.NEARLY_FULL, FULL, {"percent": int(share * 100)})
    # Without a secure connection nothing can be promised: that is said once.
    if contact.secure is False:
        yield Raised(Alarm.INSECURE, INSECURE)
    elif contact.persisted is False:
        yield Raised(Alarm.NOT_PERSISTED, NOT_PERSISTED)


def _about_ratings(contact: Contact, lost: int) -> Iterator[Raised]:
    counts = ((Alarm.LOST, LOST, lost), (Alarm.REFUSED, REFUSED, contact.refused), (Alarm.HELD, HELD, contact.held))
    for alarm, text, count in counts:
        if count:
            yield Raised(alarm, text, {"count": count})


def lasting(span: timedelta) -> str:
    """Write how long something lasts: "3 hours"."""
    return str(format_timedelta(span, locale=current_language()))


def _told(fact: int | timedelta) -> str:
    return lasting(fact) if isinstance(fact, timedelta) else whole(fact)
