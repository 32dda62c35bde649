"""Take back what one slice of a file has changed, as far as nobody has built on it since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from shared.db.people import Posting
from shared.db.people_tables import OfficerRow, PostingRow
from shared.db.people_writes import officers_known, postings_known, put_officers, put_postings
from shared.db.postings import hold_officers
from shared.db.rosters import touching
from shared.domain.imports import ImportKind

Changes = Sequence[Sequence[Any]]
Kept = list[tuple[str, "Why"]]


class Why(StrEnum):
    """Why something that an import brought stays."""

    IN_USE = "in_use"
    CHANGED_SINCE = "changed_since"


def undo_changes(session: Session, kind: ImportKind, changes: Changes) -> Kept:
    """Take these changes back and return what stays, and why."""
    return _undo_officers(session, changes) if kind is ImportKind.OFFICERS else _undo_postings(session, changes)


def _undo_officers(session: Session, changes: Changes) -> Kept:
    now = officers_known(session, [code for code, _, _ in changes])
    known = [(code, before, after) for code, before, after in changes if code in now]
    as_left = [(code, before) for code, before, after in known if now[code] == tuple(after)]
    since: Kept = [(code, Why.CHANGED_SINCE) for code, _, after in known if now[code] != tuple(after)]
    put_officers(session, {code: (before[0], before[1]) for code, before in as_left if before})
    made = [code for code, before in as_left if not before]
    grown = _with_more_known(session, made)
    kept = _remove_officers(session, [code for code in made if code not in grown])
    return [*since, *((code, Why.CHANGED_SINCE) for code in grown), *((code, Why.IN_USE) for code in kept)]


def _with_more_known(session: Session, codes: Sequence[str]) -> list[str]:
    """Return those of these officers of whom somebody has entered more since."""
    more = col(OfficerRow.photo).is_not(None) | col(OfficerRow.nip_hash).is_not(None)
    more |= col(OfficerRow.left_on).is_not(None)
    return list(session.scalars(select(col(OfficerRow.code)).where(col(OfficerRow.code).in_(codes), more)))


def _remove_officers(session: Session, codes: Sequence[str]) -> list[str]:
    """Remove officers and return those that something refers to, found by halves."""
    if not codes:
        return []
    try:
        with session.begin_nested():
            session.execute(delete(OfficerRow).where(col(OfficerRow.code).in_(codes)))
    except IntegrityError:
        half = len(codes) // 2
        parts = (codes[:half], codes[half:])
        return (
            list(codes) if len(codes) == 1 else [code for part in parts for code in _remove_officers(session, part)]
        )
    return []


def _undo_postings(session: Session, changes: Changes) -> Kept:
    wanted = [(_posting(begun, after), before) for begun, before, after in changes]
    now = {_key(posting): posting.ends_at for posting in postings_known(session, [posting for posting, _ in wanted])}
    as_left = [(posting, before) for posting, before in wanted if now.get(_key(posting)) == posting.ends_at]
    begun = tuple_(col(PostingRow.officer_code), col(PostingRow.counter_code), col(PostingRow.starts_at))
    session.execute(delete(PostingRow).where(begun.in_([_key(posting) for posting, before in as_left if not before])))
    former = [(posting, _posting(_key(posting), before)) for posting, before in as_left if before]
    taken = _taken_since(session, former)
    put_postings(session, [before for posting, before in former if posting not in taken])
    return [
        (f"{posting.officer} {posting.counter} {posting.starts_at:%Y-%m-%d}", Why.CHANGED_SINCE)
        for posting, _ in wanted
        if now.get(_key(posting), posting.ends_at) != posting.ends_at or posting in taken
    ]


def _taken_since(session: Session, longer: Sequence[tuple[Posting, Posting]]) -> set[Posting]:
    """Return those of these postings whose officer has been posted again for the time that they had once."""
    hold_officers(session, {posting.officer for posting, _ in longer})
    given_back = {
        number: replace(former, starts_at=posting.ends_at)
        for number, (posting, former) in enumerate(longer)
        if former.ends_at > posting.ends_at
    }
    return {longer[number][0] for number, found in touching(session, given_back).items() if found}


def _key(posting: Posting) -> tuple[str, str, datetime]:
    return posting.officer, posting.counter, posting.starts_at


def _posting(begun: Sequence[Any], ends_at: str) -> Posting:
    officer, counter, starts_at = begun
    starts = starts_at if isinstance(starts_at, datetime) else datetime.fromisoformat(starts_at)
    return Posting(officer, counter, starts, datetime.fromisoformat(ends_at))
