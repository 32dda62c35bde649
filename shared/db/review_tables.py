"""The tables of reviews: why a month is looked at, which ratings it is about, who decided what, and who was told."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Uuid,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from shared.db.types import UtcDateTime, coded, one_of
from shared.domain.reviews import LONGEST_REASON, Ground, Outcome

UNDECIDED = text("decided_at IS NULL")
AN_ID = BigInteger().with_variant(Integer, "sqlite")


class ReviewRow(SQLModel, table=True):
    """A month that is looked at; the score takes its state into account from `settled_at` on.

    An objection `about_comment` is to what was written in a rating: granted, that is withheld, and the rating counts.
    """

    __tablename__ = "review"
    __table_args__ = (
        one_of("ground", Ground),
        one_of("proposed_outcome", Outcome),
        one_of("outcome", Outcome),
        CheckConstraint("(ground = 'objection') = (words IS NOT NULL)", name="objection_in_words"),
        CheckConstraint(
            "(proposed_outcome IS NULL) = (proposed_by IS NULL) AND (proposed_by IS NULL) = (proposed_at IS NULL)"
            " AND (proposed_by IS NULL) = (proposed_reason IS NULL)",
            name="proposed_by_somebody",
        ),
        CheckConstraint(
            "(outcome IS NULL) = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)"
            " AND (decided_by IS NULL) = (decided_reason IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint(
            "outcome IS NULL OR (outcome = 'stands' AND ground <> 'objection')"
            " OR (proposed_outcome IS NOT NULL AND proposed_outcome = outcome AND proposed_by <> decided_by)",
            name="two_people",
        ),
        CheckConstraint("(first_day IS NULL) = (last_day IS NULL) AND first_day <= last_day", name="days_forward"),
        Index(None, "officer_code", "month"),
        Index(
            "ix_review_one_open",
            "officer_code",
            "month",
            "ground",
            unique=True,
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
        Index(None, "office_code", "decided_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(AN_ID, primary_key=True))
    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code")))
    month: str = Field(sa_column=Column(String(7), nullable=False))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    ground: str = Field(sa_column=Column(String(16), nullable=False))
    raised_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    kiosk_id: int | None = Field(default=None, sa_column=Column(ForeignKey("kiosk.id"), nullable=True))
    first_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    last_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    words: str | None = Field(default=None, sa_column=Column(String(LONGEST_REASON), nullable=True))
    first_day: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    last_day: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    about_comment: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    raised_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    proposed_outcome: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    proposed_first_day: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    proposed_last_day: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    proposed_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    proposed_reason: str | None = Field(default=None, sa_column=Column(String(LONGEST_REASON), nullable=True))
    proposed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    outcome: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    decided_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    decided_reason: str | None = Field(default=None, sa_column=Column(String(LONGEST_REASON), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class ReviewedRatingRow(SQLModel, table=True):
    """A rating that a review is about."""

    __tablename__ = "reviewed_rating"
    __table_args__ = (Index(None, "rating_id"),)

    review_id: int = Field(sa_column=Column(AN_ID, ForeignKey("review.id", ondelete="CASCADE"), primary_key=True))
    rating_id: uuid.UUID = Field(sa_column=Column(Uuid, ForeignKey("rating.id"), primary_key=True))


class ToldRow(SQLModel, table=True):
    """When an officer was first told of a revision of their month, and what was `said` beside it then."""

    __tablename__ = "told"

    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code"), primary_key=True))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    revision: int = Field(sa_column=Column(SmallInteger, primary_key=True, nullable=False))
    told_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    said: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
