"""What a worker asks and notes of imports, one slice at a time; each in one transaction with what the slice did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from shared.db.directory_version import seen_later, seen_now
from shared.db.import_tables import ImportBatchRow, ImportFileRow, ImportRefusalRow, ImportSliceRow
from shared.db.import_undo import undo_changes
from shared.db.imports import Counts, names_officers
from shared.domain.imports import WORKED_ON, ImportKind, ImportState
from shared.i18n import mark
from shared.sealing import Sealer

KEPT_FOR: Final = timedelta(days=30)
MOST_ATTEMPTS: Final = 5
MOST_KEPT_NAMED: Final = 100
STUCK: Final = mark("This stopped more than once for a reason of ours. What is in stays; import the file again.")


@dataclass(frozen=True, slots=True)
class Todo:
    """An import that wants to be taken further, as it stands."""

    id: UUID
    kind: ImportKind
    state: ImportState
    office: str | None
    file_name: str
    done_rows: int


def is_waiting(session: Session) -> bool:
    """Say whether an import wants to be taken further."""
    return session.scalars(_waiting().limit(1)).first() is not None


def pick(session: Session, now: datetime) -> Todo | None:
    """Return the import that has waited longest, counting the attempt; one that failed too often is given up."""
    row = session.scalars(_waiting().limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.attempts, row.moved_at = row.attempts + 1, now
    if row.attempts > MOST_ATTEMPTS:
        fail(session, row, STUCK, {})
    session.add(row)
    return Todo(row.id, ImportKind(row.kind), ImportState(row.state), row.office_code, row.file_name, row.done_rows)


def content_of(session: Session, batch: UUID, sealer: Sealer) -> bytes | None:
    """Return what was handed in; None when it is no longer kept."""
    sealed = session.scalar(select(col(ImportFileRow.content)).where(col(ImportFileRow.batch_id) == batch))
    return sealed and sealer.open_file(sealed)


def locked(session: Session, todo: Todo) -> ImportBatchRow | None:
    """Return the import for this transaction alone; None when somebody else has taken it further meanwhile."""
    row = session.get(ImportBatchRow, todo.id, with_for_update=True)
    same = row is not None and row.state == todo.state.value and row.done_rows == todo.done_rows
    return row if same else None


def move(session: Session, row: ImportBatchRow, counts: Counts, now: datetime) -> None:
    """Note how far an import has come; the attempt has succeeded. What it changed is seen when it ends."""
    seen_later(session)
    for name, value in counts.columns.items():
        setattr(row, name, value)
    row.all_rows = max(row.all_rows, row.done_rows)
    row.attempts, row.moved_at = 0, now
    session.add(row)


def finish(session: Session, row: ImportBatchRow, now: datetime) -> None:
    """Note that the last row is in. Ratings of nobody in particular count at once, the others once confirmed."""
    row.state, row.all_rows = ImportState.DONE.value, row.done_rows
    _show(session, row)
    _let_go(session, row)
    if row.kind == ImportKind.RATINGS.value and not names_officers(session, row.id):
        row.confirmed_by, row.confirmed_at = row.started_by, now
    session.add(row)


def fail(session: Session, row: ImportBatchRow, reason: str, facts: dict[str, Any]) -> None:
    """Note that an import cannot go on, and why; what it brought until then is seen."""
    row.state, row.problem = ImportState.FAILED.value, [reason, facts]
    _show(session, row)
    _let_go(session, row)
    session.add(row)


def undo_slice(session: Session, row: ImportBatchRow, now: datetime) -> None:
    """Take back the last slice that is not taken back yet; the import is undone when there is none."""
    query = select(ImportSliceRow).where(col(ImportSliceRow.batch_id) == row.id)
    last = session.scalars(query.order_by(col(ImportSliceRow.first).desc()).limit(1)).first()
    if last is None:
        row.state, row.done_rows = ImportState.UNDONE.value, 0
        _show(session, row)
    else:
        seen_later(session)
        kept = undo_changes(session, ImportKind(row.kind), last.changes)
        row.kept = [*(row.kept or []), *([name, why.value] for name, why in kept)][:MOST_KEPT_NAMED]
        row.kept_rows += len(kept)
        row.done_rows = min(row.done_rows, last.first)
        session.delete(last)
    row.attempts, row.moved_at = 0, now
    session.add(row)


def forget_old(session: Session, now: datetime) -> None:
    """Forget files of thirty days ago, the rows refused of them, and imports that nobody ever started."""
    old = col(ImportBatchRow.imported_at) < now - KEPT_FOR
    ids = select(col(ImportBatchRow.id)).where(old)
    for table in (ImportFileRow, ImportRefusalRow):
        session.execute(delete(table).where(col(table.batch_id).in_(ids)))
    session.execute(update(ImportBatchRow).where(old, col(ImportBatchRow.preview).is_not(None)).values(preview=None))
    never = [ImportState.UPLOADED.value, ImportState.CHECKED.value]
    session.execute(delete(ImportBatchRow).where(old, col(ImportBatchRow.state).in_(never)))


def forget_refusals(session: Session, batch: UUID) -> None:
    """Forget which rows were refused: they are read anew."""
    session.execute(delete(ImportRefusalRow).where(col(ImportRefusalRow.batch_id) == batch))


def _show(session: Session, row: ImportBatchRow) -> None:
    """Let everybody see what an import has changed of officers and postings, now that it is at an end."""
    if row.kind != ImportKind.RATINGS.value:
        seen_now(session)


def _let_go(session: Session, row: ImportBatchRow) -> None:
    """Forget a list of guardians, which nobody needs any more: whoever is in it may want to be forgotten."""
    if row.kind == ImportKind.GUARDIANS.value:
        row.preview = None
        session.execute(delete(ImportFileRow).where(col(ImportFileRow.batch_id) == row.id))


def _waiting() -> Any:
    states: Sequence[str] = [state.value for state in WORKED_ON]
    return select(ImportBatchRow).where(col(ImportBatchRow.state).in_(states)).order_by(col(ImportBatchRow.moved_at))
