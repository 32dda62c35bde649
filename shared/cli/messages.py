"""`suara sms`: a text to the local message app, signed and delivered exactly as Twilio would."""

import http.client
import re
import secrets
from typing import Annotated, Final
from urllib.parse import urlencode
from xml.etree import ElementTree

import typer
from twilio.request_validator import RequestValidator

from shared.cli.start import Refused, say
from shared.cli.start import settings as read_settings
from shared.domain.phones import normal_phone
from shared.i18n import mark
from shared.settings import Settings

PATH: Final = "/sms/twilio"
PATIENCE: Final = 20.0

BAD_PHONE = mark("“{phone}” is not a phone number. Write it like 0812-3456-7890 or +6281234567890.")
BAD_SID = mark("A message id is SM or MM and 32 hexadecimal digits.")
UNCONFIGURED = mark("Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_NUMBER first.")
NOT_RUNNING = mark("The message app does not answer on port {port}. Start it with: suara run")
REFUSED = mark("The message app refused the message. Check that it runs with the same TWILIO_* settings.")
UNAVAILABLE = mark("The message app cannot accept a rating just now. Nothing was recorded; send again later.")
UNREADABLE = mark("The message app gave an answer we cannot read (status {status}).")


def sms(
    phone: Annotated[str, typer.Option("--from", help="Phone number of the sender, for example 0812-3456-7890.")],
    text: Annotated[str, typer.Argument(help="What the sender writes.")],
    whatsapp: Annotated[bool, typer.Option("--whatsapp", help="Send it by WhatsApp.")] = False,
    sid: Annotated[str | None, typer.Option("--sid", help="Deliver again the message with this id.")] = None,
) -> None:
    """Send a text to the message app as a resident's phone would, and print the reply."""
    number = normal_phone(phone)
    if number is None:
        raise typer.BadParameter(say(BAD_PHONE, phone=phone), param_hint="--from")
    if sid is not None and not re.fullmatch(r"(?:SM|MM)[0-9a-fA-F]{32}", sid):
        raise typer.BadParameter(say(BAD_SID), param_hint="--sid")
    message_id = sid or f"SM{secrets.token_hex(16)}"
    prefix = "whatsapp:" if whatsapp else ""
    typer.echo(_reply_to(text, f"{prefix}{number}", prefix, message_id, read_settings()))


def _reply_to(text: str, sender: str, prefix: str, message_id: str, settings: Settings) -> str:
    """Deliver one signed message and return the words of the reply."""
    account, token, own = settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_number
    if account is None or token is None or own is None:
        raise Refused(say(UNCONFIGURED))
    form = {
        "MessageSid": message_id,
        "SmsSid": message_id,
        "SmsMessageSid": message_id,
        "AccountSid": account,
        "From": sender,
        "To": f"{prefix}{own}",
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
    signature = RequestValidator(token.get_secret_value()).compute_signature(
        f"{settings.message_address}{PATH}", form
    )
    status, body = _post(form, str(signature), settings.own_host, settings.sms_port)
    if status == http.HTTPStatus.FORBIDDEN:
        raise Refused(say(REFUSED))
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        raise Refused(say(UNAVAILABLE))
    if status != http.HTTPStatus.OK:
        raise Refused(say(UNREADABLE, status=status))
    return _words_of(body)


def _post(form: dict[str, str], signature: str, host: str, port: int) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signature}
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("POST", PATH, urlencode(form), headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        raise Refused(say(NOT_RUNNING, port=port)) from error
    finally:
        connection.close()


def _words_of(document: bytes) -> str:
    """Return the words of a TwiML answer, without its marks."""
    try:
        response = ElementTree.fromstring(document)  # noqa: S314  our own app's answer
    except ElementTree.ParseError as error:
        raise Refused(say(UNREADABLE, status=200)) from error
    return "\n".join(message.text or "" for message in response.iter("Message"))
