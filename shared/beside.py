"""What residents said beside the four answers is told of a closed month as it stood when it was first read.

Counted anew each time it would move with every roster line or decision, and two looks would tell one person's answer.
"""

from collections import Counter

from sqlmodel import Session

from shared import privacy
from shared.db import said as stored
from shared.db.review_effects import keep_said, said_before
from shared.db.revisions import Revision, taken_in_at
from shared.db.said import Said
from shared.domain.ratings import Reason
from shared.services import Services


def as_told(session: Session, revision: Revision) -> Said | None:
    """Return what was said beside a revision as its officer has read it; None while they have not."""
    told = said_before(session, revision.officer, revision.month).get(revision.revision)
    return None if told is None else stored.said_from(session, told)


def said_beside(session: Session, revisions: list[Revision], services: Services) -> Said:
    """Return what was said in the ratings that the last of these revisions of a month was made of.

    From now on it stays so. Of a later revision it moves by five or more, or not at all.
    """
    last = revisions[-1]
    if known := as_told(session, last):
        return known
    told = said_before(session, last.officer, last.month)
    found = stored.said_about(session, last.officer, last.month, taken_in_at(revisions))
    # For the agency alone: an officer or supervisor who is told could find out who said it.
    found.reasons.pop(Reason.MINTA_BIAYA, None)
    if told:
        found = _in_steps(stored.said_from(session, told[max(told)]), found)
    keep_said(session, last, stored.written(found), services.clock())
    return found


def _in_steps(before: Said, found: Said) -> Said:
    reasons = Counter(
        {
            reason: _stepped(before.reasons[reason], found.reasons[reason])
            for reason in before.reasons.keys() | found.reasons.keys()
        }
    )
    elements = dict(found.elements)
    for element, tally in before.elements.items():
        if not privacy.is_a_step(tally.count, found.elements[element].count):
            elements[element] = tally
    return Said(+reasons, elements, found.comments)


def _stepped(before: int, found: int) -> int:
    return found if privacy.is_a_step(before, found) else before
