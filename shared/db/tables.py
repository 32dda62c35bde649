"""The tables of ratings and scores. Each repeats the domain's rules: code is hope, constraints are fact.

A table row is never what outside input is parsed into: SQLModel validates nothing on construction.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from shared.db import import_tables  # noqa: F401  a rating refers to its import
from shared.db.types import UtcDateTime, answer, coded, one_of
from shared.domain.errors import QuarantineReason
from shared.domain.ratings import COMMENT_LENGTH, AgeBand, Channel, Education, Occupation, Reason, Sex
from shared.domain.skm import Element

ELEMENT_COLUMNS = {element: element.value.lower() for element in Element}
IMPORTED = text("import_batch_id IS NOT NULL")
WITH_EXTRAS = text("extras IS NOT NULL")
# Codes stand in quotes in the list: none is found in another.
ASKED_FOR_MONEY = text(f"CAST(reasons AS VARCHAR) LIKE '%\"{Reason.MINTA_BIAYA.value}\"%'")


class RatingRow(SQLModel, table=True):
    """A recorded rating. `month` is that of `given_at` in the office's zone; nothing here names the person."""

    __tablename__ = "rating"
    __table_args__ = (
        answer("overall"),
        *(answer(column) for column in ELEMENT_COLUMNS.values()),
        one_of("channel", Channel),
        one_of("sex", Sex),
        one_of("age_band", AgeBand),
        one_of("education", Education),
        one_of("occupation", Occupation),
        CheckConstraint("language IN ('id', 'en')", name="language_known"),
        CheckConstraint(f"length(comment) <= {COMMENT_LENGTH}", name="comment_length"),
        CheckConstraint("length(month) = 7", name="month_written"),
        CheckConstraint("overall IS NULL OR officer_code IS NOT NULL", name="overall_rates_somebody"),
        CheckConstraint(
            f"coalesce(overall, {', '.join(ELEMENT_COLUMNS.values())}) IS NOT NULL OR extras IS NOT NULL",
            name="answers_something",
        ),
        ForeignKeyConstraint(["office_code", "counter_code"], ["counter.office_code", "counter.code"]),
        ForeignKeyConstraint(["office_code", "service_code"], ["service.office_code", "service.code"]),
        Index(None, "officer_code", "month"),
        Index(None, "office_code", "month", "given_at"),
        # Of imported ratings only, and of those that answer an office's own elements: the others need not pay.
        Index(None, "import_batch_id", sqlite_where=IMPORTED, postgresql_where=IMPORTED),
        Index("ix_rating_extras", "office_code", "month", sqlite_where=WITH_EXTRAS, postgresql_where=WITH_EXTRAS),
        Index(
            "ix_rating_asked_for_money",
            "office_code",
            "month",
            sqlite_where=ASKED_FOR_MONEY,
            postgresql_where=ASKED_FOR_MONEY,
        ),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    officer_code: str | None = Field(default=None, sa_column=coded(ForeignKey("officer.code"), nullable=True))
    counter_code: str | None = Field(default=None, sa_column=coded(nullable=True))
    service_code: str | None = Field(default=None, sa_column=coded(nullable=True))
    month: str = Field(sa_column=Column(String(7), nullable=False))
    overall: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    persyaratan: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    prosedur: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    waktu: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    biaya: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    produk: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    kompetensi: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    perilaku: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    pengaduan: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    sarana: int | None = Field(default=None, sa_column=Column(SmallInteger, nullable=True))
    extras: dict[str, int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    reasons: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    comment: str | None = Field(default=None, sa_column=Column(String(COMMENT_LENGTH), nullable=True))
    channel: str = Field(sa_column=Column(String(16), nullable=False))
    language: str = Field(sa_column=Column(String(2), nullable=False))
    given_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    accepted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    clock_shift: int = Field(default=0, nullable=False)
    picked: bool = Field(default=False, nullable=False)
    own_phone: bool = Field(default=False, sa_column=Column(Boolean, server_default=false(), nullable=False))
    kiosk_id: int | None = Field(default=None, sa_column=Column(Integer, ForeignKey("kiosk.id"), nullable=True))
    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    import_batch_id: uuid.UUID | None = Field(
        default=None, sa_column=Column(Uuid, ForeignKey("import_batch.id"), nullable=True)
    )
    import_row: int | None = Field(default=None, nullable=True)
    sex: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    age_band: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    education: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    occupation: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    rater_key: str | None = Field(default=None, sa_column=Column(String(32), nullable=True))
    digest: str = Field(sa_column=Column(String(32), nullable=False))


class QuarantineRow(SQLModel, table=True):
    """An accepted rating that could not be recorded, kept with its reason until an operator replays it."""

    __tablename__ = "quarantine"
    __table_args__ = (one_of("reason", QuarantineReason), UniqueConstraint("fingerprint"))

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    fingerprint: str = Field(sa_column=Column(String(32), nullable=False))
    rating_id: uuid.UUID | None = Field(default=None, sa_column=Column(Uuid, nullable=True))
    reason: str = Field(sa_column=Column(String(32), nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    quarantined_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class StaleMonthRow(SQLModel, table=True):
    """A mark that an officer's month has ratings its score does not know yet.

    Marks are only ever added and, once the score is refreshed, removed by id: a mark made meanwhile survives.
    """

    __tablename__ = "stale_month"

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code")))
    month: str = Field(sa_column=Column(String(7), nullable=False))


class MonthlyScoreRow(SQLModel, table=True):
    """An officer's month as last computed from the ratings; `raw_index` is in hundredths.

    `office_code` is the office with most of the ratings that count: its region and kind are the officer's group.
    """

    __tablename__ = "monthly_score"
    __table_args__ = (
        CheckConstraint("ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0", name="tally_positive"),
        CheckConstraint("raw_index BETWEEN 2500 AND 10000", name="raw_index_range"),
        CheckConstraint("(raw_index IS NULL) = (ones + twos + threes + fours = 0)", name="raw_index_if_rated"),
        CheckConstraint("(office_code IS NULL) = (raw_index IS NULL)", name="office_if_rated"),
        Index(None, "month", "office_code"),
    )

    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code"), primary_key=True))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    office_code: str | None = Field(default=None, sa_column=coded(ForeignKey("office.code"), nullable=True))
    ones: int = Field(nullable=False)
    twos: int = Field(nullable=False)
    threes: int = Field(nullable=False)
    fours: int = Field(nullable=False)
    channels: dict[str, list[int]] = Field(sa_column=Column(JSON, nullable=False))
    set_aside: dict[str, int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    left_out: list[int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    raw_index: int | None = Field(default=None, nullable=True)
    method: str = Field(sa_column=Column(String(8), nullable=False))
    computed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class ScoreSnapshotRow(SQLModel, table=True):
    """What was noted of a month that is not closed, and what may be seen of it (`seen`); see `shared.privacy`."""

    __tablename__ = "score_snapshot"
    __table_args__ = (
        CheckConstraint("ones >= 0 AND twos >= 0 AND threes >= 0 AND fours >= 0", name="tally_positive"),
        ForeignKeyConstraint(["officer_code", "month"], ["monthly_score.officer_code", "monthly_score.month"]),
    )

    officer_code: str = Field(sa_column=coded(primary_key=True))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    ones: int = Field(nullable=False)
    twos: int = Field(nullable=False)
    threes: int = Field(nullable=False)
    fours: int = Field(nullable=False)
    noted_on: date = Field(sa_column=Column(Date, nullable=False))
    seen: list[int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    dark: bool = Field(nullable=False)


class RaterSecretRow(SQLModel, table=True):
    """The random key under which phones become rater keys in one period; destroyed after the period's closing."""

    __tablename__ = "rater_secret"

    period: str = Field(sa_column=Column(String(16), primary_key=True))
    secret: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
