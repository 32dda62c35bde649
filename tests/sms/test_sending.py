"""What leaves, in what order and within what limits, and what follows when it does not."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from sqlmodel import Session

from shared.db.contacts import refuse
from shared.db.engine import writing
from shared.db.message_tables import ContactRow, MessageRow
from shared.phones import Phones
from shared.services import Services
from sms.limits import Limits
from sms.sending import send_due
from sms.templates import filled
from tests.factories import NOON, SettableClock
from tests.sms.outgoing import (
    TEMPLATE,
    WHATSAPP,
    WORDS,
    by_twilio,
    let_write_by_whatsapp,
    message,
    put_contact,
    put_message,
    states,
)
from tests.sms.stage import NUMBER, PHONE
from tests.sms.twilio_server import TwilioServer

EVENING = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
"""Half past eight in the evening in Sawahlunto."""


class TestTaken:
    """What the provider took."""

    def test_a_message_leaves_with_its_words_sender_and_where_to_tell_about_it(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        key = put_message(services)
        assert send_due(by_twilio(services, twilio)) == {"sent": 1}
        (form,) = twilio.forms
        callback = f"https://pesan.example.go.id/sms/twilio/status?message={key.hex}-1"
        assert form == {"To": PHONE, "From": NUMBER, "Body": WORDS, "StatusCallback": callback}
        row = message(session, key)
        assert (row.state, row.attempts, row.provider_id) == ("sent", 1, twilio.outbound[0]["sid"])
        assert (row.segments, row.cost, row.sent_at, row.error_code) == (1, 400, NOON, None)

    def test_nothing_leaves_twice(self, services: Services, twilio: TwilioServer) -> None:
        put_message(services)
        for _ in range(2):
            send_due(by_twilio(services, twilio))
        assert len(twilio.outbound) == 1

    def test_a_template_leaves_with_what_is_filled_in(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        text = filled({"1": "Disdukcapil", "2": "https://x/r/i/abc"}, WORDS)
        key = put_message(services, text, channel="whatsapp", template=TEMPLATE)
        send_due(by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP))
        (form,) = twilio.forms
        assert (form["To"], form["From"]) == (f"whatsapp:{PHONE}", f"whatsapp:{WHATSAPP}")
        assert form["ContentVariables"] == '{"1": "Disdukcapil", "2": "https://x/r/i/abc"}'
        assert (form["ContentSid"], form.get("Body")) == (TEMPLATE, None)
        assert (message(session, key).state, message(session, key).cost) == ("sent", 360)

    def test_without_a_public_address_nobody_is_told_where_to_report(
        self, services: Services, twilio: TwilioServer
    ) -> None:
        put_message(services)
        send_due(by_twilio(services, twilio, sms_public_url=None))
        assert "StatusCallback" not in twilio.forms[0]

    def test_the_console_takes_messages_for_nobody(self, services: Services, session: Session) -> None:
        key = put_message(services, gateway="console")
        with structlog.testing.capture_logs() as logs:
            send_due(services)
        assert message(session, key).state == "sent"
        assert WORDS not in repr(logs)
        assert PHONE not in repr(logs)


class TestOrder:
    """Who waits for an answer goes first; what nobody wants to get any more does not go."""

    def test_replies_leave_ahead_of_what_waited_longer(self, services: Services, twilio: TwilioServer) -> None:
        put_message(services, "undangan", due_at=NOON - timedelta(hours=2))
        put_message(services, "balasan", purpose="reply")
        send_due(by_twilio(services, twilio))
        assert [one["body"] for one in twilio.outbound] == ["balasan", "undangan"]

    def test_what_is_not_due_waits_and_what_is_over_ends(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        put_message(services, due_at=NOON + timedelta(minutes=1))
        put_message(services, due_at=NOON - timedelta(days=2), expires_at=NOON)
        send_due(by_twilio(services, twilio))
        assert (twilio.outbound, states(session)) == ([], ["expired", "waiting"])

    def test_who_wants_none_gets_replies_only(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        put_contact(services, refused_at=NOON)
        put_message(services)
        put_message(services, "balasan", purpose="reply")
        send_due(by_twilio(services, twilio))
        assert [one["body"] for one in twilio.outbound] == ["balasan"]
        assert states(session) == ["sent", "withheld"]

    def test_a_refusal_holds_back_what_was_waiting(self, services: Services, session: Session) -> None:
        put_message(services)
        put_message(services, purpose="reply")
        with writing(services.engine) as writer:
            refuse(writer, Phones.of(services.settings).hash(PHONE), NOON)
        assert states(session) == ["waiting", "withheld"]

    @pytest.mark.parametrize(
        ("office", "at", "sent", "due"),
        [
            pytest.param("DSW", NOON, True, None, id="noon"),
            pytest.param("DSW", EVENING, False, datetime(2026, 11, 19, 1, tzinfo=UTC), id="evening"),
            pytest.param(
                "PSF", NOON + timedelta(hours=6, minutes=30), False,
                datetime(2026, 11, 18, 23, tzinfo=UTC), id="two zones further east it is later",
            ),
            pytest.param(None, EVENING, False, datetime(2026, 11, 19, 1, tzinfo=UTC), id="no office"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_nobody_is_woken(
        self,
        office: str | None,
        at: datetime,
        sent: bool,
        due: datetime | None,
        services: Services,
        twilio: TwilioServer,
        clock: SettableClock,
        session: Session,
    ) -> None:
        clock.moment = at
        key = put_message(services, office_code=office)
        reply = put_message(services, purpose="reply", office_code=office)
        send_due(by_twilio(services, twilio))
        assert message(session, reply).state == "sent"
        row = message(session, key)
        assert (row.state == "sent", None if sent else row.due_at) == (sent, due)


class TestLimits:
    """How much leaves in a day; replies are never kept back by it."""

    def test_a_full_day_lets_only_replies_and_whatsapp_through(
        self, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        limited = by_twilio(services, twilio, segments_per_day=2, twilio_whatsapp_number=WHATSAPP)
        for _ in range(4):
            put_message(services)
        send_due(limited)
        put_message(services, purpose="reply")
        put_message(services, filled({"1": "x"}, "y"), channel="whatsapp", template=TEMPLATE)
        send_due(limited)
        assert len(twilio.outbound) == 4
        clock.advance(days=1)
        send_due(limited)
        assert len(twilio.outbound) == 6
        assert states(session) == ["sent"] * 6

    def test_a_long_message_that_does_not_fit_waits_for_tomorrow_and_a_short_one_leaves(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        long = put_message(services, "a" * 400)
        put_message(services, due_at=NOON)
        send_due(by_twilio(services, twilio, segments_per_day=2))
        assert len(twilio.outbound) == 1
        assert message(session, long).due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)

    def test_what_did_not_leave_is_not_counted(self, services: Services, twilio: TwilioServer) -> None:
        twilio.plan.extend([21614, 21614])
        for _ in range(3):
            put_message(services)
        send_due(by_twilio(services, twilio, segments_per_day=1))
        assert len(twilio.outbound) == 1

    def test_turns_are_as_far_apart_as_the_limit_says(self, services: Services) -> None:
        settings = services.settings.model_copy(update={"messages_per_second": 3.0})
        limits = Limits(services.redis, settings)
        assert limits.wait_for_turn(time.monotonic())
        assert not limits.wait_for_turn(time.monotonic() + 0.1), "it comes later than that"
        left: Any = services.redis.pttl("messages:turn")
        assert 0 < left <= 334


class TestNotTaken:
    """Permanent errors end a message, temporary ones let it wait, and a gateway that asks for it is left alone."""

    @pytest.mark.parametrize(
        ("code", "state"),
        [
            pytest.param(21211, "failed", id="no phone number"),
            pytest.param(21614, "failed", id="not a mobile"),
            pytest.param(21610, "withheld", id="opted out at the carrier"),
        ],
    )
    def test_a_permanent_error_ends_it(
        self, code: int, state: str, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        key = put_message(services)
        twilio.plan.append(code)
        with structlog.testing.capture_logs() as logs:
            send_due(by_twilio(services, twilio))
        assert (message(session, key).state, message(session, key).error_code) == (state, str(code))
        assert PHONE not in repr(logs), "not even in the provider's own words"
        clock.advance(days=1)
        send_due(by_twilio(services, twilio))
        assert twilio.outbound == []

    def test_who_opted_out_at_the_carrier_is_asked_by_nobody_any_more(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        other = put_message(services, due_at=NOON + timedelta(days=1))
        put_message(services)
        twilio.plan.append(21610)
        send_due(by_twilio(services, twilio))
        contact = session.get_one(ContactRow, Phones.of(services.settings).hash(PHONE))
        assert (contact.refused_at, message(session, other).state) == (NOON, "withheld")

    def test_a_temporary_error_is_tried_again_later_and_later_and_not_for_ever(
        self, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        clock.moment = NOON - timedelta(hours=3)
        key = put_message(services, due_at=clock.moment)
        waited = []
        while message(session, key).state == "waiting":
            twilio.plan.append(21611)
            before = clock.moment
            send_due(by_twilio(services, twilio))
            clock.moment = max(before, message(session, key).due_at)
            waited.append((clock.moment - before) / timedelta(minutes=1))
        assert (waited, message(session, key).error_code) == ([1, 5, 30, 120, 0], "21611")
        assert message(session, key).state == "failed"

    @pytest.mark.parametrize(
        ("code", "retry_after", "alone"),
        [
            pytest.param(20429, 7, 7, id="too many requests, with how long"),
            pytest.param(20429, None, 30, id="too many requests, without"),
            pytest.param(20003, None, 600, id="it does not know us"),
        ],
    )
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_a_gateway_that_wants_it_is_left_alone_and_no_message_suffers(
        self,
        code: int,
        retry_after: int | None,
        alone: int,
        services: Services,
        twilio: TwilioServer,
        session: Session,
        clock: SettableClock,
    ) -> None:
        for _ in range(3):
            put_message(services)
        twilio.retry_after = retry_after
        twilio.plan.append(code)
        send_due(by_twilio(services, twilio))
        assert (twilio.refused, twilio.outbound, states(session)) == ([code], [], ["waiting"] * 3)
        left: Any = services.redis.pttl("messages:resting:twilio")
        assert alone - 5 < left / 1000 <= alone
        services.redis.delete("messages:resting:twilio")
        clock.advance(seconds=alone)
        send_due(by_twilio(services, twilio))
        assert states(session) == ["sent"] * 3

    def test_a_provider_that_cannot_be_reached_has_taken_nothing(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        key = put_message(services)
        send_due(by_twilio(services, twilio, twilio_url="http://127.0.0.1:9"))
        assert (message(session, key).state, message(session, key).error_code) == ("waiting", "unreachable")

    def test_a_sender_that_nobody_set_is_waited_for(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        key = put_message(services)
        send_due(by_twilio(services, twilio, twilio_number=None))
        assert (message(session, key).state, message(session, key).error_code) == ("waiting", "no_sender")

    def test_words_that_nobody_can_read_any_more_end(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        key, wiped = put_message(services), put_message(services)
        with writing(services.engine) as writer:
            writer.get_one(MessageRow, key).text = b"sealed with another key"
            writer.get_one(MessageRow, wiped).phone = None
        send_due(by_twilio(services, twilio))
        assert (message(session, key).error_code, message(session, wiped).error_code) == ("unreadable", "wiped")
        assert states(session) == ["failed", "failed"]


class TestWhatsApp:
    """Free words only within a day of the person's last ones; outside, by SMS where that leads to them."""

    @pytest.mark.parametrize(
        ("wrote", "reached"),
        [
            pytest.param(timedelta(hours=23), "whatsapp:", id="within"),
            pytest.param(timedelta(hours=24), "", id="a day later"),
            pytest.param(None, "", id="never wrote"),
        ],
    )
    def test_free_words_leave_within_a_day_only(
        self, wrote: timedelta | None, reached: str, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        if wrote is not None:
            let_write_by_whatsapp(services, NOON - wrote)
        key = put_message(services, "Terima kasih 😀", purpose="reply", channel="whatsapp")
        send_due(by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP))
        assert [one["to"] for one in twilio.outbound] == [f"{reached}{PHONE}"]
        assert (message(session, key).state, message(session, key).segments) == ("sent", 1)

    def test_whatsapp_that_says_so_first_is_believed(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        let_write_by_whatsapp(services)
        key = put_message(services, purpose="reply", channel="whatsapp")
        twilio.plan.append(63016)
        send_due(by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP))
        assert [one["to"] for one in twilio.outbound] == [PHONE]
        assert (message(session, key).channel, message(session, key).cost) == ("sms", 400)

    def test_without_a_gateway_for_sms_it_fails(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        key = put_message(services, purpose="reply", channel="whatsapp")
        send_due(by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP, sms_by="console"))
        assert (message(session, key).state, message(session, key).error_code) == ("failed", "63016")

    def test_a_template_brings_its_words_for_sms(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        put_message(services, filled({"1": "x"}, WORDS), channel="whatsapp", template=TEMPLATE)
        twilio.plan.append(63016)
        send_due(by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP))
        assert [(one["to"], one["body"]) for one in twilio.outbound] == [(PHONE, WORDS)]


def test_two_workers_send_each_message_once(services: Services, twilio: TwilioServer, session: Session) -> None:
    other = replace(services)
    for _ in range(20):
        put_message(services)
    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(send_due, [by_twilio(services, twilio), by_twilio(other, twilio)]):
            assert done.get("failed", 0) == 0
    assert len(twilio.outbound) == 20
    assert states(session) == ["sent"] * 20


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_slowest_pace_holds_up_no_job(services: Services, twilio: TwilioServer, session: Session) -> None:
    slow = by_twilio(services, twilio, messages_per_second=0.001)
    for _ in range(3):
        put_message(services)
    send_due(slow, 0.2)
    send_due(slow, 0.2)
    assert states(session) == ["sent", "waiting", "waiting"]
