"""An October in which officers were rated, and people who say what a review of it should come to."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from shared import closing, reviews, standings
from shared.db import reviews as stored
from shared.db.audit import Actor
from shared.db.engine import reading, writing
from shared.db.ratings import record
from shared.db.revisions import Revision
from shared.domain.months import Month
from shared.domain.reviews import Outcome, Review
from shared.reviews import Said
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV
from tests.factories import SettableClock, a_rating

OCTOBER = Month(2026, 10)
THIRD = datetime(2026, 11, 3, tzinfo=UTC)
SIXTH = datetime(2026, 11, 5, 17, tzinfo=UTC)
"""00:00 on 6 November in Sawahlunto."""
BURST = datetime(2026, 10, 14, 3, tzinfo=UTC)
CHITRA, DIAN = Actor("chitra", "supervisor"), Actor("dian", "agency")
SET_ASIDE, STANDS = Outcome.SET_ASIDE, Outcome.STANDS


def give(services: Services, answers: list[int], moments: list[datetime], officer: str = ASHA) -> None:
    ratings = [
        a_rating(officer=officer, overall=answer, given_at=moment, accepted_at=moment, picked=True)
        for answer, moment in zip(answers, moments, strict=True)
    ]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)


def rate_in_october(services: Services, clock: SettableClock) -> None:
    """Let Asha and Bilal be rated in October by people who came one by one; it is the third of November."""
    clock.moment = THIRD
    give(services, [4, 3, 2, 3, 4, 1] * 15, honest(90, 1))
    give(services, [3, 2, 3, 4, 3, 3] * 15, honest(90, 2), officer=BILAL)


def honest(count: int, seed: int) -> list[datetime]:
    """Return moments of people who come one by one, on twenty days."""
    chance = Random(seed)
    begin = datetime(2026, 10, 5, 1, tzinfo=UTC)
    return [begin + timedelta(days=chance.randrange(20), seconds=chance.uniform(0, 7 * 3600)) for _ in range(count)]


def a_burst(count: int = 50, every: int = 11) -> list[datetime]:
    return [BURST + timedelta(seconds=every * number) for number in range(count)]


def close(services: Services) -> None:
    standings.refresh(services)
    for step in closing.steps(services):
        closing.take(step, services)


def settled(services: Services) -> int:
    standings.refresh(services)
    return closing.settle(services)


def revisions(services: Services, officer: str = ASHA) -> list[Revision]:
    return closing.revisions_of(officer, OCTOBER, services)


def all_reviews(services: Services) -> list[Review]:
    with reading(services.engine) as session:
        return stored.about(session, [ASHA, BILAL, DEV], OCTOBER)


def the_review(services: Services) -> Review:
    (review,) = [review for review in all_reviews(services) if review.open]
    return review


def say(
    services: Services,
    outcome: Outcome,
    by: Actor,
    days: tuple[date, date] | None = None,
    review: Review | None = None,
) -> None:
    known = review or the_review(services)
    reviews.say(known.id, Said(outcome, "Sudah dicek ke loket.", known, days), by, services)
