"""Moves of officers from one office to another."""

from typing import Final

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin.officer_page import known_officer, officer_page
from kiosk.context import services
from kiosk.forms import PROBLEMS, Form, blank, read_form
from kiosk.localisation import _, day_name
from kiosk.portals import Audience, Portal, current_offices
from shared.db import moves as stored
from shared.db.moves import MoveStands, MoveTooEarly, NoMove
from shared.domain.facts import MoveFacts, OfficerFacts
from shared.i18n import mark

TOO_EARLY: Final = mark("The last move is on {day}. Choose a later date, or cancel that move first.")
STANDS: Final = mark("This move has happened, or a later one begins where it ends. Plan a move back instead.")

moves = Portal("moves", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/officers/<code>/moves")


@moves.post("")
def add(code: str) -> ResponseReturnValue:
    """Plan a move; one whose day has begun takes place at once."""
    officer, seen = known_officer(code)
    form = _planned(officer, read_form(MoveFacts))
    if form.value is None:
        return officer_page(officer, seen, move=form), 400
    return redirect(url_for("officers.show", code=code))


@moves.post("/<id:move_id>/cancel")
def cancel(code: str, move_id: int) -> ResponseReturnValue:
    """Cancel a planned move."""
    officer, seen = known_officer(code)
    try:
        with acting() as session:
            if not stored.cancel_move(session, code, move_id):
                abort(404)
    except MoveStands:
        return officer_page(officer, seen, move=blank().with_notice(STANDS)), 409
    return redirect(url_for("officers.show", code=code))


def _planned(officer: OfficerFacts, form: Form[MoveFacts]) -> Form[MoveFacts]:
    """Plan what the form says; return it with its problem when that cannot be."""
    if form.value is None:
        return form
    if form.value.to not in current_offices():
        return form.refused("to", PROBLEMS["enum"])
    try:
        with acting() as session:
            stored.plan_move(session, officer.code, form.value, services().clock())
    except NoMove:
        return form.refused("to", mark("The officer will be at this office already."))
    except MoveTooEarly as error:
        return form.refused("moves_on", _(TOO_EARLY, day=day_name(error.last)))
    return form
