"""Browsers in which somebody has signed in before: what strangers try elsewhere does not keep them out.

The cookie opens nothing. It only gives its browser attempts of its own, so that nobody can use up the owner's.
"""

import secrets
from typing import Any, Final

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from kiosk.context import services
from kiosk.cookies import cookie_name

COOKIE: Final = "known"
LIFETIME: Final = 365 * 24 * 3600
LARGEST: Final = 20
"""How many accounts one browser is remembered for: a desk is shared by a few."""


def known_browser(account_id: int) -> str | None:
    """Return the name of this browser when the account was signed in here before."""
    name, accounts = _read()
    return name if account_id in accounts else None


def remember_browser(account_id: int) -> None:
    """Let this browser be known to the account from now on."""
    name, accounts = _read()
    kept = [account_id, *(other for other in accounts if other != account_id)][:LARGEST]
    value = str(_signer().dumps([name or secrets.token_urlsafe(12), kept]))

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(
            cookie_name(COOKIE, services().settings),
            value,
            max_age=LIFETIME,
            path="/login",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _read() -> tuple[str, list[int]]:
    try:
        read: Any = _signer().loads(request.cookies.get(cookie_name(COOKIE, services().settings), ""))
    except BadSignature:
        return "", []
    return read[0], read[1]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known browser")
