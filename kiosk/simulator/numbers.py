"""Whose phones a browser has: a random mark that only these pages are sent, from which their numbers follow.

A cookie of its own: a session begins anew when somebody signs in, and whoever rates wants to see it arrive.
"""

import re
import secrets
from typing import Final

from flask import g, request
from werkzeug.wrappers import Response

from kiosk.context import services
from kiosk.cookies import cookie_name, cookies_are_secure
from shared.db.inbox import KEPT
from shared.simulator import numbers_of

COOKIE: Final = "simulated"
MARK: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def numbers() -> list[str]:
    """Return the numbers of this browser's phones, in E.164."""
    if "simulated" not in g:
        g.simulated = _brought() or _new()
    return numbers_of(g.simulated, services().settings)


def take_others() -> None:
    """Give this browser other phones, which nobody has written to yet."""
    g.simulated = _new()


def remember(response: Response, path: str) -> None:
    """Let the browser keep its phones for as long as is kept what they wrote."""
    mark = g.get("simulated")
    if mark is None or mark == _brought():
        return
    settings = services().settings
    name, secure = cookie_name(COOKIE, settings), cookies_are_secure(settings)
    response.set_cookie(name, mark, max_age=KEPT, path=path, httponly=True, samesite="Lax", secure=secure)


def _brought() -> str | None:
    brought = request.cookies.get(cookie_name(COOKIE, services().settings), "")
    return brought if MARK.fullmatch(brought) else None


def _new() -> str:
    return secrets.token_urlsafe(16)
