"""The tables of imports: one row a file, what it said, what was refused of it, and what undoing it takes.

A table row is never what outside input is parsed into: SQLModel validates nothing on construction.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Uuid
from sqlmodel import Field, SQLModel

from shared.db.types import UtcDateTime, coded, one_of
from shared.domain.imports import ImportKind, ImportState


def _maybe_json() -> Any:
    return Column(JSON(none_as_null=True), nullable=True)


def _by() -> Any:
    return Column(String(64), nullable=True)


def _of_batch() -> Any:
    return Column(Uuid, ForeignKey("import_batch.id"), primary_key=True)


class ImportBatchRow(SQLModel, table=True):
    """One file on its way in. Its ratings count from its confirmation on, and not while it is undone."""

    __tablename__ = "import_batch"
    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("state", ImportState),
        CheckConstraint("kind NOT IN ('ratings', 'guardians') OR office_code IS NOT NULL", name="office_named"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name="undone_by_somebody"),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    kind: str = Field(sa_column=Column(String(16), nullable=False))
    state: str = Field(sa_column=Column(String(16), nullable=False))
    office_code: str | None = Field(default=None, sa_column=coded(ForeignKey("office.code"), nullable=True))
    file_name: str = Field(sa_column=Column(String(255), nullable=False))
    digest: str | None = Field(default=None, sa_column=Column(String(32), nullable=True))
    imported_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    uploaded_by: str = Field(sa_column=Column(String(64), nullable=False))
    started_by: str | None = Field(default=None, sa_column=_by())
    confirmed_by: str | None = Field(default=None, sa_column=_by())
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    undone_by: str | None = Field(default=None, sa_column=_by())
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    all_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    done_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    new_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    changed_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    known_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    refused_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    kept_rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    headings: list[str] | None = Field(default=None, sa_column=_maybe_json())
    ignored: list[str] | None = Field(default=None, sa_column=_maybe_json())
    preview: list[dict[str, Any]] | None = Field(default=None, sa_column=_maybe_json())
    problem: list[Any] | None = Field(default=None, sa_column=_maybe_json())
    kept: list[list[str]] | None = Field(default=None, sa_column=_maybe_json())
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    moved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class ImportFileRow(SQLModel, table=True):
    """What was handed in, as it came, sealed; kept for thirty days, of guardians until they are in."""

    __tablename__ = "import_file"

    batch_id: uuid.UUID = Field(sa_column=_of_batch())
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ImportRefusalRow(SQLModel, table=True):
    """A row of a file that cannot go in, and why; kept as long as the file, facts and cells in one sealed text."""

    __tablename__ = "import_refusal"

    batch_id: uuid.UUID = Field(sa_column=_of_batch())
    number: int = Field(sa_column=Column(Integer, primary_key=True))
    reason: str = Field(sa_column=Column(String(300), nullable=False))
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    cells: list[str] = Field(sa_column=Column(JSON, nullable=False))


class ImportSliceRow(SQLModel, table=True):
    """What one slice of a file has changed: a list of [key, what stood there before or null, what stands now]."""

    __tablename__ = "import_slice"

    batch_id: uuid.UUID = Field(sa_column=_of_batch())
    first: int = Field(sa_column=Column(Integer, primary_key=True))
    changes: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
