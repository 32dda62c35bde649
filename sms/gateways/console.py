"""The gateway of development: takes every message and hands it to nobody, in a demo to the phone on the screen."""

from collections.abc import Iterator
from datetime import datetime

from shared.domain.messages import segments_of
from shared.domain.ratings import Channel
from shared.logs import logger
from sms.gateways.gateway import Listed, Outgoing, Taken

log = logger(__name__)


class Console:
    """Lets messages end here; what they say is not written anywhere.

    `simulated`: the phones of this installation are those of the simulator, which shows what was taken at once.
    """

    name = "console"

    def __init__(self, *, simulated: bool) -> None:
        self._simulated = simulated

    def send(self, message: Outgoing) -> Taken:
        """Take the message; on a simulated phone it has arrived by that."""
        log.info(
            "message ends here",
            message=str(message.id),
            channel=message.channel.value,
            simulated=self._simulated,
        )
        return Taken(message.reference, segments_of(message.text), delivered=self._simulated)

    def listed(self, since: datetime) -> Iterator[Listed]:
        """Return nothing: nobody keeps a list."""
        return iter(())

    def listed_to(self, phone: str, channel: Channel, since: datetime) -> Iterator[Listed]:
        """Return nothing likewise."""
        return iter(())

    def close(self) -> None:
        """Do nothing: there is no connection."""
