"""The table of notices: which revision of their month an officer was written to about."""

import uuid

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, SmallInteger, String, Uuid
from sqlmodel import Field, SQLModel

from shared.db.types import coded

REVISION = ("officer_code", "month", "revision")


class NoticeRow(SQLModel, table=True):
    """An officer was written to about a revision of their month, by this message; there is never a second one.

    That it arrived proves no reading: the days for an objection run from what `told` says.
    """

    __tablename__ = "notice"
    __table_args__ = (ForeignKeyConstraint(REVISION, [f"score_revision.{column}" for column in REVISION]),)

    officer_code: str = Field(sa_column=coded(primary_key=True))
    month: str = Field(sa_column=Column(String(7), primary_key=True, nullable=False))
    revision: int = Field(sa_column=Column(SmallInteger, primary_key=True, nullable=False))
    message_id: uuid.UUID = Field(sa_column=Column(Uuid, ForeignKey("message.id"), nullable=False, unique=True))
