"""What leaders read of their offices: of whom figures may be seen, and the screens."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db.people_tables import CounterRow, KioskRow, OfficerRow, RegionRow
from shared.db.tables import ScoreSnapshotRow
from shared.domain.months import Month
from shared.domain.scoring import Tally


@dataclass(frozen=True, slots=True)
class Screen:
    """A kiosk of an office that is not revoked; `enrolled_at` is None until a device has become it."""

    id: int
    name: str
    office: str
    counter: str | None
    enrolled_at: datetime | None


def seen_in(session: Session, offices: Collection[str], months: Collection[Month]) -> dict[tuple[str, Month], Tally]:
    """Return what anyone may see of these open months of the officers of these offices."""
    seen = ScoreSnapshotRow
    query = (
        select(
            col(seen.officer_code),
            col(seen.month),
            col(seen.seen),
        )
        .join(OfficerRow, col(OfficerRow.code) == col(seen.officer_code))
        .where(
            col(OfficerRow.office_code).in_(offices),
            col(seen.month).in_([str(month) for month in months]),
            col(seen.seen).is_not(None),
        )
    )
    return {(officer, Month.parse(month)): Tally(*counts) for officer, month, counts in session.execute(query)}


def screens_of(session: Session, offices: Collection[str]) -> list[Screen]:
    """Return the kiosks of these offices that are not revoked, by name."""
    query = (
        select(KioskRow, col(CounterRow.name))
        .outerjoin(CounterRow, col(KioskRow.counter_code) == col(CounterRow.code))
        .where(col(KioskRow.office_code).in_(offices), col(KioskRow.revoked_at).is_(None))
        .order_by(func.lower(col(KioskRow.name)), col(KioskRow.id))
    )
    return [
        Screen(row.id or 0, row.name, row.office_code, counter, row.enrolled_at)
        for row, counter in session.execute(query)
    ]


def region_name(session: Session, region: str) -> str:
    """Return the name of a region."""
    return session.get_one(RegionRow, region).name
