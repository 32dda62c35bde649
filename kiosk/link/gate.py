"""How often a link is opened and used, counted in this process: by address, and by the counter it belongs to."""

from typing import Final

from flask import Flask, abort, current_app, request

from kiosk.limits import Limit, caller
from shared.domain.people import Kiosk

PAGES, ONE_AT_A_COUNTER, ALL_AT_A_COUNTER, ONE_AT_AN_OFFICE, ALL_AT_AN_OFFICE, KIOSKS = (
    f"suara-link-{name}" for name in ("pages", "one-counter", "counter", "one-office", "office", "kiosks")
)
LIMITS: Final = {
    PAGES: (2.0, 60.0),
    # Nobody is served at one counter faster than this; an office has several.
    ONE_AT_A_COUNTER: (1 / 120, 6.0),
    ALL_AT_A_COUNTER: (1 / 60, 20.0),
    ONE_AT_AN_OFFICE: (1 / 30, 15.0),
    ALL_AT_AN_OFFICE: (1 / 15, 60.0),
    KIOSKS: (0.2, 20.0),
}
"""Requests a second, sustained, and at once. Visitors of an office share its network's address, and half a town the
address of a mobile network: so an address is only slowed down at one counter at a time."""


def install(app: Flask) -> None:
    """Give the app its own limits."""
    for name, (rate, burst) in LIMITS.items():
        app.extensions[name] = Limit(rate, burst)


def slow_down_reading() -> None:
    """Turn away an address that opens pages faster than people read them; forms are answered with their form."""
    if request.method != "POST" and _wait(PAGES, caller()):
        abort(429)


def wait_of_sender() -> float:
    """Return how many seconds whoever sends this form has to wait; mostly none."""
    return _wait(PAGES, caller())


def wait_at(code: str, *, of_counter: bool) -> float:
    """Return how many seconds to wait before another answer is taken at a counter or office; mostly none."""
    one, every = (ONE_AT_A_COUNTER, ALL_AT_A_COUNTER) if of_counter else (ONE_AT_AN_OFFICE, ALL_AT_AN_OFFICE)
    return _wait(one, (code, caller())) or _wait(every, code)


def wait_of_kiosk(kiosk: Kiosk) -> float:
    """Return how many seconds a kiosk has to wait for another link; mostly none."""
    return _wait(KIOSKS, kiosk.id)


def _wait(name: str, who: object) -> float:
    limit: Limit = current_app.extensions[name]
    return limit.wait_needed(who)
