"""What a semester or year of an officer is made of, as rows tell it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow, ScoreRevisionRow
from shared.db.revisions import Revision, revision_from
from shared.db.screening import rated_again, screened
from shared.db.tables import MonthlyScoreRow, RatingRow, ScoreSnapshotRow
from shared.domain.m1 import Channels
from shared.domain.months import Month
from shared.domain.people import Group, OfficeKind
from shared.domain.periods import Period
from shared.domain.ratings import Channel
from shared.domain.scoring import Tally
from shared.privacy import Past


def revisions_in(session: Session, officer: str, period: Period) -> dict[Month, list[Revision]]:
    """Return every revision of an officer's closed months, the first one first."""
    row = ScoreRevisionRow
    query = (
        select(row)
        .where(col(row.officer_code) == officer, col(row.month).between(str(period.first), str(period.last)))
        .order_by(col(row.month), col(row.revision))
    )
    found: dict[Month, list[Revision]] = {}
    for one in session.scalars(query):
        found.setdefault(Month.parse(one.month), []).append(revision_from(one))
    return found


def pasts_of(session: Session, officer: str, revisions: Mapping[Month, list[Revision]]) -> list[Past]:
    """Return what became of these closed months of an officer."""
    if not revisions:
        return []
    settled, noted = _settled(session, revisions), _noted(session, officer, revisions)
    return [
        _past(of_month, settled.get((of_month[-1].group, month)), month in noted)
        for month, of_month in revisions.items()
    ]


def _past(revisions: list[Revision], settled_at: datetime | None, noted: bool) -> Past:
    last = revisions[-1]
    then = [one for one in revisions if settled_at and one.made_at <= settled_at]
    return Past(
        last.month,
        last.tally.count,
        settled_at,
        then[-1].tally.count if then else 0,
        moved=bool(then) and last is not then[-1],
        noted=noted,
    )


def _settled(session: Session, revisions: Mapping[Month, list[Revision]]) -> dict[tuple[Group, Month], datetime]:
    row, groups = GroupClosingRow, {one[-1].group for one in revisions.values()}
    query = select(row).where(
        or_(*(and_(col(row.region_code) == one.region, col(row.kind) == one.kind.value) for one in groups)),
        col(row.month).in_([str(month) for month in revisions]),
        col(row.restated_at).is_not(None),
    )
    return {
        (Group(one.region_code, OfficeKind(one.kind)), Month.parse(one.month)): one.restated_at
        for one in session.scalars(query)
        if one.restated_at
    }


def _noted(session: Session, officer: str, months: Mapping[Month, object]) -> set[Month]:
    row = ScoreSnapshotRow
    query = select(col(row.month)).where(
        col(row.officer_code) == officer, col(row.month).in_([str(month) for month in months])
    )
    return {Month.parse(month) for month in session.scalars(query)}


def rated_in(session: Session, officer: str, period: Period) -> set[Month]:
    """Return the months in which any rating of the officer counts."""
    row = MonthlyScoreRow
    query = select(col(row.month)).where(
        col(row.officer_code) == officer,
        col(row.month).between(str(period.first), str(period.last)),
        col(row.office_code).is_not(None),
    )
    return {Month.parse(month) for month in session.scalars(query)}


def once_each(
    session: Session, officer: str, made: Mapping[Month, datetime]
) -> dict[Month, tuple[Channels, Channels]]:
    """Count an officer's months, as each was recorded when its score was made: all that counts in it, and only the
    latest rating of each person over all these months.

    Ratings without a pseudonym may be anybody's: each is kept.
    """
    rating = RatingRow
    if not made:
        return {}
    known = or_(*(and_(col(rating.month) == str(month), col(rating.recorded_at) <= at) for month, at in made.items()))
    screening = screened(session, [officer], *made, among=[known])
    again = case((rated_again(screening), 1), else_=0).label("again")
    each = select(screening, again).where(screening.c.set_aside.is_(None)).subquery("each")
    keys = each.c.month, each.c.channel, each.c.again
    answers = [func.sum(case((each.c.overall == answer, 1), else_=0)) for answer in (1, 2, 3, 4)]
    counted: dict[Month, tuple[dict[Channel, Tally], dict[Channel, Tally]]] = {month: ({}, {}) for month in made}
    for month, channel, replaced, *counts in session.execute(select(*keys, *answers).group_by(*keys)):
        everybody, latest = counted[Month.parse(month)]
        tally, way = Tally.of([int(count) for count in counts]), Channel(channel)
        everybody[way] = everybody.get(way, Tally()) + tally
        if not replaced:
            latest[way] = latest.get(way, Tally()) + tally
    return dict(counted)
