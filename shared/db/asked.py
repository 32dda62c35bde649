"""Invitations as their answers meet them: by link or by message, whichever comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from shared.db.message_tables import InvitationOfficerRow, InvitationRow, MessageRow
from shared.domain.outreach import InvitationState, MessageState
from shared.i18n import Language

OPEN = [state.value for state in InvitationState if state.is_open]


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation that may still be answered, and the officers about whom it has not been, by code."""

    id: UUID
    office: str
    counter: str | None
    language: Language
    officers: Sequence[str]


def asked_by_phone(session: Session, phone_hash: bytes, now: datetime) -> Asked | None:
    """Return the invitation that a person was sent last and may still answer; None without one."""
    mine = (col(InvitationRow.phone_hash) == phone_hash, col(InvitationRow.state) != InvitationState.WAITING.value)
    return _asked(session, now, *mine)


def asked_by_token(session: Session, token_hash: bytes, now: datetime) -> Asked | None:
    """Return the invitation of a link that may still be answered; None when it is unknown, over or answered."""
    return _asked(session, now, col(InvitationRow.token_hash) == token_hash)


def note_answer(session: Session, invitation: UUID, officer: str) -> None:
    """Note that a person has answered about an officer; after the last of them nobody is reminded any more."""
    row = InvitationOfficerRow
    mine = col(row.invitation_id) == invitation
    session.execute(update(row).where(mine, col(row.officer_code) == officer).values(answered=True))
    if session.scalar(select(col(row.officer_code)).where(mine, col(row.answered).is_(False)).limit(1)) is None:
        session.execute(
            update(InvitationRow)
            .where(col(InvitationRow.id) == invitation, col(InvitationRow.state).in_(OPEN))
            .values(state=InvitationState.ANSWERED.value)
        )
        withhold(session, invitation)


def withhold(session: Session, invitation: UUID) -> None:
    """Let no message of an invitation leave that has not left yet.

    When is not noted: it may be the moment of an answer, by which the answer could be found.
    """
    waits = col(MessageRow.state) == MessageState.WAITING.value
    session.execute(
        update(MessageRow)
        .where(col(MessageRow.invitation_id) == invitation, waits)
        .values(state=MessageState.WITHHELD.value)
    )


def _asked(session: Session, now: datetime, *mine: ColumnElement[bool]) -> Asked | None:
    query = (
        select(InvitationRow)
        .where(*mine, col(InvitationRow.state).in_(OPEN), col(InvitationRow.expires_at) > now)
        .order_by(col(InvitationRow.ask_at).desc())
        .limit(1)
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    theirs = col(InvitationOfficerRow.invitation_id) == row.id
    officers = session.scalars(
        select(col(InvitationOfficerRow.officer_code))
        .where(theirs, col(InvitationOfficerRow.answered).is_(False))
        .order_by(col(InvitationOfficerRow.officer_code))
    ).all()
    language: Language = "en" if row.language == "en" else "id"
    return Asked(row.id, row.office_code, row.counter_code, language, officers)
