"""Wishes to be answered: an office reads what people wrote for it, and answers each with one message."""

from typing import Annotated, Any, Final
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from kiosk.acting import acting
from kiosk.context import services
from kiosk.forms import Form, blank, read_form
from kiosk.localisation import whole
from kiosk.portals import Audience, Portal, office_in_sight
from shared.db.engine import reading
from shared.domain.people import Office
from shared.i18n import mark
from shared.wishes import AnswerHoldsNumber, AnswerTooLong, answer, open_wishes, room_of

LONGEST: Final = 500
"""Of what may be sent here at all; a message takes less, and says so."""
TOO_LONG: Final = mark("One message holds {most} letters. Please say it more briefly.")
NO_NUMBERS: Final = mark("Please leave out telephone numbers and mail addresses.")
wishes = Portal("wishes", __name__, audience=Audience.LEADERS, url_prefix="/wishes")


class Answered(BaseModel):
    """An answer as it was typed."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    answer: Annotated[str, Field(min_length=1, max_length=LONGEST)]


@wishes.get("/<office>")
def show(office: str) -> ResponseReturnValue:
    """List what people wrote for an office who want an answer: the words and the day, never whose they are."""
    return _page(office_in_sight(office))


@wishes.post("/<office>/<uuid:wish>")
def reply(office: str, wish: UUID) -> ResponseReturnValue:
    """Answer one of them by a message; once that has left, nothing of the wish is kept."""
    place = office_in_sight(office)
    form = read_form(Answered)
    if form.value is None:
        return _page(place, wish, form), 400
    try:
        with acting() as session:
            known = answer(wish, place, form.value.answer, session, services())
    except AnswerTooLong as error:
        return _page(place, wish, form.refused("answer", TOO_LONG, most=whole(error.most))), 400
    except AnswerHoldsNumber:
        return _page(place, wish, form.refused("answer", NO_NUMBERS)), 400
    if not known:
        return _page(place, gone=True), 404
    return redirect(url_for("wishes.show", office=place.code))


def _page(office: Office, wish: UUID | None = None, form: Form[Any] | None = None, *, gone: bool = False) -> str:
    with reading(services().engine) as session:
        found = open_wishes(session, office.code, services())
    forms = {one.id: form if form and one.id == wish else blank() for one in found}
    return render_template(
        "visits/wishes.html", office=office, wishes=found, forms=forms, room=room_of(office), gone=gone
    )
