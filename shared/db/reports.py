"""Ratings of people who say that they were asked for money, and those they stand among."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select
from sqlmodel import Session, col

from shared.db.counting import counts
from shared.db.import_tables import ImportBatchRow
from shared.db.tables import RatingRow
from shared.domain.months import Month
from shared.domain.ratings import Reason


def reports_among_ratings(
    session: Session, offices: Collection[str], until: Mapping[Month, datetime]
) -> list[tuple[str, str | None, Month, int, int]]:
    """Return (office, officer, month, how many rated the officer, how many said so), of the ratings that count.

    Of each month in `until`, only what was there before its moment: recorded, and confirmed where it was imported.
    """
    rating = RatingRow
    about = col(rating.office_code), col(rating.officer_code), col(rating.month)
    # Codes stand in quotes in the list: none is found in another.
    said_so = cast(col(rating.reasons), String).contains(f'"{Reason.MINTA_BIAYA.value}"', autoescape=True)
    query = (
        select(*about, func.count(col(rating.overall)), func.count().filter(said_so))
        .outerjoin(ImportBatchRow, col(rating.import_batch_id) == col(ImportBatchRow.id))
        .where(
            col(rating.office_code).in_(offices),
            or_(false(), *(_there(month, moment) for month, moment in until.items())),
            counts(),
        )
        .group_by(*about)
    )
    return [
        (office, officer, Month.parse(month), *found) for office, officer, month, *found in session.execute(query)
    ]


def _there(month: Month, moment: datetime) -> ColumnElement[bool]:
    rating, confirmed = RatingRow, col(ImportBatchRow.confirmed_at) < moment
    return and_(
        col(rating.month) == str(month),
        col(rating.recorded_at) < moment,
        or_(col(rating.import_batch_id).is_(None), confirmed),
    )
