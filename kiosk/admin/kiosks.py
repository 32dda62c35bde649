"""Kiosks: made known, given to a device by a one-time code, watched, shut out."""

from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.addresses import public_root
from kiosk.admin.kiosk_lines import grouped, kiosk_lines
from kiosk.admin.kiosk_page import counters_of, kiosk_page, known_kiosk, today_in
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, Form, blank, read_form
from kiosk.localisation import _
from kiosk.paging import asked_page, asked_words, cut
from kiosk.portals import Audience, Portal, current_offices, office_in_sight
from kiosk.public.certificate import own_certificate
from kiosk.qr import qr_picture
from shared.db import kiosks as stored
from shared.db.engine import reading
from shared.db.kiosks import KioskFacts
from shared.db.records import ChangedMeanwhile, CodeTaken
from shared.domain.people import Office
from shared.i18n import mark

ONE: Final = "/<id:kiosk_id>"
NAME_TAKEN: Final = mark("This office has a kiosk of this name already. Choose another name.")
NO_SUCH_COUNTER: Final = mark("This office has no open counter like this. Choose one of these.")
OFFICE_CLOSED: Final = mark("This office is closed. Choose another.")
DEVICE_CHANGED: Final = mark(
    "Meanwhile another device was enrolled as this kiosk. Please read again what happens, then decide."
)
kiosks = Portal("kiosks", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/kiosks")


@kiosks.get("")
def index() -> ResponseReturnValue:
    """List the kiosks of all offices with their last contact."""
    words = asked_words()
    with reading(services().engine) as session:
        listed = stored.kiosks_listed(session, current_offices(), words)
    told = kiosk_lines(listed)
    amiss = [line for line in told if line.alarms]
    return render_template(
        "admin/kiosks.html", lines=cut(told, asked_page()), amiss=len(amiss), groups=grouped(amiss), words=words
    )


@kiosks.get("/new")
def new() -> ResponseReturnValue:
    """Ask for the office first, then what is to be known of the kiosk."""
    if "office" in request.args:
        return _new_page(office_in_sight(request.args["office"]), blank())
    seen, known = current_offices(), services().directory.current().offices
    offices = [office for code, office in known.items() if code in seen and not _is_closed(office)]
    if len(offices) == 1:
        return _new_page(offices[0], blank())
    named = sorted((office.name, office.code) for office in offices)
    return render_template("admin/kiosk_office.html", offices=[(code, name) for name, code in named])


@kiosks.post("/new")
def add() -> ResponseReturnValue:
    """Make a kiosk known."""
    office = office_in_sight(request.form.get("office", ""))
    form = read_form(KioskFacts, office=office.code)
    if form.value is not None:
        try:
            with acting() as session:
                kiosk_id = stored.put_kiosk(session, form.value, today_in(office))
            return redirect(url_for("kiosks.show", kiosk_id=kiosk_id))
        except CodeTaken:
            form = form.refused("name", NAME_TAKEN)
        except stored.NoSuchCounter:
            form = form.refused("counter", NO_SUCH_COUNTER)
        except stored.OfficeClosed:
            form = form.with_notice(OFFICE_CLOSED)
    return _new_page(office, form), 400


@kiosks.get(ONE)
def show(kiosk_id: int) -> ResponseReturnValue:
    """Show a kiosk, how it is, and what can be changed about it."""
    kiosk, seen = known_kiosk(kiosk_id)
    return kiosk_page(kiosk, seen)


@kiosks.post(ONE)
def change(kiosk_id: int) -> ResponseReturnValue:
    """Rename a kiosk or move it to another counter of its office."""
    kiosk, seen = known_kiosk(kiosk_id)
    office, seen_before = office_in_sight(kiosk.office), request.form.get("_seen", "")
    form = read_form(KioskFacts, office=office.code)
    if form.value is not None:
        try:
            with acting() as session:
                stored.change_kiosk(session, kiosk_id, form.value, seen_before, today_in(office))
            return redirect(url_for("kiosks.show", kiosk_id=kiosk_id))
        except ChangedMeanwhile:
            return kiosk_page(kiosk, seen, form.with_notice(CHANGED_MEANWHILE)), 409
        except CodeTaken:
            form = form.refused("name", NAME_TAKEN)
        except stored.NoSuchCounter:
            form = form.refused("counter", NO_SUCH_COUNTER)
    return kiosk_page(kiosk, seen_before, form), 400


@kiosks.get(f"{ONE}/invite")
def about_invitation(kiosk_id: int) -> ResponseReturnValue:
    """Say what an invitation does before it is made."""
    return _about("admin/kiosk_invite.html", kiosk_id)


@kiosks.post(f"{ONE}/invite")
def invite(kiosk_id: int) -> ResponseReturnValue:
    """Make a one-time code for a device and show it, once; the device before is shut out."""
    kiosk, _seen = known_kiosk(kiosk_id)
    code, known = stored.new_enrolment_code(), _moment(request.form.get("known", ""))
    try:
        with acting() as session:
            stored.replace_device(session, kiosk_id, code, services().clock(), known)
    except ChangedMeanwhile:
        return _about("admin/kiosk_invite.html", kiosk_id, notice=_(DEVICE_CHANGED)), 409
    address = _address()
    return render_template(
        "admin/kiosk_code.html",
        kiosk=kiosk,
        code=code,
        until=services().clock() + stored.ENROLMENT_LIFETIME,
        address=f"{address}{url_for('touch.shell')}",
        picture=qr_picture(f"{address}{url_for('touch.shell')}#code={code}"),
        only_here=_is_local(address),
        trusted=own_certificate(),
        trust_address=f"{address}{url_for('certificate.show')}",
    )


@kiosks.get(f"{ONE}/revoke")
def about_revoking(kiosk_id: int) -> ResponseReturnValue:
    """Say what happens to the device and to the ratings on it before it is shut out."""
    return _about("admin/kiosk_revoke.html", kiosk_id)


@kiosks.post(f"{ONE}/revoke")
def revoke(kiosk_id: int) -> ResponseReturnValue:
    """Shut a device out."""
    known_kiosk(kiosk_id)
    with acting() as session:
        stored.revoke_kiosk(session, kiosk_id, services().clock())
    return redirect(url_for("kiosks.show", kiosk_id=kiosk_id))


def _is_closed(office: Office) -> bool:
    return office.closed_on is not None and office.closed_on <= today_in(office)


def _new_page(office: Office, form: Form[Any]) -> str:
    return render_template("admin/kiosk_new.html", office=office, form=form, counters=counters_of(office))


def _about(template: str, kiosk_id: int, notice: str = "") -> str:
    (line,) = kiosk_lines([known_kiosk(kiosk_id)[0]])
    return render_template(template, line=line, notice=notice, minutes=stored.ENROLMENT_LIFETIME.seconds // 60)


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _address() -> str:
    """Return the address a device reaches us at: the public one, unless that is this machine's own."""
    here = public_root()
    return services().settings.web_address if _is_local(here) else here


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
