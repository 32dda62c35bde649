"""The trail of every act that changes something: written in the act's own transaction, never altered afterwards.

Whoever opens a writing session says who acts; what the session then adds, changes or removes is noted by the session
itself, so that no act can forget it. The database refuses to change or delete a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    event,
    func,
    inspect,
    or_,
    select,
)
from sqlmodel import Field, Session, SQLModel, col

from shared.db.accounts import Account
from shared.db.directory_version import WritingSession
from shared.db.people_tables import (
    CounterRow,
    KioskRow,
    MoveRow,
    OfficeRow,
    OfficerRow,
    PostingRow,
    RegionRow,
    ServiceRow,
)
from shared.db.types import UtcDateTime

OPERATOR: Final = "suara"
"""The name under which the command line acts."""
SECRET: Final = frozenset(
    {
        "password", "fs_uniquifier", "tf_totp_secret", "mf_recovery_codes", "activation_hash", "enrolment_hash",
        "token_hash", "nip_sealed", "nip_hash", "photo",
    }
)  # fmt: skip
"""Columns of which the trail says that they changed, never to what."""
HIDDEN: Final = "•••"
AUDITED: Final[dict[type[SQLModel], str]] = {
    RegionRow: "region",
    OfficeRow: "office",
    CounterRow: "counter",
    ServiceRow: "service",
    OfficerRow: "officer",
    MoveRow: "move",
    PostingRow: "posting",
    KioskRow: "kiosk",
    Account: "account",
}
_ACTOR: Final = "actor"
_NOTED: Final = "noted"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account by its user name and role, from an address; or the operator at the command line."""

    name: str
    role: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the trail."""

    at: datetime
    actor: Actor
    verb: str
    kind: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]


class AuditRow(SQLModel, table=True):
    """One act. Triggers refuse UPDATE and DELETE."""

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


def acts(
    session: Session,
    *,
    words: str = "",
    kind: str = "",
    day: date | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> tuple[list[Act], int | None]:
    """Return acts, newest first, and the id to go on from when there are more.

    `words` is found in the actor, the subject or the verb; `day` is a date in UTC, the last that is shown.
    """
    query = select(AuditRow).where(*_filters(words, kind, day))
    if before_id is not None:
        query = query.where(col(AuditRow.id) < before_id)
    rows = session.scalars(query.order_by(col(AuditRow.id).desc()).limit(limit + 1)).all()
    more = rows[limit - 1].id if len(rows) > limit else None
    return [_act(row) for row in rows[:limit]], more


def acts_on(session: Session, kind: str, subject: str, limit: int = 20) -> list[Act]:
    """Return the newest acts on one thing."""
    query = select(AuditRow).where(col(AuditRow.subject_kind) == kind, col(AuditRow.subject) == subject)
    return [_act(row) for row in session.scalars(query.order_by(col(AuditRow.id).desc()).limit(limit))]


def _filters(words: str, kind: str, day: date | None) -> Iterator[ColumnElement[bool]]:
    for word in words.lower().split():
        like = f"%{word.replace('%', '').replace('_', '')}%"
        told = (col(AuditRow.actor), col(AuditRow.subject), col(AuditRow.verb))
        yield or_(*(func.lower(column).like(like) for column in told))
    if kind:
        yield col(AuditRow.subject_kind) == kind
    if day:
        yield col(AuditRow.at) < datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _act(row: AuditRow) -> Act:
    actor = Actor(row.actor, row.role, row.address)
    return Act(row.at, actor, row.verb, row.subject_kind, row.subject, row.before, row.after)


@event.listens_for(WritingSession, "before_flush")
def _note_changes(session: Session, _context: object, _instances: object) -> None:
    if _ACTOR not in session.info:
        return
    for verb, rows in (("added", session.new), ("changed", session.dirty), ("removed", session.deleted)):
        for row in rows:
            if type(row) in AUDITED and any(changes := _changes(row, verb)):
                session.info.setdefault(_NOTED, []).append((row, verb, *changes))


@event.listens_for(WritingSession, "after_flush_postexec")
def _add_lines(session: Session, _context: object) -> None:
    # Only now has a new row the id that the database gave it.
    for row, verb, before, after in session.info.pop(_NOTED, ()):
        note(session, verb, AUDITED[type(row)], _subject(row), before, after)


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
    if name in SECRET:
        return HIDDEN
    return value.isoformat() if isinstance(value, date | datetime) else value


def _subject(row: Any) -> str:
    if isinstance(row, PostingRow):
        return f"{row.officer_code} {row.counter_code}"
    if isinstance(row, ServiceRow):
        return f"{row.office_code} {row.code}"
    if isinstance(row, MoveRow):
        return str(row.officer_code)
    if isinstance(row, KioskRow):
        return str(row.id)
    return str(getattr(row, "username", None) or row.code)
