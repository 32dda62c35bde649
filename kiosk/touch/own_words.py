"""What a screen is told of its office's own words and hours; what has no English is said in Indonesian in both."""

from typing import Any

from flask import url_for

from kiosk.localisation import day_name_in
from shared.db import own_words as stored
from shared.db.engine import reading
from shared.db.own_words import Slide
from shared.domain.opening import spans_of
from shared.domain.own_words import OwnWordsFacts
from shared.domain.people import Office
from shared.i18n import LANGUAGES
from shared.services import Services


def own_words(office: Office, services: Services) -> dict[str, Any]:
    """Return when the office is open, None when always, and what it says on its screens; the demo never sleeps."""
    with reading(services.engine) as session:
        hours = None if office.demo else office.hours
        said, _seen = stored.own_words(session, office.code)
        slides = stored.slides_of(session, office.code)
    return {"hours": hours and spans_of(hours), "screen": screen(office.code, said, slides)}


def screen(office: str, said: OwnWordsFacts, slides: list[Slide]) -> dict[str, Any]:
    """Return these words as a screen shows them."""
    return {
        "sentence": _in_both(said.sentence, said.sentence_en),
        "changed": changed_on_screen(said),
        "slides": [slide_on_screen(office, slide) for slide in slides],
    }


def slide_on_screen(office: str, slide: Slide) -> dict[str, Any]:
    """Return a slide as a screen shows it."""
    facts, digest = slide.facts, slide.picture
    return {
        "title": _in_both(facts.title, facts.title_en),
        "text": _in_both(facts.text, facts.text_en),
        "picture": url_for("pictures.picture", office=office, digest=digest) if digest else None,
    }


def _in_both(indonesian: str | None, english: str | None) -> dict[str, str] | None:
    return None if indonesian is None else {"id": indonesian, "en": english or indonesian}


def changed_on_screen(said: OwnWordsFacts) -> dict[str, str] | None:
    """Return what changed with its day behind it, each in its language."""
    words, day = _in_both(said.changed_text, said.changed_text_en), said.changed_on
    if words is None or day is None:
        return None
    return {language: f"{words[language]} ({day_name_in(language, day)})" for language in LANGUAGES}
