"""Invitations as their answers meet them: by link or by message, whichever comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from shared.db.message_tables import InvitationOfficerRow, InvitationRow, MessageRow
from shared.domain.outreach import InvitationState, MessageState
from shared.i18n import Language

OPEN = [state.value for state in InvitationState if state.is_open]
SENT = [state.value for state in (InvitationState.ASKED, InvitationState.REMINDED, InvitationState.ANSWERED)]


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation whose time is not over, and the officers about whom it has not been answered, by code.

    `several` says that it was about more than one, answered by now or not.
    """

    id: UUID
    office: str
    counter: str | None
    language: Language
    officers: Sequence[str]
    several: bool


def asked_by_phone(session: Session, phone_hash: bytes, now: datetime) -> list[Asked]:
    """Return the invitations that were sent to a person and are neither over nor withdrawn, the latest first.

    Those that are answered are among them: of them no officer is left.
    """
    row = InvitationRow
    query = (
        select(row)
        .where(col(row.phone_hash) == phone_hash, col(row.state).in_(SENT), col(row.expires_at) > now)
        .order_by(col(row.ask_at).desc(), col(row.id))
    )
    rows = session.scalars(query).all()
    officers = officers_of(session, [one.id for one in rows]) if rows else {}
    return [
        Asked(
            one.id,
            one.office_code,
            one.counter_code,
            "en" if one.language == "en" else "id",
            [code for code, answered in officers[one.id].items() if not answered],
            len(officers[one.id]) > 1,
        )
        for one in rows
    ]


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


def officers_of(session: Session, invitations: Sequence[UUID]) -> dict[UUID, dict[str, bool]]:
    """Return about whom these invitations are, by code, and of each whether it is answered."""
    row, found = InvitationOfficerRow, {one: dict[str, bool]() for one in invitations}
    query = select(row).where(col(row.invitation_id).in_(invitations)).order_by(col(row.officer_code))
    for one in session.scalars(query):
        found[one.invitation_id][one.officer_code] = one.answered
    return found
