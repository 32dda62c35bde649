"""What Twilio tells of a message of ours, by its webhook and in its list."""

from collections.abc import Mapping
from typing import Final

from shared.domain.outreach import MessageState
from sms.gateways.gateway import Receipt
from sms.gateways.twilio import parse_status

MESSAGE_STATES: Final = {
    "accepted": MessageState.SENT,
    "scheduled": MessageState.SENT,
    "queued": MessageState.SENT,
    "sending": MessageState.SENT,
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "partially_delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,
}


def parse_receipt(form: Mapping[str, str], account: str | None) -> Receipt:
    """Read Twilio's form about a message of ours; raise MessageMalformed or ForeignAccount."""
    status = parse_status(form, account)
    return Receipt(form["MessageSid"], MESSAGE_STATES.get(status.state), status.error_code)
