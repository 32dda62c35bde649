"""The slides of an office: added, changed, put into order, taken off."""

from typing import Any, Final

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin.sections import own_frame
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, Form, blank, read_form
from kiosk.own_words.slide_page import known_slide, new_slide_page, slide_page
from kiosk.portals import Audience, Portal, office_in_sight
from shared.db import own_words as stored
from shared.db.engine import reading
from shared.db.own_words import NoSlide, TooManySlides
from shared.db.records import ChangedMeanwhile
from shared.domain.own_words import SlideFacts
from shared.domain.people import Office
from shared.i18n import mark

TOO_MANY: Final = mark("There are five slides already, and more would show each too seldom. Take one off first.")
TAKEN_OFF: Final = mark(
    "Somebody else took this slide off while you had it open. Below is what you typed; save it to add it again."
)
slides = Portal("slides", __name__, audience=Audience.ROSTER, url_prefix="/own-words/<office>/slides")
slides.context_processor(own_frame)


@slides.get("/new")
def new(office: str) -> ResponseReturnValue:
    """Ask what a new slide says."""
    return new_slide_page(office_in_sight(office), blank())


@slides.post("/new")
def add(office: str) -> ResponseReturnValue:
    """Add a slide; its picture comes next."""
    place, form = office_in_sight(office), read_form(SlideFacts)
    if form.value is None:
        return new_slide_page(place, form), 400
    try:
        with acting() as session:
            slide = stored.add_slide(session, place.code, form.value)
    except TooManySlides:
        return new_slide_page(place, form.with_notice(TOO_MANY)), 409
    return redirect(url_for("slides.show", office=place.code, slide_id=slide))


@slides.get("/<id:slide_id>")
def show(office: str, slide_id: int) -> ResponseReturnValue:
    """Show a slide."""
    place = office_in_sight(office)
    return slide_page(place, *known_slide(place, slide_id))


@slides.post("/<id:slide_id>")
def change(office: str, slide_id: int) -> ResponseReturnValue:
    """Let a slide say this."""
    place, form, seen = office_in_sight(office), read_form(SlideFacts), request.form.get("_seen", "")
    if form.value is None:
        return _as_typed(place, slide_id, form, seen), 400
    try:
        with acting() as session:
            stored.change_slide(session, place.code, slide_id, form.value, seen)
    except (NoSlide, ChangedMeanwhile):
        return _as_typed(place, slide_id, form.with_notice(CHANGED_MEANWHILE)), 409
    return redirect(url_for("own_words.show", office=place.code, _anchor="slides"))


@slides.post("/<id:slide_id>/place")
def put(office: str, slide_id: int) -> ResponseReturnValue:
    """Let a slide be the n-th."""
    place, wanted = office_in_sight(office), request.form.get("place", type=int)
    if wanted is None:
        abort(400)
    try:
        with acting() as session:
            stored.place_slide(session, place.code, slide_id, wanted)
    except NoSlide:
        abort(404)
    return redirect(url_for("own_words.show", office=place.code, _anchor="slides"))


@slides.post("/<id:slide_id>/remove")
def take_off(office: str, slide_id: int) -> ResponseReturnValue:
    """Show a slide no more."""
    place = office_in_sight(office)
    with acting() as session:
        stored.take_off_slide(session, place.code, slide_id)
    return redirect(url_for("own_words.show", office=place.code, _anchor="slides"))


def _as_typed(office: Office, slide_id: int, form: Form[Any], seen_before: str | None = None) -> str:
    """Show what was typed, to be saved once more: as another slide when this one is gone."""
    try:
        with reading(services().engine) as session:
            slide, seen = stored.slide_of(session, office.code, slide_id)
    except NoSlide:
        return new_slide_page(office, form.with_notice(TAKEN_OFF))
    return slide_page(office, slide, seen if seen_before is None else seen_before, form=form)
