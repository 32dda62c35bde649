"""What cookies are called, and whether they only travel encrypted."""

from shared.settings import Settings


def cookies_are_secure(settings: Settings) -> bool:
    """Say whether cookies are for HTTPS alone: behind a proxy that speaks it, or by our own authority."""
    return settings.secure_cookies or settings.https


def cookie_name(name: str, settings: Settings) -> str:
    """Return the name of a cookie; another one where our own authority serves.

    A browser lets no plain page replace a cookie kept for HTTPS: whoever goes back to plain HTTP could not sign in
    until it ends if both had one name. Behind a domain nobody goes back.
    """
    return f"__Secure-{name}" if settings.https else name
