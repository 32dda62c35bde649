"""How often somebody may guess, counted so that whoever guesses shuts out themselves, not the owner elsewhere."""

from typing import Final

from flask import Flask, current_app, request

from kiosk.limits import Limit

KEY: Final = "suara-attempts-{}"
RATES: Final = {
    "name": (1 / 60, 10),  # passwords for one name from one address: ten, then one a minute
    "address": (1 / 2, 100),  # passwords from one address: an office behind one address has many people
    "code": (1 / 60, 5),  # codes for one account from one address
    "account": (1 / 60, 60),  # codes for one account from anywhere: whoever gets here knows its password
}


def install(app: Flask) -> None:
    """Give the app its own counts."""
    for name, (rate, burst) in RATES.items():
        app.extensions[KEY.format(name)] = Limit(rate=rate, burst=burst)


def wait_for_password(username: str) -> float:
    """Count an attempt with this name; return the seconds to wait, 0 when it may go on."""
    return _wait("name", _caller(username)) or _wait("address", request.remote_addr)


def password_was_right(username: str) -> None:
    """Let this name begin anew from this address."""
    _limit("name").forget(_caller(username))


def wait_for_code(whose: object) -> float:
    """Count an attempt with a code for an account; return the seconds to wait, 0 when it may go on."""
    return _wait("code", (whose, request.remote_addr)) or _wait("account", whose)


def _caller(username: str) -> tuple[str, str | None]:
    return username.strip().lower(), request.remote_addr


def _wait(name: str, caller: object) -> float:
    return _limit(name).wait_needed(caller)


def _limit(name: str) -> Limit:
    limit: Limit = current_app.extensions[KEY.format(name)]
    return limit
