"""What the officer's page says of one month, worked out from what may be shown."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.officer.closed import ClosedMonth, closed_month
from kiosk.officer.period import periods_of
from kiosk.officer.questions import Questions, questions_about
from kiosk.officer.result import Result
from kiosk.officer.voices import Voices, voices_in
from shared.domain.months import Month
from shared.domain.people import Directory, Officer
from shared.domain.periods import Period
from shared.domain.zones import zone_name
from shared.services import Services
from shared.standings import ShownMonth, months_shown

MONTHS_IN_CHART = 24


@dataclass(frozen=True, slots=True)
class Letter:
    """One month of one officer as the page tells it, with the months around it.

    `closed` is there when the month is closed and may be seen, `emptied` when a decision has left nothing of it.
    """

    officer: Officer
    office_name: str
    demo: bool
    timezone: ZoneInfo
    month: Month
    months: list[ShownMonth]
    result: Result | None
    closed: ClosedMonth | None
    emptied: ClosedMonth | None
    voices: Voices | None
    dark: bool
    questions: Questions

    @property
    def zone(self) -> str:
        """Return what the office's zone is called: WIB, WITA, WIT."""
        return zone_name(self.timezone)

    @property
    def running(self) -> bool:
        """Say whether the month is not over yet."""
        return self.month == self.months[-1].month

    @property
    def first_day(self) -> date:
        """Return the first day whose ratings belong to the month."""
        return date(self.month.year, self.month.number, 1)

    @property
    def last_day(self) -> date:
        """Return the last day whose ratings belong to the month."""
        following = self.month.plus(1)
        return date(following.year, following.number, 1) - timedelta(days=1)

    def day_of(self, when: datetime) -> date:
        """Return which day it was in the office."""
        return when.astimezone(self.timezone).date()

    @property
    def earlier(self) -> Month | None:
        """Return the month before, when the officer has one."""
        return self.month.plus(-1) if self.month > self.months[0].month else None

    @property
    def later(self) -> Month | None:
        """Return the month after, when the officer has one."""
        return None if self.running else self.month.plus(1)

    @property
    def in_chart(self) -> list[ShownMonth]:
        """Return the months that fit a chart, earliest first."""
        return self.months[-MONTHS_IN_CHART:]

    @property
    def periods(self) -> list[Period]:
        """Return the semesters and years there is something to read about, the latest first."""
        return periods_of(self.months)

    @property
    def latest_shown(self) -> Month | None:
        """Return the latest month that has a result, or None when none has."""
        return next((month.month for month in reversed(self.months) if month.tally), None)


def letter_to(officer: Officer, month: Month | None, directory: Directory, services: Services) -> Letter | None:
    """Return the letter about that month, or the current one; None for a month the officer does not have."""
    office = directory.offices[officer.office]
    months = months_shown(officer, directory, services)
    wanted = month or months[-1].month
    found = next((shown for shown in months if shown.month == wanted), None)
    if found is None:
        return None
    result = Result.of(found.tally)
    revision = found.revision
    is_closed = revision is not None or found.emptied
    closed = closed_month(officer.code, wanted, months, office.demo, services) if is_closed else None
    voices = voices_in(revision, services) if revision else None
    questions = questions_about(officer, months, wanted, services)
    return Letter(
        officer,
        office.name,
        office.demo,
        office.timezone,
        wanted,
        months,
        result,
        closed if revision else None,
        closed if found.emptied else None,
        voices,
        found.dark,
        questions,
    )
