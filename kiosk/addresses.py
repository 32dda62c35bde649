"""Addresses that leave the page: printed in a letter, read by a device, told to the issuer of sign-ins."""

from typing import Any

from flask import request, url_for

from kiosk.context import services


def public_root() -> str:
    """Return the address at which people reach us, without a closing slash: as the settings say, else as in use here.

    A caller may write any host into a request, so what is printed or told to others should not depend on it.
    """
    return services().settings.public_url or request.host_url.rstrip("/")


def public_address(endpoint: str, **values: Any) -> str:
    """Return the whole address of one of our pages."""
    return f"{public_root()}{url_for(endpoint, _external=False, **values)}"
