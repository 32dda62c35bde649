"""Invitations that are due: to be asked, to be reminded, to be ended. What is asked becomes a message to be sent."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlmodel import Session, col

from shared.db.campaign_tables import CampaignInvitationRow
from shared.db.message_tables import ContactRow, InvitationOfficerRow, InvitationRow, MessageRow
from shared.db.upsert import upserting
from shared.domain.outreach import About, InvitationState, MessageState, Purpose
from shared.domain.ratings import Channel
from shared.i18n import Language

ARRIVED: Final = [state.value for state in (MessageState.SENT, MessageState.DELIVERED, MessageState.UNCONFIRMED)]
"""States of an invitation's message after which a reminder makes sense."""
UNASKED: Final = [Purpose.INVITATION.value, Purpose.REMINDER.value]


@dataclass(frozen=True, slots=True)
class Due:
    """An invitation whose turn has come; `phone` is sealed, and None when there is nobody we may write to."""

    id: UUID
    office: str
    language: Language
    counter: str | None
    served_at: datetime | None
    created_at: datetime
    expires_at: datetime
    officers: Sequence[str]
    phone_hash: bytes
    phone: bytes | None
    token: bytes | None
    about: About


@dataclass(frozen=True, slots=True)
class Words:
    """What a message of ours says, sealed, and by which way it goes."""

    text: bytes
    channel: Channel
    gateway: str
    template: str | None = None


def to_ask(session: Session, offices: Collection[str], now: datetime, most: int) -> list[Due]:
    """Return invitations of these offices that are to be asked, earliest first; nobody else takes them meanwhile."""
    row = InvitationRow
    not_later = or_(col(row.put_off_to).is_(None), col(row.put_off_to) <= now)
    return _due(session, offices, now, most, _in(InvitationState.WAITING), col(row.ask_at) <= now, not_later)


def to_remind(session: Session, offices: Collection[str], now: datetime, most: int) -> list[Due]:
    """Return invitations of these offices that are to be reminded of, if what asked them has arrived."""
    row, message = InvitationRow, MessageRow
    mine = (col(message.invitation_id) == col(row.id), col(message.purpose) == Purpose.INVITATION.value)
    arrived = select(col(message.id)).where(*mine, col(message.state).in_(ARRIVED)).exists()
    return _due(session, offices, now, most, _in(InvitationState.ASKED), col(row.remind_at) <= now, arrived)


def asked_since(session: Session, people: Iterable[bytes], since: datetime) -> dict[bytes, datetime]:
    """Return when these people were last written to unasked, of those who were since then."""
    row = MessageRow
    query = (
        select(col(row.phone_hash), func.max(col(row.created_at)))
        .where(col(row.phone_hash).in_(list(people)), col(row.purpose).in_(UNASKED), col(row.created_at) > since)
        .group_by(col(row.phone_hash))
    )
    return {person: at for person, at in session.execute(query) if person is not None}


def note_asked(session: Session, due: Due, token_hash: bytes, token: bytes, remind_at: datetime | None) -> None:
    """Note that a person is asked by this link, and when they are reminded."""
    _change(session, due, state=InvitationState.ASKED.value, token_hash=token_hash, token=token, remind_at=remind_at)


def note_reminded(session: Session, due: Due) -> None:
    """Note that a person is reminded; it is the last they hear of us about this."""
    _change(session, due, state=InvitationState.REMINDED.value, remind_at=None)


def put_off(session: Session, due: Due, until: datetime) -> None:
    """Let an invitation be asked later, which its office does not see: of who is never asked none is put off."""
    _change(session, due, put_off_to=until)


def end(session: Session, due: Due) -> None:
    """Withdraw an invitation that nobody needs to answer any more."""
    _change(session, due, state=InvitationState.WITHDRAWN.value)


def expire(session: Session, now: datetime) -> int:
    """End the invitations whose time is over, and return how many those are."""
    row = InvitationRow
    still_open = col(row.state).in_([state.value for state in InvitationState if state.is_open])
    ended = session.execute(
        update(row)
        .where(still_open, col(row.expires_at) <= now)
        .values(state=InvitationState.EXPIRED.value, remind_at=None)
        .returning(col(row.id))
    )
    return len(ended.all())


def put_message(session: Session, due: Due, purpose: Purpose, words: Words, now: datetime, ends: datetime) -> None:
    """Write down the wish to send a message; it is sent once, however often this is wished."""
    values = {
        "id": uuid5(due.id, purpose.value),
        "purpose": purpose.value,
        "channel": words.channel.value,
        "gateway": words.gateway,
        "office_code": due.office,
        "invitation_id": due.id,
        "phone_hash": due.phone_hash,
        "phone": due.phone,
        "text": words.text,
        "template": words.template,
        "segments": 1,
        "state": MessageState.WAITING.value,
        "attempts": 0,
        "created_at": now,
        "due_at": now,
        "expires_at": ends,
        "state_at": now,
    }
    session.execute(upserting(session, MessageRow).values(**values).on_conflict_do_nothing())


def _due(
    session: Session, offices: Collection[str], now: datetime, most: int, *wanted: ColumnElement[bool]
) -> list[Due]:
    row, contact = InvitationRow, ContactRow
    query = (
        select(row)
        .where(*wanted, col(row.expires_at) > now, col(row.office_code).in_(offices))
        .order_by(col(row.ask_at), col(row.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(query).all()
    people = [one.phone_hash for one in rows if one.phone_hash is not None]
    mine = (col(contact.phone_hash).in_(people), col(contact.refused_at).is_(None))
    phones = {one.phone_hash: one.phone for one in session.scalars(select(contact).where(*mine))}
    officers = _unanswered(session, [one.id for one in rows])
    campaign = CampaignInvitationRow
    asked = select(col(campaign.invitation_id)).where(col(campaign.invitation_id).in_([one.id for one in rows]))
    of_teachers = set(session.scalars(asked))
    return [
        Due(
            one.id,
            one.office_code,
            "en" if one.language == "en" else "id",
            one.counter_code,
            one.served_at,
            one.created_at,
            one.expires_at,
            officers[one.id],
            one.phone_hash or b"",
            phones.get(one.phone_hash or b""),
            one.token,
            About.TEACHERS if one.id in of_teachers else About.VISIT,
        )
        for one in rows
    ]


def _unanswered(session: Session, invitations: Sequence[UUID]) -> dict[UUID, list[str]]:
    row, found = InvitationOfficerRow, {one: list[str]() for one in invitations}
    mine = (col(row.invitation_id).in_(invitations), col(row.answered).is_(False))
    for one in session.scalars(select(row).where(*mine).order_by(col(row.officer_code))):
        found[one.invitation_id].append(one.officer_code)
    return found


def _in(state: InvitationState) -> ColumnElement[bool]:
    return col(InvitationRow.state) == state.value


def _change(session: Session, due: Due, **values: object) -> None:
    session.execute(update(InvitationRow).where(col(InvitationRow.id) == due.id).values(**values))
