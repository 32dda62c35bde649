"""What a screen loads travels compressed: a village's line is thin, and nothing before us need compress.

Only files and what a touch screen fetches with its token. A page behind a login never: where a secret stands beside
what a stranger may have put there, the compressed length tells the secret.
"""

import gzip

from flask import Flask, Response, request

PORTALS = {"touch", "api"}
TYPES = {
    "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json",
    "application/manifest+json",
}  # fmt: skip
SMALL = 500


def install(app: Flask) -> None:
    """Compress every such answer for whoever can read it."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """Return the response with gzip around its body where that is of use."""
    if request.method != "GET" or (request.endpoint != "static" and request.blueprint not in PORTALS):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or response.mimetype not in TYPES or not request.accept_encodings.quality("gzip"):
        return response
    response.direct_passthrough = False  # a file is read here, where the server would have read it
    body = response.get_data()
    if len(body) < SMALL:
        return response
    response.set_data(gzip.compress(body, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        # The same content in other bytes; `If-None-Match` compares weakly.
        response.set_etag(etag, weak=True)
    return response
