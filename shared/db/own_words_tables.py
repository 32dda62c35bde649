"""The tables of what an office says on its own screens: its sentences, and its slides with their pictures."""

from datetime import date

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlmodel import Field, SQLModel

from shared.db.types import coded
from shared.domain.own_words import CHANGED_LENGTH, SENTENCE_LENGTH, TEXT_LENGTH, TITLE_LENGTH


def _said(length: int, *, nullable: bool = True) -> Column[str]:
    return Column(String(length), nullable=nullable)


def _of_an_office(*, primary_key: bool = False) -> Column[str]:
    """Return the column of whose words these are; an office that is removed takes them along."""
    office: Column[str] = coded(ForeignKey("office.code", ondelete="CASCADE"), primary_key=primary_key)
    return office


class OwnWordsRow(SQLModel, table=True):
    """An office's sentence for the attract screen, and what changed because of its ratings."""

    __tablename__ = "own_words"
    __table_args__ = (
        CheckConstraint("sentence_en IS NULL OR sentence IS NOT NULL", name="sentence_indonesian_first"),
        CheckConstraint("changed_text_en IS NULL OR changed_text IS NOT NULL", name="changed_indonesian_first"),
        CheckConstraint("(changed_text IS NULL) = (changed_on IS NULL)", name="changed_has_its_day"),
    )

    office_code: str = Field(sa_column=_of_an_office(primary_key=True))
    sentence: str | None = Field(default=None, sa_column=_said(SENTENCE_LENGTH))
    sentence_en: str | None = Field(default=None, sa_column=_said(SENTENCE_LENGTH))
    changed_text: str | None = Field(default=None, sa_column=_said(CHANGED_LENGTH))
    changed_text_en: str | None = Field(default=None, sa_column=_said(CHANGED_LENGTH))
    changed_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class SlideRow(SQLModel, table=True):
    """A slide of an office, at its place among the others; the digest is the address of its picture."""

    __tablename__ = "slide"
    __table_args__ = (
        CheckConstraint("(picture IS NULL) = (picture_digest IS NULL)", name="picture_has_address"),
        Index(None, "office_code", "place"),
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    office_code: str = Field(sa_column=_of_an_office())
    place: int = Field(sa_column=Column(Integer, nullable=False))
    title: str = Field(sa_column=_said(TITLE_LENGTH, nullable=False))
    title_en: str | None = Field(default=None, sa_column=_said(TITLE_LENGTH))
    text: str = Field(sa_column=_said(TEXT_LENGTH, nullable=False))
    text_en: str | None = Field(default=None, sa_column=_said(TEXT_LENGTH))
    picture: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    picture_digest: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
