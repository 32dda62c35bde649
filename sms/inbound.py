"""A message that came in, the same whichever provider brought it."""

from dataclasses import dataclass
from typing import Final

from shared.domain.ratings import Channel

NOT_WORDS: Final = "\ufffc"
"""The text of a picture, a sound or a place that came without words (Unicode's object replacement character)."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of one person.

    `provider_id` is the gateway's name and the provider's own id, the same at every delivery. `phone` is in E.164,
    None when the sender is no telephone number (a short code, a name): such a sender is answered, but never rates.
    """

    provider_id: str
    phone: str | None
    channel: Channel
    text: str


class MessageMalformed(Exception):
    """The provider's form lacks what every message has."""


class ForeignAccount(Exception):
    """The message belongs to another account of the provider than ours."""
