"""Desk cards to print: all of an office, or one."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.portals import Audience, Portal, current_offices
from shared.cards.deck import Card, deck_of
from shared.cards.printing import printed

cards = Portal("cards", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/offices")


@cards.get("/<code>/cards.pdf")
def deck(code: str) -> ResponseReturnValue:
    """Return the cards of an office, or the one of ?officer= or ?counter=; 404 when there is none."""
    office = services().directory.current().offices.get(code) if code in current_offices() else None
    wanted = _wanted(deck_of(office, services())) if office else []
    if not wanted:
        abort(404)
    settings = services().settings
    response = Response(printed(wanted, settings.twilio_number, settings.public_url), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="cards-{code}.pdf"'
    return response


def _wanted(every: list[Card]) -> list[Card]:
    officer, counter = request.args.get("officer"), request.args.get("counter")
    if officer is None and counter is None:
        return every
    return [card for card in every if card.code == (counter if card.of_counter else officer)]
