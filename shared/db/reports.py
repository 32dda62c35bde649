"""Ratings of people who say that they were asked for money, and how many officers were rated beside."""

from collections.abc import Collection

from sqlalchemy import String, cast, func, select
from sqlmodel import Session, col

from shared.db.counting import counts
from shared.db.tables import MonthlyScoreRow, RatingRow
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.ratings import Reason


def asked_for_money(
    session: Session, offices: Collection[str], period: Period
) -> list[tuple[str, str | None, Month, int]]:
    """Return (office, officer, month, how many said so), of the ratings that count."""
    rating = RatingRow
    about = col(rating.office_code), col(rating.officer_code), col(rating.month)
    query = (
        select(*about, func.count())
        .where(
            col(rating.office_code).in_(offices),
            col(rating.month).between(str(period.first), str(period.last)),
            # Codes stand in quotes in the list: none is found in another.
            cast(col(rating.reasons), String).contains(f'"{Reason.MINTA_BIAYA.value}"', autoescape=True),
            counts(),
        )
        .group_by(*about)
    )
    return [(office, officer, Month.parse(month), count) for office, officer, month, count in session.execute(query)]


def officers_rated(session: Session, offices: Collection[str], period: Period) -> dict[tuple[str, Month], int]:
    """Return how many officers were rated in each month, mostly at each of these offices."""
    score = MonthlyScoreRow
    query = (
        select(col(score.office_code), col(score.month), func.count())
        .where(
            col(score.month).between(str(period.first), str(period.last)),
            col(score.office_code).in_(offices),
        )
        .group_by(col(score.office_code), col(score.month))
    )
    return {(office, Month.parse(month)): count for office, month, count in session.execute(query)}
