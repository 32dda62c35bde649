"""What offices say on their own screens: read by pages and kiosks, written by one person at a time."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.own_words_tables import OwnWordsRow, SlideRow
from shared.db.people import photo_digest
from shared.db.people_tables import OfficeRow
from shared.domain.own_words import MOST_SLIDES, OwnWordsFacts, SlideFacts

SAID = ("sentence", "sentence_en", "changed_text", "changed_text_en", "changed_on")
SHOWN = ("title", "title_en", "text", "text_en")


class TooManySlides(Exception):
    """The office has as many slides as it may have."""


class NoSlide(Exception):
    """The office has no such slide, or no longer."""


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide as it is shown; `picture` is the digest of its picture, None without one."""

    id: int
    facts: SlideFacts
    picture: str | None


def own_words(session: Session, office: str) -> tuple[OwnWordsFacts, str]:
    """Return what an office says besides its slides, and the mark of having seen it."""
    row = session.get(OwnWordsRow, office)
    facts = OwnWordsFacts.model_validate({name: getattr(row, name) for name in SAID} if row else {})
    return facts, records.seen(row, SAID)


def put_own_words(session: Session, office: str, facts: OwnWordsFacts, seen_before: str) -> None:
    """Let an office say this; raise ChangedMeanwhile when somebody else changed it since it was seen."""
    _one_at_a_time(session, office)
    values = facts.model_dump()
    if session.get(OwnWordsRow, office) is not None:
        records.change(session, OwnWordsRow, office, values, seen_before)
    elif any(values.values()):
        session.add(OwnWordsRow(office_code=office, **values))
        session.flush()


def slides_of(session: Session, office: str) -> list[Slide]:
    """Return the slides of an office in their order."""
    columns = [getattr(SlideRow, name) for name in ("id", "picture_digest", *SHOWN)]
    query = select(*columns).where(col(SlideRow.office_code) == office)
    rows = session.execute(query.order_by(col(SlideRow.place), col(SlideRow.id))).mappings()
    return [_slide(row["id"], row["picture_digest"], dict(row)) for row in rows]


def slide_of(session: Session, office: str, slide_id: int) -> tuple[Slide, str]:
    """Return a slide and the mark of having seen it; raise NoSlide when the office has none such."""
    row = _row(session, office, slide_id)
    return _slide(slide_id, row.picture_digest, row.model_dump(include=set(SHOWN))), records.seen(row, SHOWN)


def add_slide(session: Session, office: str, facts: SlideFacts) -> int:
    """Add a slide after the others and return its id; one that says the same is this very one, sent twice.

    Raises TooManySlides when there are five already.
    """
    _one_at_a_time(session, office)
    slides = slides_of(session, office)
    known = next((slide.id for slide in slides if slide.facts == facts), None)
    if known is not None:
        return known
    if len(slides) >= MOST_SLIDES:
        raise TooManySlides
    last = session.scalar(select(func.max(col(SlideRow.place))).where(col(SlideRow.office_code) == office))
    row = SlideRow(office_code=office, place=(last or 0) + 1, **facts.model_dump())
    session.add(row)
    session.flush()
    return int(row.id or 0)


def change_slide(session: Session, office: str, slide_id: int, facts: SlideFacts, seen_before: str) -> None:
    """Let a slide say this.

    Raises NoSlide when it was taken off, ChangedMeanwhile when somebody else changed it since it was seen.
    """
    _one_at_a_time(session, office)
    _row(session, office, slide_id)
    records.change(session, SlideRow, slide_id, facts.model_dump(), seen_before)


def place_slide(session: Session, office: str, slide_id: int, place: int) -> None:
    """Let a slide be the n-th, 1 being the first; again changes nothing. Raises NoSlide when it was taken off."""
    _one_at_a_time(session, office)
    moved = _row(session, office, slide_id)
    query = select(SlideRow).where(col(SlideRow.office_code) == office)
    rows = list(session.scalars(query.order_by(col(SlideRow.place), col(SlideRow.id))))
    places = [row.place for row in rows]
    rows.remove(moved)
    rows.insert(max(0, place - 1), moved)
    for row, at in zip(rows, places, strict=True):
        row.place = at
    session.flush()


def take_off_slide(session: Session, office: str, slide_id: int) -> None:
    """Show a slide no more; one that was taken off stays so."""
    _one_at_a_time(session, office)
    row = session.get(SlideRow, slide_id)
    if row is not None and row.office_code == office:
        session.delete(row)
        session.flush()


def put_slide_picture(session: Session, office: str, slide_id: int, picture: bytes | None) -> None:
    """Show this picture on a slide, or none; raise NoSlide when it was taken off."""
    _one_at_a_time(session, office)
    row = _row(session, office, slide_id)
    row.picture, row.picture_digest = picture, photo_digest(picture) if picture else None
    session.flush()


def slide_picture(session: Session, office: str, digest: str) -> bytes | None:
    """Return the picture of that digest, if a slide of the office shows it."""
    query = select(col(SlideRow.picture)).where(col(SlideRow.office_code) == office)
    return session.scalars(query.where(col(SlideRow.picture_digest) == digest).limit(1)).one_or_none()


def _row(session: Session, office: str, slide_id: int) -> SlideRow:
    row = session.get(SlideRow, slide_id)
    if row is None or row.office_code != office:
        raise NoSlide
    return row


def _slide(slide_id: int, picture: str | None, said: dict[str, Any]) -> Slide:
    return Slide(slide_id, SlideFacts.model_validate(said), picture)


def _one_at_a_time(session: Session, office: str) -> None:
    # Whoever writes here waits for the other; ratings, which only refer to the office, do not.
    session.get_one(OfficeRow, office, with_for_update={"key_share": True})
