"""Officers' photos, as they hang at the counter anyway."""

from flask import Response, abort
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.portals import Audience, Portal
from shared.db.engine import reading
from shared.db.people import photo_digest, photo_of

photos = Portal("photos", __name__, audience=Audience.PUBLIC, url_prefix="/touch/photos")


@photos.get("/<officer>/<digest>.jpg")
def photo(officer: str, digest: str) -> ResponseReturnValue:
    """Return exactly the photo of that digest, cacheable for ever; 404 for any other."""
    if officer not in services().directory.current().officers:
        abort(404)
    with reading(services().engine) as session:
        stored = photo_of(session, officer)
    if stored is None or photo_digest(stored) != digest:
        abort(404)
    response = Response(stored, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
