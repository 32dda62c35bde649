"""The trail of every act that changes something: written in the act's own transaction, never altered afterwards.

Whoever opens a writing session says who acts; what the session then adds, changes or removes is noted by the session
itself, so that no act can forget it. The database refuses to change or delete a line.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    event,
    inspect,
)
from sqlmodel import Field, Session, SQLModel

from shared.db.directory_version import WritingSession
from shared.db.message_tables import ApiKeyRow
from shared.db.own_words_tables import OwnWordsRow, SlideRow
from shared.db.people_tables import (
    ExtraElementRow,
    KioskRow,
    MoveRow,
    PostingRow,
    ServiceRow,
)
from shared.db.review_tables import ReviewRow
from shared.db.types import UtcDateTime
from shared.domain.account_facts import OPERATOR

OPERATOR_ROLE: Final = "operator"
NOBODY: Final = "-"
"""What stands in the trail where there is no name, and no role."""
SECRET: Final = frozenset(
    {
        "password", "fs_uniquifier", "tf_totp_secret", "mf_recovery_codes", "activation_hash", "enrolment_hash",
        "token_hash", "next_token_hash", "pin", "nip_sealed", "nip_hash", "photo", "picture", "words",
        "secret_hash", "own_phone_hash", "own_phone_sealed",
    }
)  # fmt: skip
"""Columns of which the trail says that they changed, never to what."""
HIDDEN: Final = "•••"
AUDITED: Final = frozenset(
    {
        "region", "office", "counter", "service", "extra_element", "officer", "move", "posting", "kiosk", "account",
        "review", "own_words", "slide", "api_key",
    }
)  # fmt: skip
"""The tables of which every change is an act; the kind of an act is the name of its table."""
_ACTOR: Final = "actor"
_NOTED: Final = "noted"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account by its user name and role, from an address; or the operator at the command line."""

    name: str
    role: str
    address: str | None = None


BY_ITSELF: Final = Actor(OPERATOR, NOBODY)
"""The installation, doing what a day asks for."""


class AuditRow(SQLModel, table=True):
    """One act. Triggers refuse to change or remove it."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject_kind", "subject"), Index(None, "actor"), Index(None, "at"))

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor: str = Field(sa_column=Column(String(64), nullable=False))
    role: str = Field(sa_column=Column(String(16), nullable=False))
    address: str | None = Field(default=None, sa_column=Column(String(45), nullable=True))
    verb: str = Field(sa_column=Column(String(32), nullable=False))
    subject_kind: str = Field(sa_column=Column(String(16), nullable=False))
    subject: str = Field(sa_column=Column(String(120), nullable=False))
    before: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


def act_as(session: Session, actor: Actor, at: datetime) -> None:
    """Let everything this session changes be noted as the act of `actor`."""
    session.info[_ACTOR] = actor, at


def note(
    session: Session,
    verb: str,
    kind: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an act that changes no single row: a sign-in, an import, a set of postings."""
    actor, at = session.info[_ACTOR]
    session.add(
        AuditRow(
            at=at,
            actor=actor.name[:64],
            role=actor.role,
            address=actor.address,
            verb=verb,
            subject_kind=kind,
            subject=subject[:120],
            before=before or {},
            after=after or {},
        )
    )


@event.listens_for(WritingSession, "before_flush")
def _note_changes(session: Session, _context: object, _instances: object) -> None:
    if _ACTOR not in session.info:
        return
    # Anew each time: what a flush before this one could not do was never done.
    noted = session.info[_NOTED] = []
    for verb, rows in (("added", session.new), ("changed", session.dirty), ("removed", session.deleted)):
        for row in rows:
            if row.__tablename__ in AUDITED and any(changes := _changes(row, verb)):
                noted.append((row, verb, *changes))


@event.listens_for(WritingSession, "after_flush_postexec")
def _add_lines(session: Session, _context: object) -> None:
    # Only now has a new row the id that the database gave it.
    for row, verb, before, after in session.info.pop(_NOTED, ()):
        note(session, verb, row.__tablename__, _subject(row), before, after)


def _changes(row: SQLModel, verb: str) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in inspect(row).mapper.column_attrs:
        name, history = attribute.key, inspect(row).attrs[attribute.key].history
        if verb == "removed":
            before |= _told(name, getattr(row, name))
        elif verb == "added":
            after |= _told(name, getattr(row, name))
        elif history.has_changes():
            before |= {name: _value(name, next(iter(history.deleted), None))}
            after |= {name: _value(name, next(iter(history.added), None))}
    return before, after


def _told(name: str, value: Any) -> dict[str, Any]:
    return {} if value is None or name == "id" else {name: _value(name, value)}


def _value(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if name in SECRET or isinstance(value, bytes):
        return HIDDEN
    return value.isoformat() if isinstance(value, date | datetime) else value


def _subject(row: Any) -> str:
    if isinstance(row, PostingRow):
        return f"{row.officer_code} {row.counter_code}"
    if isinstance(row, ServiceRow | ExtraElementRow):
        return f"{row.office_code} {row.code}"
    if isinstance(row, MoveRow):
        return str(row.officer_code)
    if isinstance(row, ReviewRow):
        return f"{row.officer_code} {row.month}"
    if isinstance(row, KioskRow):
        return str(row.id)
    if isinstance(row, OwnWordsRow):
        return str(row.office_code)
    if isinstance(row, SlideRow | ApiKeyRow):
        return f"{row.office_code} {row.id}"
    return str(getattr(row, "username", None) or row.code)
