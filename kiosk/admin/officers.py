"""Officers: found, added, changed; their photos and moves have files of their own."""

from collections.abc import Mapping
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin.officer_page import known_officer, officer_page, offices_to_choose
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, CODE_TAKEN, PROBLEMS, Form, blank, filled, read_form
from kiosk.paging import asked_page, cut, having, sought_text
from kiosk.portals import Audience, Portal, current_offices
from shared.db import officers as stored
from shared.db.engine import reading
from shared.db.officers import NipTaken
from shared.db.records import ChangedMeanwhile, CodeTaken, InUse
from shared.domain.facts import OfficerFacts
from shared.domain.nip import is_meant_as_nip, is_nip, parse_nip
from shared.i18n import mark
from shared.nips import nips
from shared.phones import Phones
from shared.sealing import Sealer

NIP_NOTICES: Final = {
    "unknown": mark("No officer has this NIP. Please check it: a NIP or NI PPPK has 18 digits."),
    "address": mark("A NIP must not be part of an address. Write it in the field below and press the button."),
}
NIP_TAKEN = mark("Another officer has this NIP already. Please check both.")
REMOVAL_REFUSED = mark(
    "There are ratings, postings, moves or an account of this officer, so they cannot be removed. Note below from"
    " which day they no longer serve; what was recorded stays."
)

officers = Portal("officers", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/officers")


@officers.get("")
def index() -> ResponseReturnValue:
    """List the officers of all offices, or of one, a page at a time; a NIP is not asked for in an address."""
    words, office = _sought(request.args)
    if is_meant_as_nip(words):
        return redirect(url_for("officers.index", office=office or None, nip="address"))
    directory = services().directory.current()
    within = _within(office)
    serving = [officer for officer in directory.officers.values() if officer.office in within]
    page = cut(having(words, serving, lambda officer: f"{officer.name} {officer.code}"), asked_page())
    with reading(services().engine) as session:
        codes = [officer.code for officer in page.lines]
        listed = stored.officers_listed(session, codes, nips(services().settings))
    named = ((code, directory.offices[code].name) for code in current_offices())
    return render_template(
        "admin/officers.html",
        listed=listed,
        page=page,
        words=words,
        office=office,
        nip_notice=NIP_NOTICES.get(request.args.get("nip", "")),
        offices=sorted(named, key=lambda option: option[1]),
    )


@officers.post("/find")
def find() -> ResponseReturnValue:
    """Lead to the officer with this NIP, or to those with this name or code."""
    words, office = _sought(request.form)
    if not is_meant_as_nip(words):
        return redirect(url_for("officers.index", words=words or None, office=office or None))
    code = _officer_with_nip(words, office) if is_nip(words) else None
    if code is None:
        return redirect(url_for("officers.index", office=office or None, nip="unknown"))
    return redirect(url_for("officers.show", code=code))


@officers.get("/new")
def new() -> ResponseReturnValue:
    """Ask what is to be known of a new officer."""
    return _new_page(blank(office=request.args.get("office", "")))


@officers.post("/new")
def add() -> ResponseReturnValue:
    """Add an officer."""
    form = read_form(OfficerFacts)
    if form.value is not None and form.value.office not in current_offices():
        form = form.refused("office", PROBLEMS["enum"])
    if form.value is not None:
        try:
            with acting() as session:
                stored.add_officer(session, form.value, *_sealers())
            return redirect(url_for("officers.show", code=form.value.code))
        except CodeTaken:
            form = form.refused("code", CODE_TAKEN)
        except NipTaken:
            form = form.refused("nip", NIP_TAKEN)
    return _new_page(form), 400


@officers.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show what is known of an officer."""
    facts, seen = known_officer(code)
    return officer_page(facts, seen, form=filled(facts))


@officers.post("/<code>")
def change(code: str) -> ResponseReturnValue:
    """Change an officer's name, NIP, own phone or last day."""
    facts, seen = known_officer(code)
    form = read_form(OfficerFacts, code=facts.code, office=facts.office)
    if form.value is not None:
        try:
            with acting() as session:
                stored.change_officer(session, form.value, request.form.get("_seen", ""), *_sealers())
            return redirect(url_for("officers.show", code=code))
        except ChangedMeanwhile:
            return officer_page(facts, seen, form=form.with_notice(CHANGED_MEANWHILE)), 409
        except NipTaken:
            form = form.refused("nip", NIP_TAKEN)
    return officer_page(facts, request.form.get("_seen", ""), form=form), 400


@officers.post("/<code>/remove")
def remove(code: str) -> ResponseReturnValue:
    """Remove an officer who was entered by mistake and never served; one who is gone already is removed."""
    try:
        with acting() as session:
            if not stored.remove_officer(session, code, current_offices()):
                abort(404)
    except InUse:
        facts, seen = known_officer(code)
        return officer_page(facts, seen, form=filled(facts).with_notice(REMOVAL_REFUSED)), 409
    return redirect(url_for("officers.index"))


def _sealers() -> tuple[Sealer, Phones]:
    return nips(services().settings), Phones.of(services().settings)


def _sought(given: Mapping[str, str]) -> tuple[str, str]:
    words = sought_text(given.get("words", ""))
    office = given.get("office", "")
    if office and office not in current_offices():
        abort(404)
    return words, office


def _within(office: str) -> frozenset[str]:
    return frozenset({office}) if office else current_offices()


def _officer_with_nip(words: str, office: str) -> str | None:
    with reading(services().engine) as session:
        return stored.officer_with_nip(session, parse_nip(words), _within(office), nips(services().settings))


def _new_page(form: Form[Any]) -> str:
    return render_template("admin/new_officer.html", form=form, offices=offices_to_choose())
