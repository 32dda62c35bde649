"""The survey of an office (SKM), for those who answer for it and for auditors; the login says for which offices."""

from datetime import date
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.admin.sections import own_frame
from kiosk.context import services
from kiosk.leaders import skm_words as words_for
from kiosk.leaders.skm import Calendar, calendar_of, survey_over
from kiosk.localisation import _, current_language, month_name
from kiosk.paging import asked_page, asked_words, cut, having
from kiosk.portals import Audience, Portal, current_account, current_offices, office_in_sight
from shared.closing import CLOSES_ON
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.skm import GRADE_FLOORS
from shared.i18n import mark
from shared.wording import ELEMENTS, element_names

NOT_OFFERED: Final = mark("Choose one of these.")
TURNED_ROUND: Final = mark("The last month is before the first.")
QUARTER, SEMESTER, YEAR = 3, 6, 12
skm = Portal("skm", __name__, audience=Audience.OVERSIGHT, url_prefix="/skm")
skm.context_processor(own_frame)


@skm.get("")
def index() -> ResponseReturnValue:
    """Lead a supervisor to their office; list the offices for others."""
    own = current_account().office_code
    if own:
        return redirect(url_for("skm.show", office=own))
    directory, words = services().directory.current(), asked_words()
    offices = sorted((directory.offices[code] for code in current_offices()), key=lambda one: one.name.casefold())
    found = having(words, offices, lambda office: f"{office.name} {office.code}")
    return render_template("skm/offices.html", offices=cut(found, asked_page()), words=words)


@skm.get("/<office>")
def show(office: str) -> ResponseReturnValue:
    """Show what the survey of one office says over a period; an office that is not theirs does not exist."""
    place = office_in_sight(office)
    calendar = calendar_of(place, services())
    asked, errors = _asked(calendar)
    closed = None if errors else asked.until(calendar.closed)
    page = render_template(
        "skm/survey.html",
        office=place,
        calendar=calendar,
        asked=asked,
        typed={"from": asked.first, "to": asked.last, **request.args.to_dict()},
        errors=errors,
        months=[(str(month), month_name(month)) for month in calendar.months],
        shortcuts=_shortcuts(calendar),
        survey=survey_over(place, closed, calendar, services()) if closed else None,
        open_months=_open_months(asked, calendar),
        opens_on=_opens_on(asked.last),
        names=element_names(current_language()),
        questions={element.code: element.question for element in ELEMENTS},
        floors=GRADE_FLOORS,
        grade_words=words_for.GRADES,
        trait_names=words_for.TRAIT_NAMES,
        groups_of=words_for.groups_of,
        period_name=words_for.period_name,
    )
    return page, 400 if errors else 200


def _asked(calendar: Calendar) -> tuple[Period, dict[str, str]]:
    """Return the period that the address asks for, or this year; and what is wrong with what it asks."""
    offered = {str(month): month for month in calendar.months}
    asked = {name: request.args.get(name) for name in ("from", "to")}
    wrong = {name: _(NOT_OFFERED) for name, written in asked.items() if written and written not in offered}
    first = offered.get(asked["from"] or "", calendar.year.first)
    last = offered.get(asked["to"] or "", max(calendar.running, first))
    if last < first:
        return calendar.year, {**wrong, "to": _(TURNED_ROUND)}
    return (calendar.year if wrong else Period(first, last)), wrong


def _shortcuts(calendar: Calendar) -> list[tuple[str, Period]]:
    running = calendar.running
    named = [
        (_("This quarter"), Period.around(running, QUARTER)),
        (_("This semester"), Period.around(running, SEMESTER)),
        (_("This year"), Period.around(running, YEAR)),
        (_("Last year"), Period.around(running.plus(-YEAR), YEAR)),
    ]
    offered = [(name, period.until(running)) for name, period in named if period.first >= calendar.first]
    return [(name, period) for name, period in offered if period]


def _open_months(asked: Period, calendar: Calendar) -> Period | None:
    first = max(asked.first, calendar.closed.plus(1))
    return Period(first, asked.last) if first <= asked.last else None


def _opens_on(month: Month) -> date:
    following = month.plus(1)
    return date(following.year, following.number, CLOSES_ON)
