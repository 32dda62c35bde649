"""What residents said about an officer beside the four answers: reasons, two elements, comments."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import Session, col

from shared.db.review_tables import ReviewedRatingRow, ReviewRow
from shared.db.screening import screened
from shared.db.tables import RatingRow
from shared.domain.months import Month
from shared.domain.ratings import Reason
from shared.domain.reviews import Outcome
from shared.domain.scoring import Tally
from shared.domain.skm import Element

AT_ONCE: Final = 500
OF_A_PERSON: Final = (Element.KOMPETENSI, Element.PERILAKU)
"""The two elements that are about the officer; the others are the office's."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody has written in a rating."""

    rating: UUID
    text: str


@dataclass(slots=True)
class Said:
    """How often each reason was given, how the two elements were answered, and every comment that may be read."""

    reasons: Counter[str] = field(default_factory=Counter)
    elements: dict[Element, Tally] = field(default_factory=lambda: dict.fromkeys(OF_A_PERSON, Tally()))
    comments: list[Comment] = field(default_factory=list)


def said_about(session: Session, officer: str, month: Month, until: datetime) -> Said:
    """Return what was said in those ratings of an officer's month that count and were recorded until then."""
    rating = RatingRow
    screening = screened(session, [officer], month, among=[col(rating.recorded_at) <= until])
    query = (
        select(col(rating.id), col(rating.reasons), col(rating.kompetensi), col(rating.perilaku), col(rating.comment))
        .join(screening, screening.c.id == col(rating.id))
        .where(screening.c.set_aside.is_(None))
    )
    withheld = set(session.scalars(_withheld().where(col(ReviewRow.officer_code) == officer)))
    said = Said()
    for number, reasons, competence, conduct, comment in session.execute(query):
        said.reasons.update(reasons or ())
        for element, answer in zip(OF_A_PERSON, (competence, conduct), strict=True):
            if answer is not None:
                said.elements[element] += _one(answer)
        # What is said beside a report that money was asked for would tell of it.
        may_be_read = number not in withheld and Reason.MINTA_BIAYA not in (reasons or ())
        if comment and comment.strip() and may_be_read:
            said.comments.append(Comment(number, comment.strip()))
    return said


def written(said: Said) -> dict[str, Any]:
    """Return what was said as it is kept: comments by their ratings, so that their words stand in one place."""
    return {
        "reasons": dict(said.reasons),
        "elements": {element.value: list(tally.counts) for element, tally in said.elements.items()},
        "comments": [str(comment.rating) for comment in said.comments],
    }


def said_from(session: Session, written: Mapping[str, Any]) -> Said:
    """Return what was said as it was kept, without the comments that were withheld since."""
    elements = {Element(code): Tally.of(counts) for code, counts in written["elements"].items()}
    rating, numbers = RatingRow, [UUID(number) for number in written["comments"]]
    comments: list[Comment] = []
    for start in range(0, len(numbers), AT_ONCE):
        query = select(col(rating.id), col(rating.comment)).where(
            col(rating.id).in_(numbers[start : start + AT_ONCE]),
            col(rating.comment).is_not(None),
            ~col(rating.id).in_(_withheld()),
        )
        comments += [Comment(number, text.strip()) for number, text in session.execute(query) if text]
    return Said(Counter(written["reasons"]), elements, comments)


def comments_about(session: Session, review: int) -> list[str]:
    """Return the comments that an objection is about; several when people have written the same."""
    rating, named = RatingRow, ReviewedRatingRow
    query = (
        select(col(rating.comment))
        .join(named, col(named.rating_id) == col(rating.id))
        .where(col(named.review_id) == review, col(rating.comment).is_not(None))
    )
    return [comment.strip() for comment in session.scalars(query) if comment]


def _withheld() -> Select[UUID]:
    review, named = ReviewRow, ReviewedRatingRow
    return (
        select(col(named.rating_id))
        .join(review, col(review.id) == col(named.review_id))
        .where(col(review.about_comment), col(review.outcome) == Outcome.SET_ASIDE.value)
    )


def _one(answer: int) -> Tally:
    return Tally.of([int(answer == each) for each in (1, 2, 3, 4)])
