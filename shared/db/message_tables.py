"""The tables of messages: whom we may ask, what we asked, what went out and what came in.

A phone is kept sealed for sending and as a keyed hash for finding; nothing here refers to a rating, and no rating
refers to anything here.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from shared.db.types import UtcDateTime, coded, one_of
from shared.domain.outreach import ConsentSource, InvitationState, MessageState, Purpose
from shared.domain.ratings import Channel

HAS_REFUSED = text("refused_at IS NOT NULL")
NOT_TAKEN = text("taken_at IS NULL")
NOT_WIPED = text("text IS NOT NULL")
IN_WORK = text("state IN ('waiting', 'sending')")
ON_ITS_WAY = text("state = 'sent'")
KNOWN = text("phone_hash IS NOT NULL")
STILL_OPEN = text("state IN ('waiting', 'asked', 'reminded')")
SHOWN_LENGTH = 16
ERROR_LENGTH = 32


def _hash(*, primary_key: bool = False, nullable: bool = False) -> Any:
    return Column(LargeBinary(32), primary_key=primary_key, nullable=nullable)


def _sealed() -> Any:
    return Column(LargeBinary, nullable=True)


def _moment(*, nullable: bool = False) -> Any:
    return Column(UtcDateTime, nullable=nullable)


def _speaks() -> CheckConstraint:
    return CheckConstraint("language IN ('id', 'en')", name="language_known")


class ContactRow(SQLModel, table=True):
    """A person's telephone: how to write to it, and whether it may be written to.

    Whoever has asked not to be written to is remembered by the hash alone.
    """

    __tablename__ = "contact"
    __table_args__ = (
        _speaks(),
        Index("ix_contact_refused_at", "refused_at", postgresql_where=HAS_REFUSED, sqlite_where=HAS_REFUSED),
    )

    phone_hash: bytes = Field(sa_column=_hash(primary_key=True))
    phone: bytes | None = Field(default=None, sa_column=_sealed())
    language: str = Field(default="id", sa_column=Column(String(2), nullable=False))
    refused_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    created_at: datetime = Field(sa_column=_moment())


class ConsentRow(SQLModel, table=True):
    """Somebody agreed to be asked: when, in which words, and who told us."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("source", ConsentSource),
        Index("ix_consent_phone_hash", "phone_hash"),
    )

    id: int | None = Field(default=None, primary_key=True)
    phone_hash: bytes = Field(sa_column=_hash())
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    wording: str = Field(sa_column=Column(String(16), nullable=False))
    source: str = Field(sa_column=Column(String(16), nullable=False))
    told_by: str = Field(sa_column=Column(String(64), nullable=False))
    given_at: datetime = Field(sa_column=_moment())


class InvitationRow(SQLModel, table=True):
    """One question to one person about those who served them; its link works once, until it is revoked or over.

    `ask_at` and `expires_at` stay as they were when it was told, for its office sees them, and what moved would tell
    that somebody is written to. Who was asked lately is asked at `put_off_to`, which no office sees. `phone_shown` is
    so much of the number as may stand on a screen. Who is never to be asked, since they want no messages, is there
    without a hash and `withdrawn` from the start: to whoever told of the visit it looks like any other.
    `withdrawn_by` is the user name of who withdrew it; empty when the person, or the installation, did.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("state", InvitationState),
        _speaks(),
        CheckConstraint("expires_at > ask_at", name="ends_after_asking"),
        Index("uq_invitation_token_hash", "token_hash", unique=True),
        Index("ix_invitation_due", "ask_at", postgresql_where=STILL_OPEN, sqlite_where=STILL_OPEN),
        Index("ix_invitation_phone_hash", "phone_hash", postgresql_where=KNOWN, sqlite_where=KNOWN),
        Index("ix_invitation_office_code_created_at", "office_code", "created_at"),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    counter_code: str | None = Field(default=None, sa_column=coded(nullable=True))
    service_code: str | None = Field(default=None, sa_column=coded(nullable=True))
    served_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    language: str = Field(sa_column=Column(String(2), nullable=False))
    phone_hash: bytes | None = Field(default=None, sa_column=_hash(nullable=True))
    phone_shown: str | None = Field(default=None, sa_column=Column(String(SHOWN_LENGTH), nullable=True))
    token_hash: bytes | None = Field(default=None, sa_column=_hash(nullable=True))
    token: bytes | None = Field(default=None, sa_column=_sealed())
    state: str = Field(sa_column=Column(String(16), nullable=False))
    ask_at: datetime = Field(sa_column=_moment())
    put_off_to: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    remind_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    expires_at: datetime = Field(sa_column=_moment())
    withdrawn_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    created_at: datetime = Field(sa_column=_moment())


class InvitationOfficerRow(SQLModel, table=True):
    """One of the officers a person is asked about, and whether they have answered."""

    __tablename__ = "invitation_officer"

    invitation_id: uuid.UUID = Field(
        sa_column=Column(Uuid, ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True)
    )
    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code"), primary_key=True))
    answered: bool = Field(default=False, nullable=False)


class MessageRow(SQLModel, table=True):
    """One message of ours, from the wish to send it to what became of it; its words and phone go before the row."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("channel", Channel),
        one_of("state", MessageState),
        CheckConstraint("segments >= 1", name="segments_positive"),
        CheckConstraint("attempts >= 0", name="attempts_positive"),
        CheckConstraint("cost >= 0", name="cost_positive"),
        Index("uq_message_invitation", "invitation_id", "purpose", unique=True),
        Index("uq_message_provider_id", "gateway", "provider_id", unique=True),
        Index("ix_message_due", "due_at", postgresql_where=IN_WORK, sqlite_where=IN_WORK),
        Index("ix_message_sent_at", "sent_at", postgresql_where=ON_ITS_WAY, sqlite_where=ON_ITS_WAY),
        Index("ix_message_office_code_created_at", "office_code", "created_at"),
        Index("ix_message_phone_hash", "phone_hash"),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    purpose: str = Field(sa_column=Column(String(16), nullable=False))
    channel: str = Field(sa_column=Column(String(16), nullable=False))
    gateway: str = Field(sa_column=Column(String(32), nullable=False))
    office_code: str | None = Field(default=None, sa_column=coded(ForeignKey("office.code"), nullable=True))
    invitation_id: uuid.UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("invitation.id", ondelete="SET NULL"), nullable=True)
    )
    phone_hash: bytes | None = Field(default=None, sa_column=_hash(nullable=True))
    phone: bytes | None = Field(default=None, sa_column=_sealed())
    text: bytes | None = Field(default=None, sa_column=_sealed())
    template: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    segments: int = Field(sa_column=Column(SmallInteger, nullable=False))
    state: str = Field(sa_column=Column(String(16), nullable=False))
    attempts: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    created_at: datetime = Field(sa_column=_moment())
    due_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    claimed_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    sent_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    state_at: datetime = Field(sa_column=_moment())
    provider_id: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    error_code: str | None = Field(default=None, sa_column=Column(String(ERROR_LENGTH), nullable=True))
    cost: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))


class InboxRow(SQLModel, table=True):
    """One message of a person, as it came in; once per provider's id, of which `id` is a keyed hash.

    `conversation` is what the person had said once this message was taken. What says who wrote or what was said is
    sealed, and goes seven days later; the row stays, so that a message is known when it comes again.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        one_of("channel", Channel),
        Index("ix_inbox_phone_hash_received_at", "phone_hash", "received_at"),
        Index("ix_inbox_not_taken", "received_at", postgresql_where=NOT_TAKEN, sqlite_where=NOT_TAKEN),
        Index("ix_inbox_taken_at", "taken_at", postgresql_where=NOT_WIPED, sqlite_where=NOT_WIPED),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    gateway: str = Field(sa_column=Column(String(32), nullable=False))
    channel: str = Field(sa_column=Column(String(16), nullable=False))
    phone_hash: bytes | None = Field(default=None, sa_column=_hash(nullable=True))
    phone: bytes | None = Field(default=None, sa_column=_sealed())
    provider_id: bytes | None = Field(default=None, sa_column=_sealed())
    text: bytes | None = Field(default=None, sa_column=_sealed())
    received_at: datetime = Field(sa_column=_moment())
    taken_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    reply: bytes | None = Field(default=None, sa_column=_sealed())
    conversation: bytes | None = Field(default=None, sa_column=_sealed())


class WishRow(SQLModel, table=True):
    """Somebody wants an answer of an office: what they wrote for it, sealed, and how the answer goes back.

    Nothing refers to what they rated. `wording` is the version of the words they wished for it in; `message_id` the
    answer on its way. The row goes once that has left.
    """

    __tablename__ = "wish"
    __table_args__ = (
        one_of("channel", Channel),
        UniqueConstraint("phone_hash", "office_code"),
        Index(None, "office_code", "asked_on"),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    phone_hash: bytes = Field(sa_column=_hash())
    phone: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    wording: str = Field(sa_column=Column(String(16), nullable=False))
    channel: str = Field(sa_column=Column(String(16), nullable=False))
    gateway: str = Field(sa_column=Column(String(32), nullable=False))
    asked_on: date = Field(sa_column=Column(Date, nullable=False))
    message_id: uuid.UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("message.id", ondelete="SET NULL"), nullable=True)
    )


class ApiKeyRow(SQLModel, table=True):
    """What a queue system or an export signs in with; only the hash of its secret is kept."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    name: str = Field(sa_column=Column(String(80), nullable=False))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    secret_hash: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False, unique=True))
    created_at: datetime = Field(sa_column=_moment())
    revoked_at: datetime | None = Field(default=None, sa_column=_moment(nullable=True))
    last_used_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
