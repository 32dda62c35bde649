"""People who say that they were asked for money: for the agency, and for auditors, who check that it looks into it.

It is in nobody's comments: auditors may read these counts. Supervisors and officers see nothing of it anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from kiosk.context import services
from kiosk.portals import Audience, Portal, current_offices, current_role
from shared.db.engine import reading
from shared.db.reports import asked_for_money, officers_rated
from shared.domain.months import Month
from shared.domain.people import Directory
from shared.domain.periods import Period
from shared.privacy import MINIMUM_RATINGS
from shared.reports import FEWEST_OFFICERS, OfficeTold, Reports, named, told_of_offices
from shared.services import Services

YEARS: Final = 3
"""This year, or the last while none of its months is over, and those before."""
reports = Portal("reports", __name__, audience=Audience.AGENCY, url_prefix="/reports")


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office of which there is something to tell."""

    name: str
    code: str
    told: OfficeTold


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer about whom five people or more said so."""

    name: str
    code: str
    office: str


@dataclass(frozen=True, slots=True)
class ReportsOfYear:
    """What is told of one year, in order of name."""

    year: int
    offices: list[OfficeLine]
    officers: list[OfficerLine]


@reports.get("")
def index() -> ResponseReturnValue:
    """Show what was said in the months of a year that are over, at the offices that the account may see."""
    codes = current_offices()
    over = _last_months(codes, services())
    latest = max((month.year for month in over.values()), default=services().clock().year)
    years = [latest - back for back in range(YEARS)]
    asked = request.args.get("year", latest, type=int)
    year = asked if asked in years else latest
    return render_template(
        "leaders/reports.html",
        reports=reports_of(year, over, services()),
        years=years,
        minimum=MINIMUM_RATINGS,
        fewest_officers=FEWEST_OFFICERS,
        demo=any(services().directory.current().offices[code].demo for code in codes),
    )


@reports.context_processor
def _frame() -> dict[str, Any]:
    """Let an auditor keep the sections of administration in sight."""
    administers = current_user.is_authenticated and current_role() in Audience.ADMINISTRATION.roles
    return {"frame": "admin/base.html" if administers else "base.html"}


def reports_of(year: int, over: dict[str, Month], services: Services) -> ReportsOfYear:
    """Return what is told of a year at these offices, each with its last month that is over."""
    period = Period(Month(year, 1), Month(year, 12))
    with reading(services.engine) as session:
        given = asked_for_money(session, over.keys(), period)
        rated = officers_rated(session, over.keys(), period)
    known = [Reports(*one) for one in given]
    known = [one for one in known if one.month <= over[one.office]]
    directory = services.directory.current()
    return ReportsOfYear(year, _offices(known, rated, directory), _officers(known, directory))


def _offices(known: Iterable[Reports], rated: dict[tuple[str, Month], int], directory: Directory) -> list[OfficeLine]:
    lines = [
        OfficeLine(directory.offices[code].name, code, told) for code, told in told_of_offices(known, rated).items()
    ]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.code))


def _officers(known: Iterable[Reports], directory: Directory) -> list[OfficerLine]:
    lines = []
    for code, office in named(known).items():
        officer = directory.officers.get(code)
        lines.append(OfficerLine(officer.name if officer else code, code, directory.offices[office].name))
    return sorted(lines, key=lambda line: (line.name.casefold(), line.code))


def _last_months(codes: frozenset[str], services: Services) -> dict[str, Month]:
    """Return for each office the last month that is over on its own clock."""
    directory, now = services.directory.current(), services.clock()
    return {code: Month.of(now, directory.offices[code].timezone).plus(-1) for code in codes}
