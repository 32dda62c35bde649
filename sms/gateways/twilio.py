"""Twilio: SMS and WhatsApp by the same form; the answer travels back as TwiML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from twilio.twiml.messaging_response import MessagingResponse

from shared.domain.phones import normal_phone
from shared.domain.ratings import Channel
from sms.inbound import NOT_WORDS, ForeignAccount, InboundMessage, MessageMalformed

NAME: Final = "twilio"
_WHATSAPP: Final = "whatsapp:"
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9]{1,64}")
_STATE: Final = re.compile(r"[a-z_]{1,32}")
_ERROR_CODE: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """How a message of ours fares, in Twilio's words; whose it was is not kept."""

    state: str
    error_code: str | None


def parse_message(form: Mapping[str, str], account: str | None) -> InboundMessage:
    """Read Twilio's form of an inbound message; raise MessageMalformed or ForeignAccount."""
    message_id = _message_id(form, account)
    sender = form.get("From", "").strip()
    if not sender:
        raise MessageMalformed
    channel = Channel.WHATSAPP if sender.startswith(_WHATSAPP) else Channel.SMS
    phone = normal_phone(sender.removeprefix(_WHATSAPP))
    return InboundMessage(f"{NAME}:{message_id}", phone, channel, _text(form))


def parse_status(form: Mapping[str, str], account: str | None) -> DeliveryStatus:
    """Read Twilio's form about a message of ours; raise MessageMalformed or ForeignAccount."""
    _message_id(form, account)
    state = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not _STATE.fullmatch(state):
        raise MessageMalformed
    error_code = form.get("ErrorCode", "")
    return DeliveryStatus(state, error_code if _ERROR_CODE.fullmatch(error_code) else None)


def reply_document(text: str) -> str:
    """Return the TwiML that answers the sender with this text, or with nothing."""
    response = MessagingResponse()
    if text:
        response.message(text)
    return str(response)


def _text(form: Mapping[str, str]) -> str:
    text = form.get("Body", "")
    shown = form.get("NumMedia", "0") not in {"", "0"} or "Latitude" in form
    return NOT_WORDS if shown and not text.strip() else text


def _message_id(form: Mapping[str, str], account: str | None) -> str:
    message_id = form.get("MessageSid", "")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise MessageMalformed
    if account is None or form.get("AccountSid") != account:
        raise ForeignAccount
    return message_id
