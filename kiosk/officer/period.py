"""An officer's semester or year as they read it: closed months together, with the months they are from."""

from dataclasses import dataclass
from datetime import date

from kiosk.localisation import _
from kiosk.officer.closed import Figures
from kiosk.officer.result import Result
from shared.closing import RESTATED_ON
from shared.domain.m1 import Status
from shared.domain.months import Month
from shared.domain.people import Directory, OfficeKind, Officer
from shared.domain.periods import SEMESTER, YEAR, Period
from shared.services import Services
from shared.standings import ShownMonth, months_shown
from shared.summaries import Summary, summary_of

ROMAN = {1: "I", 2: "II"}


@dataclass(frozen=True, slots=True)
class PeriodLetter:
    """One semester or year of one officer as the page tells it; `months` are those of it that they have."""

    officer: Officer
    office_name: str
    demo: bool
    of_school: bool
    period: Period
    months: list[ShownMonth]
    today: date
    earlier: Period | None
    later: Period | None
    summary: Summary | None

    @property
    def name(self) -> str:
        """Return what the period is called within a sentence."""
        return period_name(self.period) if self.period.length == SEMESTER else _("the year {year}", year=self.period)

    @property
    def result(self) -> Result | None:
        """Return the answers over the period; None where there is nothing to be seen."""
        return Result.of(self.summary.tally) if self.summary else None

    @property
    def figures(self) -> Figures | None:
        """Return the index with its interval; None where ratings are too few to say it."""
        if self.summary is None:
            return None
        score = self.summary.score
        if score.status is Status.INSUFFICIENT or score.index is None or score.low is None or score.high is None:
            return None
        return Figures(score.index, score.low, score.high, self.summary.tally.count)

    @property
    def grade(self) -> str | None:
        """Return the grade; only a final score has one."""
        grade = self.summary.score.grade if self.summary else None
        return grade.value if grade else None

    @property
    def running(self) -> Month:
        """Return the month that is not over yet."""
        return Month(self.today.year, self.today.month)

    @property
    def any_unseen(self) -> bool:
        """Say whether of a month that is over nothing is seen by itself."""
        seen = {shown.month for shown in self.months if shown.tally}
        return any(month < self.running and month not in seen for month in self.period.months)

    @property
    def last_added_on(self) -> date:
        """Return the day on which what arrived late is taken in for the last time."""
        following = self.period.last.plus(1)
        return date(following.year, following.number, RESTATED_ON)

    @property
    def ends(self) -> bool:
        """Say whether that day is still to come; after an import of old ratings a period may grow later."""
        return self.today < self.last_added_on


def period_name(period: Period) -> str:
    """Name a semester or year: "Semester II 2026", "2026"."""
    if period.length != SEMESTER:
        return str(period)
    return _("Semester {number} {year}", number=ROMAN[period.semester], year=period.first.year)


def periods_of(months: list[ShownMonth]) -> list[Period]:
    """Return the semesters and years of these months, the latest first; whether anything is in them or not."""
    found = {Period.around(shown.month, length) for shown in months for length in (SEMESTER, YEAR)}
    return sorted(found, key=lambda period: (period.last, -period.length), reverse=True)


def period_letter(officer: Officer, period: Period, directory: Directory, services: Services) -> PeriodLetter | None:
    """Return the letter about a period; None for one of which the officer has no month and nothing is seen."""
    office, months = directory.offices[officer.office], months_shown(officer, directory, services)
    first, running = months[0].month, months[-1].month
    inside = [shown for shown in months if period.holds(shown.month, shown.month)]
    summary = summary_of(officer, period, directory, services)
    if not inside and summary is None:
        return None
    before, after = period.first.plus(-1), period.last.plus(1)
    return PeriodLetter(
        officer,
        office.name,
        office.demo,
        office.kind is OfficeKind.SCHOOL,
        period,
        inside,
        services.clock().astimezone(office.timezone).date(),
        Period.around(before, period.length) if first <= before else None,
        Period.around(after, period.length) if after <= running else None,
        summary,
    )
