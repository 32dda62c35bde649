"""Which gateway carries a message: by the settings, and by what is known of the recipient."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from shared.domain.ratings import Channel
from shared.services import Services
from shared.settings import Settings
from sms.gateways.console import Console
from sms.gateways.gateway import Gateway

TWILIO: Final = "twilio"
DOMESTIC: Final = "gateway"
CONSOLE: Final = "console"


def way_of(channel: Channel, settings: Settings) -> str | None:
    """Return the name of the gateway of a channel; None where none leads."""
    if channel is Channel.WHATSAPP:
        return TWILIO if _has_twilio(settings) and settings.twilio_whatsapp_number else None
    return settings.sms_by if settings.sms_by in usable(settings) else None


def usable(settings: Settings) -> list[str]:
    """Return the names of the gateways whose settings are there."""
    names = [CONSOLE]
    if _has_twilio(settings):
        names.append(TWILIO)
    if settings.gateway_url and settings.gateway_secret:
        names.append(DOMESTIC)
    return names


def with_list(settings: Settings) -> list[str]:
    """Return the names of those that list what they took and what they got.

    Twilio only where we send by it: a demo has an account that Twilio knows nothing of.
    """
    sends = settings.sms_by == TWILIO or settings.twilio_whatsapp_number
    return [TWILIO] if sends and _has_twilio(settings) else []


@contextmanager
def opened(name: str, services: Services) -> Iterator[Gateway]:
    """Open the gateway of that name for as long as the block lasts."""
    gateway = _gateway(name, services)
    try:
        yield gateway
    finally:
        gateway.close()


def _gateway(name: str, services: Services) -> Gateway:
    # Loaded only where there is something to send: Twilio's library takes 13 MB.
    match name:
        case "twilio":
            from sms.gateways.twilio_sending import Twilio

            return Twilio(services.settings)
        case "gateway":
            from sms.gateways.domestic_sending import Domestic

            return Domestic(services.settings, services.clock)
        case _:
            return Console(simulated=services.settings.simulates_phones)


def _has_twilio(settings: Settings) -> bool:
    token = settings.twilio_auth_token
    return bool(settings.twilio_account_sid and token and token.get_secret_value())
