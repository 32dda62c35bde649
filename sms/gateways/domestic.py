"""A domestic gateway (an aggregator, a modem, a relay on a telephone): its own names for what every message has.

It sends JSON or a form; the reply stands in the answer as JSON, under the same names.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from shared.domain.phones import normal_phone
from shared.domain.ratings import Channel
from sms.gateways import twilio
from sms.inbound import InboundMessage, MessageMalformed

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_MESSAGE_ID: Final = re.compile(r"[\x21-\x7e]{1,64}")


def is_name(name: str) -> bool:
    """Say whether a gateway may be called so; Twilio's name already stands before the ids of Twilio's messages."""
    return NAME.fullmatch(name) is not None and name != twilio.NAME


def field_names(setting: str) -> dict[str, str]:
    """Return our name of a field -> the gateway's."""
    return {
        "id": "id",
        "from": "from",
        "to": "to",
        "text": "text",
        **dict(pair.split("=") for pair in setting.split()),
    }


def parse_message(name: str, fields: Mapping[str, Any], names: Mapping[str, str]) -> InboundMessage:
    """Read a message of the gateway of that name; raise MessageMalformed."""
    message_id, sender = _word(fields, names["id"]), _word(fields, names["from"])
    if not _MESSAGE_ID.fullmatch(message_id) or not sender:
        raise MessageMalformed
    return InboundMessage(f"{name}:{message_id}", normal_phone(sender), Channel.SMS, _word(fields, names["text"]))


def reply_document(text: str, message: InboundMessage, names: Mapping[str, str]) -> str:
    """Return the answer: to whom, and what; empty where nothing is to be said."""
    said = {names["to"]: message.phone, names["text"]: text} if text else {}
    return json.dumps(said)


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
