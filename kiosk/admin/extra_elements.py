"""The questions an office asks beside the nine elements of the regulation."""

from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, CODE_TAKEN, Form, blank, filled, read_form
from kiosk.portals import Audience, Portal, office_in_sight
from shared.db import extra_elements as stored
from shared.db.engine import reading
from shared.db.records import ChangedMeanwhile, CodeTaken, InUse
from shared.domain.facts import LARGEST_POSITION, ExtraElementFacts
from shared.domain.people import Office
from shared.i18n import mark
from shared.imports.rating_rows import COLUMNS
from shared.imports.tables import fold

MOST_ASKED: Final = 10
FIRST_CODE: Final = 10
"""U1 to U9 are the regulation's."""
A_COLUMN: Final = mark("Imported tables have a column of this name already. Choose another code, for example U10.")
ANSWERED: Final = mark(
    "People have answered this, so it cannot be removed. End it with a date instead; what was answered stays."
)

TOO_MANY: Final = mark("An office has at most ten additional elements. End one of them first.")

extra_elements = Portal(
    "extra_elements", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/offices/<office>/elements"
)


@extra_elements.get("")
def index(office: str) -> ResponseReturnValue:
    """List an office's own elements, with a form for the next."""
    return _list(office_in_sight(office))


@extra_elements.post("")
def add(office: str) -> ResponseReturnValue:
    """Add an element."""
    known = office_in_sight(office)
    form = read_form(ExtraElementFacts, office=known.code, ended_on="")
    if fold(form.typed.get("code", "")) in COLUMNS:
        form = form.refused("code", A_COLUMN)
    if form.value is not None:
        try:
            with acting() as session:
                stored.add_extra_element(session, form.value, MOST_ASKED)
            return redirect(url_for("extra_elements.index", office=office))
        except CodeTaken:
            form = form.refused("code", CODE_TAKEN)
        except stored.TooMany:
            form = form.with_notice(TOO_MANY)
    return _list(known, form), 400


@extra_elements.get("/<code>")
def show(office: str, code: str) -> ResponseReturnValue:
    """Show an element."""
    facts, seen = _known(office_in_sight(office), code)
    return _page(office_in_sight(office), facts, filled(facts), seen)


@extra_elements.post("/<code>")
def change(office: str, code: str) -> ResponseReturnValue:
    """Change the words of an element, or end it with a date."""
    known = office_in_sight(office)
    facts, seen = _known(known, code)
    form = read_form(ExtraElementFacts, office=known.code, code=facts.code)
    if form.value is not None:
        try:
            with acting() as session:
                stored.change_extra_element(session, form.value, request.form.get("_seen", ""))
            return redirect(url_for("extra_elements.index", office=office))
        except ChangedMeanwhile:
            return _page(known, facts, form.with_notice(CHANGED_MEANWHILE), seen), 409
    return _page(known, facts, form, request.form.get("_seen", "")), 400


@extra_elements.post("/<code>/remove")
def remove(office: str, code: str) -> ResponseReturnValue:
    """Remove an element that nobody has answered; one that is gone already is removed."""
    known = office_in_sight(office)
    try:
        with acting() as session:
            stored.remove_extra_element(session, known.code, code)
    except InUse:
        facts, seen = _known(known, code)
        return _page(known, facts, filled(facts).with_notice(ANSWERED), seen), 409
    return redirect(url_for("extra_elements.index", office=office))


def _known(office: Office, code: str) -> tuple[ExtraElementFacts, str]:
    with reading(services().engine) as session:
        found = stored.extra_element(session, office.code, code)
    if found is None:
        abort(404)
    return found


def _list(office: Office, form: Form[Any] | None = None) -> str:
    with reading(services().engine) as session:
        listed = stored.extra_elements(session, office.code)
    return render_template(
        "admin/extra_elements.html",
        office=office,
        elements=listed,
        form=form or _next(listed),
        today=services().clock().astimezone(office.timezone).date(),
        last=LARGEST_POSITION,
    )


def _next(listed: list[ExtraElementFacts]) -> Form[Any]:
    """Return a form with the first code and the first place that are free after the others."""
    codes = {element.code for element in listed}
    number = next(number for number in range(FIRST_CODE, FIRST_CODE + len(codes) + 1) if f"U{number}" not in codes)
    after = max((element.position for element in listed), default=0) + 1
    return blank(code=f"U{number}", position=min(after, LARGEST_POSITION))


def _page(office: Office, facts: ExtraElementFacts, form: Form[Any], seen: str) -> str:
    return render_template(
        "admin/extra_element.html", office=office, facts=facts, form=form, seen=seen, last=LARGEST_POSITION
    )
