"""What administration does with a kiosk from afar: set it, give it another PIN, let it load its screen anew."""

from datetime import UTC
from typing import Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from kiosk.acting import acting
from kiosk.admin.kiosk_page import kiosk_page, known_kiosk
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, read_form
from kiosk.localisation import _
from kiosk.portals import Audience, Portal
from shared.db.audit import note
from shared.db.kiosk_settings import KioskSettings, change_settings, make_pin
from shared.db.records import ChangedMeanwhile
from shared.domain.months import Month
from shared.i18n import mark
from shared.kiosk_commands import ask_to_reload
from shared.standings import CHANGES_FOR

NOT_NOW: Final = mark("This is not possible at the moment: the message store does not answer. Please try again soon.")
kiosk_settings = Portal(
    "kiosk_settings", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/kiosks/<id:kiosk_id>"
)


@kiosk_settings.post("/settings")
def change(kiosk_id: int) -> ResponseReturnValue:
    """Set a kiosk's press interval and how long it waits for somebody who has stopped touching it."""
    kiosk, seen = known_kiosk(kiosk_id)
    form, seen_before = read_form(KioskSettings), request.form.get("_settings_seen", "")
    if form.value is None:
        return kiosk_page(kiosk, seen, settings=form, settings_seen=seen_before), 400
    since = Month.of(services().clock() - CHANGES_FOR, UTC)
    try:
        with acting() as session:
            change_settings(session, kiosk_id, form.value, seen_before, since)
    except ChangedMeanwhile:
        return kiosk_page(kiosk, seen, settings=form.with_notice(CHANGED_MEANWHILE)), 409
    return redirect(url_for("kiosks.show", kiosk_id=kiosk_id))


@kiosk_settings.post("/pin")
def new_pin(kiosk_id: int) -> ResponseReturnValue:
    """Make another PIN for the technician's page on the device."""
    known_kiosk(kiosk_id)
    with acting() as session:
        make_pin(session, kiosk_id)
    return redirect(url_for("kiosks.show", kiosk_id=kiosk_id))


@kiosk_settings.post("/reload")
def reload_screen(kiosk_id: int) -> ResponseReturnValue:
    """Ask a kiosk to load its screen anew; pressed twice it is asked once."""
    kiosk, seen = known_kiosk(kiosk_id)
    try:
        with acting() as session:
            if kiosk.in_use and ask_to_reload(services().redis, kiosk_id, services().clock()):
                note(session, "reload_asked", "kiosk", str(kiosk_id))
    except RedisError:
        return kiosk_page(kiosk, seen, notice=_(NOT_NOW)), 503
    return redirect(url_for("kiosks.show", kiosk_id=kiosk_id))
