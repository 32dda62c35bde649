"""The tables of closed months: when a group closed, what it was scored with, and every revision of every score.

Rows of parameters and revisions are written once and never changed: a correction is the next revision.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
)
from sqlmodel import Field, SQLModel

from shared.db.types import UtcDateTime, coded, one_of
from shared.domain.m1 import Status
from shared.domain.people import OfficeKind
from shared.domain.scoring import RevisionReason

GROUP = ("region_code", "kind", "month")


class GroupClosingRow(SQLModel, table=True):
    """A month of a group that is closed; `restated_at` is when it was looked at again, what comes later is late."""

    __tablename__ = "group_closing"
    __table_args__ = (one_of("kind", OfficeKind), CheckConstraint("length(month) = 7", name="month_written"))

    region_code: str = Field(sa_column=coded(ForeignKey("region.code"), primary_key=True))
    kind: str = Field(sa_column=Column(String(16), primary_key=True, nullable=False))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    closed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    restated_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class GroupParametersRow(SQLModel, table=True):
    """What a group's month was scored with, as published; the next revision when it was restated."""

    __tablename__ = "group_parameters"
    __table_args__ = (
        one_of("reason", RevisionReason),
        CheckConstraint("revision >= 1", name="revision_positive"),
        ForeignKeyConstraint(GROUP, [f"group_closing.{column}" for column in GROUP]),
    )

    region_code: str = Field(sa_column=coded(primary_key=True))
    kind: str = Field(sa_column=Column(String(16), primary_key=True, nullable=False))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    revision: int = Field(sa_column=Column(SmallInteger, primary_key=True, nullable=False))
    reason: str = Field(sa_column=Column(String(16), nullable=False))
    method: str = Field(sa_column=Column(String(8), nullable=False))
    parameters: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    spread: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class ScoreRevisionRow(SQLModel, table=True):
    """One revision of an officer's closed month, with everything it was made of; indices are in hundredths."""

    __tablename__ = "score_revision"
    __table_args__ = (
        one_of("reason", RevisionReason),
        one_of("status", Status),
        CheckConstraint("ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0", name="tally_positive"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        CheckConstraint("adjusted_index BETWEEN low AND high", name="index_in_interval"),
        CheckConstraint("low >= 2500 AND high <= 10000", name="interval_on_scale"),
        CheckConstraint("(adjusted_index IS NULL) = (reliability IS NULL)", name="index_with_reliability"),
        ForeignKeyConstraint(
            [*GROUP, "parameters_revision"],
            [*(f"group_parameters.{column}" for column in GROUP), "group_parameters.revision"],
        ),
        Index(None, *GROUP),
    )

    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code"), primary_key=True))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    revision: int = Field(sa_column=Column(SmallInteger, primary_key=True, nullable=False))
    region_code: str = Field(sa_column=coded())
    kind: str = Field(sa_column=Column(String(16), nullable=False))
    parameters_revision: int = Field(sa_column=Column(SmallInteger, nullable=False))
    ones: int = Field(nullable=False)
    twos: int = Field(nullable=False)
    threes: int = Field(nullable=False)
    fours: int = Field(nullable=False)
    channels: dict[str, list[int]] = Field(sa_column=Column(JSON, nullable=False))
    set_aside: dict[str, int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    left_out: list[int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    mean: float | None = Field(default=None, sa_column=Column(Float, nullable=True))
    reliability: float | None = Field(default=None, sa_column=Column(Float, nullable=True))
    adjusted_index: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    low: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    high: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    status: str = Field(sa_column=Column(String(16), nullable=False))
    needed: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    window_score: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    method: str = Field(sa_column=Column(String(8), nullable=False))
    reason: str = Field(sa_column=Column(String(16), nullable=False))
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
