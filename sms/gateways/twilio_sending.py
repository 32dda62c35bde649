"""Twilio's own library sends: SMS and WhatsApp, and reads its list. Loaded only where there is something to send."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any, Final

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from shared.domain.messages import segments_of
from shared.domain.ratings import Channel
from shared.settings import Settings
from sms.gateways.codes import Meaning, meaning_of
from sms.gateways.gateway import Listed, Outgoing, SendFailed, SendUncertain, Taken
from sms.gateways.reaching import ACCOUNT_LEFT_ALONE, LEFT_ALONE, PATIENCE, asked_for, never_arrived
from sms.gateways.twilio_receipts import MESSAGE_STATES

PAGE: Final = 1000
_WHATSAPP: Final = "whatsapp:"
_DIRECTIONS: Final = {"inbound": True, "outbound-api": False}
"""What is listed as `outbound-reply` was the answer to a webhook: it has no row of ours."""


class _Http(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Keeps how long Twilio wants to be left alone: its errors do not carry it."""

    wait = ""

    def request(self, *arguments: Any, **options: Any) -> Any:
        """Request, with Retry-After of the answer kept."""
        response = super().request(*arguments, **options)
        self.wait = (response.headers or {}).get("Retry-After", "")
        return response


class Twilio:
    """Sends by Twilio, or by what speaks like it at `TWILIO_URL`."""

    name = "twilio"

    def __init__(self, settings: Settings) -> None:
        token = settings.twilio_auth_token
        self._http = _Http(timeout=PATIENCE)
        self._client = Client(settings.twilio_account_sid, token and token.get_secret_value(), http_client=self._http)
        if settings.twilio_url:
            self._client.api.base_url = settings.twilio_url
        self._senders = {
            Channel.SMS: settings.twilio_sms_sender or settings.twilio_number,
            Channel.WHATSAPP: settings.twilio_whatsapp_number and f"{_WHATSAPP}{settings.twilio_whatsapp_number}",
        }
        # Twilio refuses an address it cannot reach; without one, its list tells what became of messages.
        self._receipts = settings.sms_public_url and f"{settings.message_address}/sms/twilio/status?message="

    def send(self, message: Outgoing) -> Taken:
        """Hand a message over; raise SendFailed or SendUncertain."""
        if not self._senders[message.channel]:
            raise SendFailed("no_sender")
        form: dict[str, Any] = {
            "to": _address(message.phone, message.channel),
            "from_": self._senders[message.channel],
        }
        if message.template:
            variables = json.dumps(dict(message.variables), ensure_ascii=False)
            form |= {"content_sid": message.template, "content_variables": variables}
        else:
            form["body"] = message.text
        if self._receipts:
            form["status_callback"] = f"{self._receipts}{message.reference}"
        with self._understood():
            taken = self._client.messages.create(**form)
            if not taken.sid:
                raise SendUncertain("no sid")
            return Taken(str(taken.sid), int(taken.num_segments or 0) or segments_of(message.text))

    def listed(self, since: datetime) -> Iterator[Listed]:
        """Return what Twilio lists since then; raise SendUncertain when it cannot say."""
        # It understands days only, and a message that waits there has none yet: hence one more.
        day = datetime.combine(since.date(), time(), since.tzinfo) - timedelta(days=1)
        yield from self._read(since, date_sent_after=day)

    def listed_to(self, phone: str, channel: Channel, since: datetime) -> Iterator[Listed]:
        """Return what it lists of ours to one phone, whether it has left by now or not; raise as `listed` does."""
        # By phone alone: what has not left by now has no date to be found by.
        found = self._read(since, to=_address(phone, channel))
        yield from (one for one in found if not one.inbound)

    def close(self) -> None:
        """Give back every connection."""
        self._http.session.close()

    def _read(self, since: datetime, **wanted: Any) -> Iterator[Listed]:
        try:
            for one in self._client.messages.stream(page_size=PAGE, **wanted):
                made = one.date_created or one.date_sent
                if one.direction in _DIRECTIONS and made is not None and made >= since:
                    yield _listed(one, made)
        except (TwilioException, RequestException, ValueError) as error:
            raise SendUncertain(type(error).__name__) from None  # its words may hold a phone

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Turn what the library raises into our own words; its words may hold a phone and go no further."""
        try:
            yield
        except (TwilioRestException, TwilioServiceException) as error:
            raise self._failure(error) from None
        except (RequestException, TwilioException, ValueError, TypeError, AttributeError) as error:
            if never_arrived(error):
                raise SendFailed("unreachable", wait=LEFT_ALONE) from None
            raise SendUncertain(type(error).__name__) from None

    def _failure(self, error: TwilioRestException | TwilioServiceException) -> SendFailed | SendUncertain:
        code, status = str(error.code or error.status), int(error.status)
        if status in {401, 403} or code == "20404":
            return SendFailed(code, wait=ACCOUNT_LEFT_ALONE)
        if status in {429, 503}:
            return SendFailed(code, wait=asked_for(self._http.wait))
        if status >= 500:
            return SendUncertain(code)
        meaning = meaning_of(code)
        return SendFailed(code, permanent=meaning is not Meaning.LATER, refused=meaning is Meaning.REFUSED)


def _address(phone: str, channel: Channel) -> str:
    return f"{_WHATSAPP}{phone}" if channel is Channel.WHATSAPP else phone


def _listed(one: Any, made: datetime) -> Listed:
    inbound = _DIRECTIONS[one.direction]
    person = str((one.from_ if inbound else one.to) or "")
    return Listed(
        provider_id=str(one.sid),
        inbound=inbound,
        phone=person.removeprefix(_WHATSAPP),
        channel=Channel.WHATSAPP if person.startswith(_WHATSAPP) else Channel.SMS,
        text=one.body or "",
        at=made,
        state=MESSAGE_STATES.get(str(one.status)),
        error_code=str(one.error_code) if one.error_code else None,
    )
