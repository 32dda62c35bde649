"""The certificate of our own authority, for devices that are to trust it; nothing where a proxy speaks HTTPS."""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.portals import Audience, Portal
from shared.authority import AuthorityUnusable, fingerprint, read_certificate

FILE: Final = "suara-loket.crt"
PAIRS: Final = 8
"""How many pairs of characters an eye compares at a time, and a phone shows in a line."""
certificate = Portal("certificate", __name__, audience=Audience.PUBLIC, url_prefix="/certificate")


@dataclass(frozen=True, slots=True)
class Trusted:
    """A certificate to be trusted, and the lines of characters by which it is compared."""

    certificate: Certificate
    fingerprint: tuple[str, ...]


def own_certificate() -> Trusted | None:
    """Return the certificate of our own authority; None where this installation does not run on it."""
    settings = services().settings
    if not settings.https:
        return None
    try:
        found = read_certificate(settings.authority_path)
    except AuthorityUnusable:
        return None
    pairs = fingerprint(found).split(":")
    lines = (":".join(pairs[start : start + PAIRS]) for start in range(0, len(pairs), PAIRS))
    return Trusted(found, tuple(lines))


@certificate.get("")
def show() -> ResponseReturnValue:
    """Say what trusting this installation means, and how it is done on which device."""
    return render_template("public/certificate.html", trusted=own_certificate() or abort(404), file=FILE)


@certificate.get(f"/{FILE}")
def download() -> ResponseReturnValue:
    """Give the certificate in the form that devices install: its SHA-256 is the fingerprint."""
    trusted = own_certificate() or abort(404)
    content = trusted.certificate.public_bytes(Encoding.DER)
    response = Response(content, mimetype="application/x-x509-ca-cert")
    response.headers.set("Content-Disposition", "attachment", filename=FILE)
    return response
