"""Reviews as rows: raised, brought up to date, said something about, decided."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, delete, exists, func, insert, select
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow
from shared.db.people_tables import KioskRow, OfficeRow
from shared.db.review_tables import ReviewedRatingRow, ReviewRow
from shared.db.screening import screened
from shared.db.tables import MonthlyScoreRow, RatingRow, StaleMonthRow
from shared.domain.months import Month
from shared.domain.reviews import Days, Ground, Outcome, Place, Review, Word
from shared.domain.suspicion import SHORTEST_RUN, Press, Sign

AT_ONCE: Final = 500


def months_to_look_at(session: Session, since: Month) -> list[tuple[str, str, str]]:
    """Return (month, officer, home office) of what may still change and has enough ratings to show a sign."""
    score, office, closing = MonthlyScoreRow, OfficeRow, GroupClosingRow
    count = col(score.ones) + col(score.twos) + col(score.threes) + col(score.fours)
    looked_at_again = exists().where(
        col(closing.region_code) == col(office.region_code),
        col(closing.kind) == col(office.kind),
        col(closing.month) == col(score.month),
        col(closing.restated_at).is_not(None),
    )
    query = (
        select(col(score.month), col(score.officer_code), col(score.office_code))
        .join(office, col(score.office_code) == col(office.code))
        .where(col(score.month) >= str(since), count >= SHORTEST_RUN, ~looked_at_again)
        .order_by(col(score.month), col(score.officer_code))
    )
    return [(month, officer, home) for month, officer, home in session.execute(query)]


def presses_of(session: Session, officers: Collection[str], month: Month) -> dict[str, list[Press]]:
    """Return the presses on kiosks that count, of each of these officers' month."""
    rating = screened(session, officers, month)
    query = select(rating.c.officer_code, rating.c.id, rating.c.kiosk_id, rating.c.given_at, rating.c.overall).where(
        rating.c.set_aside.is_(None), rating.c.kiosk_id.is_not(None)
    )
    found: defaultdict[str, list[Press]] = defaultdict(list)
    for officer, *press in session.execute(query):
        found[officer].append(Press(*press))
    return found


def counting(
    session: Session, officer: str, month: Month, recorded_until: datetime | None = None
) -> dict[uuid.UUID, datetime]:
    """Return the ratings of an officer's month that count, and when each was given.

    With `recorded_until`, as if none had been recorded later.
    """
    among = () if recorded_until is None else (col(RatingRow.recorded_at) <= recorded_until,)
    rating = screened(session, [officer], month, among=among)
    query = select(rating.c.id, rating.c.given_at).where(rating.c.set_aside.is_(None))
    return {number: given for number, given in session.execute(query)}  # noqa: C416  rows are no pairs to mypy


def ratings_of(session: Session, review: int) -> set[uuid.UUID]:
    """Return the ratings that a review is about."""
    named = ReviewedRatingRow
    return set(session.scalars(select(col(named.rating_id)).where(col(named.review_id) == review)))


def about(session: Session, officers: Collection[str], month: Month) -> list[Review]:
    """Return every review of these officers' month."""
    row = ReviewRow
    return _reviews(session, _all().where(col(row.officer_code).in_(officers), col(row.month) == str(month)))


def of_officer(session: Session, officer: str) -> list[Review]:
    """Return every review of an officer's months, the latest first."""
    return _reviews(session, _all().where(col(ReviewRow.officer_code) == officer))


def in_offices(session: Session, offices: Collection[str], *, decided: bool, limit: int) -> list[Review]:
    """Return the reviews of months of these offices: those that wait, longest first, or those decided last."""
    row = ReviewRow
    query = select(row).where(col(row.office_code).in_(offices), col(row.decided_at).is_not(None) == decided)
    order = col(row.decided_at).desc() if decided else col(row.raised_at)
    return _reviews(session, query.order_by(order, col(row.id)).limit(limit))


def waiting(session: Session, offices: Collection[str], reader: str) -> int:
    """Return how many reviews of months of these offices wait for a word of somebody who has not proposed one yet."""
    row = ReviewRow
    query = select(func.count()).where(
        col(row.office_code).in_(offices),
        col(row.decided_at).is_(None),
        col(row.proposed_by).is_distinct_from(reader),
    )
    return session.scalars(query).one()


def review(session: Session, number: int) -> Review | None:
    """Return one review, or None where there is none; nobody else can change it until this session ends."""
    query = select(ReviewRow).where(col(ReviewRow.id) == number).with_for_update()
    return next(iter(_reviews(session, query)), None)


def cleared(session: Session, officers: Collection[str], month: Month) -> dict[tuple[str, Ground], set[uuid.UUID]]:
    """Return the presses that somebody has looked at and let stand, by officer and ground."""
    row, rating = ReviewRow, ReviewedRatingRow
    query = (
        select(col(row.officer_code), col(row.ground), col(rating.rating_id))
        .join(rating, col(rating.review_id) == col(row.id))
        .where(
            col(row.officer_code).in_(officers),
            col(row.month) == str(month),
            col(row.outcome) == Outcome.STANDS.value,
        )
    )
    found: defaultdict[tuple[str, Ground], set[uuid.UUID]] = defaultdict(set)
    for officer, ground, one in session.execute(query):
        found[officer, Ground(ground)].add(one)
    return found


def add(session: Session, row: ReviewRow, ratings: Iterable[uuid.UUID]) -> int:
    """Raise a review about these ratings and return its number."""
    session.add(row)
    session.flush()
    number = row.id or 0
    _put(session, number, ratings)
    return number


def raise_about(session: Session, month: str, officer: str, home: str, sign: Sign, now: datetime) -> None:
    """Raise a review because of a sign."""
    first, last = sign.presses[0], sign.presses[-1]
    row = ReviewRow(
        officer_code=officer, month=month, office_code=home, ground=sign.suspicion.value, raised_at=now,
        kiosk_id=first.kiosk, first_at=first.given_at, last_at=last.given_at,
    )  # fmt: skip
    add(session, row, [press.rating for press in sign.presses])


def see_more(session: Session, known: Review, sign: Sign) -> None:
    """Let a review be about what its sign has become."""
    row = session.get_one(ReviewRow, known.id)
    first, last = sign.presses[0], sign.presses[-1]
    row.kiosk_id, row.first_at, row.last_at = first.kiosk, first.given_at, last.given_at
    session.add(row)
    be_about(session, known.id, [press.rating for press in sign.presses])


def drop(session: Session, known: Review) -> None:
    """Remove a review whose sign is gone before anybody said something: a roster was corrected."""
    be_about(session, known.id, [])
    session.delete(session.get_one(ReviewRow, known.id))


def be_about(session: Session, number: int, ratings: Iterable[uuid.UUID]) -> None:
    """Let a review be about these ratings instead."""
    session.flush()
    session.execute(delete(ReviewedRatingRow).where(col(ReviewedRatingRow.review_id) == number))
    _put(session, number, ratings)


def propose(session: Session, known: Review, said: Word, days: Days | None) -> None:
    """Write down what somebody proposes, over what was proposed before."""
    row = session.get_one(ReviewRow, known.id)
    row.proposed_outcome, row.proposed_by = said.outcome.value, said.by
    row.proposed_reason, row.proposed_at = said.reason, said.at
    if known.ground is Ground.OBJECTION:
        row.proposed_first_day, row.proposed_last_day = days or (None, None)
    session.add(row)


def decide(session: Session, known: Review, said: Word) -> None:
    """Write down the decision; unless it is about a comment, the officer's month is to be counted anew, and its
    closed score to be looked at.
    """
    row = session.get_one(ReviewRow, known.id)
    row.outcome, row.decided_by = said.outcome.value, said.by
    row.decided_reason, row.decided_at = said.reason, said.at
    session.add(row)
    if not known.about_comment:  # what is withheld counts as before
        row.settled_at = None
        session.add(StaleMonthRow(officer_code=known.officer, month=str(known.month)))


def _all() -> Select[Any]:
    return select(ReviewRow).order_by(col(ReviewRow.raised_at).desc(), col(ReviewRow.id).desc())


def _put(session: Session, number: int, ratings: Iterable[uuid.UUID]) -> None:
    rows = [{"review_id": number, "rating_id": one} for one in ratings]
    if rows:
        session.execute(insert(ReviewedRatingRow), rows)


def _reviews(session: Session, query: Any) -> list[Review]:
    rows: Sequence[ReviewRow] = session.scalars(query).all()
    named = ReviewedRatingRow
    counts: dict[int, int] = dict(
        session.execute(
            select(col(named.review_id), func.count())
            .where(col(named.review_id).in_([row.id for row in rows]))
            .group_by(col(named.review_id))
        ).all()
    )
    kiosk = KioskRow
    names: dict[int, str] = dict(
        session.execute(
            select(col(kiosk.id), col(kiosk.name)).where(col(kiosk.id).in_([row.kiosk_id for row in rows]))
        ).all()
    )
    return [_review(row, counts.get(row.id or 0, 0), names) for row in rows]


def _review(row: ReviewRow, count: int, names: Mapping[int, str]) -> Review:
    return Review(
        row.id or 0,
        row.officer_code,
        Month.parse(row.month),
        row.office_code,
        Ground(row.ground),
        row.raised_at,
        count,
        _place(row, names),
        row.words,
        _days(row.first_day, row.last_day),
        row.about_comment,
        row.raised_by,
        _word(row.proposed_outcome, row.proposed_by, row.proposed_reason, row.proposed_at),
        _days(row.proposed_first_day, row.proposed_last_day),
        _word(row.outcome, row.decided_by, row.decided_reason, row.decided_at),
    )


def _place(row: ReviewRow, names: Mapping[int, str]) -> Place | None:
    if row.kiosk_id is None or row.first_at is None or row.last_at is None:
        return None
    return Place(names[row.kiosk_id], row.first_at, row.last_at)


def _days(first: date | None, last: date | None) -> Days | None:
    return (first, last) if first and last else None


def _word(outcome: str | None, by: str | None, reason: str | None, at: datetime | None) -> Word | None:
    return Word(Outcome(outcome), by or "", reason or "", at) if outcome and at else None
