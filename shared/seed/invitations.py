"""Invitations of the demo's first office, in every standing; nothing is ever sent to these numbers."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlmodel import Session

from shared.db.message_tables import InvitationOfficerRow, InvitationRow
from shared.domain.outreach import InvitationState
from shared.seed.offices import DemoOffice

LASTS: Final = timedelta(days=7)
SOME: Final = (
    (timedelta(minutes=-25), "DK1", InvitationState.WAITING, "+62812•••106"),
    (timedelta(hours=-5), "DK2", InvitationState.ASKED, "+62852•••417"),
    (timedelta(days=-1), "DK3", InvitationState.ASKED, "+62813•••952"),
    (timedelta(days=-2), "DK1", InvitationState.ANSWERED, "+62821•••330"),
    (timedelta(days=-3), "DK4", InvitationState.WITHDRAWN, "+62838•••581"),
    (timedelta(days=-9), "DK5", InvitationState.EXPIRED, "+62877•••264"),
)
"""How long ago somebody was served, by whom, what became of their invitation, and what is shown of their number."""


def plant_invitations(session: Session, office: DemoOffice, now: datetime) -> None:
    """Add them. Without a contact nobody is asked: the one that waits is withdrawn when its hour comes."""
    for served, officer, state, shown in SOME:
        ask_at, number = now + served + timedelta(hours=1), uuid4()
        session.add(
            InvitationRow(
                id=number,
                office_code=office.code,
                counter_code=_counter_of(office, officer),
                served_at=now + served,
                language="id",
                phone_shown=shown,
                state=state.value,
                ask_at=ask_at,
                expires_at=ask_at + LASTS,
                withdrawn_by="atasan" if state is InvitationState.WITHDRAWN else None,
                created_at=now + served,
            )
        )
        session.flush()
        session.add(
            InvitationOfficerRow(
                invitation_id=number, officer_code=officer, answered=state is InvitationState.ANSWERED
            )
        )


def _counter_of(office: DemoOffice, officer: str) -> str:
    return next(counter for code, _name, counter, _mean in office.officers if code == officer)
