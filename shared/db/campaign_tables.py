"""The tables of campaigns: whose children go to which class, who teaches them, and when their guardians are asked.

A guardian's phone is kept sealed for sending and as a keyed hash for finding. Nothing here says what became of a
question: a campaign knows how far it has come, never who has answered or refused.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field, SQLModel

from shared.db.message_tables import SHOWN_LENGTH
from shared.db.types import UtcDateTime, coded, one_of
from shared.domain.campaigns import CampaignState

CLASS_LENGTH = 40
HASH_LENGTH = 32


class GuardianRow(SQLModel, table=True):
    """Somebody with a child in a class, who agreed to be asked about its teachers.

    Of who wants no messages there is no number to send to; the row looks like any other to whoever counts them.
    """

    __tablename__ = "guardian"
    __table_args__ = (
        CheckConstraint("language IN ('id', 'en')", name="language_known"),
        CheckConstraint("class_name <> ''", name="class_named"),
        Index("ix_guardian_phone_hash", "phone_hash"),
    )

    office_code: str = Field(sa_column=coded(ForeignKey("office.code"), primary_key=True))
    phone_hash: bytes = Field(sa_column=Column(LargeBinary(HASH_LENGTH), primary_key=True))
    class_name: str = Field(sa_column=Column(String(CLASS_LENGTH), primary_key=True))
    phone: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    phone_shown: str = Field(sa_column=Column(String(SHOWN_LENGTH), nullable=False))
    language: str = Field(sa_column=Column(String(2), nullable=False))
    wording: str = Field(sa_column=Column(String(16), nullable=False))
    agreed_on: date = Field(sa_column=Column(Date, nullable=False))
    imported_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class GuardianOfficerRow(SQLModel, table=True):
    """One of those who teach the child of a guardian in a class."""

    __tablename__ = "guardian_officer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_code", "phone_hash", "class_name"],
            ["guardian.office_code", "guardian.phone_hash", "guardian.class_name"],
            ondelete="CASCADE",
        ),
        Index("ix_guardian_officer_phone_hash", "phone_hash"),
    )

    office_code: str = Field(sa_column=coded(primary_key=True))
    phone_hash: bytes = Field(sa_column=Column(LargeBinary(HASH_LENGTH), primary_key=True))
    class_name: str = Field(sa_column=Column(String(CLASS_LENGTH), primary_key=True))
    officer_code: str = Field(sa_column=coded(ForeignKey("officer.code"), primary_key=True))


class CampaignRow(SQLModel, table=True):
    """All guardians of an office are asked once in a period; `reached` is the last of them whose turn has come."""

    __tablename__ = "campaign"
    __table_args__ = (
        one_of("state", CampaignState),
        UniqueConstraint("office_code", "period"),
        CheckConstraint("done >= 0 AND done <= total", name="done_of_total"),
    )

    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    office_code: str = Field(sa_column=coded(ForeignKey("office.code")))
    period: str = Field(sa_column=Column(String(7), nullable=False))
    state: str = Field(sa_column=Column(String(16), nullable=False))
    started_by: str = Field(sa_column=Column(String(64), nullable=False))
    started_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    reached: bytes | None = Field(default=None, sa_column=Column(LargeBinary(HASH_LENGTH), nullable=True))
    done: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    total: int = Field(sa_column=Column(Integer, nullable=False))


class CampaignInvitationRow(SQLModel, table=True):
    """An invitation that a campaign has written down."""

    __tablename__ = "campaign_invitation"
    __table_args__ = (Index("ix_campaign_invitation_campaign_id", "campaign_id"),)

    invitation_id: uuid.UUID = Field(
        sa_column=Column(Uuid, ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True)
    )
    campaign_id: uuid.UUID = Field(sa_column=Column(Uuid, ForeignKey("campaign.id"), nullable=False))
