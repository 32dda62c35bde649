"""A domestic gateway, an aggregator or a relay on a telephone, sends: one signed POST a message."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import requests
from requests.exceptions import RequestException

from shared.domain.clock import Clock
from shared.domain.messages import segments_of
from shared.domain.ratings import Channel
from shared.json import written
from shared.settings import Settings
from sms.gateways.domestic import field_names
from sms.gateways.gateway import Listed, Outgoing, SendFailed, SendUncertain, Taken
from sms.gateways.reaching import ACCOUNT_LEFT_ALONE, LEFT_ALONE, PATIENCE, asked_for, never_arrived
from sms.signature import GATEWAY_HEADER, GATEWAY_MOMENT, gateway_signature

NOT_KNOWN: Final = frozenset({401, 403, 404, 405})
"""What it answers when the address or the secret is wrong: no message is to blame."""


class Domestic:
    """Sends by the gateway at `GATEWAY_URL`; `GATEWAY_FIELDS` says what it calls our fields."""

    name = "gateway"

    def __init__(self, settings: Settings, clock: Clock) -> None:
        secret = settings.gateway_secret
        self._clock = clock
        self._url = settings.gateway_url or ""
        self._secret = secret.get_secret_value() if secret else ""
        self._names = field_names(settings.gateway_fields)
        self._session = requests.Session()

    def send(self, message: Outgoing) -> Taken:
        """Hand a message over; raise SendFailed or SendUncertain.

        It knows the message by what we call the attempt, and tells by that how it fared.
        """
        said = {"id": message.reference, "to": message.phone, "text": message.text}
        body = written({self._names[name]: value for name, value in said.items()}).encode()
        try:
            status, wait = self._post(body)
        except RequestException as error:
            if never_arrived(error):
                raise SendFailed("unreachable", wait=LEFT_ALONE) from None
            raise SendUncertain(type(error).__name__) from None
        if status >= 300:
            raise _failure(status, wait)
        return Taken(message.reference, segments_of(message.text))

    def listed(self, since: datetime) -> Iterator[Listed]:
        """Return nothing: it keeps no list."""
        return iter(())

    def listed_to(self, phone: str, channel: Channel, since: datetime) -> Iterator[Listed]:
        """Return nothing likewise."""
        return iter(())

    def close(self) -> None:
        """Give back every connection."""
        self._session.close()

    def _post(self, body: bytes) -> tuple[int, str]:
        """Post a body and return the status and Retry-After; what else it answers is not read, however long it is."""
        moment = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            GATEWAY_MOMENT: moment,
            GATEWAY_HEADER: gateway_signature(self._secret, moment, body),
        }
        with self._session.post(
            self._url, body, headers=headers, timeout=PATIENCE, allow_redirects=False, stream=True
        ) as response:
            return response.status_code, response.headers.get("Retry-After", "")


def _failure(status: int, wait: str) -> SendFailed | SendUncertain:
    """Return what an answer means that is not yes; an error inside the gateway does not say whether it took it."""
    if status in {429, 503}:
        return SendFailed(str(status), wait=asked_for(wait))
    if status in NOT_KNOWN or status < 400:
        return SendFailed(str(status), wait=ACCOUNT_LEFT_ALONE)
    return SendUncertain(str(status)) if status >= 500 else SendFailed(str(status), permanent=True)
