"""A worker killed in the middle of a message: nothing leaves twice, and nothing stays behind."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from shared.domain.clock import system_clock
from shared.services import Services
from sms.reconciling import follow_up
from sms.sending import send_due
from tests.sms.outgoing import by_twilio, put_message, states
from tests.sms.twilio_server import GONE, LOST, running_twilio
from tests.sms.working import PATIENCE, killing, later, let_it_be_noon, wait_until, working

MESSAGES = 45


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_killed_while_it_sends_makes_no_message_leave_twice(services: Services, session: Session) -> None:
    let_it_be_noon(services)
    now = system_clock()
    for number in range(MESSAGES):
        put_message(services, f"Undangan {number:04d}", due_at=now, expires_at=now + timedelta(days=1))
    with running_twilio() as twilio:
        sending = replace(by_twilio(services, twilio), clock=system_clock)
        for word in (LOST, GONE):
            with working(sending) as process:
                twilio.plan.extend([*[None] * 15, killing(process, word)])
                process.wait(PATIENCE)
        with working(sending):
            wait_until(lambda: states(session).count("sent") >= MESSAGES - 2)
        assert states(session) == ["sending"] * 2 + ["sent"] * (MESSAGES - 2)
        assert follow_up(later(sending, minutes=3)) == {"unconfirmed": 0, "found": 1, "to_send_again": 1}
        send_due(later(sending, minutes=3))
        assert states(session) == ["sent"] * MESSAGES
        assert Counter(Counter(one["body"] for one in twilio.outbound).values()) == {1: MESSAGES}
