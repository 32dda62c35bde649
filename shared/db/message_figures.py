"""How many messages an office wrote in a span of time and what became of them; only ever counted, never listed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, literal_column, select
from sqlmodel import Session, col

from shared.db.message_tables import ConsentRow, ContactRow, InvitationOfficerRow, MessageRow
from shared.domain.outreach import MessageState, Purpose
from shared.domain.ratings import Channel


@dataclass(frozen=True, slots=True)
class Alike:
    """So many messages that had the same fate; `left`: they left us at least once. `cost` in rupiah, of all."""

    purpose: Purpose
    channel: Channel
    state: MessageState
    error_code: str | None
    left: bool
    count: int
    cost: int


def counted(session: Session, office: str, first: datetime, until: datetime) -> list[Alike]:
    """Return the messages an office wrote in [first, until), those alike together."""
    row = MessageRow
    alike = (
        col(row.purpose),
        col(row.channel),
        col(row.state),
        col(row.error_code),
        col(row.sent_at).is_not(None).label("left_us"),
    )
    query = select(*alike, func.count(), func.coalesce(func.sum(col(row.cost)), 0)).where(
        *_written(office, first, until)
    )
    return [
        Alike(Purpose(purpose), Channel(channel), MessageState(state), code, bool(left), count, int(cost))
        for purpose, channel, state, code, left, count, cost in session.execute(query.group_by(*alike))
    ]


def answered_by_hour(session: Session, office: str, first: datetime, until: datetime) -> dict[int, tuple[int, int]]:
    """Return hour in UTC -> (invitations that left in it, how many of those led to an answer).

    Of the invitations an office wrote in [first, until). An answer about one officer is one.
    """
    row, officer = MessageRow, InvitationOfficerRow
    answers = (col(officer.invitation_id) == col(row.invitation_id), col(officer.answered).is_(True))
    answered = select(literal_column("1")).where(*answers).exists()
    hour = _hour_of(session, col(row.sent_at)).label("hour")
    left = (col(row.purpose) == Purpose.INVITATION.value, col(row.sent_at).is_not(None))
    query = (
        select(hour, func.count(), func.sum(cast(answered, Integer)))
        .where(*_written(office, first, until), *left)
        .group_by(hour)
    )
    return {int(at): (count, int(answers)) for at, count, answers in session.execute(query)}


def opted_out(session: Session, office: str, first: datetime, until: datetime) -> int:
    """Return how many who had agreed to be asked at an office said in [first, until) that they want no messages."""
    contact, consent = ContactRow, ConsentRow
    agreed = (col(consent.phone_hash) == col(contact.phone_hash), col(consent.office_code) == office)
    refused = (col(contact.refused_at) >= first, col(contact.refused_at) < until)
    query = select(func.count()).select_from(contact).where(*refused, select(col(consent.id)).where(*agreed).exists())
    return session.scalar(query) or 0


def _written(office: str, first: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    row = MessageRow
    return col(row.office_code) == office, col(row.created_at) >= first, col(row.created_at) < until


def _hour_of(session: Session, moment: Any) -> ColumnElement[int]:
    if session.get_bind().dialect.name == "sqlite":
        return cast(func.strftime("%H", moment), Integer)
    return cast(func.extract("hour", func.timezone("UTC", moment)), Integer)
