"""Who is signed in where: one row a sign-in, so that a person sees theirs and can end any of them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Integer, LargeBinary, String, select, update
from sqlmodel import Field, Session, SQLModel, col

from shared.db.accounts import Account
from shared.db.types import UtcDateTime

LIFETIME: Final = timedelta(hours=8)
SEEN_EVERY: Final = timedelta(minutes=5)
DEVICE_LENGTH: Final = 200
ADDRESS_LENGTH: Final = 45


class SignInRow(SQLModel, table=True):
    """One sign-in in one browser; of its secret only the hash is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "account_id", "ended_at"),)

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), nullable=False))
    secret_hash: bytes = Field(sa_column=Column(LargeBinary(32), unique=True, nullable=False))
    started_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    address: str | None = Field(default=None, sa_column=Column(String(ADDRESS_LENGTH), nullable=True))
    device: str = Field(default="", sa_column=Column(String(DEVICE_LENGTH), nullable=False))


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in as its person sees it."""

    id: int
    started_at: datetime
    seen_at: datetime
    address: str | None
    device: str


def begin(session: Session, account_id: int, at: datetime, address: str | None, device: str) -> str:
    """Note a new sign-in and return its secret, which the browser keeps."""
    secret = secrets.token_urlsafe(24)
    session.add(
        SignInRow(
            account_id=account_id,
            secret_hash=_hash(secret),
            started_at=at,
            seen_at=at,
            address=address and address[:ADDRESS_LENGTH],
            device=device[:DEVICE_LENGTH],
        )
    )
    return secret


def signed_in(session: Session, uniquifier: str, secret: str, now: datetime) -> tuple[Account, SignIn] | None:
    """Return the account of a sign-in that lasts; None when it was ended, is too old, or was never."""
    query = (
        select(Account, SignInRow)
        .join(SignInRow, col(SignInRow.account_id) == col(Account.id))
        .where(
            col(SignInRow.secret_hash) == _hash(secret),
            col(Account.fs_uniquifier) == uniquifier,
            col(Account.active),
            *_lasting(now),
        )
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], _shown(found[1]))


def known(session: Session, secret: str) -> tuple[int, int] | None:
    """Return the ids of the sign-in with this secret and of its account, whether or not it lasts."""
    query = select(SignInRow).where(col(SignInRow.secret_hash) == _hash(secret))
    row = session.scalar(query)
    return None if row is None else (row.id or 0, row.account_id)


def seen(session: Session, sign_in: SignIn, now: datetime) -> None:
    """Note that a sign-in is in use."""
    session.execute(update(SignInRow).where(col(SignInRow.id) == sign_in.id).values(seen_at=now))


def lasting(session: Session, account_id: int, now: datetime) -> list[SignIn]:
    """Return the account's sign-ins that have not ended, the latest used first."""
    query = select(SignInRow).where(col(SignInRow.account_id) == account_id, *_lasting(now))
    return [_shown(row) for row in session.scalars(query.order_by(col(SignInRow.seen_at).desc()))]


def end(session: Session, account_id: int, sign_in_id: int, at: datetime) -> bool:
    """End one sign-in of this account; False when it has none such."""
    query = update(SignInRow).where(
        col(SignInRow.id) == sign_in_id, col(SignInRow.account_id) == account_id, col(SignInRow.ended_at).is_(None)
    )
    return session.scalar(query.values(ended_at=at).returning(col(SignInRow.id))) is not None


def end_all(session: Session, account_id: int, at: datetime, but: int | None = None) -> None:
    """End every sign-in of this account, or every other."""
    query = update(SignInRow).where(col(SignInRow.account_id) == account_id, col(SignInRow.ended_at).is_(None))
    if but is not None:
        query = query.where(col(SignInRow.id) != but)
    session.execute(query.values(ended_at=at))


def _lasting(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(SignInRow.ended_at).is_(None), col(SignInRow.started_at) > now - LIFETIME


def _shown(row: SignInRow) -> SignIn:
    return SignIn(row.id or 0, row.started_at, row.seen_at, row.address, row.device)


def _hash(secret: str) -> bytes:
    return sha256(f"sign-in {secret}".encode()).digest()
