"""Where a person may be sent after an act: to our own pages only."""

from typing import Final
from urllib.parse import urlsplit

from flask import request, url_for

LONGEST: Final = 500  # it travels in a cookie while somebody signs in, and a browser drops a cookie of four kilobytes


def own_path(wish: str | None) -> str:
    """Return `wish` when it is a path on this site, else nothing.

    Browsers read a backslash as a slash and drop control characters, so either could lead elsewhere.
    """
    inside = wish and wish.startswith("/") and not wish.startswith("//") and "\\" not in wish and wish.isprintable()
    return wish if wish and inside and len(wish) <= LONGEST else ""


def page_before() -> str:
    """Return the page of ours that this request was made from, else the path that it asks for."""
    came_from = urlsplit(request.referrer or "")
    path = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    ours = own_path(path) if came_from.netloc == request.host else ""
    return ours or own_path(request.path) or url_for("security.start")
