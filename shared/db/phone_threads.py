"""What one phone has written to us and got from us, for the phone itself: the simulator of a demo shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.asking import ARRIVED
from shared.db.inbox import LATE_REPLY
from shared.db.message_tables import InboxRow, InvitationOfficerRow, InvitationRow, MessageRow
from shared.domain.outreach import InvitationState
from shared.domain.ratings import Channel


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a phone's thread, sealed: theirs to us or, with its price where that was noted, ours to them."""

    text: bytes
    ours: bool
    at: datetime
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """What a phone's person is asked about, told last, and how far that has come; `visit` unless it is a campaign."""

    office: str
    officers: Sequence[str]
    state: InvitationState
    ask_at: datetime
    visit: bool


def thread_of(session: Session, phone_hash: bytes, channel: Channel, most: int) -> list[Said]:
    """Return the latest messages of a phone by one channel, the earliest of them first."""
    out, written = MessageRow, InboxRow
    ours = select(out).where(col(out.phone_hash) == phone_hash, col(out.channel) == channel.value)
    sent = session.scalars(ours.order_by(col(out.created_at).desc()).limit(most)).all()
    theirs = select(written).where(col(written.phone_hash) == phone_hash, col(written.channel) == channel.value)
    got = session.scalars(theirs.order_by(col(written.received_at).desc()).limit(most)).all()
    sent_late = {row.id for row in sent}
    said = [
        Said(row.text, True, row.sent_at or row.created_at, row.cost)
        for row in sent
        if row.text is not None and row.state in ARRIVED
    ]
    for row in got:
        if row.text is not None:
            said.append(Said(row.text, False, row.received_at))
        if row.reply is not None and row.taken_at is not None and uuid5(row.id, LATE_REPLY) not in sent_late:
            said.append(Said(row.reply, True, row.taken_at))
    return sorted(said, key=lambda one: (one.at, one.ours))[-most:]


def last_served(session: Session, phone_hash: bytes) -> Served | None:
    """Return what a phone's person was to be asked last; None without that, or when it no longer knows the phone."""
    row = InvitationRow
    mine = select(row).where(col(row.phone_hash) == phone_hash).order_by(col(row.created_at).desc()).limit(1)
    found = session.scalars(mine).one_or_none()
    if found is None:
        return None
    theirs = col(InvitationOfficerRow.invitation_id) == found.id
    officers = session.scalars(select(col(InvitationOfficerRow.officer_code)).where(theirs)).all()
    asked_at = found.put_off_to or found.ask_at
    return Served(found.office_code, officers, InvitationState(found.state), asked_at, found.served_at is not None)
