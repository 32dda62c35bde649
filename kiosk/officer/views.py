"""The officer's own page: what residents said, month by month. Whose page it is, the login decides."""

from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import current_actor
from kiosk.context import services
from kiosk.forms import Form, blank, read_form
from kiosk.localisation import month_name
from kiosk.officer.letter import Letter, letter_to
from kiosk.officer.period import PeriodLetter, period_letter, period_name
from kiosk.portals import Audience, Portal, current_officer
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.reviews import ObjectionFacts
from shared.domain.skm import GRADE_FLOORS
from shared.i18n import mark
from shared.reviews import NoSuchComment, NotClosed, ObjectsAlready, TooLate, object_to

OUTSIDE: Final = mark("Choose days in {month}.")
TOO_LATE: Final = mark("The fourteen days for an objection are over.")
officer = Portal("officer", __name__, audience=Audience.OFFICER, url_prefix="/me")


@officer.get("", strict_slashes=False)
def me() -> ResponseReturnValue:
    """Show the month that is running."""
    return _page(_letter(None))


@officer.get("/<written>")
def month(written: str) -> ResponseReturnValue:
    """Show one month, semester or year; one before the officer's first month, or not yet begun, does not exist."""
    period = _period(written)
    return _page(_letter(written)) if period is None else _period_page(period)


@officer.get("/<written>/objection")
def objection(written: str) -> ResponseReturnValue:
    """Show the form for an objection, to a comment where one is named; a month that cannot be objected to leads back
    to itself.
    """
    letter = _letter(written)
    if not letter.questions.may_object:
        return redirect(url_for("officer.month", written=letter.month))
    return _form(letter, blank(comment=request.args.get("comment")))


@officer.post("/<written>/objection")
def object_now(written: str) -> ResponseReturnValue:
    """File an objection; sent twice it is one."""
    letter = _letter(written)
    form = read_form(ObjectionFacts, comment=request.form.get("_comment"))
    if form.value is None:
        return _form(letter, form), 400
    days = form.value.days
    if days and not all(letter.first_day <= day <= letter.last_day for day in days):
        return _form(letter, form.refused("first_day", OUTSIDE, month=month_name(letter.month))), 400
    try:
        object_to(letter.officer, letter.month, form.value, current_actor(), services())
    except TooLate:
        return _form(letter, form.with_notice(TOO_LATE)), 400
    except (NotClosed, NoSuchComment):
        abort(404)
    except ObjectsAlready:
        pass  # the same form, sent twice
    return redirect(url_for("officer.month", written=letter.month, _anchor="questions"))


def _letter(written: str | None) -> Letter:
    try:
        wanted = Month.parse(written) if written else None
    except ValueError:
        abort(404)
    letter = letter_to(current_officer(), wanted, services().directory.current(), services())
    if letter is None:
        abort(404)
    return letter


def _period(written: str) -> PeriodLetter | None:
    """Return the letter about a semester or year; None where something else is written."""
    try:
        wanted = Period.parse(written)
    except ValueError:
        return None
    letter = period_letter(current_officer(), wanted, services().directory.current(), services())
    if letter is None:
        abort(404)
    return letter


def _page(letter: Letter) -> str:
    return render_template("officer/month.html", letter=letter, floors=GRADE_FLOORS, period_name=period_name)


def _period_page(letter: PeriodLetter) -> str:
    return render_template("officer/period.html", letter=letter, floors=GRADE_FLOORS, period_name=period_name)


def _form(letter: Letter, form: Form[Any]) -> str:
    wanted = form.typed.get("comment")
    comment = letter.voices.named_comments.get(wanted) if wanted and letter.voices else None
    if wanted and comment is None:
        abort(404)
    return render_template("officer/objection.html", letter=letter, form=form, comment=comment)
