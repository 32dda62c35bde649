"""Reviews decided: officers object, and two people set ratings aside.

What is decided is counted anew by the next refresh; a score that is closed then gets its next revision.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from shared import privacy
from shared.beside import said_beside
from shared.db import reviews as stored
from shared.db import scores
from shared.db.audit import Actor, act_as
from shared.db.closings import revisions_of
from shared.db.engine import reading, writing
from shared.db.review_effects import tell_of, told_at, told_before
from shared.db.review_tables import ReviewRow
from shared.db.revisions import Revision, taken_in_at
from shared.domain.comments import without_contacts
from shared.domain.months import Month
from shared.domain.people import Officer
from shared.domain.reviews import Days, Ground, ObjectionFacts, Outcome, Review, Word, objects_until
from shared.privacy import MINIMUM_STEP
from shared.services import Services

ONE_DAY: Final = timedelta(days=1)


class AlreadyDecided(Exception):
    """Somebody else has decided it meanwhile."""


class ProposedMeanwhile(Exception):
    """It is about other ratings, or somebody else has proposed something, since this person has read it."""


class OwnObjection(Exception):
    """Whoever objects has no say in what becomes of it."""


class TooFew(Exception):
    """Fewer than five ratings would be set aside: the difference would tell what those few answered."""


class TooLate(Exception):
    """The fourteen days for an objection are over."""


class NotClosed(Exception):
    """There is no score yet that could be objected to."""


class NoSuchComment(Exception):
    """The officer reads no such comment in this month."""


class ObjectsAlready(Exception):
    """An objection to this month waits for its decision."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about a review: the outcome they want, why, and of an objection which days it is about.

    `seen` is the review as they read it.
    """

    outcome: Outcome
    reason: str
    seen: Review
    days: Days | None = None


def say(number: int, said: Said, actor: Actor, services: Services) -> None:
    """Let somebody say what a review should come to. Where one person is enough, that decides it; else it is a
    proposal, until somebody else says the same.

    Raises LookupError when there is no such review, AlreadyDecided, ProposedMeanwhile, OwnObjection and TooFew.
    """
    with writing(services.engine) as session:
        scores.lock_refreshing(session)  # nobody looks for signs, closes or counts meanwhile
        act_as(session, actor, services.clock())
        known = stored.review(session, number)
        if known is None:
            raise LookupError(number)
        if not known.open:
            raise AlreadyDecided
        if (known.proposal, known.count) != (said.seen.proposal, said.seen.count):
            raise ProposedMeanwhile
        if not known.may_speak(actor.name):
            raise OwnObjection
        if known.about_comment:
            said = replace(said, days=None)
        elif said.outcome is Outcome.SET_ASIDE:
            stored.be_about(session, number, _to_set_aside(session, known, said, services))
        word = Word(said.outcome, actor.name, said.reason, services.clock())
        if _decides(known, said, actor):
            stored.decide(session, known, word)
        else:
            stored.propose(session, known, word, said.days)


def object_to(officer: Officer, month: Month, facts: ObjectionFacts, actor: Actor, services: Services) -> None:
    """File an officer's objection to their closed month, days of it or a comment, within fourteen days of being told.

    Raises NotClosed, TooLate, ObjectsAlready, and NoSuchComment when none that the officer reads has this reference.
    """
    with writing(services.engine) as session:
        now = services.clock()
        act_as(session, actor, now)
        if now >= objects_by(session, officer, month, services):
            raise TooLate
        before = stored.about(session, [officer.code], month)
        if any(review.open and review.ground is Ground.OBJECTION for review in before):
            raise ObjectsAlready
        ratings = _commented(session, officer, month, facts.comment, services) if facts.comment else []
        first, last = (None, None) if ratings else facts.days or (None, None)
        # Where they served then: those who lead that office know how it was.
        served = scores.score_of(session, officer.code, month)
        office = served.office if served and served.office else officer.office
        row = ReviewRow(
            officer_code=officer.code, month=str(month), office_code=office, ground=Ground.OBJECTION.value,
            raised_at=now, words=facts.words, first_day=first, last_day=last, about_comment=bool(ratings),
            raised_by=actor.name, settled_at=now,
        )  # fmt: skip
        try:
            with session.begin_nested():
                stored.add(session, row, ratings)
        except IntegrityError as error:  # sent twice, the other was a moment faster
            raise ObjectsAlready from error


def objects_by(session: Session, officer: Officer, month: Month, services: Services) -> datetime:
    """Return until when an officer may object to a closed month, from when they first read its latest revision.

    Raises NotClosed when there is no score they have seen.
    """
    revisions = revisions_of(session, officer.code, month)
    if not revisions or privacy.shown(revisions[-1].tally) is None:
        raise NotClosed
    told = told_at(session, officer.code, month, revisions[-1].revision) or services.clock()
    return objects_until(told, services.directory.current().offices[officer.office].timezone)


def tell(officer: Officer, revisions: Iterable[Revision], services: Services) -> dict[Month, datetime]:
    """Note that an officer is told of these revisions, once each; return until when each month can be objected to."""
    zone, now = services.directory.current().offices[officer.office].timezone, services.clock()
    wanted = {(str(revision.month), revision.revision): revision for revision in revisions}
    with reading(services.engine) as session:
        known = told_before(session, officer.code)
    untold = [revision for key, revision in wanted.items() if key not in known]
    if untold:
        with writing(services.engine) as session:
            for revision in untold:
                tell_of(session, officer.code, revision.month, revision.revision, now)
    return {revision.month: objects_until(known.get(key, now), zone) for key, revision in wanted.items()}


def _decides(known: Review, said: Said, actor: Actor) -> bool:
    if not known.takes_two(said.outcome):
        return True
    proposal = known.proposal
    same_days = known.ground is not Ground.OBJECTION or said.days == known.proposed_days
    return proposal is not None and proposal.outcome is said.outcome and proposal.by != actor.name and same_days


def _to_set_aside(session: Session, known: Review, said: Said, services: Services) -> list[UUID]:
    """Return the ratings that would be set aside: of a sign, or of the days or month objected to, those that count.

    Of a closed month, its next revision differs by those in its score: it must be five or more, or none.
    """
    revisions = revisions_of(session, known.officer, known.month)
    chosen = _chosen(session, known, said, services)
    now = [
        rating
        for rating, given in stored.counting(session, known.officer, known.month).items()
        if chosen(rating, given)
    ]
    scored = now
    if revisions:
        then = stored.counting(session, known.officer, known.month, taken_in_at(revisions))
        scored = [rating for rating, given in then.items() if chosen(rating, given)]
    if len(scored) < MINIMUM_STEP and (scored or known.ground is Ground.OBJECTION):
        raise TooFew
    return now


def _chosen(session: Session, known: Review, said: Said, services: Services) -> Callable[[UUID, datetime], bool]:
    """Return what says of a rating, by its id and when it was given, whether a decision would be about it."""
    if known.ground is not Ground.OBJECTION:
        about = stored.ratings_of(session, known.id)
        return lambda rating, _given: rating in about
    zone = services.directory.current().offices[known.office].timezone
    since, until = _bounds(said.days, zone) if said.days else known.month.bounds(zone)
    return lambda _rating, given: since <= given < until


def _commented(session: Session, officer: Officer, month: Month, reference: str, services: Services) -> list[UUID]:
    """Return the ratings with the comment that an officer names; more than one when people have written the same."""
    revisions = revisions_of(session, officer.code, month)
    said = said_beside(session, revisions, services)
    readable = privacy.shown_comments((one.text for one in said.comments), revisions[-1].tally.count)
    if reference not in map(privacy.comment_reference, readable):
        raise NoSuchComment
    told = {one.rating: privacy.comment_reference(without_contacts(one.text)) for one in said.comments}
    return [rating for rating, known in told.items() if known == reference]


def _bounds(days: Days, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first, last = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in days)
    return first, last + ONE_DAY
