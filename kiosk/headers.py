"""Headers every response carries: nothing inline, nothing foreign, nothing framed, nothing kept by accident."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from shared.settings import Settings

Environ = dict[str, Any]
Headers = list[tuple[str, str]]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy(issuer: str | None) -> str:
    """Return the policy; a form may also lead to the issuer that people sign in with, when there is one."""
    if issuer is None:
        return CONTENT_SECURITY_POLICY
    address = urlsplit(issuer)
    return CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {address.scheme}://{address.netloc}"
    )


def transport_security(settings: Settings) -> str:
    """Return for how long a browser is to refuse plain HTTP under our name.

    Not at all where our own authority serves: a name in an office's network is for every port of that machine, an
    authority can be lost, and then no browser would offer a way past the warning, nor back to plain HTTP. It also
    takes back what an earlier answer under this name has asked for.
    """
    return "max-age=0" if settings.https and not settings.secure_cookies else "max-age=31536000"


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to every response of the app, whoever made it."""
    answer: Any = app.wsgi_app
    everywhere = list((ALWAYS | {"Content-Security-Policy": content_security_policy(settings.oidc_issuer)}).items())
    strict = ("Strict-Transport-Security", transport_security(settings))

    def with_headers(environ: Environ, start_response: Any) -> Any:
        def start(status: str, headers: Headers, *error: Any) -> Any:
            named = {name.lower() for name, _ in headers}
            headers.extend(everywhere)
            if environ["wsgi.url_scheme"] == "https" or app.config["SESSION_COOKIE_SECURE"]:
                headers.append(strict)
            # Whoever wants a response cached says so; everything else may be about a person.
            if "cache-control" not in named:
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *error)

        return answer(environ, start)

    app.wsgi_app = with_headers  # type: ignore[method-assign]
