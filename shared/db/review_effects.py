"""What reviews mean for scores: which months are suspected or contested, which scores wait, and who was told."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, select, update
from sqlmodel import Session, col

from shared.db.closing_tables import ScoreRevisionRow
from shared.db.people_tables import OfficeRow, OfficerRow
from shared.db.review_tables import ReviewRow, ToldRow
from shared.db.scores import Pair
from shared.db.tables import StaleMonthRow
from shared.db.upsert import upserting
from shared.domain.months import Month
from shared.domain.people import Group
from shared.domain.reviews import Ground

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


def latest_unsettled(session: Session, officer: str, month: Month) -> Ground | None:
    """Return the ground of the review that a month's score has to take into account; the latest one's of several."""
    row = ReviewRow
    query = select(col(row.ground)).where(
        col(row.officer_code) == officer, col(row.month) == str(month), col(row.settled_at).is_(None)
    )
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
    """Note that an officer is told of a revision, unless they were told before."""
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


def _is_stale() -> ColumnElement[bool]:
    row, stale = ReviewRow, StaleMonthRow
    return exists().where(col(stale.officer_code) == col(row.officer_code), col(stale.month) == col(row.month))
