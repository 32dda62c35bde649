"""Kiosks: made known by an operator, enrolled by a one-time code, shut out by revoking."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people import secret_hash
from shared.db.people_tables import CounterRow, KioskRow, OfficeRow
from shared.domain.facts import Facts, Maybe, Name
from shared.domain.people import Kiosk
from shared.domain.ratings import Code

ENROLMENT_LIFETIME: Final = timedelta(minutes=15)
COLUMNS: Final = ("counter_code", "name")
LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without the letters and digits that look alike on a slip of paper."""


@dataclass(frozen=True, slots=True)
class KnownKiosk:
    """A kiosk as the operator sees it."""

    id: int
    name: str
    office: str
    counter: str | None
    enrolled_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedKiosk:
    """A kiosk as administration sees it, with the names of its places."""

    id: int
    name: str
    office: str
    office_name: str
    counter: str | None
    counter_name: str | None
    invited_until: datetime | None
    enrolled_at: datetime | None
    revoked_at: datetime | None

    @property
    def in_use(self) -> bool:
        """Say whether a device is this kiosk."""
        return self.enrolled_at is not None and self.revoked_at is None

    def invited(self, now: datetime) -> bool:
        """Say whether a code waits for its device."""
        waits = self.enrolled_at is None and self.revoked_at is None
        return waits and self.invited_until is not None and now < self.invited_until


class KioskFacts(Facts):
    """What an administrator says about a kiosk; without a counter it serves its whole office."""

    office: Code
    name: Name
    counter: Annotated[Code | None, Maybe] = None


class NoSuchCounter(Exception):
    """The kiosk's office has no open counter of this code."""


class OfficeClosed(Exception):
    """No device is set up in an office that is closed."""


def new_enrolment_code() -> str:
    """Return a fresh one-time code that a person can read and type: "ABCD-2345"."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def add_kiosk(session: Session, name: str, office: str, counter: str | None) -> int:
    """Make a kiosk known and return its id; no device is it yet."""
    row = KioskRow(name=name, office_code=office, counter_code=counter)
    session.add(row)
    session.flush()
    return row.id or 0


def invite_device(
    session: Session, kiosk_id: int, code: str, now: datetime, lifetime: timedelta = ENROLMENT_LIFETIME
) -> None:
    """Let the next device that sends `code` in time become this kiosk; the device before it is shut out."""
    row = session.get_one(KioskRow, kiosk_id)
    row.enrolment_hash, row.enrolment_expires_at = secret_hash(_plain(code)), now + lifetime
    row.token_hash = row.next_token_hash = row.enrolled_at = row.revoked_at = None
    session.add(row)


def enrol(session: Session, code: str, token: str, now: datetime) -> Kiosk | None:
    """Give a device its token in exchange for a one-time code; None for a code that is unknown, used or too old.

    The same code with the same token succeeds again, so that a device may repeat a call whose answer was lost.
    """
    row = session.scalars(
        select(KioskRow).where(col(KioskRow.enrolment_hash) == secret_hash(_plain(code))).with_for_update()
    ).one_or_none()
    if row is None or row.id is None or row.revoked_at is not None:
        return None
    hashed = secret_hash(token)
    if row.token_hash != hashed:
        if row.token_hash is not None or row.enrolment_expires_at is None or row.enrolment_expires_at <= now:
            return None
        row.token_hash, row.enrolled_at = hashed, now
        session.add(row)
    return Kiosk(row.id, row.name, row.office_code, row.counter_code)


def revoke_kiosk(session: Session, kiosk_id: int, now: datetime) -> None:
    """Shut a device out for good; its ratings stay."""
    row = session.get_one(KioskRow, kiosk_id)
    row.revoked_at = row.revoked_at or now
    session.add(row)


def known_kiosks(session: Session) -> list[KnownKiosk]:
    """Return all kiosks, by office and name."""
    rows = session.scalars(select(KioskRow).order_by(col(KioskRow.office_code), col(KioskRow.name), col(KioskRow.id)))
    return [
        KnownKiosk(row.id or 0, row.name, row.office_code, row.counter_code, row.enrolled_at, row.revoked_at)
        for row in rows
    ]


def kiosks_listed(session: Session, within: frozenset[str], words: str = "") -> list[ListedKiosk]:
    """Return the kiosks of the offices `within` with these words in name or place, by office and name."""
    query = _listed().where(col(KioskRow.office_code).in_(within))
    told = [col(KioskRow.name), col(OfficeRow.name), col(OfficeRow.code), col(CounterRow.name)]
    for word in words.lower().split():
        query = query.where(or_(*(func.lower(column).contains(word, autoescape=True) for column in told)))
    query = query.order_by(col(OfficeRow.name), col(OfficeRow.code), col(KioskRow.name), col(KioskRow.id))
    return [ListedKiosk(*row) for row in session.execute(query)]


def kiosk_of(session: Session, within: frozenset[str], kiosk_id: int) -> tuple[ListedKiosk, str] | None:
    """Return a kiosk of the offices `within` and the mark of having seen it, or None."""
    query = _listed().where(col(KioskRow.office_code).in_(within), col(KioskRow.id) == kiosk_id)
    found = session.execute(query).one_or_none()
    return None if found is None else (ListedKiosk(*found), records.seen(session.get(KioskRow, kiosk_id), COLUMNS))


def open_counters(session: Session, office: str, today: date) -> list[tuple[str, str]]:
    """Return (code, name) of the counters of an office at which a device can stand."""
    is_open = or_(col(CounterRow.closed_on).is_(None), col(CounterRow.closed_on) > today)
    query = select(col(CounterRow.code), col(CounterRow.name)).where(col(CounterRow.office_code) == office, is_open)
    return [(code, name) for code, name in session.execute(query.order_by(col(CounterRow.name)))]


def put_kiosk(session: Session, facts: KioskFacts, today: date) -> int:
    """Make a kiosk known and return its id; a kiosk that is known and says the same is this very one, sent twice.

    Raises CodeTaken when another kiosk of the office has this name, NoSuchCounter and OfficeClosed.
    """
    # Held, so that the same form sent twice at once makes one kiosk.
    office = session.get_one(OfficeRow, facts.office, with_for_update={"key_share": True})
    if office.closed_on is not None and office.closed_on <= today:
        raise OfficeClosed
    _check_counter(session, facts, today)
    namesake = _namesake(session, facts)
    if namesake is None:
        return add_kiosk(session, facts.name, facts.office, facts.counter)
    if namesake.counter_code != facts.counter:
        raise records.CodeTaken
    return namesake.id or 0


def change_kiosk(session: Session, kiosk_id: int, facts: KioskFacts, seen: str, today: date) -> None:
    """Give a kiosk another name or another counter of its office.

    Raises ChangedMeanwhile, CodeTaken when another kiosk of the office has this name, and NoSuchCounter.
    """
    session.get_one(OfficeRow, facts.office, with_for_update={"key_share": True})
    before = session.get_one(KioskRow, kiosk_id)
    if facts.counter != before.counter_code:
        _check_counter(session, facts, today)
    if _namesake(session, facts, besides=kiosk_id) is not None:
        raise records.CodeTaken
    values = {"name": facts.name, "counter_code": facts.counter}
    records.change(session, KioskRow, kiosk_id, values, seen)


def replace_device(session: Session, kiosk_id: int, code: str, now: datetime, known: datetime | None) -> None:
    """Invite a device, shutting out the one before, if that is the one `known` to whoever asks: enrolled then.

    Raises ChangedMeanwhile when another device was enrolled since they looked.
    """
    row = session.get_one(KioskRow, kiosk_id, with_for_update=True)
    if row.enrolled_at is not None and row.enrolled_at != known:
        raise records.ChangedMeanwhile
    invite_device(session, kiosk_id, code, now)


def _listed() -> Select[*tuple[Any, ...]]:
    columns = (
        col(KioskRow.id), col(KioskRow.name), col(OfficeRow.code), col(OfficeRow.name), col(CounterRow.code),
        col(CounterRow.name), col(KioskRow.enrolment_expires_at), col(KioskRow.enrolled_at), col(KioskRow.revoked_at),
    )  # fmt: skip
    return (
        select(*columns)
        .join(OfficeRow, col(KioskRow.office_code) == col(OfficeRow.code))
        .join(CounterRow, col(KioskRow.counter_code) == col(CounterRow.code), isouter=True)
    )


def _check_counter(session: Session, facts: KioskFacts, today: date) -> None:
    if facts.counter is not None and facts.counter not in dict(open_counters(session, facts.office, today)):
        raise NoSuchCounter


def _namesake(session: Session, facts: KioskFacts, besides: int | None = None) -> KioskRow | None:
    query = select(KioskRow).where(
        col(KioskRow.office_code) == facts.office,
        col(KioskRow.name) == facts.name,
        col(KioskRow.revoked_at).is_(None),
        col(KioskRow.id) != (besides or 0),
    )
    return session.scalars(query).first()
