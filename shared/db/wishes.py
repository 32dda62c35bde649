"""Wishes to be answered: what somebody wrote for an office, kept apart from what they rated, gone once answered."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, select
from sqlmodel import Session, col

from shared.db.message_tables import MessageRow, WishRow
from shared.db.upsert import upserting
from shared.domain.outreach import MessageState, Purpose
from shared.domain.ratings import Channel

KEPT: Final = timedelta(days=30)
"""How long a wish waits for its answer."""
LEFT: Final = tuple(state.value for state in (MessageState.SENT, MessageState.DELIVERED, MessageState.UNCONFIRMED))
"""States of an answer that has left us."""
LEAVING: Final = tuple(state.value for state in (MessageState.WAITING, MessageState.SENDING))


@dataclass(frozen=True, slots=True)
class NewWish:
    """Words for an office, sealed, and by which way its answer goes back; `asked_on` is a day, never a moment."""

    id: UUID
    office: str
    phone_hash: bytes
    phone: bytes
    words: bytes
    wording: str
    channel: Channel
    gateway: str
    asked_on: date


@dataclass(frozen=True, slots=True)
class ListedWish:
    """A wish as its office may see it: never whose. `failed` says that the answer to it did not get through."""

    id: UUID
    words: bytes
    asked_on: date
    leaving: bool
    failed: bool


def put(session: Session, new: NewWish) -> None:
    """Keep a wish; a later one of the same person for the same office takes the place of the earlier."""
    values = {
        "id": new.id,
        "office_code": new.office,
        "phone_hash": new.phone_hash,
        "phone": new.phone,
        "words": new.words,
        "wording": new.wording,
        "channel": new.channel.value,
        "gateway": new.gateway,
        "asked_on": new.asked_on,
        "message_id": None,
    }
    insert = upserting(session, WishRow).values(**values)
    session.execute(insert.on_conflict_do_update(index_elements=["phone_hash", "office_code"], set_=values))


def listed(session: Session, office: str) -> list[ListedWish]:
    """Return the wishes of an office that are not answered yet, the earliest day first."""
    row, message = WishRow, MessageRow
    query = (
        select(row, col(message.state))
        .outerjoin(message, col(message.id) == col(row.message_id))
        .where(col(row.office_code) == office)
        .order_by(col(row.asked_on), col(row.id))
    )
    return [
        ListedWish(one.id, one.words, one.asked_on, state in LEAVING, state is not None and state not in LEAVING)
        for one, state in session.execute(query)
        if state not in LEFT
    ]


def answer(
    session: Session, office: str, wish: UUID, text: bytes, due_at: datetime, expires_at: datetime, now: datetime
) -> bool | None:
    """Let an answer, sealed and one segment long, go out to who wished for it; None when there is no such wish.

    False when one is leaving already: nobody is answered twice.
    """
    row = session.get(WishRow, wish, with_for_update=True)
    if row is None or row.office_code != office:
        return None
    before = session.get(MessageRow, row.message_id) if row.message_id else None
    if before is not None and before.state in (*LEAVING, *LEFT):
        return False
    message = MessageRow(
        id=uuid4(),
        purpose=Purpose.REPLY.value,
        channel=row.channel,
        gateway=row.gateway,
        office_code=office,
        phone_hash=row.phone_hash,
        phone=row.phone,
        text=text,
        segments=1,
        state=MessageState.WAITING.value,
        created_at=now,
        due_at=due_at,
        expires_at=expires_at,
        state_at=now,
    )
    session.add(message)
    session.flush()
    row.message_id = message.id
    session.add(row)
    return True


def drop_answered(session: Session) -> int:
    """Forget the wishes whose answer has left, and return how many those are."""
    row, message = WishRow, MessageRow
    # Asked of each wish: "in" would have SQLite gather every message that ever left, every five seconds.
    answered = exists().where(col(message.id) == col(row.message_id), col(message.state).in_(LEFT))
    gone = delete(row).where(answered).returning(col(row.id))
    return len(session.execute(gone).all())


def drop_old(session: Session, today: date) -> int:
    """Forget the wishes nobody has answered in their time, and return how many those are."""
    old = delete(WishRow).where(col(WishRow.asked_on) < today - KEPT).returning(col(WishRow.id))
    return len(session.execute(old).all())
