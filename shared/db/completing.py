"""Ratings given on a link: the answer pressed first, and what the person added to it on the next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select, update
from sqlmodel import Session, col

from shared.db.tables import ELEMENT_COLUMNS, RatingRow
from shared.domain.comments import without_contacts
from shared.domain.ratings import Rating

_ADDED = (*ELEMENT_COLUMNS.values(), "extras", "reasons", "comment")
_NOTHING_ADDED = and_(*(col(getattr(RatingRow, name)).is_(None) for name in _ADDED))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is recorded under an id: whom it is about, the answer pressed, and whether something was added to it."""

    officer: str | None
    overall: int | None
    completed: bool


def complete(session: Session, added: Sequence[Rating]) -> list[Rating]:
    """Put what was added into the ratings it belongs to, in the order of their ids; return those that took it.

    Once: what is added a second time, or to another answer than the one recorded, changes nothing.
    """
    return [rating for rating in sorted(added, key=lambda rating: rating.id) if _took(session, rating)]


def kept(session: Session, rating_id: UUID) -> Kept | None:
    """Return what is recorded under this id, or None."""
    query = select(col(RatingRow.officer_code), col(RatingRow.overall), _NOTHING_ADDED)
    row = session.execute(query.where(col(RatingRow.id) == rating_id)).one_or_none()
    return None if row is None else Kept(row[0], row[1], not row[2])


def _took(session: Session, rating: Rating) -> bool:
    elements = {name: rating.elements.get(element) for element, name in ELEMENT_COLUMNS.items()}
    added = {
        "extras": rating.extras or None,
        "reasons": list(rating.reasons) or None,
        "comment": rating.comment and without_contacts(rating.comment),
    }
    statement = (
        update(RatingRow)
        .where(col(RatingRow.id) == rating.id, col(RatingRow.digest) == rating.digest, _NOTHING_ADDED)
        .values(**elements, **added)
        .returning(col(RatingRow.id))
    )
    return session.execute(statement).first() is not None
