"""Photos of officers: taken in large, kept small; the one route that takes more than a form."""

from typing import Any, Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from kiosk.acting import acting
from kiosk.admin.officer_page import known_officer, officer_page
from kiosk.errors import error_page
from kiosk.localisation import _
from kiosk.portals import Audience, Portal, may_change
from shared.db.officers import put_officer_photo
from shared.i18n import mark
from shared.photos import LARGEST_FILE, LARGEST_PICTURE, PhotoRefused, TooManyPixels, square_portrait

LARGEST_UPLOAD: Final = 2 * LARGEST_FILE
"""A photo that is somewhat too large is taken in and refused beside its field; only more is cut off."""
READ_AT_ONCE: Final = 1024 * 1024
"""A file goes to disk piece by piece, but a piece and what is left of the one before count as one form field."""
NO_FILE: Final = mark("Choose a photo first.")
NO_PICTURE: Final = mark("This is not a picture we can use. Take a JPEG, PNG or WebP of at most 20 MB.")
TOO_MANY_PIXELS: Final = mark(
    "This photo has more than {most} million pixels. Take it in a smaller size, or make it smaller first."
)
TOO_LARGE: Final = mark("This photo is too large")

officer_photos = Portal(
    "officer_photos", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/officers/<code>/photo"
)


# Before the guard, which reads the form and with it how long it may be; and only for those who may send a photo.
@officer_photos.url_value_preprocessor
def _take_in_more(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "officer_photos.put" and may_change():
        request.max_content_length = LARGEST_UPLOAD
        request.max_form_memory_size = READ_AT_ONCE


@officer_photos.errorhandler(RequestEntityTooLarge)
def _cut_off(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    # Perhaps nobody is signed in: the page must not say anything about the officer.
    return error_page(TOO_LARGE, NO_PICTURE), 413


@officer_photos.post("")
def put(code: str) -> ResponseReturnValue:
    """Take in a photo and show it from now on."""
    officer, seen = known_officer(code)
    file = request.files.get("photo")
    if file is None or not file.filename:
        return officer_page(officer, seen, photo_error=_(NO_FILE)), 400
    try:
        photo = square_portrait(file.read(LARGEST_FILE + 1))
    except TooManyPixels:
        return officer_page(officer, seen, photo_error=_(TOO_MANY_PIXELS, most=LARGEST_PICTURE // 10**6)), 400
    except PhotoRefused:
        return officer_page(officer, seen, photo_error=_(NO_PICTURE)), 400
    with acting() as session:
        put_officer_photo(session, officer.code, photo)
    return redirect(url_for("officers.show", code=code))


@officer_photos.post("/remove")
def remove(code: str) -> ResponseReturnValue:
    """Show no photo any more."""
    officer, _seen = known_officer(code)
    with acting() as session:
        put_officer_photo(session, officer.code, None)
    return redirect(url_for("officers.show", code=code))
