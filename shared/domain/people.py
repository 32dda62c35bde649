"""Who and what stands at a counter: offices, counters, officers, kiosks, and the directory that knows them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.opening import Week, within
from shared.domain.screening import PRESS_INTERVAL


class OfficeKind(StrEnum):
    """What kind of unit an office is; officers are compared within one kind and region."""

    DUKCAPIL = "dukcapil"
    PUSKESMAS = "puskesmas"
    SCHOOL = "school"
    OTHER = "other"


class Group(NamedTuple):
    """Officers are compared within one region and one kind of office."""

    region: str
    kind: OfficeKind


class Role(StrEnum):
    """What an account may do."""

    OFFICER = "officer"
    """sees their own page"""
    SUPERVISOR = "supervisor"
    """leads an office and those below it"""
    AGENCY = "agency"
    """looks after the officers of a region (BKPSDM)"""
    ADMINISTRATOR = "administrator"
    """sets the installation up"""
    AUDITOR = "auditor"
    """reads everything but comments, changes nothing"""


ABOVE_OFFICER = frozenset(Role) - {Role.OFFICER}


@dataclass(frozen=True, slots=True)
class Office:
    """A unit that serves residents: it has its own time zone and its own survey index."""

    code: str
    name: str
    kind: OfficeKind
    timezone: ZoneInfo
    region: str
    demo: bool
    parent: str | None = None
    closed_on: date | None = None
    hours: Week | None = None

    @property
    def group(self) -> Group:
        """Return the group within which this office's officers are compared."""
        return Group(self.region, self.kind)

    def open_on(self, day: date) -> bool:
        """Say whether residents are served here on a day."""
        return self.closed_on is None or day < self.closed_on

    def open_at(self, moment: datetime) -> bool:
        """Say whether residents are served here at a moment."""
        local = moment.astimezone(self.timezone)
        return self.open_on(local.date()) and (self.hours is None or within(self.hours, local))


@dataclass(frozen=True, slots=True)
class Counter:
    """A place in an office where residents are served: loket, ruang, kelas."""

    code: str
    name: str
    office: str
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """A civil servant who serves residents; `offices` are all they serve or have ever been posted to.

    Of these, `away` are those a move has led away from, or will lead to on a day to come: a rating from there may
    still be on its way, but nobody is offered this officer there.
    """

    code: str
    name: str
    office: str
    offices: frozenset[str]
    away: frozenset[str] = frozenset()
    left_on: date | None = None

    def serves(self, office: str) -> bool:
        """Say whether residents may meet this officer at an office these days."""
        return office in self.offices and office not in self.away

    def beyond(self, closed: frozenset[str]) -> "Officer | None":
        """Return the officer as residents may meet them when these offices are closed; None when nowhere."""
        if closed.isdisjoint(self.offices):
            return self
        left = sorted(self.offices - self.away - closed)
        if not left:
            return None
        office = self.office if self.office in left else left[0]
        return replace(self, office=office, away=self.away | (self.offices & closed))

    @property
    def initials(self) -> str:
        """Return up to two initials for where there is no photo; titles (gelar) do not count."""
        words = [word for word in self.name.split(",")[0].split() if not word.endswith(".")]
        chosen = [words[0], words[-1]] if len(words) > 1 else words
        return "".join(word[0].upper() for word in chosen)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A device whose token is known; it speaks for one office and perhaps one counter.

    A rating that follows another within its `press_interval`, in seconds, does not count.
    """

    id: int
    name: str
    office: str
    counter: str | None
    press_interval: int = int(PRESS_INTERVAL.total_seconds())


@dataclass(frozen=True)
class Directory:
    """Everything a door must know to accept a rating; `stale` when it may have changed and nobody could look.

    Services and an office's own elements are (office, code), whether or not they have ended. Officers are in the
    order of their names. `new_tokens` are the hashes of those tokens that a device was given and has
    not used yet: the one it had before is valid until then. `staff_phones` are the keyed hashes of officers' own
    phones, with the codes of those who have them.
    """

    offices: Mapping[str, Office]
    counters: Mapping[str, Counter]
    services: frozenset[tuple[str, str]]
    extra_elements: frozenset[tuple[str, str]]
    officers: Mapping[str, Officer]
    kiosks: Mapping[bytes, Kiosk] = field(repr=False)
    rater_secrets: Mapping[str, bytes] = field(repr=False)
    new_tokens: frozenset[bytes] = field(default=frozenset(), repr=False)
    staff_phones: Mapping[bytes, frozenset[str]] = field(default_factory=dict, repr=False)
    stale: bool = False
    _offered: dict[datetime, "Directory"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def offered(self, now: datetime) -> "Directory":
        """Return what residents are offered at this moment: no office or counter that is closed, nobody who has left.

        Who still serves at another office when their own has closed is offered there. The whole directory is for what
        residents have said already: a rating given before that day may come in later.
        """
        # It changes at midnight of an office, which everywhere falls on a quarter of an hour.
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        known = self._offered.get(quarter)
        if known is None:
            self._offered.clear()
            known = self._offered[quarter] = self._offered_at(quarter)
        return known

    def _offered_at(self, now: datetime) -> "Directory":
        today = {office.code: now.astimezone(office.timezone).date() for office in self.offices.values()}
        closed = frozenset(code for code, office in self.offices.items() if not office.open_on(today[code]))
        return replace(
            self,
            counters={
                counter.code: counter
                for counter in self.counters.values()
                if counter.office not in closed
                and (counter.closed_on is None or today[counter.office] < counter.closed_on)
            },
            services=frozenset(service for service in self.services if service[0] not in closed),
            officers={
                officer.code: serving
                for officer in self.officers.values()
                if (officer.left_on is None or today[officer.office] < officer.left_on)
                and (serving := officer.beyond(closed))
            },
        )

    def staff_of(self, office: str) -> Sequence[Officer]:
        """Return the officers who belong to an office, in the order of their names."""
        return self._staff.get(office, ())

    def serving_at(self, office: str) -> Sequence[Officer]:
        """Return the officers whom residents may meet at an office these days, in the order of their names."""
        return self._serving.get(office, ())

    @cached_property
    def _staff(self) -> Mapping[str, Sequence[Officer]]:
        return _by_office((officer.office, officer) for officer in self.officers.values())

    @cached_property
    def _serving(self) -> Mapping[str, Sequence[Officer]]:
        every = self.officers.values()
        return _by_office((office, officer) for officer in every for office in officer.offices - officer.away)

    def offices_below(self, office: str) -> frozenset[str]:
        """Return the codes of an office and of all below it, however deep."""
        found = {office}
        grown = True
        while grown:
            below = {code for code, other in self.offices.items() if other.parent in found}
            grown = not below <= found
            found |= below
        return frozenset(found)

    def offices_in(self, region: str) -> frozenset[str]:
        """Return the codes of the offices of a region."""
        return frozenset(code for code, office in self.offices.items() if office.region == region)


def _by_office(each: Iterable[tuple[str, Officer]]) -> Mapping[str, Sequence[Officer]]:
    found = defaultdict[str, list[Officer]](list)
    for office, officer in each:
        found[office].append(officer)
    return found
