"""Where a person may be sent after an act: to our own pages only."""


def own_path(wish: str | None) -> str:
    """Return `wish` when it is a path on this site, else nothing.

    Browsers read a backslash as a slash and drop control characters, so either could lead elsewhere.
    """
    inside = wish and wish.startswith("/") and not wish.startswith("//") and "\\" not in wish and wish.isprintable()
    return wish if wish and inside else ""
