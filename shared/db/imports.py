"""Imports as rows: what was handed in, what became of it, whether it counts."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow
from shared.db.copying import add_marks
from shared.db.counting import set_aside_as
from shared.db.import_tables import ImportBatchRow, ImportRefusalRow, ImportSliceRow
from shared.db.people_tables import OfficeRow
from shared.db.tables import RatingRow
from shared.domain.account_facts import OPERATOR
from shared.domain.imports import ImportKind, ImportState
from shared.domain.screening import SetAside
from shared.i18n import mark
from shared.sealing import Sealer

FILE_NAME_LENGTH = 255
SETTLED: Final = mark(
    "Of these, {count} are from months whose scores no longer change. They count in the survey index (IKM), but in no"
    " officer's score."
)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a file were read so far, and what became of them."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    refused: int = 0

    def __add__(self, other: Self) -> "Counts":
        return Counts(
            self.rows + other.rows,
            self.new + other.new,
            self.changed + other.changed,
            self.known + other.known,
            self.refused + other.refused,
        )

    @classmethod
    def of(cls, row: ImportBatchRow) -> Self:
        """Return what is counted of an import."""
        return cls(row.done_rows, row.new_rows, row.changed_rows, row.known_rows, row.refused_rows)

    @property
    def columns(self) -> dict[str, int]:
        """Return the columns in which these are kept."""
        return {
            "done_rows": self.rows,
            "new_rows": self.new,
            "changed_rows": self.changed,
            "known_rows": self.known,
            "refused_rows": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot go in: its number, its cells, and the reason as a source text with its facts."""

    number: int
    reason: str
    facts: dict[str, Any]
    cells: list[str]


def add_by_operator(
    session: Session, batch: UUID, kind: ImportKind, office: str | None, file_name: str, at: datetime
) -> None:
    """Store that the operator is importing a file: it counts at once."""
    session.add(
        ImportBatchRow(
            id=batch,
            kind=kind.value,
            state=ImportState.DONE.value,
            office_code=office,
            file_name=file_name[:FILE_NAME_LENGTH],
            imported_at=at,
            moved_at=at,
            uploaded_by=OPERATOR,
            started_by=OPERATOR,
            confirmed_by=OPERATOR,
            confirmed_at=at,
        )
    )
    session.flush()


def set_counts(session: Session, batch: UUID, counts: Counts) -> None:
    """Store what became of a file the operator imports."""
    values = {**counts.columns, "all_rows": counts.rows}
    session.execute(update(ImportBatchRow).where(col(ImportBatchRow.id) == batch).values(**values))


def keep_changes(session: Session, batch: UUID, first: int, changes: list[list[Any]]) -> None:
    """Keep what undoing one slice of a file takes."""
    if changes:
        session.add(ImportSliceRow(batch_id=batch, first=first, changes=changes))


def keep_refusals(session: Session, batch: UUID, refusals: Sequence[Refusal], sealer: Sealer) -> None:
    """Keep the rows of a slice that cannot go in; what they say is sealed."""
    for one in refusals:
        said = sealer.seal(json.dumps([one.facts, one.cells])).decode()
        session.add(ImportRefusalRow(batch_id=batch, number=one.number, reason=one.reason, facts={}, cells=[said]))


def refusals(session: Session, batch: UUID, sealer: Sealer, limit: int | None = None) -> list[Refusal]:
    """Return the rows that cannot go in, in the order of the file."""
    query = select(ImportRefusalRow).where(col(ImportRefusalRow.batch_id) == batch)
    rows = session.scalars(query.order_by(col(ImportRefusalRow.number)).limit(limit))
    return [Refusal(row.number, row.reason, *json.loads(sealer.open(row.cells[0].encode()))) for row in rows]


def standing(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these ratings that are recorded, but for those whose import was undone or given up."""
    found: set[UUID] = set()
    for start in range(0, len(ids), _AT_ONCE):
        query = (
            select(col(RatingRow.id))
            .outerjoin(ImportBatchRow, col(RatingRow.import_batch_id) == col(ImportBatchRow.id))
            .where(
                col(RatingRow.id).in_(ids[start : start + _AT_ONCE]),
                col(ImportBatchRow.undone_at).is_(None),
                ~_given_up(),
            )
        )
        found.update(session.scalars(query))
    return found


def adopt(session: Session, batch: UUID, rows: Mapping[UUID, int | None], why: Set[SetAside]) -> int:
    """Let ratings that were set aside for these reasons belong to another import of the same; return how many did.

    So do those of an import that was given up: whoever is told to import the file again gets all of it. `rows`
    says at which row of its file each stands.
    """
    ids, adopted = list(rows), 0
    for start in range(0, len(ids), _AT_ONCE):
        query = (
            select(col(RatingRow.id), col(RatingRow.officer_code), col(RatingRow.month))
            .join(ImportBatchRow, col(RatingRow.import_batch_id) == col(ImportBatchRow.id))
            .where(
                col(RatingRow.id).in_(ids[start : start + _AT_ONCE]),
                col(RatingRow.import_batch_id) != batch,
                or_(set_aside_as().in_([reason.value for reason in why]), _given_up()),
            )
        )
        found = session.execute(query).all()
        if found:
            moved = [{"id": id_, "import_batch_id": batch, "import_row": rows[id_]} for id_, *_ in found]
            session.execute(update(RatingRow), moved)
            touched = sorted({(officer, month) for _, officer, month in found if officer})
            if touched:
                add_marks(session, touched)
        adopted += len(found)
    return adopted


def in_settled_months(session: Session, batch: UUID) -> int:
    """Return how many ratings of an import are about officers in months that were looked at for the last time."""
    query = (
        select(func.count())
        .select_from(RatingRow)
        .join(OfficeRow, col(OfficeRow.code) == col(RatingRow.office_code))
        .join(
            GroupClosingRow,
            and_(
                col(GroupClosingRow.region_code) == col(OfficeRow.region_code),
                col(GroupClosingRow.kind) == col(OfficeRow.kind),
                col(GroupClosingRow.month) == col(RatingRow.month),
            ),
        )
        .join(ImportBatchRow, col(ImportBatchRow.id) == col(RatingRow.import_batch_id))
        .where(
            col(RatingRow.import_batch_id) == batch,
            col(RatingRow.overall).is_not(None),
            col(GroupClosingRow.restated_at).is_not(None),
            func.coalesce(col(ImportBatchRow.confirmed_at) > col(GroupClosingRow.restated_at), True),
        )
    )
    return session.scalars(query).one()


def _given_up() -> ColumnElement[bool]:
    """Return the rule that an import of ratings stopped half way: nobody can confirm it."""
    failed = func.coalesce(col(ImportBatchRow.state), "") == ImportState.FAILED.value
    return and_(failed, col(ImportBatchRow.confirmed_at).is_(None))


def mark_months_stale(session: Session, batch: UUID) -> None:
    """Mark every month stale in which ratings of this import rate somebody."""
    pairs = select(col(RatingRow.officer_code), col(RatingRow.month)).where(
        col(RatingRow.import_batch_id) == batch, col(RatingRow.officer_code).is_not(None)
    )
    touched = [(officer, month) for officer, month in session.execute(pairs.distinct())]
    if touched:
        add_marks(session, touched)


def names_officers(session: Session, batch: UUID) -> bool:
    """Say whether a rating of this import names an officer: only then somebody else must confirm it."""
    query = select(col(RatingRow.id)).where(
        col(RatingRow.import_batch_id) == batch, col(RatingRow.officer_code).is_not(None)
    )
    return session.scalars(query.limit(1)).first() is not None
