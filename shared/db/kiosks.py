"""Kiosks: made known by an operator, enrolled by a one-time code, shut out by revoking."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.people import secret_hash
from shared.db.people_tables import KioskRow
from shared.domain.people import Kiosk

ENROLMENT_LIFETIME: Final = timedelta(hours=24)
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


def invite_device(session: Session, kiosk_id: int, code: str, now: datetime) -> None:
    """Let the next device that sends `code` within a day become this kiosk; the device before it is shut out."""
    row = session.get_one(KioskRow, kiosk_id)
    row.enrolment_hash, row.enrolment_expires_at = secret_hash(_plain(code)), now + ENROLMENT_LIFETIME
    row.token_hash = row.enrolled_at = row.revoked_at = None
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
