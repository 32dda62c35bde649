"""Offices, counters, officers, postings and kiosks: what the doors and the pages ask of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import case, func, or_, select, union
from sqlmodel import Session, col

from shared.db.people_tables import (
    CounterRow,
    ExtraElementRow,
    KioskRow,
    MoveRow,
    OfficeRow,
    OfficerRow,
    PostingRow,
    RegionRow,
    ServiceRow,
)
from shared.db.rater_secrets import rater_secrets
from shared.domain.people import Counter, Directory, Kiosk, Office, OfficeKind, Officer
from shared.domain.zones import zone

NOWHERE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Posting:
    """An officer at a counter in [starts_at, ends_at)."""

    officer: str
    counter: str
    starts_at: datetime
    ends_at: datetime


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a random secret: enough to recognise it, useless to whoever steals it."""
    return sha256(secret.encode()).digest()


def read_directory(session: Session) -> Directory:
    """Return everything the doors need to know, read now."""
    kiosks = (
        session.execute(
            select(KioskRow).where(col(KioskRow.token_hash).is_not(None), col(KioskRow.revoked_at).is_(None))
        )
        .scalars()
        .all()
    )
    services = session.execute(select(col(ServiceRow.office_code), col(ServiceRow.code)))
    extra_elements = session.execute(select(col(ExtraElementRow.office_code), col(ExtraElementRow.code)))
    return Directory(
        offices=_offices(session),
        counters=_counters(session),
        services=frozenset((office, code) for office, code in services),
        extra_elements=frozenset((office, code) for office, code in extra_elements),
        officers=_officers(session),
        kiosks={
            hashed: Kiosk(row.id, row.name, row.office_code, row.counter_code, row.press_interval)
            for row in kiosks
            for hashed in (row.token_hash, row.next_token_hash)
            if hashed is not None and row.id is not None
        },
        new_tokens=frozenset(row.next_token_hash for row in kiosks if row.next_token_hash is not None),
        rater_secrets=rater_secrets(session),
        staff_phones=_staff_phones(session),
    )


def _offices(session: Session) -> dict[str, Office]:
    rows = session.execute(
        select(OfficeRow, col(RegionRow.demo)).join(RegionRow, col(OfficeRow.region_code) == col(RegionRow.code))
    )
    return {
        row.code: Office(
            row.code,
            row.name,
            OfficeKind(row.kind),
            zone(row.timezone),
            row.region_code,
            demo,
            row.parent_code,
            row.closed_on,
            row.opening_hours and tuple(map(tuple, row.opening_hours)),
        )
        for row, demo in rows
    }


def _counters(session: Session) -> dict[str, Counter]:
    columns = (col(CounterRow.code), col(CounterRow.name), col(CounterRow.office_code), col(CounterRow.closed_on))
    rows = session.execute(select(*columns))
    return {code: Counter(code, name, office, closed_on) for code, name, office, closed_on in rows}


def _officers(session: Session) -> dict[str, Officer]:
    elsewhere, away = _served_elsewhere(session), _moved(session)
    alone: dict[str, frozenset[str]] = {}
    columns = (col(OfficerRow.code), col(OfficerRow.name), col(OfficerRow.office_code), col(OfficerRow.left_on))
    officers = {}
    by_name = select(*columns).order_by(func.lower(col(OfficerRow.name)), col(OfficerRow.code))
    for code, name, office, left_on in session.execute(by_name):
        own = alone.setdefault(office, frozenset((office,)))
        offices = own | elsewhere[code] if code in elsewhere else own
        officers[code] = Officer(code, name, office, offices, away.get(code, NOWHERE) - own, left_on)
    return officers


def _staff_phones(session: Session) -> dict[bytes, frozenset[str]]:
    # By the index: those few are found without reading past everybody's photo.
    known = select(col(OfficerRow.own_phone_hash), col(OfficerRow.code)).where(
        col(OfficerRow.own_phone_hash).is_not(None)
    )
    owners: defaultdict[bytes, set[str]] = defaultdict(set)
    for phone_hash, code in session.execute(known):
        if phone_hash is not None:
            owners[phone_hash].add(code)
    return {phone_hash: frozenset(codes) for phone_hash, codes in owners.items()}


def _served_elsewhere(session: Session) -> dict[str, frozenset[str]]:
    """Return officer -> offices, for those few who serve or ever served at another than their own."""
    posted = (
        select(col(PostingRow.officer_code), col(CounterRow.office_code))
        .join(CounterRow, col(PostingRow.counter_code) == col(CounterRow.code))
        .join(OfficerRow, col(PostingRow.officer_code) == col(OfficerRow.code))
        .where(col(CounterRow.office_code) != col(OfficerRow.office_code))
    )
    left = select(col(MoveRow.officer_code), col(MoveRow.from_office_code))
    coming = select(col(MoveRow.officer_code), col(MoveRow.to_office_code))
    served: defaultdict[str, set[str]] = defaultdict(set)
    for officer, office in session.execute(union(posted, left, coming)):
        served[officer].add(office)
    return {officer: frozenset(offices) for officer, offices in served.items()}


def _moved(session: Session) -> dict[str, frozenset[str]]:
    """Return officer -> offices that a move led away from, or will lead to."""
    other_end = case((col(MoveRow.done), col(MoveRow.from_office_code)), else_=col(MoveRow.to_office_code))
    moved: defaultdict[str, set[str]] = defaultdict(set)
    for officer, office in session.execute(select(col(MoveRow.officer_code), other_end)):
        moved[officer].add(office)
    return {officer: frozenset(offices) for officer, offices in moved.items()}


def postings_between(session: Session, office: str, start: datetime, end: datetime) -> list[Posting]:
    """Return the office's postings that touch [start, end), in order of time."""
    query = (
        select(PostingRow)
        .join(CounterRow, col(PostingRow.counter_code) == col(CounterRow.code))
        .where(
            col(CounterRow.office_code) == office,
            col(PostingRow.ends_at) > start,
            col(PostingRow.starts_at) < end,
        )
        .order_by(col(PostingRow.starts_at), col(PostingRow.counter_code), col(PostingRow.officer_code))
    )
    rows = session.execute(query).scalars()
    return [Posting(row.officer_code, row.counter_code, row.starts_at, row.ends_at) for row in rows]


def services_of(session: Session, office: str, today: date) -> list[tuple[str, str]]:
    """Return (code, name) of the services an office gives today."""
    given = or_(col(ServiceRow.closed_on).is_(None), col(ServiceRow.closed_on) > today)
    query = select(col(ServiceRow.code), col(ServiceRow.name)).where(col(ServiceRow.office_code) == office, given)
    return [(code, name) for code, name in session.execute(query.order_by(col(ServiceRow.code)))]


def officers_with_photo(session: Session, office: str) -> dict[str, str]:
    """Return officer code -> short digest of the photo, for the officers of an office who have one."""
    query = select(col(OfficerRow.code), col(OfficerRow.photo)).where(
        col(OfficerRow.office_code) == office, col(OfficerRow.photo).is_not(None)
    )
    return {code: photo_digest(photo) for code, photo in session.execute(query)}


def photo_digest(photo: bytes) -> str:
    """Return the short digest by which a photo is addressed: another photo, another address."""
    return sha256(photo).hexdigest()[:16]


def photo_of(session: Session, officer: str) -> bytes | None:
    """Return the officer's photo as JPEG, or None."""
    row = session.get(OfficerRow, officer)
    return None if row is None else row.photo


def population_of(session: Session, office: str) -> int | None:
    """Return the office's yearly number of service users, or None when it was never set."""
    return session.execute(
        select(col(OfficeRow.population)).where(col(OfficeRow.code) == office)
    ).scalar_one_or_none()
