"""What a domestic gateway tells of a message of ours, under its own names and in the words of the networks."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.domain.outreach import MessageState
from sms.gateways.gateway import Receipt

_OURS: Final = re.compile(r"[0-9a-f]{32}-[0-9]{1,5}")
"""What we call an attempt: no gateway calls a message of a person so, whatever status it gives that."""
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_WORDS: Final = {
    MessageState.SENT: ("accepted", "acceptd", "queued", "pending", "enroute", "sent"),
    MessageState.DELIVERED: ("delivered", "delivrd", "received", "read"),
    MessageState.FAILED: ("failed", "undelivered", "undeliv", "rejected", "rejectd", "expired", "deleted", "error"),
}
_STATES: Final = {word: state for state, words in _WORDS.items() for word in words}


def parse_receipt(fields: Mapping[str, Any], names: Mapping[str, str]) -> Receipt | None:
    """Read what a gateway posted as a receipt; None when it is none, so that it is a message of a person.

    `names` are the gateway's, by ours. Its id is what we called the attempt when we handed it over.
    """
    message_id, status, error = (_word(fields.get(names.get(name, name))) for name in ("id", "status", "error"))
    if not status or not _OURS.fullmatch(message_id):
        return None
    return Receipt(message_id, _STATES.get(status.lower()), error if _CODE.fullmatch(error) else None)


def _word(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
