"""The pictures of offices' slides, for whoever stands before the screen."""

from flask import Response, abort
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.portals import Audience, Portal
from shared.db.engine import reading
from shared.db.own_words import slide_picture

pictures = Portal("pictures", __name__, audience=Audience.PUBLIC, url_prefix="/touch/pictures")


@pictures.get("/<office>/<digest>.jpg")
def picture(office: str, digest: str) -> ResponseReturnValue:
    """Return exactly the picture of that digest, cacheable for ever; 404 for any other."""
    with reading(services().engine) as session:
        stored = slide_picture(session, office, digest)
    if stored is None:
        abort(404)
    response = Response(stored, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
