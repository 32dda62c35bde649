"""Reading the trail of acts. Apart from writing it: only who reads it needs the accounts and the sign-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, outerjoin, select
from sqlmodel import Session, col

from shared.db.accounts import Account
from shared.db.audit import Actor, AuditRow
from shared.db.people_tables import KioskRow


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the trail; `person` and `kiosk` are what actor and subject are called today, if there are any."""

    id: int
    at: datetime
    actor: Actor
    person: str | None
    kiosk: str | None
    verb: str
    kind: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines somebody looks for: every word in the actor, their name or the subject; up to a moment."""

    words: str = ""
    verb: str = ""
    kind: str = ""
    until: datetime | None = None


def acts(
    session: Session, wanted: Wanted, before: int | None = None, limit: int = 50
) -> tuple[list[Act], int | None]:
    """Return the acts that are looked for, newest first, and the id to go on before when there are more."""
    # Their ids first: however many there are to be sorted, no more is read than what is shown.
    query = select(col(AuditRow.id)).where(*_filters(wanted)).order_by(col(AuditRow.id).desc()).limit(limit + 1)
    if before is not None:
        query = query.where(col(AuditRow.id) < before)
    ids = session.scalars(query).all()
    found = session.execute(_acts().where(col(AuditRow.id).in_(ids[:limit])))
    return [_act(*facts) for facts in found], ids[limit - 1] if len(ids) > limit else None


def acts_on(session: Session, kind: str, subject: str, limit: int = 20) -> list[Act]:
    """Return the newest acts on one thing."""
    query = _acts().where(col(AuditRow.subject_kind) == kind, col(AuditRow.subject) == subject)
    return [_act(*facts) for facts in session.execute(query.limit(limit))]


def _acts() -> Select[AuditRow, str, str]:
    person = outerjoin(AuditRow, Account, col(Account.username) == col(AuditRow.actor))
    is_it = and_(col(AuditRow.subject_kind) == "kiosk", cast(col(KioskRow.id), String) == col(AuditRow.subject))
    named = outerjoin(person, KioskRow, is_it)
    return (
        select(AuditRow, col(Account.name), col(KioskRow.name)).select_from(named).order_by(col(AuditRow.id).desc())
    )


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for word in wanted.words.lower().split():
        written = func.lower(col(AuditRow.actor) + " " + col(AuditRow.subject)).contains(word, autoescape=True)
        named = select(col(Account.username)).where(func.lower(col(Account.name)).contains(word, autoescape=True))
        yield or_(written, col(AuditRow.actor).in_(named))
    if wanted.verb:
        yield col(AuditRow.verb) == wanted.verb
    if wanted.kind:
        # Not by the index: the newest lines of a common kind are found sooner by walking back from the end.
        yield col(AuditRow.subject_kind) + "" == wanted.kind
    if wanted.until:
        yield col(AuditRow.at) < wanted.until


def _act(row: AuditRow, person: str | None, kiosk: str | None) -> Act:
    return Act(
        row.id or 0,
        row.at,
        Actor(row.actor, row.role, row.address),
        person,
        kiosk,
        row.verb,
        row.subject_kind,
        row.subject,
        row.before,
        row.after,
    )
