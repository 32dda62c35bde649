"""Messages of ours for tests, and what became of them."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.message_tables import ContactRow, MessageRow
from shared.domain.messages import segments_of
from shared.domain.ratings import Channel
from shared.phones import Phones
from shared.services import Services
from sms.inbound import InboundMessage
from sms.inbox import write_down
from tests.factories import NOON
from tests.sms.stage import PHONE
from tests.sms.twilio_server import TwilioServer

WORDS: Final = "Terima kasih atas kunjungan Anda. Nilai: https://loket.example.go.id/r/i/abc"
WHATSAPP: Final = "+15005550009"
TEMPLATE: Final = "HX00000000000000000000000000000001"


def by_twilio(services: Services, twilio: TwilioServer, **overrides: Any) -> Services:
    """Return the same installation, which sends by this Twilio as fast as it can."""
    settings = {"sms_by": "twilio", "twilio_url": twilio.address, "messages_per_second": 1000.0, **overrides}
    return replace(services, settings=services.settings.model_copy(update=settings))


def a_message(services: Services, text: str = WORDS, phone: str = PHONE, **overrides: Any) -> MessageRow:
    """Return a message that waits to be sent."""
    phones = Phones.of(services.settings)
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "purpose": "invitation",
        "channel": "sms",
        "gateway": "twilio",
        "office_code": "DSW",
        "phone_hash": phones.hash(phone),
        "phone": phones.seal(phone),
        "text": phones.seal(text),
        "segments": segments_of(text),
        "state": "waiting",
        "created_at": NOON,
        "due_at": NOON,
        "expires_at": NOON + timedelta(days=14),
        "state_at": NOON,
        **overrides,
    }
    return MessageRow(**values)


def put_message(services: Services, *arguments: str, **overrides: Any) -> uuid.UUID:
    """Let such a message wait in the database, and return its id."""
    row = a_message(services, *arguments, **overrides)
    key = row.id
    with writing(services.engine) as session:
        session.add(row)
    return key


def put_contact(services: Services, phone: str = PHONE, **values: Any) -> None:
    """Let a person be known by their telephone."""
    with writing(services.engine) as session:
        session.add(ContactRow(phone_hash=Phones.of(services.settings).hash(phone), created_at=NOON, **values))


def let_write_by_whatsapp(services: Services, at: datetime = NOON, phone: str = PHONE) -> None:
    """Let a person have written to us by WhatsApp at this moment."""
    received = InboundMessage(f"twilio:SM{uuid.uuid4().hex}", phone, Channel.WHATSAPP, "Halo")
    write_down(received, services, at)


def message(session: Session, key: uuid.UUID) -> MessageRow:
    """Return a message as it is now."""
    session.rollback()
    session.expire_all()
    return session.get_one(MessageRow, key)


def states(session: Session) -> list[str]:
    """Return the states of all messages, in order."""
    session.rollback()
    return sorted(row.state for row in session.scalars(select(MessageRow)))
