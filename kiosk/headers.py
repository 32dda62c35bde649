"""Headers every response carries: nothing inline, nothing foreign, nothing framed, nothing kept by accident."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask

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


def install(app: Flask, issuer: str | None) -> None:
    """Add the headers to every response of the app, whoever made it."""
    answer: Any = app.wsgi_app
    everywhere = list((ALWAYS | {"Content-Security-Policy": content_security_policy(issuer)}).items())

    def with_headers(environ: Environ, start_response: Any) -> Any:
        def start(status: str, headers: Headers, *error: Any) -> Any:
            named = {name.lower() for name, _ in headers}
            headers.extend(everywhere)
            if environ["wsgi.url_scheme"] == "https" or app.config["SESSION_COOKIE_SECURE"]:
                headers.append(("Strict-Transport-Security", "max-age=31536000"))
            # Whoever wants a response cached says so; everything else may be about a person.
            if "cache-control" not in named:
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *error)

        return answer(environ, start)

    app.wsgi_app = with_headers  # type: ignore[method-assign]
