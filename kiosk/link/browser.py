"""One phone's browser told from another, for the calendar month: what it says later of an officer replaces what it
said before. The mark is random, is sent to nobody but these pages, and ends with the month.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.wrappers import Response

from kiosk.context import services
from kiosk.cookies import cookie_name, cookies_are_secure
from shared.domain.months import Month
from shared.links import PREFIX

COOKIE: Final = "browser"
MARK: Final = re.compile(r"\d{4}-\d{2}\.[A-Za-z0-9_-]{22}")
STILL_OPEN: Final = timedelta(hours=1)
"""A page that is open when the month ends can be sent yet."""


def known_mark() -> str | None:
    """Return the mark that this browser has brought, of whatever month; None without one."""
    brought = request.cookies.get(cookie_name(COOKIE, services().settings), "")
    return brought if MARK.fullmatch(brought) else None


def mark_of(now: datetime, timezone: ZoneInfo) -> str:
    """Return this browser's mark of the present month, a new one when it has none."""
    month, known = str(Month.of(now, timezone)), known_mark()
    return known if known and known.startswith(month) else f"{month}.{secrets.token_urlsafe(16)}"


def remember(response: Response, mark: str, now: datetime, timezone: ZoneInfo) -> None:
    """Let the browser keep its mark until the month is over."""
    if mark == known_mark():
        return
    _, ends = Month.of(now, timezone).bounds(timezone)
    settings = services().settings
    name, secure = cookie_name(COOKIE, settings), cookies_are_secure(settings) or request.is_secure
    response.set_cookie(
        name, mark, expires=ends + STILL_OPEN, path=PREFIX, httponly=True, samesite="Lax", secure=secure
    )
