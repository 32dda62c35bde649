"""Which numbers of a device's sequence never came in: each rating it gives has the next one."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from shared.db.people_tables import KioskRow
from shared.db.tables import RatingRow
from shared.domain.months import Month

MONTHS_LOOKED_AT = 2
ONE_DAY = timedelta(days=1)


def missing_numbers(session: Session, now: datetime) -> dict[int, int]:
    """Return kiosk -> how many numbers are missing between the first and the last of its device, where any are.

    Of the numbers given in this month and the one before: what was lost longer ago nobody can bring back.
    """
    spans = _spans(session, now)
    suspect = {kiosk: span for kiosk, span in spans.items() if _length(span) > span[2]}
    if not suspect:
        return {}
    came = _came(session, suspect)
    missing = {kiosk: _length(span) - came.get(kiosk, 0) for kiosk, span in suspect.items()}
    return {kiosk: count for kiosk, count in missing.items() if count > 0}


def _length(span: tuple[int, int, int]) -> int:
    first, last, _count = span
    return last - first + 1


def _spans(session: Session, now: datetime) -> dict[int, tuple[int, int, int]]:
    """Return kiosk -> the first and the last number of these months, and how many came."""
    rating, latest = RatingRow, Month.of(now + ONE_DAY, UTC)
    months = [str(latest.plus(-back)) for back in range(MONTHS_LOOKED_AT + (latest != Month.of(now, UTC)))]
    with_kiosks = select(col(KioskRow.office_code)).where(_enrolled()).distinct()
    query = (
        select(
            col(rating.kiosk_id),
            func.min(col(rating.sequence)),
            func.max(col(rating.sequence)),
            func.count(col(rating.sequence).distinct()),
        )
        .join(KioskRow, col(rating.kiosk_id) == col(KioskRow.id))
        .where(
            # By index first.
            col(rating.office_code).in_(with_kiosks),
            col(rating.month).in_(months),
            col(rating.sequence).is_not(None),
            _enrolled(),
            # A file brought from the device before came in later, and was given earlier.
            col(rating.given_at) >= col(KioskRow.enrolled_at),
            col(rating.accepted_at) >= col(KioskRow.enrolled_at),
        )
        .group_by(col(rating.kiosk_id))
    )
    return {kiosk: (first, last, count) for kiosk, first, last, count in session.execute(query)}


def _came(session: Session, spans: dict[int, tuple[int, int, int]]) -> dict[int, int]:
    """Return kiosk -> how many numbers of its span came, whichever moment its clock has named."""
    rating = RatingRow
    query = (
        select(col(rating.kiosk_id), func.count(col(rating.sequence).distinct()))
        .join(KioskRow, col(rating.kiosk_id) == col(KioskRow.id))
        .where(
            col(rating.office_code).in_(_offices(session, spans)),
            col(rating.accepted_at) >= col(KioskRow.enrolled_at),
            or_(*(_within(kiosk, first, last) for kiosk, (first, last, _count) in spans.items())),
        )
        .group_by(col(rating.kiosk_id))
    )
    came: dict[int, int] = dict(session.execute(query).all())
    return came


def _offices(session: Session, kiosks: Collection[int]) -> list[str]:
    query = select(col(KioskRow.office_code)).where(col(KioskRow.id).in_(kiosks)).distinct()
    return list(session.scalars(query))


def _within(kiosk: int, first: int, last: int) -> ColumnElement[bool]:
    return and_(col(RatingRow.kiosk_id) == kiosk, col(RatingRow.sequence).between(first, last))


def _enrolled() -> ColumnElement[bool]:
    return and_(col(KioskRow.enrolled_at).is_not(None), col(KioskRow.revoked_at).is_(None))
