"""The inbox: what people wrote to us, each message once, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, cast
from uuid import UUID, uuid4, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import Table, bindparam, func, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from shared.db.asked import Asked, asked_by_phone, note_answer
from shared.db.contacts import Contact, contact_of, note_language, refuse, resume
from shared.db.message_tables import InboxRow, MessageRow
from shared.db.persons import forget
from shared.db.wishes import NewWish, put
from shared.domain.outreach import MessageState, Purpose, Wish
from shared.domain.ratings import Channel
from shared.domain.screening import STALE_AFTER
from shared.i18n import Language

REPLY_WITHIN: Final = timedelta(hours=24)
"""Later nobody waits for a reply any more, and WhatsApp does not carry one."""
KEPT: Final = timedelta(days=7)
LATE_REPLY: Final = "reply"
"""Makes the id of a reply that was sent late from that of its message."""
SLICE: Final = 500

_TABLE: Final = cast(Table, inspect(InboxRow).local_table)
# Made once: making them anew for each message took as long as running them.
_SEEN: Final = select(_TABLE.c.taken_at, _TABLE.c.reply).where(_TABLE.c.id == bindparam("id"))
_LAST_SAID: Final = (
    select(_TABLE.c.conversation)
    .where(_TABLE.c.phone_hash == bindparam("phone_hash"), _TABLE.c.taken_at.is_not(None))
    .order_by(_TABLE.c.taken_at.desc())
    .limit(1)
)
_TAKE: Final = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("message"), _TABLE.c.taken_at.is_(None))
    .values({name: bindparam(name) for name in ("taken_at", "reply", "conversation")})
    .returning(_TABLE.c.id)
)


class Written(BaseModel):
    """A message as it came in. `id` is a keyed hash of the provider's; phone, provider's id and text are sealed."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    id: UUID
    gateway: str
    channel: Channel
    phone_hash: bytes
    phone: bytes
    provider_id: bytes
    text: bytes
    received_at: AwareDatetime


class Answer(BaseModel):
    """An invitation was answered about one of its officers."""

    model_config = ConfigDict(frozen=True)

    invitation: UUID
    officer: str


class WantsAnswer(BaseModel):
    """Sealed words for an office, since when, in which version of our words, and the gateway of its answer."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    office: str
    words: bytes
    asked_on: date
    wording: str
    gateway: str


class Outcome(BaseModel):
    """What came of a message: the reply and the conversation from then on, both sealed, and what it changes.

    `reply_by` is the gateway that has to send the reply, where nobody waits for it any more.
    """

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    taken_at: AwareDatetime
    reply: bytes
    conversation: bytes
    language: Language
    wish: Wish | None = None
    answer: Answer | None = None
    wants_answer: WantsAnswer | None = None
    reply_by: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows when a message gets its turn; `taken` when it has had it, perhaps long ago."""

    taken: bool = False
    reply: bytes | None = None
    conversation: bytes | None = None
    contact: Contact | None = None
    asked: Sequence[Asked] = ()


def write_down(session: Session, written: Written) -> None:
    """Write a message down, once."""
    session.execute(_insert(session.get_bind().dialect.name), {**dict(written), "channel": written.channel.value})


def known_of(session: Session, written: Written, now: datetime) -> Known:
    """Return what is known of a message and its writer."""
    seen = session.execute(_SEEN, {"id": written.id}).one_or_none()
    if seen is not None and seen.taken_at is not None:
        return Known(taken=True, reply=seen.reply)
    last = session.scalar(_LAST_SAID, {"phone_hash": written.phone_hash})
    contact, asked = contact_of(session, written.phone_hash), asked_by_phone(session, written.phone_hash, now)
    return Known(conversation=last, contact=contact, asked=asked)


def keep(session: Session, written: Written, outcome: Outcome) -> None:
    """Note what came of a message, and do what it asks for; nothing when that is done already."""
    if not _take(session, written, outcome):
        write_down(session, written)  # perhaps it still stands in Redis
        if not _take(session, written, outcome):
            return
    _grant(session, written, outcome)
    if outcome.reply_by and outcome.taken_at < written.received_at + REPLY_WITHIN:
        session.add(_reply(written, outcome, outcome.reply_by))


def _grant(session: Session, written: Written, outcome: Outcome) -> None:
    if outcome.wish is Wish.NO_MESSAGES:
        refuse(session, written.phone_hash, outcome.taken_at, outcome.language)
    if outcome.wish is Wish.MESSAGES:
        resume(session, written.phone_hash)
    note_language(session, written.phone_hash, outcome.language)
    if outcome.answer:
        note_answer(session, outcome.answer.invitation, outcome.answer.officer)
    if outcome.wish is Wish.FORGET:
        forget(session, written.phone_hash)
    if outcome.wants_answer:
        put(session, _wish(written, outcome.wants_answer))


def _take(session: Session, written: Written, outcome: Outcome) -> bool:
    kept = {"taken_at": outcome.taken_at, "reply": outcome.reply, "conversation": outcome.conversation}
    return session.execute(_TAKE, {"message": written.id, **kept}).one_or_none() is not None


@cache
def _insert(dialect: str) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(_TABLE).on_conflict_do_nothing()


def _wish(written: Written, wanted: WantsAnswer) -> NewWish:
    return NewWish(
        id=uuid4(),
        office=wanted.office,
        phone_hash=written.phone_hash,
        phone=written.phone,
        words=wanted.words,
        wording=wanted.wording,
        channel=written.channel,
        gateway=wanted.gateway,
        asked_on=wanted.asked_on,
    )


def _reply(written: Written, outcome: Outcome, gateway: str) -> MessageRow:
    return MessageRow(
        id=uuid5(written.id, LATE_REPLY),
        purpose=Purpose.REPLY.value,
        channel=written.channel.value,
        gateway=gateway,
        phone_hash=written.phone_hash,
        phone=written.phone,
        text=outcome.reply,
        segments=1,
        state=MessageState.WAITING.value,
        created_at=outcome.taken_at,
        due_at=outcome.taken_at,
        expires_at=written.received_at + REPLY_WITHIN,
        state_at=outcome.taken_at,
    )


def not_taken(session: Session, until: datetime) -> Sequence[Written]:
    """Return messages that were written down until then and have had no turn, the earliest first; not all at once."""
    rows = session.scalars(
        select(InboxRow)
        .where(col(InboxRow.taken_at).is_(None), col(InboxRow.received_at) <= until)
        .order_by(col(InboxRow.received_at))
        .limit(SLICE)
    )
    return [Written.model_validate(row, from_attributes=True) for row in rows]


def wipe(session: Session, now: datetime) -> int:
    """Forget who wrote and what was said in messages taken seven days ago, and return how many; not all at once.

    One that nobody could take goes as well, once no rating in it could count any more.
    """
    row = InboxRow
    taken = col(row.taken_at) <= now - KEPT
    given_up = col(row.taken_at).is_(None) & (col(row.received_at) < now - STALE_AFTER)
    old = select(col(row.id)).where(col(row.text).is_not(None), taken | given_up).limit(SLICE).scalar_subquery()
    nothing = dict.fromkeys(("phone_hash", "phone", "provider_id", "text", "reply", "conversation"))
    wiped = (
        update(row)
        .where(col(row.id).in_(old))
        .values(taken_at=func.coalesce(col(row.taken_at), now), **nothing)
        .returning(col(row.id))
    )
    return len(session.scalars(wiped).all())
