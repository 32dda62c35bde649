"""Links for kiosks: the stable one of their counter, and a one-time link for the person who stands there."""

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict

from kiosk.context import services
from kiosk.errors import problem, refusal_detail
from kiosk.link.gate import wait_of_kiosk
from kiosk.link.pictures import counter_of, pictured
from kiosk.localisation import _
from kiosk.portals import Audience, Portal, current_kiosk
from kiosk.touch.parsing import parse_body
from shared.domain.errors import IntakeRefused, RefusalCode
from shared.domain.ratings import Code
from shared.i18n import DEFAULT_LANGUAGE, Language, mark
from shared.links import LASTS, Links, VisitLink, new_visit, reaches_phones, visit_address

NO_ADDRESS = mark("No phone can reach this installation. Set PUBLIC_URL, or let it listen on the network.")

offers = Portal("offers", __name__, audience=Audience.DEVICE, url_prefix="/api/kiosk")


class Wish(BaseModel):
    """Whose service the person at the screen wants to rate on their phone, and in which language."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    officer: Code
    language: Language = DEFAULT_LANGUAGE


@offers.post("/link")
def one_time_link() -> ResponseReturnValue:
    """Hand out a link for one visit; nothing is kept of it."""
    wish, kiosk, now = parse_body(request, Wish), current_kiosk(), services().clock()
    wait = wait_of_kiosk(kiosk)
    if wait:
        return _too_fast(wait)
    root = services().settings.web_address
    if not reaches_phones(root):
        return problem(409, code="no_public_address", detail=_(NO_ADDRESS))
    offered = services().directory.current().offered(now)
    officer = offered.officers.get(wish.officer)
    if officer is None or kiosk.office not in officer.offices:
        code = RefusalCode.FOREIGN_OFFICER if officer else RefusalCode.UNKNOWN_OFFICER
        detail = refusal_detail(IntakeRefused(code, officer=wish.officer), wish.language)
        return problem(422, code=code.value, detail=detail)
    visit = VisitLink(new_visit(), kiosk.office, officer.code, now + LASTS, counter_of(kiosk, offered), kiosk.id)
    address = visit_address(root, Links(str(current_app.secret_key)).token(visit), wish.language)
    return jsonify(pictured(address) | {"until": visit.until.isoformat()}), 201


def _too_fast(wait: float) -> Response:
    response = problem(429)
    response.headers["Retry-After"] = str(max(1, round(wait)))
    return response
