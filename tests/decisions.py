"""What people decide about scores, for tests of what it must not move."""

from datetime import date

from shared import reviews
from shared.db import reviews as stored
from shared.db.audit import Actor
from shared.db.engine import reading
from shared.domain.months import Month
from shared.domain.reviews import ObjectionFacts
from shared.services import Services
from tests.shared.reviewing import CHITRA, DIAN, SET_ASIDE, close, say, settled


def grant_objection(services: Services, officer: str, month: Month, day: date | None = None) -> None:
    """Let an officer object to a day of a month, or all of it, and two people grant it; the score follows."""
    close(services)
    days, facts = (day, day) if day else None, ObjectionFacts(words="Saya dinas luar.", first_day=day, last_day=day)
    objector = services.directory.current().officers[officer]
    reviews.object_to(objector, month, facts, Actor("asha", "officer"), services)
    for actor in (CHITRA, DIAN):
        with reading(services.engine) as session:
            (review,) = [one for one in stored.about(session, [officer], month) if one.open]
        say(services, SET_ASIDE, actor, days, review)
    settled(services)
