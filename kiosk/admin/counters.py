"""Counters and services of an office: what residents find there."""

from dataclasses import dataclass
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, CODE_TAKEN, IN_USE, Form, blank, filled, read_form
from kiosk.portals import Audience, Portal, office_in_sight
from shared.db import counters as stored
from shared.db.counters import SHAPES, Offer, OfferFacts
from shared.db.engine import reading
from shared.db.records import ChangedMeanwhile, CodeTaken, InUse
from shared.domain.people import Office
from shared.i18n import mark

counters = Portal("counters", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/offices/<office>")


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages of one kind say."""

    heading: str
    add: str
    name_hint: str
    code_hint: str
    empty: str
    other: str


WORDS: Final = {
    Offer.COUNTERS: Words(
        mark("Counters, {office}"),
        mark("Add a counter"),
        mark("As written on its sign, for example Loket 3"),
        mark("Short, and not used by any other counter or officer: residents send it by message. For example DSL3"),
        mark("This office has no counter yet."),
        mark("Services of this office"),
    ),
    Offer.SERVICES: Words(
        mark("Services, {office}"),
        mark("Add a service"),
        mark("As residents know it, for example KTP elektronik"),
        mark("Short, for example KTP"),
        mark("This office has no service yet."),
        mark("Counters of this office"),
    ),
}


@counters.get("/counters", defaults={"kind": "counters"})
@counters.get("/services", defaults={"kind": "services"})
def index(office: str, kind: str) -> ResponseReturnValue:
    """List an office's counters or services, with a form for the next."""
    return _list(Offer(kind), office_in_sight(office), blank())


@counters.post("/counters", defaults={"kind": "counters"})
@counters.post("/services", defaults={"kind": "services"})
def add(office: str, kind: str) -> ResponseReturnValue:
    """Add a counter or service."""
    known, offer = office_in_sight(office), Offer(kind)
    form: Form[OfferFacts] = read_form(SHAPES[offer], office=known.code)
    if form.value is not None:
        try:
            with acting() as session:
                stored.add_offer(session, offer, form.value)
            return redirect(url_for("counters.index", office=office, kind=kind))
        except CodeTaken:
            form = form.refused("code", CODE_TAKEN)
    return _list(offer, known, form), 400


@counters.get("/counters/<code>", defaults={"kind": "counters"})
@counters.get("/services/<code>", defaults={"kind": "services"})
def show(office: str, kind: str, code: str) -> ResponseReturnValue:
    """Show a counter or service."""
    facts, seen = _known(Offer(kind), office_in_sight(office), code)
    return _page(Offer(kind), office_in_sight(office), facts, filled(facts), seen)


@counters.post("/counters/<code>", defaults={"kind": "counters"})
@counters.post("/services/<code>", defaults={"kind": "services"})
def change(office: str, kind: str, code: str) -> ResponseReturnValue:
    """Rename a counter or service, or close it with a date."""
    known, offer = office_in_sight(office), Offer(kind)
    facts, seen = _known(offer, known, code)
    form: Form[OfferFacts] = read_form(SHAPES[offer], office=known.code, code=facts.code)
    if form.value is not None:
        try:
            with acting() as session:
                stored.change_offer(session, offer, form.value, request.form.get("_seen", ""))
            return redirect(url_for("counters.index", office=office, kind=kind))
        except ChangedMeanwhile:
            return _page(offer, known, facts, form.with_notice(CHANGED_MEANWHILE), seen), 409
    return _page(offer, known, facts, form, request.form.get("_seen", "")), 400


@counters.post("/counters/<code>/remove", defaults={"kind": "counters"})
@counters.post("/services/<code>/remove", defaults={"kind": "services"})
def remove(office: str, kind: str, code: str) -> ResponseReturnValue:
    """Remove a counter or service that was never used; one that is gone already is removed."""
    known, offer = office_in_sight(office), Offer(kind)
    try:
        with acting() as session:
            if not stored.remove_offer(session, offer, known.code, code):
                abort(404)
    except InUse:
        facts, seen = _known(offer, known, code)
        return _page(offer, known, facts, filled(facts).with_notice(IN_USE), seen), 409
    return redirect(url_for("counters.index", office=office, kind=kind))


def _known(kind: Offer, office: Office, code: str) -> tuple[OfferFacts, str]:
    with reading(services().engine) as session:
        found = stored.offer_facts(session, kind, office.code, code)
    if found is None:
        abort(404)
    return found


def _list(kind: Offer, office: Office, form: Form[Any]) -> str:
    with reading(services().engine) as session:
        listed = stored.offers_listed(session, kind, office.code)
    return render_template(
        "admin/offers.html", kind=kind.value, words=WORDS[kind], office=office, offers=listed, form=form
    )


def _page(kind: Offer, office: Office, facts: OfferFacts, form: Form[Any], seen: str) -> str:
    return render_template(
        "admin/offer.html", kind=kind.value, words=WORDS[kind], office=office, facts=facts, form=form, seen=seen
    )
