"""Regions and offices."""

from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kiosk.acting import acting
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, CODE_TAKEN, IN_USE, Form, blank, filled, read_form
from kiosk.localisation import _
from kiosk.paging import asked_page, asked_words, cut
from kiosk.portals import Audience, Portal, current_offices
from shared.db import offices as stored
from shared.db.engine import reading
from shared.db.records import ChangedMeanwhile, CodeTaken, InUse
from shared.domain.facts import DAYS, OfficeFacts, RegionFacts
from shared.domain.people import OfficeKind
from shared.domain.zones import ABBREVIATIONS
from shared.i18n import mark
from shared.wording import OFFICE_KINDS

ZONE_IN_USE: Final = mark(
    "This office has ratings already, and each was counted into a month of this zone. If the zone was wrong from the"
    " start, close the office and add it again with the right one."
)
GROUP_IN_USE: Final = mark(
    "This office has ratings already, and its officers were compared with those of this kind and region. If it was"
    " wrong from the start, close the office and add it again with the right one."
)

offices = Portal("offices", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/offices")


@offices.get("")
def index() -> ResponseReturnValue:
    """List the offices."""
    return _list(asked_words(), asked_page(), blank())


def _list(words: str, page: int, form: Form[RegionFacts]) -> str:
    with reading(services().engine) as session:
        found = cut(stored.offices_found(session, current_offices(), words), page)
        listed, regions = stored.offices_listed(session, found.lines), stored.regions(session)
    return render_template("admin/offices.html", offices=listed, found=found, regions=regions, words=words, form=form)


@offices.post("/regions")
def add_region() -> ResponseReturnValue:
    """Add a region."""
    form = read_form(RegionFacts)
    if form.value is not None:
        try:
            with acting() as session:
                stored.put_region(session, form.value)
            return redirect(url_for("offices.index"))
        except CodeTaken:
            form = form.refused("code", CODE_TAKEN)
    return _list("", 1, form), 400


@offices.get("/new")
def new() -> ResponseReturnValue:
    """Ask what is to be known of a new office."""
    return _page(blank(region=request.args.get("region", "")), None)


@offices.post("/new")
def add() -> ResponseReturnValue:
    """Add an office."""
    form = read_form(OfficeFacts, opening_hours=_week(request.form))
    if form.value is not None:
        try:
            with acting() as session:
                stored.add_office(session, form.value)
            return redirect(url_for("offices.show", code=form.value.code))
        except CodeTaken:
            form = form.refused("code", CODE_TAKEN)
    return _page(form, None), 400


@offices.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show what is known of an office."""
    facts, seen = _known(code)
    return _page(filled(facts), code, seen)


@offices.post("/<code>")
def change(code: str) -> ResponseReturnValue:
    """Change an office."""
    _facts, seen = _known(code)
    form = read_form(OfficeFacts, code=code, opening_hours=_week(request.form))
    if form.value is not None:
        try:
            with acting() as session:
                stored.change_office(session, form.value, request.form.get("_seen", ""))
            return redirect(url_for("offices.show", code=code))
        except stored.FixedByRatings as fixed:
            form = form.refused(fixed.field, ZONE_IN_USE if fixed.field == "timezone" else GROUP_IN_USE)
        except ChangedMeanwhile:
            return _page(form.with_notice(CHANGED_MEANWHILE), code, seen), 409
    return _page(form, code, request.form.get("_seen", "")), 400


@offices.post("/<code>/remove")
def remove(code: str) -> ResponseReturnValue:
    """Remove an office that was never used."""
    facts, seen = _known(code)
    try:
        with acting() as session:
            stored.remove_office(session, code)
    except InUse:
        return _page(filled(facts).with_notice(IN_USE), code, seen), 409
    return redirect(url_for("offices.index"))


def _known(code: str) -> tuple[OfficeFacts, str]:
    with reading(services().engine) as session:
        found = stored.office_facts(session, code) if code in current_offices() else None
    if found is None:
        abort(404)
    return found


def _page(form: Form[Any], code: str | None, seen: str = "") -> str:
    with reading(services().engine) as session:
        regions = stored.regions(session)
    directory = services().directory.current()
    below = directory.offices_below(code) if code else frozenset()
    parents = [(other.code, other.name) for other in directory.offices.values() if other.code not in below]
    return render_template(
        "admin/office.html",
        form=form,
        code=code,
        seen=seen,
        regions=[(region.code, region.name) for region in regions],
        kinds=[(kind.value, _(OFFICE_KINDS[kind])) for kind in OfficeKind],
        zones=[(name, f"{short} ({name.partition('/')[2]})") for name, short in ABBREVIATIONS.items()],
        parents=sorted(parents, key=lambda option: option[1]),
    )


def _week(typed: MultiDict[str, str]) -> list[list[str]]:
    week = []
    for day in range(DAYS):
        # A browser without clocks of its own lets people write 08.00.
        span = [typed.get(f"{edge}_{day}", "").strip().replace(".", ":") for edge in ("opens", "closes")]
        week.append(span if any(span) else [])
    return week
