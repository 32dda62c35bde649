"""Ratings of people who say that they were asked for money, and those they stand among."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlmodel import Session, col

from shared.db.counting import counts
from shared.db.import_tables import ImportBatchRow
from shared.db.tables import ASKED_FOR_MONEY, RatingRow
from shared.domain.months import Month


def reports_given(
    session: Session, offices: Collection[str], until: Mapping[Month, datetime]
) -> list[tuple[str, str | None, Month, int]]:
    """Return (office, officer, month, how many said so), of the ratings that count.

    Of each month in `until`, only what was there before its moment: recorded, and confirmed where it was imported.
    """
    about = col(RatingRow.office_code), col(RatingRow.officer_code), col(RatingRow.month)
    there = or_(false(), *(_there(month, moment) for month, moment in until.items()))
    query = _ratings(*about, func.count()).where(ASKED_FOR_MONEY, about[0].in_(offices), there).group_by(*about)
    return [(office, officer, Month.parse(month), count) for office, officer, month, count in session.execute(query)]


def officers_rated(session: Session, office: str, month: Month, until: datetime, most: int) -> int:
    """Return how many officers were rated at an office in a month by ratings that were there before `until`.

    It looks no further than `most` of them.
    """
    officers = (
        _ratings(col(RatingRow.officer_code))
        .where(col(RatingRow.office_code) == office, _there(month, until), col(RatingRow.overall).is_not(None))
        .distinct()
        .limit(most)
    )
    return int(session.execute(select(func.count()).select_from(officers.subquery())).scalar_one())


def _ratings(*columns: Any) -> Select[Any]:
    query = select(*columns).select_from(RatingRow)
    return query.outerjoin(ImportBatchRow, col(RatingRow.import_batch_id) == col(ImportBatchRow.id)).where(counts())


def _there(month: Month, moment: datetime) -> ColumnElement[bool]:
    rating, confirmed = RatingRow, col(ImportBatchRow.confirmed_at) < moment
    return and_(
        col(rating.month) == str(month),
        col(rating.recorded_at) < moment,
        or_(col(rating.import_batch_id).is_(None), confirmed),
    )
