"""Postings changed by people: never an officer twice at once, never a record of the past erased."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people_tables import OfficerRow, PostingRow
from shared.db.rosters import RosterCounter, RosterPosting, clash, counters_of, posting_of, roster, serving
from shared.db.tables import RatingRow
from shared.domain.months import Month
from shared.domain.people import Office
from shared.domain.rosters import (
    EndFacts,
    PostingFacts,
    PostingProblem,
    PostingRefused,
    Serving,
    Week,
    check_span,
    weeks_later,
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A posting of last week that was not copied, and why."""

    posting: RosterPosting
    refusal: PostingRefused


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying a week: how many postings it had, how many were new, and which could not be copied."""

    found: int
    new: int
    skipped: list[Skipped]


def post(session: Session, office: Office, facts: PostingFacts) -> None:
    """Post an officer; the same posting once more changes nothing.

    Raises PostingRefused when it breaks a rule. The officer's row is held meanwhile, so that of two people who post
    the same officer at once, wherever they do it, the second one sees what the first has done.
    """
    starts_at, ends_at = facts.span(office.timezone)
    check_span(starts_at, ends_at)
    hold_officers(session, [facts.officer])
    counters = {counter.code: counter for counter in counters_of(session, office.code)}
    if facts.counter not in counters:
        raise PostingRefused(PostingProblem.NO_SUCH_COUNTER)
    found = serving(session, office.code, [facts.officer])
    if not found:
        raise PostingRefused(PostingProblem.DOES_NOT_SERVE)
    _check_day(office, counters[facts.counter], found[0], facts.day)
    other = clash(session, facts.officer, starts_at, ends_at)
    if other is None:
        session.add(_row(facts.officer, facts.counter, starts_at, ends_at))
    elif (other.counter, other.starts_at, other.ends_at) != (facts.counter, starts_at, ends_at):
        raise PostingRefused(PostingProblem.POSTED_ELSEWHERE, posting=other)


def change_end(session: Session, office: Office, posting_id: int, facts: EndFacts, seen: str, now: datetime) -> None:
    """Let a posting end at another time; what lies in the past and has ratings stays covered.

    Raises NotHere, PostingRefused, or ChangedMeanwhile when somebody else changed it since it was seen.
    """
    _held(session, posting_id)
    before, _seen = posting_of(session, office.code, posting_id)
    ends_at = facts.moment(office.timezone)
    if ends_at == before.ends_at:
        return
    if ends_at <= before.starts_at or ends_at > before.ends_at:
        check_span(before.starts_at, ends_at)
    if ends_at < min(before.ends_at, now) and _was_rated(session, office, before, ends_at):
        raise PostingRefused(PostingProblem.PAST_STAYS)
    # What only gets shorter meets nothing that it has not met before.
    other = clash(session, before.officer, before.ends_at, ends_at) if ends_at > before.ends_at else None
    if other is not None:
        raise PostingRefused(PostingProblem.POSTED_ELSEWHERE, posting=other)
    records.change(session, PostingRow, posting_id, {"ends_at": ends_at}, seen)


def take_away(session: Session, office: Office, posting_id: int, now: datetime) -> None:
    """Take a posting away: one to come is removed, a running one ends now, one that is over goes only if unrated.

    One that is gone already is taken away. Raises NotHere for one of another office, PostingRefused for one that
    has to stay.
    """
    row = _held(session, posting_id)
    if row is None:
        return
    posting, _seen = posting_of(session, office.code, posting_id)
    if posting.starts_at <= now < posting.ends_at:
        # Up to the end of this minute: whatever was rated up to now stays covered.
        row.ends_at = min(row.ends_at, now.replace(second=0, microsecond=0) + timedelta(minutes=1))
        session.add(row)
        return
    if posting.starts_at <= now and _was_rated(session, office, posting, posting.starts_at):
        raise PostingRefused(PostingProblem.PAST_STAYS)
    session.delete(row)


def copy_week(session: Session, office: Office, week: Week) -> Copied:
    """Copy what the week before `week` has and `week` has not yet; the rules of a posting hold for each.

    An officer who already stands at that counter then is there, not skipped.
    """
    source = _beginning_in(session, office, week.plus(-1))
    names = {posting.officer for posting in source}
    hold_officers(session, names)
    serves = {found.code: found for found in serving(session, office.code, names)}
    counters = {counter.code: counter for counter in counters_of(session, office.code)}
    new, skipped = 0, []
    for posting in source:
        starts_at, ends_at = (
            weeks_later(moment, 1, office.timezone) for moment in (posting.starts_at, posting.ends_at)
        )
        day = starts_at.astimezone(office.timezone).date()
        try:
            _check_day(office, counters[posting.counter], serves[posting.officer], day)
            other = clash(session, posting.officer, starts_at, ends_at)
            if other is None:
                session.add(_row(posting.officer, posting.counter, starts_at, ends_at))
                session.flush()
                new += 1
            elif other.counter != posting.counter:
                raise PostingRefused(PostingProblem.POSTED_ELSEWHERE, posting=other)
        except PostingRefused as refusal:
            skipped.append(Skipped(posting, refusal))
    return Copied(len(source), new, skipped)


def hold_officers(session: Session, officers: Collection[str]) -> None:
    """Let nobody else plan these officers until this transaction ends; on SQLite it is alone anyway.

    In order of code, or two who hold several would wait for each other. Ratings that name them are not held up.
    """
    query = select(col(OfficerRow.code)).where(col(OfficerRow.code).in_(officers)).order_by(col(OfficerRow.code))
    session.execute(query.with_for_update(key_share=True)).all()


def _beginning_in(session: Session, office: Office, week: Week) -> list[RosterPosting]:
    start, end = week.bounds(office.timezone)
    return [posting for posting in roster(session, office.code, start, end) if posting.starts_at >= start]


def _row(officer: str, counter: str, starts_at: datetime, ends_at: datetime) -> PostingRow:
    return PostingRow(officer_code=officer, counter_code=counter, starts_at=starts_at, ends_at=ends_at)


def _check_day(office: Office, counter: RosterCounter, officer: Serving, day: date) -> None:
    problem = officer.problem_on(day)
    if office.closed_on is not None and office.closed_on <= day:
        raise PostingRefused(PostingProblem.OFFICE_CLOSED, day=office.closed_on)
    if counter.closed_on is not None and not counter.open_on(day):
        raise PostingRefused(PostingProblem.COUNTER_CLOSED, counter=counter.name, day=counter.closed_on)
    if problem is PostingProblem.HAS_LEFT:
        raise PostingRefused(problem, name=officer.name, day=officer.left_on)
    if problem is not None:
        raise PostingRefused(problem)


def _held(session: Session, posting_id: int) -> PostingRow | None:
    """Return the posting as it is once nobody else can plan its officer; None when it is gone."""
    row = session.get(PostingRow, posting_id)
    if row is None:
        return None
    hold_officers(session, [row.officer_code])
    return session.get(PostingRow, posting_id, with_for_update=True)


def _was_rated(session: Session, office: Office, posting: RosterPosting, since: datetime) -> bool:
    """Say whether somebody rated the officer there between `since` and the posting's end."""
    first, last = (str(Month.of(moment, office.timezone)) for moment in (since, posting.ends_at))
    query = select(col(RatingRow.id)).where(
        col(RatingRow.officer_code) == posting.officer,
        col(RatingRow.office_code) == office.code,
        col(RatingRow.month).between(first, last),
        col(RatingRow.given_at) >= since,
        col(RatingRow.given_at) < posting.ends_at,
        or_(col(RatingRow.counter_code).is_(None), col(RatingRow.counter_code) == posting.counter),
    )
    return session.scalar(query.limit(1)) is not None
