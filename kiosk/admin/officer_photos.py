"""Photos of officers."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin.officer_page import known_officer, officer_page
from kiosk.pictures import PictureRefused, sent_picture, take_pictures
from kiosk.portals import Audience, Portal
from shared.db.officers import put_officer_photo
from shared.photos import square_portrait

officer_photos = Portal(
    "officer_photos", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/officers/<code>/photo"
)
take_pictures(officer_photos, "officer_photos.put")


@officer_photos.post("")
def put(code: str) -> ResponseReturnValue:
    """Take in a photo and show it from now on."""
    officer, seen = known_officer(code)
    try:
        photo = sent_picture("photo", square_portrait)
    except PictureRefused as refused:
        return officer_page(officer, seen, photo_error=refused.sentence), 400
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
