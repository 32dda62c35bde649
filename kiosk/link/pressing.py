"""The first page of a link: who served you, and how it was. The face pressed there is the rating."""

import hmac
from datetime import datetime
from math import ceil
from typing import Final
from uuid import UUID, uuid5

from flask import Response, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.errors import RETRY_AFTER, refusal_detail
from kiosk.link import browser, gate
from kiosk.link.asking import NOT_HERE, Opened, Trouble, ask
from kiosk.link.parsing import asked_officer, pressed
from kiosk.link.places import PlaceClosed, place_of_code, place_of_visit
from kiosk.link.portal import CLOSED, OVER, UNKNOWN, USED, link, told
from kiosk.link.seals import page_of, pressed_sealed
from kiosk.localisation import _, current_language
from shared import intake
from shared.domain.errors import IntakeRefused, IntakeUnavailable, RefusalCode
from shared.glances import kept_under
from shared.i18n import mark
from shared.links import Links, LinkUnknown, VisitLink
from shared.logs import logger
from shared.raters import is_of_staff, rater_key_of

CHOOSE: Final = mark("Nothing is recorded yet. Please press one of the four faces.")
PRESS_AGAIN: Final = mark("Nothing is recorded yet: this page was open too long. Please press once more.")
NEEDS_COOKIES: Final = mark(
    "Nothing is recorded yet: this browser keeps no cookies, and without one we cannot tell phones apart. Please"
    " allow cookies here, or use the screen at the counter."
)
TRY_AGAIN: Final = mark("Nothing is recorded yet: we cannot take it just now. Please press again in a moment.")
WAIT: Final = mark(
    "Nothing is recorded yet: more ratings came in here just now than people are served. Please press again in"
    " {seconds} seconds."
)
log = logger(__name__)


@link.get("/<code>")
def place(code: str) -> ResponseReturnValue:
    """Ask whoever was served at this counter or office."""
    return ask(_at(code))


@link.post("/<code>")
def rate_place(code: str) -> ResponseReturnValue:
    """Accept the face pressed there by this browser."""
    opened, now, mine = _at(code), services().clock(), browser.known_mark()
    page = page_of(request.form["seal"])
    if mine is None:
        return ask(opened, Trouble(_(NEEDS_COOKIES), 400))
    ours = page is not None and page.link == opened.name and hmac.compare_digest(page.browser, mine)
    if page is None or not ours or page.is_over(now):
        return ask(opened, Trouble(_(PRESS_AGAIN), 400))
    wait = gate.wait_at(opened.name, of_counter=opened.place.counter is not None)
    if wait:
        return ask(opened, too_fast(wait))
    # The same face again is the same rating; another face is another one, which replaces it.
    number = uuid5(UUID(hex=page.number), f"{asked_officer()} {request.form.get('overall')}")
    return take(opened, number, now, f"browser:{mine}")


@link.get("/v/<token>")
def visit(token: str) -> ResponseReturnValue:
    """Ask the person of this visit, once."""
    opened = _of_visit(token)
    return told(USED) if kept_under(_links().rating_id(token), services()) else ask(opened)


@link.post("/v/<token>")
def rate_visit(token: str) -> ResponseReturnValue:
    """Accept the face pressed, if it is the first one pressed with this link."""
    opened, number = _of_visit(token), _links().rating_id(token)
    wait = gate.wait_of_sender()
    if wait:
        return ask(opened, too_fast(wait))
    before = kept_under(number, services())
    if before and (before.officer, str(before.overall)) != (asked_officer(), request.form.get("overall")):
        return told(USED)
    return take(opened, number, services().clock(), None)


def _at(code: str) -> Opened:
    try:
        found = place_of_code(code, services())
    except PlaceClosed:
        abort(told(CLOSED))
    if found is None:
        abort(told(UNKNOWN))
    return Opened(code.upper(), found)


def _of_visit(token: str) -> Opened:
    try:
        visit = _links().read(token)
        found = place_of_visit(visit, services())
    except LinkUnknown:
        abort(told(UNKNOWN))
    except PlaceClosed:
        abort(told(CLOSED))
    if _is_over(visit):
        abort(told(OVER))
    return Opened(token, found, visit)


def _is_over(visit: VisitLink) -> bool:
    """Say whether a link's day has passed, or the kiosk that handed it out was shut out since."""
    kiosks = services().directory.current().kiosks.values()
    shut_out = visit.kiosk is not None and not any(
        (kiosk.id, kiosk.office) == (visit.kiosk, visit.office) for kiosk in kiosks
    )
    return shut_out or services().clock() > visit.until


def take(opened: Opened, number: UUID, now: datetime, person: str | None, invitation: str = "") -> Response:
    """Accept the face as this rating and lead on; else ask again, with what is wrong.

    `person` is a number or a browser's mark, `invitation` the token of the link of one.
    """
    directory, office = services().directory.current(), opened.place.office
    try:
        key = rater_key_of(person, office, now, directory, services()) if person else None
        own_phone = person is not None and is_of_staff(person, office, now, directory, services())
        rating = pressed(opened.place, asked_officer() or "", number, key, now, own_phone=own_phone)
        intake.check(rating, directory)
        intake.accept([rating], services())
    except IntakeRefused as refusal:
        return ask(opened, _refused(refusal))
    except IntakeUnavailable:
        return ask(opened, Trouble(_(TRY_AGAIN), 503, RETRY_AFTER))
    return make_response(redirect(url_for("link.more", pressed=pressed_sealed(rating, invitation)), 303))


def _refused(refusal: IntakeRefused) -> Trouble:
    log.warning("rating refused", code=refusal.code.value, channel="link")
    if refusal.code is RefusalCode.ANSWER_OUT_OF_RANGE:
        return Trouble(_(CHOOSE), 400)
    if refusal.code in {RefusalCode.UNKNOWN_OFFICER, RefusalCode.FOREIGN_OFFICER}:
        return Trouble(_(NOT_HERE), 422)
    return Trouble(refusal_detail(refusal, current_language()), 422)


def too_fast(wait: float) -> Trouble:
    """Say for how long to wait before an answer can be taken."""
    return Trouble(_(WAIT, seconds=ceil(wait)), 429, ceil(wait))


def _links() -> Links:
    return Links(str(current_app.secret_key))
