"""The page of one slide, whichever part of it was touched: what it says, or its picture."""

from typing import Any

from flask import abort, render_template

from kiosk.context import services
from kiosk.forms import Form, filled
from kiosk.own_words.wording import LABELS
from kiosk.touch.own_words import slide_on_screen
from shared.db.engine import reading
from shared.db.own_words import NoSlide, Slide, slide_of
from shared.domain import own_words as limits
from shared.domain.people import Office


def known_slide(office: Office, slide_id: int) -> tuple[Slide, str]:
    """Return a slide of the office and the mark of having seen it; 404 when it was taken off."""
    try:
        with reading(services().engine) as session:
            return slide_of(session, office.code, slide_id)
    except NoSlide:
        abort(404)


def slide_page(
    office: Office, slide: Slide, seen: str, *, form: Form[Any] | None = None, picture_error: str = ""
) -> str:
    """Render the page; what is not given is shown as it is stored."""
    return _page(office, slide, seen, form or filled(slide.facts), picture_error)


def new_slide_page(office: Office, form: Form[Any]) -> str:
    """Render the page of a slide that is not there yet."""
    return _page(office, None, "", form, "")


def _page(office: Office, slide: Slide | None, seen: str, form: Form[Any], picture_error: str) -> str:
    return render_template(
        "own_words/slide.html",
        office=office,
        slide=slide,
        shown=slide and slide_on_screen(office.code, slide),
        seen=seen,
        form=form,
        picture_error=picture_error,
        labels=LABELS,
        limits=limits,
    )
