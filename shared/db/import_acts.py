"""What people do with imports in the browser: hand in, look, start, leave, confirm, undo."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select
from sqlmodel import Session, col

from shared.db.import_steps import forget_refusals
from shared.db.import_tables import ImportBatchRow, ImportFileRow, ImportSliceRow
from shared.db.imports import Counts, mark_months_stale
from shared.db.tables import RatingRow
from shared.domain.imports import ImportKind, ImportState
from shared.sealing import Sealer

NAME_SHOWN: Final = 120
STILL_TRUE: Final = timedelta(minutes=2)
"""For so long a file handed in again is the same button pressed twice; later its check may no longer be true."""
_NOT_IN_NAMES: Final = re.compile(r"[^\w .,()+-]")
_SETTLED: Final = (ImportState.DONE.value, ImportState.FAILED.value)


class WrongMoment(Exception):
    """The import is not at the point where this can be done."""


class SamePerson(Exception):
    """Whoever brought a file in cannot confirm it too."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import as administration sees it."""

    id: UUID
    kind: ImportKind
    state: ImportState
    office: str | None
    file_name: str
    imported_at: datetime
    uploaded_by: str
    started_by: str | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    counts: Counts
    all_rows: int
    headings: list[str]
    ignored: list[str]
    preview: list[dict[str, Any]]
    problem: list[Any] | None
    kept: list[list[str]]
    kept_rows: int
    brought_something: bool

    @property
    def counts_once_confirmed(self) -> bool:
        """Say whether its ratings wait for a second person."""
        return self.kind is ImportKind.RATINGS and self.state is ImportState.DONE and self.confirmed_at is None

    @property
    def good_rows(self) -> int:
        """Return how many rows would go in, or did."""
        return _good_rows(self.kind, self.counts)

    @property
    def may_be_undone(self) -> bool:
        """Say whether there is something to undo."""
        return self.kind.may_be_undone and self.state.value in _SETTLED and self.brought_something


def hand_in(
    session: Session,
    kind: ImportKind,
    office: str | None,
    file_name: str,
    content: bytes,
    by: str,
    at: datetime,
    sealer: Sealer,
) -> tuple[UUID, bool]:
    """Keep a file, sealed, to be checked; return its import, and False when the same waits already.

    Sent twice, it is one; sent again later, it is checked again, for what was there then may be gone.
    """
    digest = blake2b(content, digest_size=16).hexdigest()
    state = col(ImportBatchRow.state)
    just_checked = and_(state == ImportState.CHECKED.value, col(ImportBatchRow.moved_at) > at - STILL_TRUE)
    same = select(col(ImportBatchRow.id)).where(
        col(ImportBatchRow.digest) == digest,
        col(ImportBatchRow.kind) == kind.value,
        col(ImportBatchRow.office_code).is_not_distinct_from(office),
        or_(state == ImportState.UPLOADED.value, just_checked),
    )
    known = session.scalars(same).first()
    if known is not None:
        return known, False
    row = ImportBatchRow(
        id=uuid4(),
        kind=kind.value,
        state=ImportState.UPLOADED.value,
        office_code=office,
        file_name=_NOT_IN_NAMES.sub("_", file_name)[-NAME_SHOWN:] or "-",
        digest=digest,
        imported_at=at,
        moved_at=at,
        uploaded_by=by,
    )
    session.add(row)
    session.flush()
    session.add(ImportFileRow(batch_id=row.id, content=sealer.seal_file(content)))
    return row.id, True


def imports_listed(session: Session, within: Collection[str], first: int, limit: int) -> tuple[list[Import], bool]:
    """Return imports of these offices, or of no single one, newest first; and whether there are more."""
    query = select(ImportBatchRow).where(_within(within)).order_by(col(ImportBatchRow.imported_at).desc())
    rows = session.scalars(query.offset(first).limit(limit + 1)).all()
    return [_import(row, brought=False) for row in rows[:limit]], len(rows) > limit


def import_known(session: Session, within: Collection[str], batch: UUID) -> Import | None:
    """Return one import; None when there is none, or it is of another office."""
    row = session.scalars(select(ImportBatchRow).where(col(ImportBatchRow.id) == batch, _within(within))).first()
    return None if row is None else _import(row, brought=_brought_something(session, row))


def start(session: Session, batch: UUID, by: str, at: datetime) -> bool:
    """Let an import that was checked run; False when it runs already or is through. Raises WrongMoment."""
    row = _locked(session, batch)
    if row.state in {ImportState.RUNNING.value, ImportState.DONE.value}:
        return False
    if row.state != ImportState.CHECKED.value or not _good_rows(ImportKind(row.kind), Counts.of(row)):
        raise WrongMoment
    row.state, row.started_by, row.moved_at, row.attempts = ImportState.RUNNING.value, by, at, 0
    for name in Counts().columns:
        setattr(row, name, 0)
    forget_refusals(session, batch)
    session.add(row)
    return True


def leave(session: Session, batch: UUID) -> bool:
    """Throw away a file of which nothing went in; False when it is gone already. Raises WrongMoment."""
    row = session.get(ImportBatchRow, batch, with_for_update=True)
    if row is None:
        return False
    open_ = {ImportState.UPLOADED.value, ImportState.CHECKED.value, ImportState.FAILED.value}
    if row.state not in open_ or _brought_something(session, row):
        raise WrongMoment
    forget_refusals(session, batch)
    session.execute(delete(ImportFileRow).where(col(ImportFileRow.batch_id) == batch))
    session.delete(row)
    return True


def confirm(session: Session, batch: UUID, by: str, at: datetime) -> bool:
    """Let the ratings of an import count; False when they do already. Raises SamePerson, WrongMoment."""
    row = _locked(session, batch)
    if row.confirmed_at is not None:
        return False
    if row.kind != ImportKind.RATINGS.value or row.state != ImportState.DONE.value:
        raise WrongMoment
    if by in {row.uploaded_by, row.started_by}:
        raise SamePerson
    row.confirmed_by, row.confirmed_at = by, at
    session.add(row)
    mark_months_stale(session, batch)
    return True


def undo(session: Session, batch: UUID, by: str, at: datetime) -> bool:
    """Undo an import: ratings no longer count, a worker takes the rest back; False when it is undone already.

    Raises WrongMoment.
    """
    row = _locked(session, batch)
    if row.state in {ImportState.UNDOING.value, ImportState.UNDONE.value}:
        return False
    undoable = ImportKind(row.kind).may_be_undone and row.state in _SETTLED
    if not undoable or not _brought_something(session, row):
        raise WrongMoment
    of_ratings = row.kind == ImportKind.RATINGS.value
    row.state = (ImportState.UNDONE if of_ratings else ImportState.UNDOING).value
    row.undone_by, row.undone_at, row.moved_at, row.attempts = by, at, at, 0
    session.add(row)
    if of_ratings:
        mark_months_stale(session, batch)
    return True


def count_again(session: Session, batch: UUID) -> bool:
    """Take back the undoing of ratings; False when they are not undone. Raises WrongMoment for other kinds."""
    row = _locked(session, batch)
    if row.kind != ImportKind.RATINGS.value:
        raise WrongMoment
    if row.state != ImportState.UNDONE.value:
        return False
    row.state = (ImportState.FAILED if row.problem else ImportState.DONE).value
    row.undone_by = row.undone_at = None
    session.add(row)
    mark_months_stale(session, batch)
    return True


def _good_rows(kind: ImportKind, counts: Counts) -> int:
    return counts.new + counts.changed + (counts.known if kind.renews else 0)


def _locked(session: Session, batch: UUID) -> ImportBatchRow:
    return session.get_one(ImportBatchRow, batch, with_for_update=True)


def _within(offices: Collection[str]) -> Any:
    return or_(col(ImportBatchRow.office_code).is_(None), col(ImportBatchRow.office_code).in_(offices))


def _brought_something(session: Session, row: ImportBatchRow) -> bool:
    if not ImportKind(row.kind).may_be_undone:
        return row.started_by is not None and _good_rows(ImportKind(row.kind), Counts.of(row)) > 0
    table = RatingRow.import_batch_id if row.kind == ImportKind.RATINGS.value else ImportSliceRow.batch_id
    return session.scalars(select(func.count()).where(col(table) == row.id)).one() > 0


def _import(row: ImportBatchRow, *, brought: bool) -> Import:
    return Import(
        row.id,
        ImportKind(row.kind),
        ImportState(row.state),
        row.office_code,
        row.file_name,
        row.imported_at,
        row.uploaded_by,
        row.started_by,
        row.confirmed_by,
        row.confirmed_at,
        row.undone_by,
        row.undone_at,
        Counts.of(row),
        row.all_rows,
        row.headings or [],
        row.ignored or [],
        row.preview or [],
        row.problem,
        row.kept or [],
        row.kept_rows,
        brought,
    )
