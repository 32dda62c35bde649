"""The front desk: write down who agreed to be asked, see how the invitations of the office stand, withdraw one."""

from datetime import date, datetime, time
from typing import Annotated, Any, Final, Literal

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from kiosk.acting import acting, current_actor
from kiosk.admin.sections import own_frame
from kiosk.choosing import offices_to_choose
from kiosk.context import services
from kiosk.forms import PROBLEMS, Form, blank, read_form
from kiosk.localisation import _
from kiosk.paging import LENGTH, Cut, asked_page
from kiosk.portals import Audience, Portal, office_in_sight
from kiosk.visits.wording import STANDINGS, worded
from shared.consent_wording import CONSENT
from shared.db import invitations as stored
from shared.db.audit import note
from shared.db.engine import reading
from shared.db.invitations import Standing
from shared.domain.facts import NOT_A_PHONE, Maybe
from shared.domain.outreach import ConsentSource
from shared.domain.people import Office
from shared.domain.phones import normal_phone, takes_messages
from shared.domain.ratings import Code
from shared.domain.visits import LONGEST_PHONE, NO_CONSENT, Visit, VisitRefused
from shared.domain.zones import zone_name
from shared.i18n import mark
from shared.invitations import Told, invite

LANDLINE: Final = PydanticCustomError("landline", "no message reaches this number")
FIELD_OF: Final = {"served_at": "day"}
"""Where on the form a field of a visit is."""
LEAD: Final = mark("Whoever agrees to it is asked by message how they were served. Choose the office.")
visits = Portal("visits", __name__, audience=Audience.ROSTER, url_prefix="/visits")
visits.context_processor(own_frame)


def _ticked(value: str) -> str:
    if value != "yes":
        raise NO_CONSENT
    return value


def _reached(written: str) -> str:
    phone = normal_phone(written)
    if phone is None:
        raise NOT_A_PHONE
    # At the desk somebody can be asked for another number, which a queue system cannot do.
    if not takes_messages(phone):
        raise LANDLINE
    return phone


class DeskVisit(BaseModel):
    """A visit as it is written down at the desk: the day and the time are the office's own."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    phone: Annotated[str, Field(min_length=1, max_length=LONGEST_PHONE), AfterValidator(_reached)]
    officer: Code
    counter: Annotated[Code | None, Maybe] = None
    day: date
    at: time
    language: Literal["id", "en"]
    consent: Annotated[str, AfterValidator(_ticked)] = Field(default="no", validate_default=True)

    def visit(self, office: Office) -> Visit:
        """Return the visit that is meant; raise ValidationError when its day is outside the calendar."""
        served_at = datetime.combine(self.day, self.at.replace(tzinfo=None), office.timezone)
        told = self.model_dump(include={"phone", "officer", "counter", "language"})
        return Visit(**told, served_at=served_at, consent=True)


@visits.get("")
def index() -> ResponseReturnValue:
    """List the offices the account may see; lead straight to the invitations when it is one."""
    return offices_to_choose(mark("Invitations"), LEAD, "visits.show")


@visits.get("/<office>")
def show(office: str) -> ResponseReturnValue:
    """List the invitations of an office, newest first, as far as their standing tells nothing of an answer."""
    place, now = office_in_sight(office), services().clock()
    asked = request.args.get("standing", "")
    standing = Standing(asked) if asked in set(Standing) else None
    wanted = asked_page()
    with reading(services().engine) as session:
        found, count = stored.listed(session, place.code, now, standing, LENGTH * (wanted - 1), LENGTH)
    last = max(1, -(-count // LENGTH))
    if wanted > last:
        return redirect(url_for("visits.show", office=place.code, standing=standing, page=last))
    return render_template(
        "visits/invitations.html",
        office=place,
        invitations=Cut(found, wanted, last, count),
        standing=standing,
        standings=STANDINGS,
        known=services().directory.current(),
    )


@visits.get("/<office>/new")
def new(office: str) -> ResponseReturnValue:
    """Ask whom to ask about which visit."""
    place = office_in_sight(office)
    local = services().clock().astimezone(place.timezone)
    return _form(place, blank(day=local.date().isoformat(), at=f"{local:%H:%M}", language="id"))


@visits.post("/<office>/new")
def add(office: str) -> ResponseReturnValue:
    """Write a visit down; the answer is the same whether or not the person will be written to."""
    place = office_in_sight(office)
    form = read_form(DeskVisit)
    if form.value is None:
        return _form(place, form), 400
    try:
        visit = form.value.visit(place)
        with acting() as session:
            invite(visit, place, Told(ConsentSource.FRONT_DESK, current_actor().name), session, services())
            note(session, "visit_told", "visit", place.code, after={"officer_code": visit.officer})
    except ValidationError:
        return _form(place, form.refused("day", PROBLEMS["date_parsing"])), 400
    except VisitRefused as refusal:
        return _form(place, _refused(form, refusal)), 400
    return redirect(url_for("visits.show", office=place.code))


@visits.post("/<office>/<uuid:invitation>/withdraw")
def withdraw(office: str, invitation: Any) -> ResponseReturnValue:
    """Withdraw an invitation: its link is dead, and what was not sent yet is not sent."""
    place = office_in_sight(office)
    with acting() as session:
        if not stored.withdraw(session, place.code, invitation, current_actor().name, services().clock()):
            abort(404)
        note(session, "invitation_withdrawn", "invitation", place.code)
    return redirect(url_for("visits.show", office=place.code))


def _refused(form: Form[DeskVisit], refusal: VisitRefused) -> Form[DeskVisit]:
    field = FIELD_OF.get(refusal.field, refusal.field)
    return Form(None, form.typed, {**form.errors, field: worded(refusal)})


def _form(office: Office, form: Form[Any]) -> str:
    offered = services().directory.current().offered(services().clock())
    counters = [counter for counter in offered.counters.values() if counter.office == office.code]
    return render_template(
        "visits/new.html",
        office=office,
        form=form,
        officers=[(officer.code, f"{officer.name} ({officer.code})") for officer in offered.serving_at(office.code)],
        counters=[(counter.code, counter.name) for counter in counters],
        zone=zone_name(office.timezone),
        consent=_(CONSENT),
        longest=LONGEST_PHONE,
    )
