"""Notices to officers: whose closed month they have not read yet nor been written to about, and what was written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, TextClause, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from shared.db.closing_tables import ScoreRevisionRow
from shared.db.message_tables import IN_WORK, ContactRow, MessageRow
from shared.db.notice_tables import NoticeRow
from shared.db.people_tables import OfficerRow
from shared.db.review_tables import ReviewRow, ToldRow
from shared.db.upsert import upserting
from shared.domain.months import Month
from shared.domain.outreach import MessageState, Purpose
from shared.domain.ratings import Channel
from shared.domain.scoring import DECIDED
from shared.privacy import MINIMUM_RATINGS

NOTICES: Final = UUID("5f0f2a58-6c1e-4d0b-9a43-0d3c1f7c2e11")
"""Under which the ids of notices are made, so that the one about a revision is always the same."""


@dataclass(frozen=True, slots=True)
class Recent:
    """Which revisions are still worth a message, on which day: those of months from `closed` on, and from `decided`
    on, which is earlier, those that people's decisions have made.
    """

    today: date
    closed: Month
    decided: Month


@dataclass(frozen=True, slots=True)
class Unread:
    """The latest revision of an officer's month, which they have not read; `phone` is sealed."""

    officer: str
    month: Month
    revision: int
    office: str
    phone_hash: bytes
    phone: bytes

    @property
    def message(self) -> UUID:
        """Return the id of the message about it, always the same."""
        return uuid5(NOTICES, f"{self.officer} {self.month} {self.revision}")


def unread(session: Session, offices: Collection[str], recent: Recent, most: int) -> list[Unread]:
    """Return revisions that serving officers of these offices are to be written to about, by officer and month.

    Not: one they have read or were written to about, one that is not the latest, one with too few ratings to say
    anything, one of a month with an open review, and none to who wants no messages.
    """
    row, officer = ScoreRevisionRow, OfficerRow
    query = (
        select(col(row.officer_code), col(row.month), col(row.revision))
        .join(officer, col(officer.code) == col(row.officer_code))
        .where(
            col(officer.own_phone_sealed).is_not(None),
            col(officer.office_code).in_(offices),
            or_(col(officer.left_on).is_(None), col(officer.left_on) > recent.today),
            col(row.month) >= str(recent.decided),
            or_(col(row.month) >= str(recent.closed), col(row.reason).in_([one.value for one in DECIDED])),
            col(row.ones) + col(row.twos) + col(row.threes) + col(row.fours) >= MINIMUM_RATINGS,
            ~_followed(),
            ~_read(),
            ~_written(),
            ~_looked_into(),
            ~_refused(),
        )
        .order_by(col(row.officer_code), col(row.month))
        .limit(most)
    )
    found = session.execute(query).all()
    phones = _phones(session, {code for code, _, _ in found})
    return [Unread(code, Month.parse(month), revision, *phones[code]) for code, month, revision in found]


def put_notices(
    session: Session, notices: Sequence[tuple[Unread, bytes]], gateway: str, now: datetime, ends: datetime
) -> int:
    """Write down the wish to send these notices, each with its sealed words; return how many are new.

    However often and by however many at once this is wished, each is sent once.
    """
    if not notices:
        return 0
    messages = [_message(one, words, gateway, now, ends) for one, words in notices]
    session.execute(upserting(session, MessageRow).values(messages).on_conflict_do_nothing())
    written = [
        {"officer_code": one.officer, "month": str(one.month), "revision": one.revision, "message_id": one.message}
        for one, _ in notices
    ]
    insert = upserting(session, NoticeRow).values(written).on_conflict_do_nothing()
    return len(session.execute(insert.returning(NoticeRow.officer_code)).all())


def unsent(session: Session) -> int:
    """Return how many notices wait to be sent."""
    query = select(func.count()).select_from(MessageRow).where(*_waiting())
    return session.scalar(query) or 0


def withhold_outdated(session: Session, now: datetime) -> int:
    """Hold back the waiting notices of which nobody needs to hear any more, and return how many those are.

    Their officer has read them meanwhile, another revision followed, or the number is not the officer's any more.
    """
    row, notice, revision, officer = MessageRow, NoticeRow, ScoreRevisionRow, OfficerRow
    of_notice = and_(
        col(revision.officer_code) == col(notice.officer_code),
        col(revision.month) == col(notice.month),
        col(revision.revision) == col(notice.revision),
    )
    not_theirs = or_(col(officer.own_phone_sealed).is_(None), col(officer.own_phone_hash) != col(row.phone_hash))
    outdated = (
        select(col(row.id))
        .join(notice, col(notice.message_id) == col(row.id))
        .join(revision, of_notice)
        .join(officer, col(officer.code) == col(notice.officer_code))
        .where(*_waiting(), or_(_followed(), _read(), not_theirs))
    )
    found = session.scalars(outdated).all()
    held = update(row).where(col(row.id).in_(found), *_waiting()).returning(col(row.id))
    values = {"state": MessageState.WITHHELD.value, "state_at": now}
    return len(session.execute(held.values(**values)).all()) if found else 0


def _phones(session: Session, codes: Collection[str]) -> dict[str, tuple[str, bytes, bytes]]:
    row = OfficerRow
    query = select(col(row.code), col(row.office_code), col(row.own_phone_hash), col(row.own_phone_sealed))
    found = session.execute(query.where(col(row.code).in_(codes)))
    return {code: (office, hashed or b"", sealed or b"") for code, office, hashed, sealed in found}


def _message(one: Unread, words: bytes, gateway: str, now: datetime, ends: datetime) -> dict[str, object]:
    return {
        "id": one.message,
        "purpose": Purpose.NOTICE.value,
        "channel": Channel.SMS.value,
        "gateway": gateway,
        "office_code": one.office,
        "phone_hash": one.phone_hash,
        "phone": one.phone,
        "text": words,
        "segments": 1,
        "state": MessageState.WAITING.value,
        "attempts": 0,
        "created_at": now,
        "due_at": now,
        "expires_at": ends,
        "state_at": now,
    }


def _waiting() -> tuple[ColumnElement[bool] | TextClause, ...]:
    row = MessageRow
    # In the words of the index too, which holds nothing but what is in work.
    return IN_WORK, col(row.state) == MessageState.WAITING.value, col(row.purpose) == Purpose.NOTICE.value


def _followed() -> ColumnElement[bool]:
    row, later = ScoreRevisionRow, aliased(ScoreRevisionRow)
    same = (col(later.officer_code) == col(row.officer_code), col(later.month) == col(row.month))
    return exists().where(*same, col(later.revision) > col(row.revision))


def _read() -> ColumnElement[bool]:
    return _is_there(ToldRow)


def _written() -> ColumnElement[bool]:
    return _is_there(NoticeRow)


def _is_there(table: type[ToldRow | NoticeRow]) -> ColumnElement[bool]:
    row = ScoreRevisionRow
    return exists().where(
        col(table.officer_code) == col(row.officer_code),
        col(table.month) == col(row.month),
        col(table.revision) == col(row.revision),
    )


def _looked_into() -> ColumnElement[bool]:
    row, review = ScoreRevisionRow, ReviewRow
    same = (col(review.officer_code) == col(row.officer_code), col(review.month) == col(row.month))
    return exists().where(*same, col(review.decided_at).is_(None))


def _refused() -> ColumnElement[bool]:
    contact = ContactRow
    return exists().where(
        col(contact.phone_hash) == col(OfficerRow.own_phone_hash), col(contact.refused_at).is_not(None)
    )
