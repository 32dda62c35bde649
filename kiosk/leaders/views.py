"""The first pages of supervisors and agencies. Which offices they are about, the login decides."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.leaders.letter import letter_about
from kiosk.leaders.survey import survey_of
from kiosk.paging import asked_page, asked_words
from kiosk.portals import Audience, Portal, current_account, current_offices, office_in_sight
from shared.db.engine import reading
from shared.db.leaders import region_name

leaders = Portal("leaders", __name__, audience=Audience.LEADERS, url_prefix="/office")


@leaders.get("")
def overview() -> ResponseReturnValue:
    """Show a supervisor their office, and an agency the offices of its region."""
    own = current_account().office_code
    return _letter(own) if own else _survey()


@leaders.get("/all")
def every() -> ResponseReturnValue:
    """Show all offices that the account may see."""
    return _survey()


@leaders.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show one office; one that the account may not see does not exist."""
    return _letter(code)


def _letter(code: str) -> str:
    words, page = asked_words(), asked_page()
    return render_template(
        "leaders/office.html",
        letter=letter_about(office_in_sight(code), words, page, current_account().username, services()),
        others=len(current_offices()) - 1,
        words=words,
    )


def _survey() -> str:
    words, page = asked_words(), asked_page()
    region, name = current_account().region_code, ""
    if region:
        with reading(services().engine) as session:
            name = region_name(session, region)
    survey = survey_of(current_offices(), words, page, current_account().username, services())
    return render_template("leaders/offices.html", survey=survey, region=name, words=words)
