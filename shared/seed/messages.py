"""Thirteen weeks of messages of the demo's first office: what was sent, arrived and was answered."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlmodel import Session, SQLModel

from shared.db.message_tables import InvitationOfficerRow, InvitationRow, MessageRow
from shared.domain.outreach import InvitationState, MessageState, Purpose
from shared.domain.ratings import Channel
from shared.domain.zones import zone
from shared.seed.offices import DemoOffice

WEEKS: Final = 13
A_DAY: Final = 7
"""Invitations a working day."""
LASTS: Final = timedelta(days=7)
REMINDED_AFTER: Final = timedelta(days=2)
KINDS: Final = (
    (MessageState.DELIVERED, None, 86),
    (MessageState.UNCONFIRMED, None, 4),
    (MessageState.FAILED, "30005", 4),
    (MessageState.FAILED, "30003", 4),
    (MessageState.WITHHELD, None, 2),
)
"""What becomes of an invitation, why, and of how many in a hundred."""
PRICES: Final = {Channel.SMS: 400, Channel.WHATSAPP: 360}


def plant_messages(session: Session, office: DemoOffice, now: datetime) -> None:
    """Add them, with the invitations they are of: the same every time, but for the day."""
    chance = Random(7)  # noqa: S311  a demo is the same every time
    moments = _moments(now.astimezone(zone(office.timezone)), chance)
    asked = [_asked(office, asked_at, now, chance) for asked_at in moments]
    session.add_all(invitation for invitation, _ in asked)
    session.flush()
    session.add_all(row for _, rows in asked for row in rows)


def _moments(now: datetime, chance: Random) -> Iterator[datetime]:
    for back in range(7 * WEEKS, 0, -1):
        day = now.date() - timedelta(days=back)
        if day.weekday() < 5:
            for _ in range(A_DAY):
                yield datetime.combine(day, time(chance.randint(9, 16), chance.randrange(60)), now.tzinfo)


def _asked(
    office: DemoOffice, asked_at: datetime, now: datetime, chance: Random
) -> tuple[InvitationRow, list[SQLModel]]:
    """Return an invitation, and what belongs to it."""
    number, officer = UUID(int=chance.getrandbits(128), version=4), chance.choice(office.officers)
    channel = Channel.WHATSAPP if chance.random() < 0.25 else Channel.SMS
    state, error_code = _fate(chance)
    arrived = state is MessageState.DELIVERED
    answered = arrived and chance.random() < (0.25 if asked_at.hour < 12 else 0.4)
    invitation = InvitationRow(
        id=number,
        office_code=office.code,
        counter_code=officer[2],
        served_at=asked_at - timedelta(hours=1),
        language="id",
        phone_shown=f"+628{chance.randint(11, 99)}•••{chance.randrange(1000):03}",
        state=_standing(answered, over=asked_at + LASTS <= now).value,
        ask_at=asked_at,
        expires_at=asked_at + LASTS,
        created_at=asked_at - timedelta(hours=1),
    )
    rows: list[SQLModel] = [
        InvitationOfficerRow(invitation_id=number, officer_code=officer[0], answered=answered),
        _message(number, office, Purpose.INVITATION, channel, asked_at, state, error_code),
    ]
    reminded_at = asked_at + REMINDED_AFTER
    if arrived and not answered and reminded_at < now:
        rows.append(_message(number, office, Purpose.REMINDER, channel, reminded_at, state))
    return invitation, rows


def _fate(chance: Random) -> tuple[MessageState, str | None]:
    kinds = [(state, code) for state, code, _ in KINDS]
    return chance.choices(kinds, [share for *_, share in KINDS])[0]


def _standing(answered: bool, *, over: bool) -> InvitationState:
    if answered:
        return InvitationState.ANSWERED
    return InvitationState.EXPIRED if over else InvitationState.REMINDED


def _message(
    invitation: UUID,
    office: DemoOffice,
    purpose: Purpose,
    channel: Channel,
    at: datetime,
    state: MessageState,
    error_code: str | None = None,
) -> MessageRow:
    left = state is not MessageState.WITHHELD
    return MessageRow(
        id=UUID(int=invitation.int ^ len(purpose)),
        purpose=purpose.value,
        channel=channel.value,
        gateway="console",
        office_code=office.code,
        invitation_id=invitation,
        segments=1,
        state=state.value,
        attempts=1 if left else 0,
        created_at=at,
        due_at=at,
        expires_at=at + LASTS,
        sent_at=at + timedelta(seconds=20) if left else None,
        state_at=at + timedelta(minutes=1),
        error_code=error_code,
        cost=PRICES[channel] if left else None,
    )
