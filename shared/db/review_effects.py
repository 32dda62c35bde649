"""What reviews mean for scores: which months are suspected or contested, which scores wait, and who was told."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlmodel import Session, col

from shared.db.closing_tables import ScoreRevisionRow
from shared.db.people_tables import OfficeRow, OfficerRow
from shared.db.review_tables import ReviewedRatingRow, ReviewRow, ToldRow
from shared.db.revisions import Revision
from shared.db.scores import Pair
from shared.db.tables import RatingRow, StaleMonthRow
from shared.db.upsert import upserting
from shared.domain.months import Month
from shared.domain.people import Group
from shared.domain.ratings import Channel
from shared.domain.reviews import Ground, Outcome
from shared.domain.scoring import Tally

AT_ONCE: Final = 500


def unsettled(session: Session) -> list[Pair]:
    """Return the closed and counted months whose score has not taken a review's state into account yet."""
    row, revision = ReviewRow, ScoreRevisionRow
    closed = exists().where(
        col(revision.officer_code) == col(row.officer_code), col(revision.month) == col(row.month)
    )
    waiting = col(row.settled_at).is_(None), closed, ~_is_stale()
    query = select(col(row.officer_code), col(row.month)).where(*waiting)
    return [(officer, month) for officer, month in session.execute(query.distinct())]


def withdrawn_unsettled(session: Session, officer: str, month: Month, taken_in_at: datetime) -> dict[Channel, Tally]:
    """Return the answers, recorded until a closed month was made, that are set aside by a decision its score has not
    taken into account yet.
    """
    row, named, rating = ReviewRow, ReviewedRatingRow, RatingRow
    decided = (
        select(col(named.rating_id))
        .join(row, col(row.id) == col(named.review_id))
        .where(
            col(row.officer_code) == officer,
            col(row.month) == str(month),
            col(row.settled_at).is_(None),
            col(row.outcome) == Outcome.SET_ASIDE.value,
            ~col(row.about_comment),
        )
    )
    query = (
        select(col(rating.channel), col(rating.overall), func.count())
        .where(col(rating.id).in_(decided), col(rating.overall).is_not(None), col(rating.recorded_at) <= taken_in_at)
        .group_by(col(rating.channel), col(rating.overall))
    )
    counts: defaultdict[Channel, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for channel, answer, count in session.execute(query):
        counts[Channel(channel)][answer - 1] = count
    return {channel: Tally.of(of_channel) for channel, of_channel in counts.items()}


def latest_unsettled(session: Session, officer: str, month: Month) -> Ground | None:
    """Return the ground of the review that a month's score has to take into account; the latest one's of several.

    An objection that was rejected changes nothing.
    """
    row = ReviewRow
    rejected = and_(col(row.ground) == Ground.OBJECTION.value, col(row.outcome) == Outcome.STANDS.value)
    query = select(col(row.ground)).where(
        col(row.officer_code) == officer, col(row.month) == str(month), col(row.settled_at).is_(None),
        or_(col(row.outcome).is_(None), ~rejected),
    )  # fmt: skip
    ground = session.scalars(
        query.order_by(col(row.decided_at).is_(None), col(row.decided_at).desc(), col(row.id).desc()).limit(1)
    ).first()
    return Ground(ground) if ground else None


def settle(session: Session, officers: Collection[str], month: Month, now: datetime) -> None:
    """Note that the scores of these officers' month have taken the state of their reviews into account.

    What was decided but is not counted yet goes on waiting.
    """
    row = ReviewRow
    waiting = select(col(row.id), col(row.officer_code)).where(
        col(row.month) == str(month), col(row.settled_at).is_(None), ~_is_stale()
    )
    settled = [number for number, officer in session.execute(waiting) if officer in officers]
    for start in range(0, len(settled), AT_ONCE):
        some = settled[start : start + AT_ONCE]
        session.execute(update(row).where(col(row.id).in_(some)).values(settled_at=now))


def suspected(session: Session, group: Group, since: Month, until: Month) -> set[Pair]:
    """Return the months, from one to another, of a group's offices about which a review of a sign is open."""
    row, office = ReviewRow, OfficeRow
    query = (
        select(col(row.officer_code), col(row.month))
        .join(office, col(row.office_code) == col(office.code))
        .where(
            col(office.region_code) == group.region,
            col(office.kind) == group.kind.value,
            col(row.month).between(str(since), str(until)),
            col(row.ground) != Ground.OBJECTION.value,
            col(row.decided_at).is_(None),
        )
    )
    return {(officer, month) for officer, month in session.execute(query)}


def contested(session: Session, offices: Collection[str], months: Collection[Month]) -> set[tuple[str, Month]]:
    """Return those of these months to which officers of these offices object, undecided yet."""
    row, officer = ReviewRow, OfficerRow
    query = (
        select(col(row.officer_code), col(row.month))
        .join(officer, col(row.officer_code) == col(officer.code))
        .where(
            col(officer.office_code).in_(offices),
            col(row.month).in_([str(month) for month in months]),
            col(row.ground) == Ground.OBJECTION.value,
            col(row.decided_at).is_(None),
        )
    )
    return {(code, Month.parse(month)) for code, month in session.execute(query)}


def tell_of(session: Session, officer: str, month: Month, revision: int, now: datetime) -> None:
    """Note that an officer is told of a revision, unless they were told before.

    They are told by reading it on their page: a message about it (`shared/db/notices.py`) proves no reading.
    """
    told = {"officer_code": officer, "month": str(month), "revision": revision, "told_at": now}
    session.execute(upserting(session, ToldRow).values(told).on_conflict_do_nothing())


def told_before(session: Session, officer: str) -> dict[tuple[str, int], datetime]:
    """Return when an officer was told of what, by month and revision."""
    rows = session.scalars(select(ToldRow).where(col(ToldRow.officer_code) == officer))
    return {(row.month, row.revision): row.told_at for row in rows}


def told_at(session: Session, officer: str, month: Month, revision: int) -> datetime | None:
    """Return when an officer was told of a revision; None while they were not."""
    row = session.get(ToldRow, (officer, str(month), revision))
    return row.told_at if row else None


def said_before(session: Session, officer: str, month: Month) -> dict[int, dict[str, Any]]:
    """Return what an officer was told beside the score of a month, by revision."""
    row = ToldRow
    query = select(col(row.revision), col(row.said)).where(
        col(row.officer_code) == officer, col(row.month) == str(month), col(row.said).is_not(None)
    )
    return {revision: said for revision, said in session.execute(query) if said}


def keep_said(session: Session, revision: Revision, said: dict[str, Any], now: datetime) -> None:
    """Keep what an officer is told beside a revision, unless something is kept already."""
    tell_of(session, revision.officer, revision.month, revision.revision, now)
    row = ToldRow
    this = (
        col(row.officer_code) == revision.officer,
        col(row.month) == str(revision.month),
        col(row.revision) == revision.revision,
        col(row.said).is_(None),
    )
    session.execute(update(row).where(*this).values(said=said))


def _is_stale() -> ColumnElement[bool]:
    row, stale = ReviewRow, StaleMonthRow
    return exists().where(col(stale.officer_code) == col(row.officer_code), col(stale.month) == col(row.month))
