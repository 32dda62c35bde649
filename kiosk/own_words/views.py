"""The page of an office's own words: its sentences to write, its slides in their order, and how all of it reads."""

from datetime import date
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin.sections import own_frame
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, Form, filled, read_form
from kiosk.own_words.wording import LABELS
from kiosk.portals import Audience, Portal, office_in_sight
from kiosk.touch.own_words import screen
from shared.db import own_words as stored
from shared.db.engine import reading
from shared.db.own_words import Slide
from shared.db.records import ChangedMeanwhile
from shared.domain import own_words as limits
from shared.domain.own_words import MOST_SLIDES, OwnWordsFacts
from shared.domain.people import Office
from shared.i18n import LANGUAGES, mark, translate
from shared.wording import touch_wording

NOT_YET: Final = mark("This day is still to come. Write here what has changed already.")
CHANGED: Final = mark("What changed because of your ratings")
own_words = Portal("own_words", __name__, audience=Audience.ROSTER, url_prefix="/own-words")
own_words.context_processor(own_frame)


@own_words.get("/<office>")
def show(office: str) -> ResponseReturnValue:
    """Show what an office says on its screens, and how it reads there."""
    return _page(office_in_sight(office))


@own_words.post("/<office>")
def change(office: str) -> ResponseReturnValue:
    """Let the office say this."""
    place = office_in_sight(office)
    form, seen = read_form(OwnWordsFacts), request.form.get("_seen", "")
    if form.value is not None and form.value.changed_on and form.value.changed_on > _today(place):
        form = form.refused("changed_on", NOT_YET)
    if form.value is None:
        return _page(place, form, seen), 400
    try:
        with acting() as session:
            stored.put_own_words(session, place.code, form.value, seen)
    except ChangedMeanwhile:
        return _page(place, form.with_notice(CHANGED_MEANWHILE)), 409
    return redirect(url_for("own_words.show", office=place.code))


def _today(office: Office) -> date:
    return services().clock().astimezone(office.timezone).date()


def _page(office: Office, form: Form[Any] | None = None, seen_before: str | None = None) -> str:
    with reading(services().engine) as session:
        said, seen = stored.own_words(session, office.code)
        slides = stored.slides_of(session, office.code)
    return render_template(
        "own_words/page.html",
        office=office,
        form=form or filled(said),
        seen=seen if seen_before is None else seen_before,
        labels=LABELS,
        limits=limits,
        today=_today(office).isoformat(),
        slides=slides,
        room=len(slides) < MOST_SLIDES,
        screen=screen(office.code, said, slides),
        wording={language: touch_wording(language) for language in LANGUAGES},
        headings={language: translate(CHANGED, language) for language in LANGUAGES},
        english=bool(said.sentence_en or said.changed_text_en or any(map(_in_english, slides))),
    )


def _in_english(slide: Slide) -> bool:
    return bool(slide.facts.title_en or slide.facts.text_en)
