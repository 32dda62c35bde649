"""Messages of ours on their way: which is next, who has it in hand, and what became of it.

Every change says in which state and attempt it expects the message, so that a late word about an earlier attempt, a
second worker and a second webhook change nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlmodel import Session, col

from shared.db.message_tables import ContactRow, InboxRow, MessageRow
from shared.domain.outreach import MessageState, Purpose
from shared.domain.ratings import Channel

IN_FLIGHT = (MessageState.SENT.value, MessageState.UNCONFIRMED.value, MessageState.FAILED.value)
"""States a receipt may still change; delivered is the last word."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it is kept; its phone and words are sealed. When its person last wrote says the inbox alone,
    which forgets it in a week: kept for longer, the moment would lead to what they rated in it.
    """

    id: UUID
    purpose: Purpose
    channel: Channel
    gateway: str
    office: str | None
    phone_hash: bytes | None
    phone: bytes | None
    text: bytes | None
    template: str | None
    segments: int
    state: MessageState
    attempts: int
    claimed_at: datetime | None
    expires_at: datetime
    provider_id: str | None
    refused: bool = False
    whatsapp_wrote_at: datetime | None = None


def next_due(session: Session, now: datetime, gateways: Sequence[str], most: int, *, counted: bool) -> list[Kept]:
    """Return what is to leave next by these gateways: replies first, then who has waited longest.

    Without `counted`, only what no daily limit counts: replies, and what is not SMS.
    """
    row = MessageRow
    wanted = [_in(MessageState.WAITING), col(row.due_at) <= now, col(row.expires_at) > now]
    wanted.append(col(row.gateway).in_(gateways))
    if not counted:
        wanted.append(or_(_is_reply(), col(row.channel) != Channel.SMS.value))
    return _kept(session, wanted, case((_is_reply(), 0), else_=1), col(row.due_at), most=most)


def left_in_hand(session: Session, before: datetime, gateways: Sequence[str], most: int) -> list[Kept]:
    """Return what somebody began to send by these gateways before then and nobody has said what came of it."""
    row = MessageRow
    wanted = (col(row.claimed_at) < before, col(row.gateway).in_(gateways))
    return _kept(session, (_in(MessageState.SENDING), *wanted), col(row.claimed_at), most=most)


def message_by(session: Session, message: UUID) -> Kept | None:
    """Return a message by our own id; None when there is none."""
    return next(iter(_kept(session, [col(MessageRow.id) == message], most=1)), None)


def message_of(session: Session, gateway: str, provider_id: str) -> Kept | None:
    """Return the message a provider knows by this id; None when there is none."""
    wanted = (col(MessageRow.gateway) == gateway, col(MessageRow.provider_id) == provider_id)
    return next(iter(_kept(session, wanted, most=1)), None)


def known_ids(session: Session, gateway: str, provider_ids: Iterable[str]) -> set[str]:
    """Return which of a provider's ids are those of messages of ours."""
    row = MessageRow
    known = (col(row.gateway) == gateway, col(row.provider_id).in_(list(provider_ids)))
    return {found for found in session.scalars(select(col(row.provider_id)).where(*known)) if found is not None}


def claim(session: Session, waiting: Kept, now: datetime) -> Kept | None:
    """Take a waiting message in hand; None when somebody else has it, or it is not to be sent any more."""
    attempt, expected = waiting.attempts + 1, _in(MessageState.WAITING)
    values = {"claimed_at": now, "attempts": attempt}
    if not _change(session, waiting.id, waiting.attempts, expected, MessageState.SENDING, now, **values):
        return None
    return replace(waiting, state=MessageState.SENDING, claimed_at=now, attempts=attempt)


def note_sent(
    session: Session, message: UUID, attempt: int, now: datetime, provider_id: str, segments: int, cost: int
) -> bool:
    """Note that the provider has it; False when this attempt is not in hand any more, nor given up as lost."""
    row = MessageRow
    given_up = and_(_in(MessageState.UNCONFIRMED), col(row.provider_id).is_(None))
    in_hand = or_(_in(MessageState.SENDING), given_up)
    total = func.coalesce(col(row.cost), 0) + cost
    values = {"sent_at": now, "provider_id": provider_id, "segments": segments, "cost": total, "error_code": None}
    return _change(session, message, attempt, in_hand, MessageState.SENT, now, **values)


def note_delivered(session: Session, message: UUID, attempt: int, now: datetime) -> bool:
    """Note that the person has it, whatever was said of it before."""
    flying = col(MessageRow.state).in_(IN_FLIGHT)
    return _change(session, message, attempt, flying, MessageState.DELIVERED, now, error_code=None)


def wait_again(
    session: Session, sent: Kept, due_at: datetime, now: datetime, error_code: str | None, **changes: Any
) -> bool:
    """Let a message have another turn at that time; `changes` say what will be different then."""
    values = {"due_at": due_at, "claimed_at": None, "provider_id": None, "error_code": error_code, **changes}
    return _change(session, sent.id, sent.attempts, _in(sent.state), MessageState.WAITING, now, **values)


def put_off(session: Session, messages: Iterable[UUID], due_at: datetime) -> None:
    """Let waiting messages wait until then."""
    chosen = col(MessageRow.id).in_(list(messages))
    session.execute(update(MessageRow).where(chosen, _in(MessageState.WAITING)).values(due_at=due_at))


def end(session: Session, sent: Kept, state: MessageState, now: datetime, error_code: str | None = None) -> bool:
    """Note how a message ended, unless something has happened to it since it was read."""
    return _change(session, sent.id, sent.attempts, _in(sent.state), state, now, error_code=error_code)


def expire(session: Session, now: datetime) -> int:
    """End what nobody would want to get any more, and return how many those are."""
    over = (_in(MessageState.WAITING), col(MessageRow.expires_at) <= now)
    return _end_all(session, over, MessageState.EXPIRED, now)


def give_up_confirming(session: Session, sent_before: datetime, now: datetime) -> int:
    """Call unconfirmed what was sent before then and nobody has said whether it arrived; return how many."""
    silent = (_in(MessageState.SENT), col(MessageRow.sent_at) < sent_before)
    return _end_all(session, silent, MessageState.UNCONFIRMED, now)


def give_up_asking(session: Session, gateways: Sequence[str], claimed_before: datetime, now: datetime) -> int:
    """Call unconfirmed what was in hand before then, by gateways other than those that keep a list: rather none
    than two; return how many.
    """
    row = MessageRow
    lost = (_in(MessageState.SENDING), col(row.claimed_at) < claimed_before, col(row.gateway).not_in(gateways))
    return _end_all(session, lost, MessageState.UNCONFIRMED, now)


def _change(
    session: Session,
    message: UUID,
    attempt: int,
    expected: ColumnElement[bool],
    state: MessageState,
    now: datetime,
    **values: Any,
) -> bool:
    row = MessageRow
    changed = session.execute(
        update(row)
        .where(col(row.id) == message, col(row.attempts) == attempt, expected)
        .values(state=state.value, state_at=now, **values)
        .returning(col(row.id))
    )
    return bool(changed.all())


def _end_all(session: Session, which: Sequence[ColumnElement[bool]], state: MessageState, now: datetime) -> int:
    ended = update(MessageRow).where(*which).values(state=state.value, state_at=now).returning(col(MessageRow.id))
    return len(session.execute(ended).all())


def _in(state: MessageState) -> ColumnElement[bool]:
    return col(MessageRow.state) == state.value


def _is_reply() -> ColumnElement[bool]:
    return col(MessageRow.purpose) == Purpose.REPLY.value


def _kept(session: Session, wanted: Iterable[ColumnElement[bool]], *order: Any, most: int) -> list[Kept]:
    contact, theirs = ContactRow, InboxRow
    by_whatsapp = (
        col(theirs.phone_hash) == col(MessageRow.phone_hash),
        col(theirs.channel) == Channel.WHATSAPP.value,
    )
    wrote_at = select(func.max(col(theirs.received_at))).where(*by_whatsapp).scalar_subquery()
    query = (
        select(MessageRow, col(contact.refused_at), wrote_at)
        .outerjoin(contact, col(contact.phone_hash) == col(MessageRow.phone_hash))
        .where(*wanted)
        .order_by(*order)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return [_as_kept(row, refused_at, wrote_at) for row, refused_at, wrote_at in session.execute(query)]


def _as_kept(row: MessageRow, refused_at: datetime | None, wrote_at: datetime | None) -> Kept:
    return Kept(
        id=row.id,
        purpose=Purpose(row.purpose),
        channel=Channel(row.channel),
        gateway=row.gateway,
        office=row.office_code,
        phone_hash=row.phone_hash,
        phone=row.phone,
        text=row.text,
        template=row.template,
        segments=row.segments,
        state=MessageState(row.state),
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        expires_at=row.expires_at,
        provider_id=row.provider_id,
        refused=refused_at is not None,
        whatsapp_wrote_at=wrote_at,
    )
