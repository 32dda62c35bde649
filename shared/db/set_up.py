"""How far an installation is set up, and how much comes in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from shared.db.people_tables import KioskRow, PostingRow, RegionRow
from shared.db.tables import RatingRow
from shared.domain.months import Month


@dataclass(frozen=True, slots=True)
class Begun:
    """What there is beside the directory: whether there is any region, posting, enrolled kiosk and rating."""

    region: bool
    posting: bool
    kiosk: bool
    rating: bool


def begun(session: Session) -> Begun:
    """Return what there is of the things that the directory does not tell."""
    device = col(KioskRow.enrolled_at).is_not(None) & col(KioskRow.revoked_at).is_(None)
    found = session.execute(
        select(
            exists(select(RegionRow)),
            exists(select(PostingRow)),
            exists(select(KioskRow).where(device)),
            exists(select(RatingRow)),
        )
    ).one()
    return Begun(*map(bool, found))


def ratings_given(session: Session, offices: Collection[str], months: Collection[Month], since: datetime) -> int:
    """Return how many ratings of these offices were given since then; it lies in one of these months."""
    written = [str(month) for month in months]
    query = select(func.count()).where(
        col(RatingRow.office_code).in_(offices), col(RatingRow.month).in_(written), col(RatingRow.given_at) >= since
    )
    return int(session.scalars(query).one())
