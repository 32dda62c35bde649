"""The officer's own page: what residents said, month by month. Whose page it is, the login decides."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.officer.letter import letter_to
from kiosk.portals import Audience, Portal, current_officer
from shared.domain.months import Month
from shared.domain.skm import GRADE_FLOORS

officer = Portal("officer", __name__, audience=Audience.OFFICER, url_prefix="/me")


@officer.get("", strict_slashes=False)
def me() -> ResponseReturnValue:
    """Show the month that is running."""
    return _page(None)


@officer.get("/<written>")
def month(written: str) -> ResponseReturnValue:
    """Show one month; one before the officer's first, or not yet begun, does not exist."""
    try:
        return _page(Month.parse(written))
    except ValueError:
        abort(404)


def _page(wanted: Month | None) -> ResponseReturnValue:
    letter = letter_to(current_officer(), wanted, services().directory.current(), services())
    if letter is None:
        abort(404)
    return render_template("officer/month.html", letter=letter, floors=GRADE_FLOORS)
