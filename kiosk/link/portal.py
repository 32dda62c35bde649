"""The portal of links: its language, the forms it takes, and what it says where a link leads nowhere."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Response, abort, g, make_response, render_template, request

from kiosk.context import services
from kiosk.cookies import cookie_name
from kiosk.link import gate, seals
from kiosk.localisation import COOKIE
from kiosk.portals import Audience, Portal
from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, mark
from shared.links import PREFIX


@dataclass(frozen=True, slots=True)
class Told:
    """A page that only says something."""

    title: str
    text: str
    status: int


UNKNOWN: Final = Told(
    mark("We do not know this link"),
    mark("Scan the square at the counter again, or use the screen there."),
    404,
)
OVER: Final = Told(
    mark("This link is no longer valid"),
    mark("It was for one visit, for a day. After your next visit you can rate at the counter again."),
    410,
)
USED: Final = Told(
    mark("This link has been used"),
    mark("Thank you, the rating given with it is recorded. One link is for one rating."),
    410,
)
CLOSED: Final = Told(
    mark("Nobody is served here any more"),
    mark("This counter or office is closed, so it can no longer be rated."),
    410,
)
WITHDRAWN: Final = Told(
    mark("This invitation was withdrawn"),
    mark("You need not do anything. You can rate at the counter at any time."),
    410,
)
LATE: Final = Told(
    mark("The time to answer is over"),
    mark("Nothing is expected of you. You can rate at the counter at any time."),
    410,
)
ANSWERED: Final = Told(
    mark("You have answered already"),
    mark("Thank you, your answer is recorded. This link is good for one answer."),
    410,
)
STOPPED: Final = Told(
    mark("You will get no more messages"),
    mark("We will not write to this number any more."),
    200,
)
TOO_LATE: Final = Told(
    mark("Your rating is recorded"),
    mark("Nothing more can be added to it now. Thank you."),
    410,
)
COMPLETED: Final = Told(
    mark("Your rating is recorded"),
    mark("What you had added before is kept as it was. Thank you."),
    200,
)
NOT_OURS: Final = Told(
    mark("This page is not complete"),
    mark("Nothing was recorded. Please open the link again."),
    400,
)


def told(what: Told) -> Response:
    """Say it, on a page of its own."""
    return make_response(render_template("link/told.html", told=what), what.status)


def from_a_page_of_ours() -> None:
    """Turn away a form that no page of ours has sealed; what was sealed is in no other site's reach."""
    if request.method == "POST" and not seals.is_ours(request.form.get("seal", "")):
        abort(told(NOT_OURS))


link = Portal("link", __name__, audience=Audience.PUBLIC, url_prefix=PREFIX, origin=from_a_page_of_ours)
link.before_request(gate.slow_down_reading)


@link.url_value_preprocessor
def speak(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Speak Indonesian unless the person has chosen otherwise here or on the screen that handed out the link.

    Many phones are set to English by whoever sold them.
    """
    g.language = _chosen() or DEFAULT_LANGUAGE


def speak_as_asked(language: Language) -> None:
    """Speak the language in which the person was asked, unless they have chosen another one here."""
    g.language = _chosen() or language


def _chosen() -> Language | None:
    kept = request.cookies.get(cookie_name(COOKIE, services().settings))
    chosen = (request.form.get("language"), kept, request.args.get("language"))
    return next((code for wish in chosen for code in LANGUAGES if code == wish), None)
