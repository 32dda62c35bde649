"""A message to the local message app, signed and delivered exactly as Twilio would."""

import http.client
import secrets
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree

from shared.domain.ratings import Channel
from shared.i18n import mark
from shared.settings import Settings

PATH: Final = "/sms/twilio"
PATIENCE: Final = 20.0

UNCONFIGURED: Final = mark("Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER first.")
NOT_RUNNING: Final = mark("The message app does not answer on port {port}. Start it with: suara run")
REFUSED: Final = mark("The message app refused the message. Check that it runs with the same TWILIO_* settings.")
UNAVAILABLE: Final = mark("The message app cannot accept a rating just now. Nothing was recorded; send again later.")
UNREADABLE: Final = mark("The message app gave an answer we cannot read (status {status}).")


class NotDelivered(Exception):
    """The message app did not take the message; `sentence`, filled with `facts`, says why and what to do."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


def deliver(text: str, phone: str, channel: Channel, settings: Settings, message_id: str | None = None) -> str:
    """Deliver one signed message from a number in E.164 and return the words of the reply, empty when there are none.

    With the id of an earlier message it is that one, come again. Raises NotDelivered.
    """
    account, token, own = settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_number
    if account is None or token is None or own is None:
        raise NotDelivered(UNCONFIGURED)
    known_as = message_id or f"SM{secrets.token_hex(16)}"
    prefix = "whatsapp:" if channel is Channel.WHATSAPP else ""
    form = {
        "MessageSid": known_as,
        "SmsSid": known_as,
        "SmsMessageSid": known_as,
        "AccountSid": account,
        "From": f"{prefix}{phone}",
        "To": f"{prefix}{own}",
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    status, body = _post(form, _signature(form, token.get_secret_value(), settings), settings)
    if status == HTTPStatus.FORBIDDEN:
        raise NotDelivered(REFUSED)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise NotDelivered(UNAVAILABLE)
    if status != HTTPStatus.OK:
        raise NotDelivered(UNREADABLE, status=status)
    return _words_of(body)


def _signature(form: dict[str, str], token: str, settings: Settings) -> str:
    from twilio.request_validator import RequestValidator  # only where a message is sent: it takes 4 MB

    return str(RequestValidator(token).compute_signature(f"{settings.message_address}{PATH}", form))


def _post(form: dict[str, str], signature: str, settings: Settings) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signature}
    connection = http.client.HTTPConnection(settings.own_host, settings.sms_port, timeout=PATIENCE)
    try:
        connection.request("POST", PATH, urlencode(form), headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(NOT_RUNNING, port=settings.sms_port) from error
    finally:
        connection.close()


def _words_of(document: bytes) -> str:
    """Return the words of a TwiML answer, without its marks."""
    try:
        response = ElementTree.fromstring(document)  # noqa: S314  our own app's answer
    except ElementTree.ParseError as error:
        raise NotDelivered(UNREADABLE, status=200) from error
    return "\n".join(message.text or "" for message in response.iter("Message"))
