"""Choosing the office first, where an account sees several."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.paging import asked_page, asked_words, cut, having
from kiosk.portals import current_offices


def offices_to_choose(heading: str, lead: str, leads_to: str) -> ResponseReturnValue:
    """List the offices the account may see, each leading to a page of its own; lead straight there when it is one.

    `leads_to` is the endpoint of that page, which takes the office's code; heading and lead are sources of texts.
    """
    known = services().directory.current().offices
    offices = sorted((known[code] for code in current_offices() & known.keys()), key=lambda office: office.name)
    if len(offices) == 1:
        return redirect(url_for(leads_to, office=offices[0].code))
    words = asked_words()
    found = having(words, offices, lambda office: f"{office.name} {office.code}")
    return render_template(
        "offices.html",
        heading=heading,
        lead=lead,
        leads_to=leads_to,
        offices=cut(found, asked_page()),
        words=words,
    )
