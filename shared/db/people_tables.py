"""The tables of people and places. Each repeats the domain's rules: code is hope, constraints are fact.

A table row is never what outside input is parsed into: SQLModel validates nothing on construction.
"""

import secrets
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
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
    text,
)
from sqlmodel import Field, SQLModel

from shared.db.types import UtcDateTime, coded, one_of
from shared.domain.people import OfficeKind
from shared.domain.screening import PRESS_INTERVAL

PIN_DIGITS: Final = 6
IDLE_SECONDS: Final = 15
"""How long a screen waits for somebody who has stopped touching it, unless its settings say otherwise."""
INTERVAL_SECONDS: Final = int(PRESS_INTERVAL.total_seconds())
REGISTERED: Final = text("own_phone_hash IS NOT NULL")
REACHABLE: Final = text("own_phone_sealed IS NOT NULL")


def new_pin() -> str:
    """Return a fresh PIN for whoever looks after a device: random digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"


WORDS_LENGTH: Final = 160
"""Room for a question as a screen can show it."""


def _words(*, nullable: bool = False) -> Any:
    return Column(String(WORDS_LENGTH), nullable=nullable)


class RegionRow(SQLModel, table=True):
    """A regional government. In a demo region the people are invented and figures move at once."""

    __tablename__ = "region"

    code: str = Field(sa_column=coded(primary_key=True))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    demo: bool = Field(default=False, nullable=False)


class OfficeRow(SQLModel, table=True):
    """A unit that serves residents."""

    __tablename__ = "office"
    __table_args__ = (
        one_of("kind", OfficeKind),
        CheckConstraint("population >= 0", name="population_positive"),
    )

    code: str = Field(sa_column=coded(primary_key=True))
    region_code: str = Field(sa_column=coded(ForeignKey("region.code")))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    kind: str = Field(sa_column=Column(String(16), nullable=False))
    timezone: str = Field(sa_column=Column(String(64), nullable=False))
    population: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    parent_code: str | None = Field(default=None, sa_column=coded(ForeignKey("office.code"), nullable=True))
    opening_hours: list[list[str]] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    closed_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class CounterRow(SQLModel, table=True):
    """A place in an office; its code is unique in the installation because residents send it by message."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("office_code", "code"),)

    code: str = Field(sa_column=coded(primary_key=True))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    closed_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class ServiceRow(SQLModel, table=True):
    """A kind of service an office gives (jenis layanan)."""

    __tablename__ = "service"

    office_code: str = Field(sa_column=coded(ForeignKey("office.code"), primary_key=True))
    code: str = Field(sa_column=coded(primary_key=True))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    closed_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class ExtraElementRow(SQLModel, table=True):
    """A question an office asks beside the nine elements of the regulation; English may be missing."""

    __tablename__ = "extra_element"
    __table_args__ = (CheckConstraint("position >= 1", name="position_positive"),)

    office_code: str = Field(sa_column=coded(ForeignKey("office.code"), primary_key=True))
    code: str = Field(sa_column=coded(primary_key=True))
    position: int = Field(sa_column=Column(SmallInteger, nullable=False))
    name: str = Field(sa_column=_words())
    question: str = Field(sa_column=_words())
    answer_1: str = Field(sa_column=_words())
    answer_2: str = Field(sa_column=_words())
    answer_3: str = Field(sa_column=_words())
    answer_4: str = Field(sa_column=_words())
    name_en: str | None = Field(default=None, sa_column=_words(nullable=True))
    question_en: str | None = Field(default=None, sa_column=_words(nullable=True))
    answer_1_en: str | None = Field(default=None, sa_column=_words(nullable=True))
    answer_2_en: str | None = Field(default=None, sa_column=_words(nullable=True))
    answer_3_en: str | None = Field(default=None, sa_column=_words(nullable=True))
    answer_4_en: str | None = Field(default=None, sa_column=_words(nullable=True))
    ended_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class OfficerRow(SQLModel, table=True):
    """A civil servant who serves residents. The code is public; the NIP is sealed, and found by its hash alone.

    By the keyed hash of the officer's own phone a rating from it is recognised; sealed, it is written to when a month
    is closed. One that was registered before there was a seal, or is forgotten, is known by its hash alone.
    """

    __tablename__ = "officer"
    __table_args__ = (
        Index(None, "nip_hash", unique=True),
        Index(None, "office_code"),
        Index("ix_officer_own_phone_hash", "own_phone_hash", postgresql_where=REGISTERED, sqlite_where=REGISTERED),
        # With all that is asked of who can be written to, so that nobody's photo is read past.
        Index(
            "ix_officer_reachable",
            "code",
            "office_code",
            "left_on",
            "own_phone_hash",
            postgresql_where=REACHABLE,
            sqlite_where=REACHABLE,
        ),
        CheckConstraint("own_phone_sealed IS NULL OR own_phone_hash IS NOT NULL", name="sealed_phone_found"),
    )

    code: str = Field(sa_column=coded(primary_key=True))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    photo: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    nip_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    nip_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    own_phone_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    own_phone_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    left_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class MoveRow(SQLModel, table=True):
    """An officer goes from one office to another on a date; both know the officer's ratings of their time."""

    __tablename__ = "move"
    __table_args__ = (
        CheckConstraint("from_office_code <> to_office_code", name="elsewhere"),
        UniqueConstraint("officer_code", "moves_on"),
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code")))
    from_office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    to_office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    moves_on: date = Field(sa_column=Column(Date, nullable=False))
    done: bool = Field(default=False, nullable=False)


class PostingRow(SQLModel, table=True):
    """An officer at a counter, from until."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="forward"),
        UniqueConstraint("officer_code", "counter_code", "starts_at"),
        Index(None, "counter_code", "ends_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code")))
    counter_code: str = Field(sa_column=coded(ForeignKey("counter.code")))
    starts_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    ends_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class KioskRow(SQLModel, table=True):
    """A device: enrolled by a one-time code, known by a token of which only the hash is kept.

    `next_token_hash` is that of the token it is changing to: both are valid until the new one is first used.
    """

    __tablename__ = "kiosk"
    __table_args__ = (
        ForeignKeyConstraint(["office_code", "counter_code"], ["counter.office_code", "counter.code"]),
        CheckConstraint("(token_hash IS NULL) = (enrolled_at IS NULL)", name="enrolled_has_token"),
        CheckConstraint("press_interval BETWEEN 1 AND 60", name="press_interval_range"),
        CheckConstraint("idle_seconds BETWEEN 10 AND 120", name="idle_seconds_range"),
        CheckConstraint(f"length(pin) = {PIN_DIGITS}", name="pin_digits"),
        Index(None, "next_token_hash", unique=True),
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    counter_code: str | None = Field(default=None, sa_column=coded(nullable=True))
    enrolment_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), unique=True, nullable=True))
    enrolment_expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    token_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), unique=True, nullable=True))
    enrolled_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    next_token_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))
    press_interval: int = Field(
        default=INTERVAL_SECONDS, sa_column=Column(SmallInteger, server_default=text("10"), nullable=False)
    )
    idle_seconds: int = Field(
        default=IDLE_SECONDS, sa_column=Column(SmallInteger, server_default=text("15"), nullable=False)
    )
    pin: str | None = Field(default_factory=new_pin, sa_column=Column(String(PIN_DIGITS), nullable=True))


class DirectoryVersionRow(SQLModel, table=True):
    """One row: how often anything above was changed, so that whoever remembers it knows when to read again."""

    __tablename__ = "directory_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, sa_column=Column(Integer, primary_key=True))
    version: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
