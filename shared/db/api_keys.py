"""API keys: what a queue system signs in with. Only the hash of its secret is kept."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select, update
from sqlmodel import Session, col

from shared.db.message_tables import ApiKeyRow
from shared.db.people import secret_hash
from shared.db.people_tables import OfficeRow
from shared.db.records import CodeTaken

PREFIX: Final = "suara_"
"""What a scanner for secrets that were left lying about knows them by."""
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that is known: what it is called, and for which office it speaks."""

    id: int
    name: str
    office: str


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as a list shows it."""

    id: int
    name: str
    office: str
    office_name: str
    created_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


def new_secret() -> str:
    """Return the secret of a new key; it is told once, to whoever made it."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def add_key(session: Session, name: str, office: str, secret: str, now: datetime) -> int:
    """Add a key and return its number; raise CodeTaken when this office has one of this name that is not revoked."""
    row = ApiKeyRow
    same = (col(row.office_code) == office, col(row.name) == name, col(row.revoked_at).is_(None))
    # One after the other: the office's row is what two at the same time would both hold.
    session.get_one(OfficeRow, office, with_for_update=True)
    if session.scalar(select(col(row.id)).where(*same).limit(1)) is not None:
        raise CodeTaken
    key = ApiKeyRow(name=name, office_code=office, secret_hash=secret_hash(secret), created_at=now)
    session.add(key)
    session.flush()
    return key.id or 0


def revoke_key(session: Session, key: int, now: datetime) -> str | None:
    """Shut a key out, and return its name; None when there is none. One that is shut out already stays so."""
    row = session.get(ApiKeyRow, key, with_for_update=True)
    if row is None:
        return None
    row.revoked_at = row.revoked_at or now
    session.add(row)
    return row.name


def key_of(session: Session, secret: str) -> ApiKey | None:
    """Return the key of this secret, unless it is revoked."""
    # Looked up by hash: neither the time a comparison takes nor a stolen table tells a secret.
    mine = (col(ApiKeyRow.secret_hash) == secret_hash(secret), col(ApiKeyRow.revoked_at).is_(None))
    row = session.scalars(select(ApiKeyRow).where(*mine)).one_or_none()
    return None if row is None or row.id is None else ApiKey(row.id, row.name, row.office_code)


def note_use(session: Session, key: int, today: date) -> None:
    """Note on which day a key was used last."""
    row = ApiKeyRow
    other = col(row.last_used_on).is_distinct_from(today)
    session.execute(update(row).where(col(row.id) == key, other).values(last_used_on=today))


def keys_listed(session: Session) -> list[ListedKey]:
    """Return all keys, those in use first."""
    row, office = ApiKeyRow, OfficeRow
    order = (col(row.revoked_at).is_not(None), col(office.name), col(row.name), col(row.id))
    query = select(row, col(office.name)).join(office, col(row.office_code) == col(office.code)).order_by(*order)
    return [
        ListedKey(key.id, key.name, key.office_code, name, key.created_at, key.revoked_at, key.last_used_on)
        for key, name in session.execute(query)
        if key.id is not None
    ]
