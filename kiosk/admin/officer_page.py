"""An officer's page in administration: what is known, the photo and the moves, whichever of the three was touched."""

from typing import Any

from flask import abort, render_template

from kiosk.context import services
from kiosk.forms import Form, blank, filled
from kiosk.portals import current_offices
from shared.db.engine import reading
from shared.db.moves import moves_of
from shared.db.officers import officer_facts, registered_phone
from shared.db.people import photo_digest, photo_of
from shared.domain.facts import OfficerFacts
from shared.nips import nips
from shared.phones import Phones


def known_officer(code: str) -> tuple[OfficerFacts, str]:
    """Return what is known of an officer and the mark of having seen it; 404 when not of an office one may see."""
    with reading(services().engine) as session:
        found = officer_facts(session, code, current_offices(), nips(services().settings))
    if found is None:
        abort(404)
    return found


def offices_to_choose() -> list[tuple[str, str]]:
    """Return (code, name) of the offices an officer may come to: those one may see that were not closed."""
    offices = services().directory.current().offices
    open_ones = ((code, offices[code].name) for code in current_offices() if offices[code].closed_on is None)
    return sorted(open_ones, key=lambda option: option[1])


def officer_page(
    facts: OfficerFacts,
    seen: str,
    *,
    form: Form[Any] | None = None,
    move: Form[Any] | None = None,
    photo_error: str = "",
) -> str:
    """Render the page; what is not given is shown as it is stored."""
    with reading(services().engine) as session:
        photo, moves = photo_of(session, facts.code), moves_of(session, facts.code)
        phone = registered_phone(session, facts.code, Phones.of(services().settings))
    last = moves[0] if moves else None
    return render_template(
        "admin/officer.html",
        officer=facts,
        seen=seen,
        form=form or filled(facts),
        move=move or blank(),
        photo=photo_digest(photo) if photo else None,
        photo_error=photo_error,
        phone=phone,
        moves=moves,
        cancellable=last.id if last and not last.done else None,
        offices=services().directory.current().offices,
        offices_to_choose=offices_to_choose(),
    )
