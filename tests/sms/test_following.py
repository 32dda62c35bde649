"""Receipts: before the message is known to be sent, after it, twice, late, of nobody, in words nobody knows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session
from werkzeug.test import TestResponse

from shared.db import messages
from shared.db.engine import writing
from shared.db.message_tables import ContactRow
from shared.phones import Phones
from shared.services import Services
from sms.reconciling import follow_up
from sms.sending import send_due
from tests.factories import NOON, SettableClock
from tests.sms.outgoing import WHATSAPP, by_twilio, let_write_by_whatsapp, message, put_message, states
from tests.sms.stage import PATH, PHONE, Phone, a_form
from tests.sms.twilio_server import TwilioServer


def told(services: Services, twilio: TwilioServer, status: str, code: int | None = None) -> TestResponse:
    """Let the last message that Twilio took come so far, and its webhook tell us."""
    taken = twilio.outbound[-1]
    twilio.fare(taken, status, code)
    path, form = twilio.receipt(taken)
    return Phone(services).deliver(form, path)


def sent(services: Services, twilio: TwilioServer, **values: Any) -> Any:
    """Send one message and return its id."""
    key = put_message(services, **values)
    send_due(services)
    assert twilio.outbound
    return key


class TestOfAMessageThatWasSent:
    """What comes of it, whatever the order."""

    @pytest.mark.parametrize(
        ("statuses", "state"),
        [
            pytest.param(["queued", "sent"], "sent", id="on its way"),
            pytest.param(["sent", "delivered"], "delivered", id="delivered"),
            pytest.param(["delivered", "sent", "delivered"], "delivered", id="out of order and twice"),
            pytest.param(["read"], "delivered", id="read"),
            pytest.param(["undelivered"], "failed", id="not delivered"),
            pytest.param(["undelivered", "delivered"], "delivered", id="delivered after all"),
            pytest.param(["delivered", "undelivered"], "delivered", id="a late word against it"),
            pytest.param(["teleported"], "sent", id="a word nobody knows"),
        ],
    )
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_ends_as_the_provider_says(
        self, statuses: list[str], state: str, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        sending = by_twilio(services, twilio)
        key = sent(sending, twilio)
        for status in statuses:
            assert told(sending, twilio, status).status_code == 204
        assert message(session, key).state == state

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            pytest.param(30005, "failed", id="unknown handset"),
            pytest.param(30003, "waiting", id="switched off"),
            pytest.param(21610, "withheld", id="opted out"),
            pytest.param(None, "failed", id="without a reason"),
        ],
    )
    def test_not_delivered_goes_by_its_reason(
        self, code: int | None, state: str, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        sending = by_twilio(services, twilio)
        key = sent(sending, twilio)
        told(sending, twilio, "undelivered", code)
        told(sending, twilio, "undelivered", code)
        row = message(session, key)
        assert (row.state, row.error_code, row.attempts) == (state, str(code or "undelivered"), 1)
        contact = session.get(ContactRow, Phones.of(services.settings).hash(PHONE))
        assert (contact is not None) == (code == 21610)

    def test_a_second_try_is_paid_twice_and_the_first_ones_late_receipt_is_not_about_it(
        self, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        key = sent(sending, twilio)
        told(sending, twilio, "undelivered", 30003)
        first = twilio.receipt(twilio.outbound[0])
        clock.advance(minutes=30)
        with writing(services.engine) as writer:
            waiting = messages.message_by(writer, key)
            assert waiting
            assert messages.claim(writer, waiting, clock())
        assert Phone(sending).deliver(first[1], first[0]).status_code == 204
        assert message(session, key).state == "sending", "it is the second try that is in hand"
        with writing(services.engine) as writer:
            assert messages.note_sent(writer, key, 2, clock(), "SM2", 1, 400)
        row = message(session, key)
        assert (row.state, row.attempts, row.cost) == ("sent", 2, 800)

    def test_whatsapp_that_closed_meanwhile_leads_to_sms(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        let_write_by_whatsapp(services)
        sending = by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP)
        key = sent(sending, twilio, purpose="reply", channel="whatsapp")
        told(sending, twilio, "failed", 63016)
        send_due(sending)
        assert [one["to"] for one in twilio.outbound] == [f"whatsapp:{PHONE}", PHONE]
        assert (message(session, key).state, message(session, key).cost) == ("sent", 760)


class TestOfAMessageWeDoNotKnow:
    """A receipt may overtake its message, or be about none of ours."""

    def test_one_that_comes_before_we_know_names_the_message(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        sending = by_twilio(services, twilio)
        key = put_message(services)
        twilio.plan.append("lost")
        assert send_due(sending) == {"uncertain": 1}
        assert message(session, key).state == "sending"
        told(sending, twilio, "delivered")
        row = message(session, key)
        assert (row.state, row.provider_id, row.cost) == ("delivered", twilio.outbound[0]["sid"], 400)

    def test_the_worker_that_learns_of_it_later_takes_nothing_back(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        sending = by_twilio(services, twilio)
        key = put_message(services)
        twilio.plan.append("lost")
        send_due(sending)
        told(sending, twilio, "delivered")
        with writing(services.engine) as writer:
            assert not messages.note_sent(writer, key, 1, NOON, twilio.outbound[0]["sid"], 1, 400)
        assert (message(session, key).state, message(session, key).cost) == ("delivered", 400)

    @pytest.mark.parametrize(
        "query",
        [
            pytest.param("", id="no message"),
            pytest.param("?message=x", id="no id"),
            pytest.param("?message=" + "0" * 32 + "-1", id="nobody's id"),
            pytest.param("?message=" + "9" * 4000, id="far too long"),
        ],
    )
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_one_of_nobody_is_taken_note_of_and_changes_nothing(
        self, query: str, services: Services, session: Session
    ) -> None:
        put_message(services)
        form = a_form(MessageStatus="delivered")
        assert Phone(services).deliver(form, f"{PATH}/status{query}").status_code == 204
        assert states(session) == ["waiting"]


def test_what_nobody_confirms_is_unconfirmed_after_three_days_and_may_still_be_confirmed(
    services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
) -> None:
    sending = by_twilio(services, twilio)
    key = sent(sending, twilio)
    clock.advance(days=3)
    assert follow_up(sending)["unconfirmed"] == 0
    clock.advance(seconds=1)
    assert follow_up(sending)["unconfirmed"] == 1
    assert message(session, key).state == "unconfirmed"
    assert message(session, key).state_at == NOON + timedelta(days=3, seconds=1)
    told(sending, twilio, "delivered")
    assert message(session, key).state == "delivered"
