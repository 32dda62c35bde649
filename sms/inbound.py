"""A message that came in, the same whichever provider brought it."""

from dataclasses import dataclass

from shared.domain.ratings import Channel


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of one person.

    `provider_id` is the provider's own id, the same at every delivery. `phone` is in E.164, None when the sender
    is no telephone number (a short code, a name): such a sender is answered, but never rates.
    """

    provider_id: str
    phone: str | None
    channel: Channel
    text: str


class MessageMalformed(Exception):
    """The provider's form lacks what every message has."""


class ForeignAccount(Exception):
    """The message belongs to another account of the provider than ours."""
