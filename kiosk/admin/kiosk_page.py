"""The page of one kiosk: how it is, what is set on it, and what can be done about it."""

from datetime import date
from typing import Any

from flask import abort, render_template

from kiosk.admin.kiosk_lines import kiosk_lines
from kiosk.context import services
from kiosk.forms import Form, filled
from kiosk.localisation import _
from kiosk.portals import current_offices, office_in_sight
from shared.db import kiosks as stored
from shared.db.engine import reading
from shared.db.kiosk_settings import settings_of
from shared.db.kiosks import KioskFacts, ListedKiosk
from shared.domain.people import Office
from shared.i18n import mark
from shared.kiosk_commands import command_for


def known_kiosk(kiosk_id: int) -> tuple[ListedKiosk, str]:
    """Return a kiosk that the signed-in account may see, and the mark of having seen it; 404 otherwise."""
    with reading(services().engine) as session:
        found = stored.kiosk_of(session, current_offices(), kiosk_id)
    if found is None:
        abort(404)
    return found


def today_in(office: Office) -> date:
    """Return today's date at an office."""
    return services().clock().astimezone(office.timezone).date()


def counters_of(office: Office, kiosk: ListedKiosk | None = None) -> list[tuple[str, str]]:
    """Return (code, name) of the counters a kiosk of this office may be at, with the one where it is."""
    with reading(services().engine) as session:
        counters = stored.open_counters(session, office.code, today_in(office))
    if kiosk and kiosk.counter and kiosk.counter not in dict(counters):
        counters.append((kiosk.counter, _(mark("{counter} (closed)"), counter=kiosk.counter_name)))
    return counters


def kiosk_page(
    kiosk: ListedKiosk,
    seen: str,
    form: Form[Any] | None = None,
    settings: Form[Any] | None = None,
    settings_seen: str = "",
    notice: str = "",
) -> str:
    """Render the page of a kiosk, with a form as it was sent where one was refused."""
    (line,) = kiosk_lines([kiosk])
    with reading(services().engine) as session:
        kept = settings_of(session, kiosk.id)
    return render_template(
        "admin/kiosk.html",
        line=line,
        form=form or filled(KioskFacts(office=kiosk.office, name=kiosk.name, counter=kiosk.counter)),
        seen=seen,
        counters=counters_of(office_in_sight(kiosk.office), kiosk),
        settings=settings or filled(kept.facts),
        settings_seen=settings_seen or kept.seen,
        pin=kept.pin,
        command=command_for(services().redis, kiosk.id),
        notice=notice,
    )
