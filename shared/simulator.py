"""The simulator of a demo: phones on a screen that write to the real webhook and get what is really sent to them.

It has no memory of its own: what a phone shows is what the inbox and the messages of ours hold for its number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from cryptography.fernet import InvalidToken

from shared.db import contacts, phone_threads
from shared.db.engine import reading, writing
from shared.db.guardians import offices_of
from shared.db.phone_threads import Said, Served
from shared.domain.asking import next_writing
from shared.domain.messages import is_wide, segments_of
from shared.domain.outreach import ConsentSource
from shared.domain.people import Counter, Office, Officer
from shared.domain.ratings import Channel
from shared.domain.visits import Visit
from shared.duty import officers_at
from shared.i18n import Language
from shared.invitations import Told, invite
from shared.phones import Phones
from shared.services import Services
from shared.settings import Settings

INVENTED: Final = "+6281200"
"""How the numbers begin; six digits follow. Nothing is sent to them: where messages leave, nothing is simulated."""
DIGITS: Final = 6
KNOWN: Final = "0001"
"""How the digits of the demo's guardians begin; a browser's own phones have others."""
GUARDIAN: Final = f"{INVENTED}{KNOWN}01"
"""The guardian whose phone the page shows to everybody."""
OTHER_GUARDIANS: Final = tuple(f"{INVENTED}{KNOWN}{number:02}" for number in range(2, 7))
PHONES: Final = 3
SHOWN: Final = 30
"""Messages of one thread that a phone shows, at most."""
LONGEST_TEXT: Final = 1600
"""Characters that Twilio takes in one message."""
TOLD: Final = Told(ConsentSource.QUEUE_SYSTEM, "simulator")


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the phone shows it; `rupiah` is what it costs the office, None for what the person sends."""

    text: str
    ours: bool
    at: datetime
    segments: int
    wide: bool
    rupiah: int | None


@dataclass(frozen=True, slots=True)
class Phone:
    """All that one phone shows; `refused` when it wants no messages."""

    thread: list[Shown]
    served: Served | None
    refused: bool


class NobodyServes(Exception):
    """No office of the demo has an officer at a counter just now."""


def numbers_of(mark: str, settings: Settings) -> list[str]:
    """Return the invented numbers that belong to a mark, in E.164, told apart by their last three digits."""
    phones, found = Phones.of(settings), dict[str, str]()
    for number in count():
        digits = f"{int.from_bytes(phones.hash(f'simulated {mark} {number}')) % 10**DIGITS:0{DIGITS}}"
        if not digits.startswith(KNOWN):
            found.setdefault(digits[-3:], f"{INVENTED}{digits}")
        if len(found) == PHONES:
            break
    return list(found.values())


def look(number: str, channel: Channel, services: Services) -> Phone:
    """Return what the phone of this number shows by one channel; raise SQLAlchemyError with the database away."""
    phones = Phones.of(services.settings)
    phone_hash = phones.hash(number)
    with reading(services.engine) as session:
        said = phone_threads.thread_of(session, phone_hash, channel, SHOWN)
        served = phone_threads.last_served(session, phone_hash)
        contact = contacts.contact_of(session, phone_hash)
    return Phone(list(_opened(said, channel, phones, services)), served, contact is not None and contact.refused)


def school_of_guardian(services: Services) -> Office | None:
    """Return the school that may ask the demo's guardian; None when none has them in its list any more.

    Raises SQLAlchemyError with the database away.
    """
    with reading(services.engine) as session:
        schools = offices_of(session, Phones.of(services.settings).hash(GUARDIAN))
    offices = services.directory.current().offices
    return next((offices[code] for code in schools if code in offices and offices[code].demo), None)


def be_served(number: str, language: Language, services: Services) -> None:
    """Tell of a visit of this phone's person, who agreed to be asked; they are asked as soon as anybody may be.

    It is told as long ago as people are left alone after a visit. Of whoever wants no messages none is told: once
    they want them again, the same minute's visit could not be told anew. Raises NobodyServes and VisitRefused.
    """
    phone_hash = Phones.of(services.settings).hash(number)
    office, counter, officer = _place(services)
    ago = timedelta(minutes=services.settings.invite_after_minutes)
    visit = Visit(
        phone=number,
        officer=officer.code,
        counter=counter.code,
        served_at=services.clock() - ago,
        language=language,
        consent=True,
    )
    with writing(services.engine) as session:
        contact = contacts.contact_of(session, phone_hash)
        if contact is None or not contact.refused:
            invite(visit, office, TOLD, session, services)


def example(services: Services) -> tuple[Counter, Officer]:
    """Return a counter and who serves there, to try codes with. Raises NobodyServes."""
    _, counter, officer = _place(services)
    return counter, officer


def _place(services: Services) -> tuple[Office, Counter, Officer]:
    """Return where one is served: in the office whose people may be written to first, mostly now."""
    now, directory = services.clock(), services.directory.current()
    offered = directory.offered(now)
    places = [office for office in directory.offices.values() if office.demo]
    for office in sorted(places, key=lambda place: (next_writing(now, place.timezone), place.code)):
        if not office.open_on(now.astimezone(office.timezone).date()):
            continue
        for counter in sorted(offered.counters.values(), key=lambda one: one.code):
            serving = officers_at(counter, directory, services) if counter.office == office.code else ()
            if serving:
                return office, counter, serving[0]
    raise NobodyServes


def _opened(said: list[Said], channel: Channel, phones: Phones, services: Services) -> Iterator[Shown]:
    for one in said:
        try:
            text = phones.open(one.text)
        except InvalidToken:  # sealed with another key
            continue
        if text:
            segments = segments_of(text)
            price = services.settings.price(channel, segments) if one.cost is None else one.cost
            yield Shown(text, one.ours, one.at, segments, is_wide(text), price if one.ours else None)
