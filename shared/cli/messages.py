"""`suara sms`: a text to the local message app, signed and delivered exactly as Twilio would."""

import re
from typing import Annotated

import typer

from shared.cli.start import Refused, say
from shared.cli.start import settings as read_settings
from shared.domain.phones import normal_phone
from shared.domain.ratings import Channel
from shared.i18n import mark
from shared.signed_messages import NotDelivered, deliver

BAD_PHONE = mark("“{phone}” is not a phone number. Write it like 0812-3456-7890 or +6281234567890.")
BAD_SID = mark("A message id is SM or MM and 32 hexadecimal digits.")


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
    channel = Channel.WHATSAPP if whatsapp else Channel.SMS
    try:
        typer.echo(deliver(text, number, channel, read_settings(), sid))
    except NotDelivered as error:
        raise Refused(say(error.sentence, **error.facts)) from error
