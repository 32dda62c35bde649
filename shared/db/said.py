"""What residents said about an officer beside the four answers: reasons, two elements, comments."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.screening import screened
from shared.db.tables import RatingRow
from shared.domain.months import Month
from shared.domain.ratings import Reason
from shared.domain.scoring import Tally
from shared.domain.skm import Element

OF_A_PERSON: Final = (Element.KOMPETENSI, Element.PERILAKU)
"""The two elements that are about the officer; the others are the office's."""


@dataclass(slots=True)
class Said:
    """How often each reason was given, how the two elements were answered, and every comment that may be read."""

    reasons: Counter[str] = field(default_factory=Counter)
    elements: dict[Element, Tally] = field(default_factory=lambda: dict.fromkeys(OF_A_PERSON, Tally()))
    comments: list[str] = field(default_factory=list)


def said_about(session: Session, officer: str, month: Month, until: datetime) -> Said:
    """Return what was said in those ratings of an officer's month that count and were recorded until then."""
    rating, screening = RatingRow, screened(session, [officer], month)
    query = (
        select(col(rating.reasons), col(rating.kompetensi), col(rating.perilaku), col(rating.comment))
        .join(screening, screening.c.id == col(rating.id))
        .where(screening.c.set_aside.is_(None), col(rating.recorded_at) <= until)
    )
    said = Said()
    for reasons, competence, conduct, comment in session.execute(query):
        said.reasons.update(reasons or ())
        for element, answer in zip(OF_A_PERSON, (competence, conduct), strict=True):
            if answer is not None:
                said.elements[element] += _one(answer)
        # What is said beside a report that money was asked for would tell of it.
        if comment and comment.strip() and Reason.MINTA_BIAYA not in (reasons or ()):
            said.comments.append(comment.strip())
    return said


def _one(answer: int) -> Tally:
    return Tally.of([int(answer == each) for each in (1, 2, 3, 4)])
