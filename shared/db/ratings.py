"""Ratings into the database, each once for ever, from whichever door."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db.completing import complete
from shared.db.copying import add_marks, insert_unknown, known_digests
from shared.db.counting import counts
from shared.db.people_tables import OfficeRow
from shared.db.quarantine import quarantine, unquarantine
from shared.db.tables import ELEMENT_COLUMNS, RatingRow
from shared.domain.comments import without_contacts
from shared.domain.errors import QuarantineReason
from shared.domain.months import Month
from shared.domain.ratings import Profile, Rating, Reason
from shared.domain.skm import Element
from shared.domain.zones import zone

_NOBODY: Final = Profile()
_ELEMENTS: Final = tuple(Element)
_UNANSWERED: Final = (None,) * len(Element)
_PROBE: Final = bytes(4096)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch: how many ratings are new, and which contradict one recorded under the same id."""

    new: int
    conflicting: tuple[Rating, ...]


def record(ratings: Iterable[Rating], session: Session, recorded_at: datetime) -> Recorded:
    """Insert a batch, skipping any already recorded; only the new move scores.

    1. One rating per id, sorted by id: overlapping batches inserted in different orders deadlock in PostgreSQL.
    2. Insert the unknown ones.
    3. What was added on a link to an answer pressed there becomes part of that rating, whichever came first.
    4. Mark the touched (officer, month) pairs stale, in this same transaction.
    5. A known id with another content goes to quarantine, never over the first.
    """
    given = sorted(ratings, key=attrgetter("id.int"))
    batch: dict[UUID, Rating] = {}
    for rating in given:
        batch.setdefault(rating.id, rating)
    months = _Months(session, {rating.office for rating in given})
    new = insert_unknown(session, batch, lambda rating: _values(rating, months, recorded_at))
    touched = {
        (rating.officer, months.of(rating)) for rating in batch.values() if rating.officer and rating.id in new
    }
    if len(new) < len(given):
        added = [
            rating for rating in given if rating.completes and not (rating.id in new and rating is batch[rating.id])
        ]
        touched |= {(rating.officer, months.of(rating)) for rating in complete(session, added) if rating.officer}
    if touched:
        add_marks(session, sorted(touched))
    conflicting = _conflicting(session, given) if len(new) < len(given) else ()
    for rating in conflicting:
        body = rating.model_dump_json().encode()
        quarantine(session, QuarantineReason.SAME_ID_OTHER_CONTENT, body, recorded_at, rating.id, rating.digest)
    return Recorded(len(new), conflicting)


def _conflicting(session: Session, given: Sequence[Rating]) -> tuple[Rating, ...]:
    known = known_digests(session, {rating.id for rating in given})
    return tuple(rating for rating in given if known[rating.id] != rating.digest)


class _Months:
    """The month of each moment in its office's zone."""

    def __init__(self, session: Session, offices: set[str]) -> None:
        wanted = select(col(OfficeRow.code), col(OfficeRow.timezone)).where(col(OfficeRow.code).in_(offices))
        self._zones = {code: zone(name) for code, name in session.execute(wanted)}
        self._last: dict[str, tuple[datetime, datetime, str]] = {}

    def of(self, rating: Rating) -> str:
        """Return the month as written; the last one of each office is kept, for most of a batch falls into it."""
        known = self._last.get(rating.office)
        if known is None or not known[0] <= rating.given_at < known[1]:
            timezone = self._zones[rating.office]
            month = Month.of(rating.given_at, timezone)
            start, end = (moment.astimezone(UTC) for moment in month.bounds(timezone))
            known = self._last[rating.office] = (start, end, str(month))
        return known[2]


def _values(rating: Rating, months: _Months, recorded_at: datetime) -> tuple[Any, ...]:
    """Return one row in the order of the table's columns."""
    profile = rating.profile or _NOBODY
    return (
        rating.id, rating.office, rating.officer, rating.counter, rating.service, months.of(rating), rating.overall,
        *(map(rating.elements.get, _ELEMENTS) if rating.elements else _UNANSWERED),
        json.dumps(rating.extras) if rating.extras else None,
        _written(rating.reasons), rating.comment and without_contacts(rating.comment),
        rating.channel.value, rating.language,
        rating.given_at, rating.accepted_at, recorded_at, rating.clock_shift, rating.picked, rating.own_phone,
        rating.kiosk, rating.sequence, rating.import_batch, rating.import_row,
        profile.sex, profile.age_band, profile.education, profile.occupation,
        rating.rater_key, rating.digest,
    )  # fmt: skip


@lru_cache
def _written(reasons: tuple[Reason, ...]) -> str | None:
    return json.dumps(reasons) if reasons else None


def element_sums(
    session: Session, office: str, first: Month, last: Month
) -> tuple[int, dict[Element, tuple[int, int]]]:
    """Return how many forms answered an element, and per element (sum of answers, forms that answered it).

    Every rating of the office given from `first` to `last` counts, raw and whatever its channel; those of an import
    that is undone or not confirmed do not.
    """
    columns = {element: getattr(RatingRow, name) for element, name in ELEMENT_COLUMNS.items()}
    figures = [
        part for column in columns.values() for part in (func.coalesce(func.sum(column), 0), func.count(column))
    ]
    answered_any = func.count(func.coalesce(*columns.values()))
    row = session.execute(
        select(answered_any, *figures).where(
            col(RatingRow.office_code) == office, col(RatingRow.month).between(str(first), str(last)), counts()
        )
    ).one()
    respondents, *pairs = (int(figure) for figure in row)
    return respondents, {element: (pairs[2 * n], pairs[2 * n + 1]) for n, element in enumerate(Element)}


def prove_recordable(session: Session, now: datetime) -> None:
    """Write as much as a rating takes and take it back: committing that proves that a rating could be recorded.

    Raises SQLAlchemyError when it cannot be written. Reading would prove nothing: on a full disk it works.
    """
    session.execute(select(col(RatingRow.id)).limit(1))
    quarantine(session, QuarantineReason.UNREADABLE, _PROBE, now)
    unquarantine(session, QuarantineReason.UNREADABLE, _PROBE)


def recorded_among(session: Session, ids: Sequence[UUID]) -> int:
    """Return how many of these ratings are recorded."""
    return len(known_digests(session, set(ids)))
