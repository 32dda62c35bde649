"""Messages of ours that have left, for tests that only count them."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from shared.db.engine import writing
from shared.db.message_tables import InvitationOfficerRow, InvitationRow, MessageRow
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE

MORNING: Final = datetime(2026, 11, 10, 2, 15, tzinfo=UTC)
"""A quarter past nine in Sawahlunto."""


def sent(services: Services, count: int, at: datetime = MORNING, answers: int = 0, **overrides: Any) -> list[UUID]:
    """Let an office have asked so many people at a time, of whom some have answered; return their invitations."""
    numbers = [uuid4() for _ in range(count)]
    values = {
        "purpose": "invitation", "channel": "sms", "gateway": "twilio", "office_code": OFFICE, "segments": 1,
        "state": "delivered", "created_at": at, "due_at": at, "expires_at": at + timedelta(days=7), "sent_at": at,
        "state_at": at, "cost": 400, **overrides,
    }  # fmt: skip
    with writing(services.engine) as session:
        session.add_all(_invitation(number, at, values["office_code"]) for number in numbers)
        session.flush()
        for place, number in enumerate(numbers):
            officers = {ASHA: place < answers, BILAL: False}
            session.add_all(
                InvitationOfficerRow(invitation_id=number, officer_code=officer, answered=answered)
                for officer, answered in officers.items()
            )
            session.add(MessageRow(id=uuid4(), invitation_id=number, **values))
    return numbers


def _invitation(number: UUID, at: datetime, office: str) -> InvitationRow:
    return InvitationRow(
        id=number, office_code=office, language="id", state="asked", ask_at=at, expires_at=at + timedelta(days=7),
        created_at=at,
    )  # fmt: skip
