"""The gateway that hands messages to nobody: only the phone on the screen of a demo has them by that."""

import pytest
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.message_tables import MessageRow
from shared.services import Services
from sms.inviting import ask_people
from sms.reconciling import follow_up
from sms.sending import send_due
from tests.factories import SettableClock
from tests.messages import let_be_asked, rows


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("is_demo", "states"), [(True, ("delivered", "delivered")), (False, ("sent", "unconfirmed"))]
)
def test_a_message_has_arrived_on_a_simulated_phone_and_on_no_other(
    services: Services, session: Session, clock: SettableClock, is_demo: bool, states: tuple[str, str]
) -> None:
    if is_demo:
        services.settings.demo_sheet.write_text("{}")
    with writing(services.engine) as writes:
        let_be_asked(writes, services, state="waiting", token_hash=None)
    ask_people(services)
    assert send_due(services) == {"sent": 1}
    (message,) = rows(session, MessageRow)
    assert (message.state, message.cost) == (states[0], 400)
    clock.advance(days=4)
    follow_up(services)
    (message,) = rows(session, MessageRow)
    assert message.state == states[1]
