"""The gateway of development: takes every message and hands it to nobody."""

from collections.abc import Iterator
from datetime import datetime

from shared.domain.messages import segments_of
from shared.domain.ratings import Channel
from shared.logs import logger
from sms.gateways.gateway import Listed, Outgoing, Taken

log = logger(__name__)


class Console:
    """Lets messages end here; what they say is not written anywhere."""

    name = "console"

    def send(self, message: Outgoing) -> Taken:
        """Take the message."""
        log.info("message goes nowhere", message=str(message.id), channel=message.channel.value)
        return Taken(message.reference, segments_of(message.text))

    def listed(self, since: datetime) -> Iterator[Listed]:
        """Return nothing: nobody keeps a list."""
        return iter(())

    def listed_to(self, phone: str, channel: Channel, since: datetime) -> Iterator[Listed]:
        """Return nothing likewise."""
        return iter(())

    def close(self) -> None:
        """Do nothing: there is no connection."""
