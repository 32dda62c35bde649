"""The provider's own list decides what nobody else knows, and brings what a webhook missed."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from sqlmodel import Session

from shared.db.tables import RatingRow
from shared.services import Services
from sms.answering import answer_late
from sms.gateways import twilio_sending
from sms.inbox import left_behind
from sms.reconciling import follow_up, reconcile
from sms.sending import send_due
from sms.templates import filled
from tests.factories import NOON, SettableClock
from tests.sms.outgoing import TEMPLATE, WHATSAPP, WORDS, by_twilio, message, put_message, states
from tests.sms.stage import PHONE, Phone, a_form, recorded
from tests.sms.twilio_server import GARBLED, GONE, HANG, LOST, TWICE, TwilioServer


class TestInterrupted:
    """An attempt nobody knows the end of."""

    @pytest.mark.parametrize(
        "lost",
        [
            pytest.param(LOST, id="answer lost"),
            pytest.param(GARBLED, id="answer unreadable"),
            pytest.param(GONE, id="message lost"),
            pytest.param(20500, id="error"),
        ],
    )
    def test_is_found_or_sent_again_but_never_twice(
        self, lost: str | int, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        key = put_message(services)
        twilio.plan.append(lost)
        assert send_due(sending) == {"uncertain": 1}
        clock.advance(minutes=2)
        assert follow_up(sending) == {"unconfirmed": 0, "found": 0, "to_send_again": 0}, "it may still be under way"
        clock.advance(seconds=1)
        found = int(lost in {LOST, GARBLED})
        assert follow_up(sending) == {"unconfirmed": 0, "found": found, "to_send_again": 1 - found}
        services.redis.flushall()
        send_due(sending)
        row = message(session, key)
        assert (len(twilio.outbound), row.state, row.attempts) == (1, "sent", 2 - found)
        assert (row.provider_id, row.cost) == (twilio.outbound[0]["sid"], 400)

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_a_provider_that_hangs_is_waited_for_and_left_alone(
        self, services: Services, twilio: TwilioServer, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(twilio_sending, "PATIENCE", 0.2)
        put_message(services)
        put_message(services)
        twilio.plan.append(HANG)
        assert send_due(by_twilio(services, twilio)) == {"uncertain": 1}
        assert states(session) == ["sending", "waiting"]

    def test_two_alike_to_one_phone_are_told_apart(
        self, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        put_message(services, purpose="reply")
        send_due(sending)
        for _ in range(2):
            services.redis.flushall()
            put_message(services, purpose="reply")
            twilio.plan.append(LOST)
            send_due(sending)
        twilio.take({"To": PHONE, "From": "+1", "Body": WORDS}, "outbound-reply")
        clock.advance(minutes=3)
        assert follow_up(sending)["found"] == 2
        assert states(session) == ["sent"] * 3
        assert len(twilio.outbound) == 3

    def test_it_is_found_though_the_clocks_differ(
        self, services: Services, twilio: TwilioServer, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        put_message(services)
        twilio.plan.append(LOST)
        send_due(sending)
        twilio.outbound[0]["date_created"] = format_datetime(NOON - timedelta(hours=3))
        clock.advance(minutes=3)
        assert follow_up(sending)["found"] == 1

    def test_a_template_is_known_by_what_was_filled_in(
        self, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio, twilio_whatsapp_number=WHATSAPP)
        text = filled({"1": "Disdukcapil", "2": "abc"}, WORDS)
        key = put_message(services, text, channel="whatsapp", template=TEMPLATE)
        twilio.plan.append(LOST)
        send_due(sending)
        twilio.fare(twilio.outbound[0], "delivered")
        clock.advance(minutes=3)
        assert follow_up(sending)["found"] == 1
        assert message(session, key).state == "delivered"

    def test_while_the_list_cannot_be_read_nothing_is_decided(
        self, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        put_message(services)
        twilio.plan.extend([LOST, 20500])
        send_due(sending)
        clock.advance(minutes=3)
        assert follow_up(sending) == {"unconfirmed": 0, "found": 0, "to_send_again": 0}
        assert states(session) == ["sending"]

    def test_where_there_is_no_list_it_is_never_sent_again(
        self, services: Services, session: Session, clock: SettableClock
    ) -> None:
        key = put_message(services, gateway="gateway", state="sending", attempts=1, claimed_at=clock())
        clock.advance(minutes=3)
        assert follow_up(services)["unconfirmed"] == 1
        assert message(session, key).state == "unconfirmed"

    def test_a_provider_that_charges_twice_is_one_message_of_ours(
        self, services: Services, twilio: TwilioServer, session: Session
    ) -> None:
        sending = by_twilio(services, twilio)
        put_message(services)
        twilio.plan.append(TWICE)
        send_due(sending)
        for taken in twilio.outbound:
            twilio.fare(taken, "delivered")
        assert reconcile(sending) == {"inbound": 0, "receipts": 1, "strangers": 1}
        assert states(session) == ["delivered"]


def taken(services: Services, session: Session) -> list[RatingRow]:
    """Give what was written down its turn, and return all ratings."""
    for written in left_behind(services):
        answer_late(written, services)
    session.rollback()
    return recorded(services, session)


class TestMissed:
    """What a webhook did not bring."""

    def test_receipts_are_found_page_by_page(
        self, services: Services, twilio: TwilioServer, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(twilio_sending, "PAGE", 2)
        sending = by_twilio(services, twilio)
        for _ in range(5):
            put_message(services)
        send_due(sending)
        for taken in twilio.outbound[:4]:
            twilio.fare(taken, "delivered")
        twilio.fare(twilio.outbound[4], "undelivered", 30005)
        assert reconcile(sending)["receipts"] == 5
        assert twilio.lists_read == 3
        assert states(session) == ["delivered"] * 4 + ["failed"]

    def test_a_rating_that_no_webhook_brought_is_taken_in_once(
        self, phone: Phone, services: Services, twilio: TwilioServer, session: Session, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        missed = twilio.write("NILAI DK7 4 ramah", PHONE, timedelta(minutes=5))
        twilio.write("NILAI DK7 1", f"whatsapp:{PHONE}")
        for _ in range(2):
            assert reconcile(sending)["inbound"] == 1, "the other one's webhook may be under way"
        phone.deliver(a_form("NILAI DK7 4 ramah", MessageSid=missed["sid"]))
        (row,) = taken(sending, session)
        assert (row.overall, row.comment, row.channel) == (4, "ramah", "sms")
        clock.advance(minutes=3)
        assert reconcile(sending)["inbound"] == 2
        assert [row.overall for row in taken(sending, session)] == [4, 1]

    def test_what_could_not_be_taken_in_is_looked_for_again(
        self, services: Services, twilio: TwilioServer, clock: SettableClock, session: Session
    ) -> None:
        sending = by_twilio(services, twilio)
        reconcile(sending)
        clock.advance(hours=5)
        twilio.write("NILAI DK7 4", PHONE, timedelta(hours=4))
        twilio.plan.append(20500)
        reconcile(sending)
        assert taken(sending, session) == []
        reconcile(sending)
        assert len(taken(sending, session)) == 1
        send_due(sending)
        assert [(one["to"], one["body"][:12]) for one in twilio.outbound] == [(PHONE, "Terima kasih")]

    def test_all_of_three_days_is_read_once_a_day(
        self, services: Services, twilio: TwilioServer, clock: SettableClock
    ) -> None:
        sending = by_twilio(services, twilio)
        reconcile(sending)
        clock.advance(minutes=10)
        twilio.write("bantuan", PHONE, timedelta(days=2))
        assert reconcile(sending)["inbound"] == 0
        services.redis.delete("messages:read_until:twilio")
        assert reconcile(sending)["inbound"] == 1
