"""How often somebody may guess, counted so that whoever guesses shuts out themselves, not the owner elsewhere.

Without the password, a stranger gets ten passwords for a name from one address, then one a minute, and whatever they
try counts for their address alone. A name is counted as it is written, never by the account behind it: else whoever
waits would learn which names and numbers exist and belong together. With the password, they get thirty codes of six
digits, then one in ten minutes, from wherever: in a day four in ten thousand come through. A browser in which the
owner has signed in before has attempts of its own, which no stranger can use up; only a new browser of the owner's
waits while somebody at the same address, or with the password, goes on trying.

Each process counts for itself: with three web processes a stranger has up to three times these attempts. What must
not happen even once, a code used twice, is kept in the database instead.
"""

from typing import Final

from flask import Flask, current_app

from kiosk.limits import Limit, caller
from kiosk.login.known_browsers import known_browser
from shared.db.accounts import Account
from shared.domain.nip import NipInvalid, parse_nip

KEY: Final = "suara-attempts-{}"
RATES: Final = {
    "name": (1 / 60, 10),  # passwords for one name from one address: ten, then one a minute
    "address": (1 / 2, 100),  # passwords from one address: an office behind one address has many people
    "known": (1 / 60, 10),  # passwords in a browser that the account knows
    "code": (1 / 60, 5),  # codes for one account from one address, or in a browser that it knows
    "account": (1 / 600, 30),  # codes for one account from strange browsers: whoever gets here knows its password
    "again": (1 / 60, 10),  # the password once more, in one sign-in
}


def install(app: Flask) -> None:
    """Give the app its own counts."""
    for name, (rate, burst) in RATES.items():
        app.extensions[KEY.format(name)] = Limit(rate=rate, burst=burst)


def wait_for_password(account: Account | None, name: str) -> float:
    """Count an attempt with this name; return the seconds to wait, 0 when it may go on."""
    known = known_browser(int(account.id or 0)) if account else None
    if account and known:
        return _wait("known", (account.id, known))
    return _wait("name", _stranger(name)) or _wait("address", caller())


def password_was_right(account: Account, name: str) -> None:
    """Let this account begin anew from here, under the name that was written."""
    _limit("name").forget(_stranger(name))
    _limit("known").forget((account.id, known_browser(int(account.id or 0))))


def wait_for_code(account: Account) -> float:
    """Count an attempt with a code for an account; return the seconds to wait, 0 when it may go on."""
    known = known_browser(int(account.id or 0))
    wait = _wait("code", (account.id, known or caller()))
    return wait or (0.0 if known else _wait("account", account.id))


def code_was_right(account: Account) -> None:
    """Let this account's codes begin anew: it was the owner."""
    _limit("account").forget(account.id)
    _limit("code").forget((account.id, known_browser(int(account.id or 0)) or caller()))


def wait_for_password_again(sign_in: int) -> float:
    """Count an attempt of somebody who is signed in; return the seconds to wait, 0 when it may go on."""
    return _wait("again", sign_in)


def _stranger(name: str) -> tuple[str, str]:
    try:
        return parse_nip(name), caller()
    except NipInvalid:
        return name.strip().casefold(), caller()


def _wait(name: str, caller: object) -> float:
    return _limit(name).wait_needed(caller)


def _limit(name: str) -> Limit:
    limit: Limit = current_app.extensions[KEY.format(name)]
    return limit
