"""Answers given before a request's body was read: they end their connection.

A server does not read the rest for us: whatever is left of it would be taken for the next request, so it hangs up
without a word, and the client's next request on that connection is lost. Told so, the client opens another.
"""

from typing import Any

Environ = dict[str, Any]
Wsgi = Any


class _Body:
    """The body of a request, and whether somebody has asked for it."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self.asked_for = False

    def __getattr__(self, name: str) -> Any:
        self.asked_for = True
        return getattr(self._body, name)


def ending_unread(app: Wsgi) -> Wsgi:
    """Return the app so that it says `Connection: close` with an answer for which it has not read the body."""

    def answer(environ: Environ, start_response: Any) -> Any:
        if environ.get("CONTENT_LENGTH", "0") in {"", "0"} and "HTTP_TRANSFER_ENCODING" not in environ:
            return app(environ, start_response)
        body = environ["wsgi.input"] = _Body(environ["wsgi.input"])

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if not body.asked_for:
                headers.append(("Connection", "close"))
            return start_response(status, headers, *error)

        return app(environ, start)

    return answer
