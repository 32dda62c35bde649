"""The directory's version: it grows with every committed change of what the doors go by, so none reads it in vain."""

from itertools import chain
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, col

from shared.db.people_tables import (
    CounterRow,
    DirectoryVersionRow,
    ExtraElementRow,
    KioskRow,
    MoveRow,
    OfficeRow,
    OfficerRow,
    PostingRow,
    RegionRow,
    ServiceRow,
)
from shared.db.tables import RaterSecretRow

DIRECTORY = (
    RegionRow, OfficeRow, CounterRow, ServiceRow, ExtraElementRow, OfficerRow, PostingRow, MoveRow, KioskRow,
    RaterSecretRow,
)  # fmt: skip
_TABLES = frozenset(str(row.__tablename__) for row in DIRECTORY)
_CHANGED = "directory changed"
_LATER = "directory seen later"


def directory_version(session: Session) -> int:
    """Return the version of what this session sees; another one means that something has changed."""
    return session.scalars(select(col(DirectoryVersionRow.version))).one()


class WritingSession(Session):
    """A session whose commit lets the version grow when something of the directory was changed in it."""


def seen_later(session: Session) -> None:
    """Let the version stay, whatever this session changes: its caller lets it grow when all is done."""
    session.info[_LATER] = True


def seen_now(session: Session) -> None:
    """Let the version grow with this commit, for what was to be seen later."""
    session.info[_CHANGED] = True
    session.info.pop(_LATER, None)


@event.listens_for(WritingSession, "after_flush")
def _note_objects(session: Session, _context: object) -> None:
    if any(isinstance(row, DIRECTORY) for row in chain(session.new, session.dirty, session.deleted)):
        session.info[_CHANGED] = True


@event.listens_for(WritingSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    statement: Any = state.statement
    if (state.is_insert or state.is_update or state.is_delete) and statement.table.name in _TABLES:
        state.session.info[_CHANGED] = True


@event.listens_for(WritingSession, "before_commit")
def _grow(session: Session) -> None:
    # Last of all: two transactions would otherwise wait for each other, one for this row and one for another.
    session.flush()
    if session.info.pop(_CHANGED, False) and not session.info.pop(_LATER, False):
        session.execute(update(DirectoryVersionRow).values(version=DirectoryVersionRow.version + 1))


@event.listens_for(WritingSession, "after_rollback")
def _forget(session: Session) -> None:
    # Not for a savepoint: what was changed before it still stands.
    if not session.in_nested_transaction():
        session.info.pop(_CHANGED, None)
