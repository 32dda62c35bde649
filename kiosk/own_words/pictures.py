"""The pictures of slides."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin.sections import own_frame
from kiosk.own_words.slide_page import known_slide, slide_page
from kiosk.pictures import PictureRefused, sent_picture, take_pictures
from kiosk.portals import Audience, Portal, office_in_sight
from shared.db.own_words import NoSlide, put_slide_picture
from shared.photos import wide_picture

slide_pictures = Portal(
    "slide_pictures",
    __name__,
    audience=Audience.ROSTER,
    url_prefix="/own-words/<office>/slides/<id:slide_id>/picture",
)
slide_pictures.context_processor(own_frame)
take_pictures(slide_pictures, "slide_pictures.put")


@slide_pictures.post("")
def put(office: str, slide_id: int) -> ResponseReturnValue:
    """Take in a picture and show it on the slide from now on."""
    place = office_in_sight(office)
    slide, seen = known_slide(place, slide_id)
    try:
        picture = sent_picture("picture", wide_picture)
    except PictureRefused as refused:
        return slide_page(place, slide, seen, picture_error=refused.sentence), 400
    return _shown(place.code, slide_id, picture)


@slide_pictures.post("/remove")
def remove(office: str, slide_id: int) -> ResponseReturnValue:
    """Show no picture any more."""
    return _shown(office_in_sight(office).code, slide_id, None)


def _shown(office: str, slide_id: int, picture: bytes | None) -> ResponseReturnValue:
    try:
        with acting() as session:
            put_slide_picture(session, office, slide_id, picture)
    except NoSlide:
        abort(404)  # taken off while the picture was on its way
    return redirect(url_for("slides.show", office=office, slide_id=slide_id, _anchor="picture-heading"))
