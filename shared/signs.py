"""Signs are looked for in months that may still change; where there is one, a review is raised for people."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

from shared.db import reviews as stored
from shared.db import scores
from shared.db.audit import BY_ITSELF, act_as
from shared.db.engine import reading, writing
from shared.domain.months import Month
from shared.domain.reviews import Ground, Review
from shared.domain.suspicion import Press, Sign, signs
from shared.privacy import MINIMUM_STEP
from shared.services import Services
from shared.standings import CHANGES_FOR

AT_ONCE: Final = 500
Cleared = Mapping[tuple[str, Ground], set[UUID]]


def look_for_signs(services: Services, since: Month | None = None) -> int:
    """Raise a review wherever presses look suspicious in a month that may still change; return how many were raised.

    Reviews that nobody has said anything about yet follow the presses, by five or more at once: press by press they
    would tell what one person answered. One whose sign is gone is dropped. Presses that somebody has let stand show
    that sign no more. Looking again changes nothing.
    """
    with reading(services.engine) as session:
        since = since or Month.of(services.clock() - CHANGES_FOR, UTC)
        months = stored.months_to_look_at(session, since)
    raised = 0
    for month, of_month in groupby(months, key=itemgetter(0)):
        homes = [(officer, home) for _, officer, home in of_month]
        for start in range(0, len(homes), AT_ONCE):
            raised += _look(month, dict(homes[start : start + AT_ONCE]), services)
    return raised


def _look(month: str, homes: Mapping[str, str], services: Services) -> int:
    raised, officers, of_month = 0, list(homes), Month.parse(month)
    with writing(services.engine) as session:
        scores.lock_refreshing(session)
        act_as(session, BY_ITSELF, services.clock())
        presses = stored.presses_of(session, officers, of_month)
        cleared = stored.cleared(session, officers, of_month)
        found = {
            (officer, Ground(sign.suspicion.value)): sign
            for officer, theirs in sorted(presses.items())
            for sign in _signs(officer, theirs, cleared)
        }
        known = {
            (review.officer, review.ground): review
            for review in stored.about(session, officers, of_month)
            if review.open and review.ground is not Ground.OBJECTION
        }
        for key, sign in found.items():
            if key not in known:
                stored.raise_about(session, month, key[0], homes[key[0]], sign, services.clock())
                raised += 1
            elif known[key].proposal is None and _has_moved(known[key], sign):
                stored.see_more(session, known[key], sign)
        for key, review in known.items():
            if key not in found and review.proposal is None:
                stored.drop(session, review)
    return raised


def _signs(officer: str, presses: Sequence[Press], cleared: Cleared) -> Iterator[Sign]:
    for sign in signs(presses):
        seen = cleared.get((officer, Ground(sign.suspicion.value)))
        if not seen:
            yield sign
            continue
        others = signs([press for press in presses if press.rating not in seen])
        yield from (other for other in others if other.suspicion is sign.suspicion)


def _has_moved(review: Review, sign: Sign) -> bool:
    return abs(len(sign.presses) - review.count) >= MINIMUM_STEP
