"""Links as a kiosk shows them: an address, and the square that a phone reads it from."""

from typing import Any

from shared.domain.people import Directory, Kiosk
from shared.links import place_address, reaches_phones
from shared.qr import qr_shape
from shared.settings import Settings


def shown_link(kiosk: Kiosk, offered: Directory, settings: Settings) -> dict[str, Any] | None:
    """Return the link of a kiosk's counter, or else of its office; None when no phone could reach us."""
    root = settings.web_address
    if not reaches_phones(root):
        return None
    return pictured(place_address(root, counter_of(kiosk, offered) or kiosk.office))


def counter_of(kiosk: Kiosk, offered: Directory) -> str | None:
    """Return the code of a kiosk's counter while residents are served there."""
    return kiosk.counter if kiosk.counter in offered.counters else None


def pictured(address: str) -> dict[str, Any]:
    """Return an address with its square: how many modules wide it is, and what is dark of it."""
    size, path = qr_shape(address)
    return {"address": address, "picture": {"size": size, "path": path}}
