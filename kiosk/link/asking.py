"""The page that asks: who served you, and how was it; again with a word of what went wrong, and nothing lost."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from flask import Response, make_response, render_template, request, url_for

from kiosk.context import services
from kiosk.link import browser
from kiosk.link.parsing import asked_officer
from kiosk.link.places import Place, portraits
from kiosk.link.seals import SealedPage
from kiosk.localisation import _, current_language, remember_language
from shared.i18n import mark
from shared.links import VisitLink
from shared.wording import overall_words, touch_wording

NOT_HERE: Final = mark("This officer is not listed here. Please choose who served you.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A link somebody has opened: its code or token as the address has it, where it leads, and of which visit.

    `invited`: they were asked by message.
    """

    name: str
    place: Place
    visit: VisitLink | None = None
    invited: bool = False

    @property
    def address(self) -> str:
        """Return the path of its page."""
        if self.invited:
            return url_for("link.invited", token=self.name)
        return url_for("link.visit", token=self.name) if self.visit else url_for("link.place", code=self.name)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a face that was pressed is no rating yet, and for how many seconds."""

    text: str
    status: int
    wait: int = 0


def ask(opened: Opened, trouble: Trouble | None = None) -> Response:
    """Ask about the officer chosen or on duty; when there is none, ask who it was first."""
    place, wish, now = opened.place, asked_officer(), services().clock()
    officer = place.shown if wish is None else place.officer(wish)
    if wish and officer is None:
        trouble = trouble or Trouble(_(NOT_HERE), 404)
    once = opened.visit is not None or opened.invited
    mark_of_browser = "" if once else browser.mark_of(now, place.office.timezone)
    page = render_template(
        "link/question.html" if officer else "link/officers.html",
        place=place,
        officer=officer,
        picked=bool(wish) and (request.method != "POST" or "picked" in request.form),
        portraits=portraits(place.office, services()),
        seal=SealedPage(opened.name, uuid4().hex, mark_of_browser, now).sealed,
        trouble=trouble,
        here=opened.address,
        stop=url_for("link.no_more_messages", token=opened.name) if opened.invited else None,
        faces=overall_words(current_language()),
        words=touch_wording(current_language()),
    )
    response = make_response(page, trouble.status if trouble else 200)
    if trouble and trouble.wait:
        response.headers["Retry-After"] = str(trouble.wait)
    if request.args.get("language") == current_language():
        remember_language(response, current_language())  # chosen on the screen that handed out the link
    if mark_of_browser:
        browser.remember(response, mark_of_browser, now, place.office.timezone)
    return response
