"""Where a link leads: an office, perhaps a counter, and who may have served there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from shared.domain.people import Counter, Directory, Office, Officer
from shared.duty import officers_at
from shared.glances import photos_at
from shared.links import VisitLink
from shared.services import Services


class PlaceClosed(Exception):
    """Residents were served here once, and are no more."""


@dataclass(frozen=True, slots=True)
class Place:
    """An office, perhaps a counter of it, the officers a person may choose from, and who is shown unasked."""

    office: Office
    counter: Counter | None
    officers: Sequence[Officer]
    shown: Officer | None

    @property
    def name(self) -> str:
        """Return where this is in few words: the counter of the office, or the office."""
        return f"{self.counter.name} · {self.office.name}" if self.counter else self.office.name

    def officer(self, code: str) -> Officer | None:
        """Return the officer of this code, if a person may choose them here."""
        return next((officer for officer in self.officers if officer.code == code), None)


def place_of_code(code: str, services: Services) -> Place | None:
    """Return the counter or else the office of a code, or None; raise PlaceClosed.

    One officer on duty at the counter, or within the last hour, is shown unasked; of several the person chooses.
    """
    directory, now, code = services.directory.current(), services.clock(), code.upper()
    counter = directory.counters.get(code)
    office = directory.offices.get(counter.office if counter else code)
    if office is None:
        return None
    _check_open(office, counter, directory, now)
    if counter is None:
        return Place(office, None, _serving(office, directory, now), None)
    first = officers_at(counter, directory, services)
    others = [officer for officer in _serving(office, directory, now) if officer not in first]
    return Place(office, counter, [*first, *others], first[0] if len(first) == 1 else None)


def place_of_visit(link: VisitLink, services: Services) -> Place:
    """Return where a visit was and who was shown there; raise PlaceClosed when nobody serves there any more."""
    directory, now = services.directory.current(), services.clock()
    office, counter = directory.offices.get(link.office), directory.counters.get(link.counter or "")
    if office is None or (link.counter and counter is None):
        raise PlaceClosed
    _check_open(office, counter, directory, now)
    shown = directory.offered(now).officers.get(link.officer)
    others = [officer for officer in _serving(office, directory, now) if officer is not shown]
    return Place(office, counter, [*([shown] if shown else []), *others], shown)


def portraits(office: Office, services: Services) -> dict[str, str]:
    """Return officer code -> address of the photo; whoever has none here is shown by initials."""
    photos = photos_at(office.code, services)
    return {code: url_for("photos.photo", officer=code, digest=digest) for code, digest in photos.items()}


def _check_open(office: Office, counter: Counter | None, directory: Directory, now: datetime) -> None:
    open_now = office.open_on(now.astimezone(office.timezone).date())
    if not open_now or (counter is not None and counter.code not in directory.offered(now).counters):
        raise PlaceClosed


def _serving(office: Office, directory: Directory, now: datetime) -> Sequence[Officer]:
    return directory.offered(now).serving_at(office.code)
