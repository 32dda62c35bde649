"""People who say that they were asked for money: for the agency, and for auditors, who check that it looks into it.

It is in nobody's comments: auditors may read these counts. Supervisors and officers see nothing of it anywhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kiosk.admin.sections import own_frame
from kiosk.context import services
from kiosk.portals import Audience, Portal, current_offices
from shared.closing import RESTATED_ON
from shared.db.engine import reading
from shared.db.reports import officers_rated, reports_given
from shared.domain.months import Month
from shared.domain.people import Directory
from shared.domain.periods import Period
from shared.privacy import MINIMUM_RATINGS
from shared.reports import FEWEST_OFFICERS, OfficeTold, Reports, named, told_of_offices
from shared.services import Services

YEARS: Final = 3
"""This year, or the last while none of its months is told of, and those before."""
reports = Portal("reports", __name__, audience=Audience.AGENCY, url_prefix="/reports")
reports.context_processor(own_frame)


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
    """Show what was said in the months of a year that are told of, at the offices that the account may see."""
    codes, directory, now = current_offices(), services().directory.current(), services().clock()
    zones = {directory.offices[code].timezone for code in codes}
    latest = max((_last_told(zone, now).year for zone in zones), default=now.year)
    years = [latest - back for back in range(YEARS)]
    asked = request.args.get("year", latest, type=int)
    year = asked if asked in years else latest
    return render_template(
        "leaders/reports.html",
        reports=reports_of(year, codes, services()),
        years=years,
        minimum=MINIMUM_RATINGS,
        fewest_officers=FEWEST_OFFICERS,
        day=RESTATED_ON,
        demo=any(directory.offices[code].demo for code in codes),
    )


def reports_of(year: int, codes: Collection[str], services: Services) -> ReportsOfYear:
    """Return what is told of a year at these offices."""
    directory, now = services.directory.current(), services.clock()
    alike: defaultdict[tuple[ZoneInfo, bool], list[str]] = defaultdict(list)
    for code in codes:
        alike[directory.offices[code].timezone, directory.offices[code].demo].append(code)
    known: list[Reports] = []
    rated: dict[tuple[str, Month], int] = {}
    with reading(services.engine) as session:
        for (zone, demo), offices in alike.items():
            until = _looked_at_last(year, zone, now)
            if demo:  # all of its ratings were recorded at once, when it was planted
                until = dict.fromkeys(until, now + timedelta(days=1))
            for office, officer, month, count in reports_given(session, offices, until):
                known.append(Reports(office, officer, month, count))
                if (office, month) not in rated:
                    most = FEWEST_OFFICERS
                    rated[office, month] = officers_rated(session, office, month, until[month], most)
    return ReportsOfYear(year, _offices(known, rated, directory), _officers(known, directory))


def _offices(
    known: Iterable[Reports], rated: Mapping[tuple[str, Month], int], directory: Directory
) -> list[OfficeLine]:
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


def _last_told(zone: ZoneInfo, now: datetime) -> Month:
    # So many days back, it was the one before the running month.
    return Month.of(now - timedelta(days=RESTATED_ON - 1), zone).plus(-1)


def _looked_at_last(year: int, zone: ZoneInfo, now: datetime) -> dict[Month, datetime]:
    """Return when each month of a year was looked at for the last time, on the clock of an office."""
    told = Period(Month(year, 1), Month(year, 12)).until(_last_told(zone, now))
    following = [(month, month.plus(1)) for month in told.months] if told else []
    return {month: datetime(after.year, after.number, RESTATED_ON, tzinfo=zone) for month, after in following}
