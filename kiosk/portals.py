"""Portals: a blueprint is one, and says for whom it is. Deny by default.

A route outside a portal fails the build; a portal's guard runs before each of its views.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from flask import Blueprint, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from kiosk.context import services
from kiosk.csrf import check_origin
from shared.db.people import secret_hash
from shared.domain.people import Kiosk, Officer, Role


class Audience(Enum):
    """For whom a portal is."""

    PUBLIC = "anyone"
    DEVICE = "an enrolled kiosk, by its token"
    OFFICER = "a signed-in officer, about themselves"


class Portal(Blueprint):
    """A blueprint with an audience; everybody else is turned away before a view runs."""

    def __init__(self, name: str, import_name: str, *, audience: Audience, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.audience = audience
        self.before_request(GUARDS[audience])
        # Devices are known by a token that no other site can make a browser send.
        if not (self.url_prefix or "").startswith("/api"):
            self.before_request(check_origin)


def current_kiosk() -> Kiosk:
    """Return the kiosk whose token this request carries."""
    kiosk: Kiosk = g.kiosk
    return kiosk


def current_officer() -> Officer:
    """Return the officer who is signed in; never one named in an address."""
    officer: Officer = g.officer
    return officer


def _anyone() -> None:
    return None


def _device() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    # Looked up by hash: neither the time a comparison takes nor a stolen table tells a token.
    kiosk = services().directory.current().kiosks.get(secret_hash(token)) if scheme.lower() == "bearer" else None
    if kiosk is None:
        abort(401)
    g.kiosk = kiosk


def _officer() -> ResponseReturnValue | None:
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]
    officer = services().directory.current().officers.get(current_user.officer_code or "")
    if current_user.role != Role.OFFICER.value or officer is None:
        abort(403)
    g.officer = officer
    return None


GUARDS: dict[Audience, Callable[[], ResponseReturnValue | None]] = {
    Audience.PUBLIC: _anyone,
    Audience.DEVICE: _device,
    Audience.OFFICER: _officer,
}
