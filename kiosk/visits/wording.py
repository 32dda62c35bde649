"""What is said when nobody can be asked about a visit as it was told, and what is called how."""

from typing import Final

from kiosk.localisation import _, month_name
from kiosk.officer.period import period_name
from shared.db.invitations import Standing
from shared.domain.periods import Period
from shared.domain.visits import VisitProblem, VisitRefused
from shared.i18n import mark

PROBLEMS: Final[dict[VisitProblem, str]] = {
    VisitProblem.MALFORMED: mark("The field “{field}” cannot be read. Correct it and send again."),
    VisitProblem.NOT_A_PHONE: mark("This is not a phone number. Write it like 0812-3456-7890 or +6281234567890."),
    VisitProblem.NO_CONSENT: mark("Nobody is asked who has not agreed. Nothing was kept of this visit."),
    VisitProblem.UNKNOWN_OFFICER: mark("We do not know the officer code “{officer}”."),
    VisitProblem.FOREIGN_OFFICER: mark("The officer “{officer}” does not serve at this office."),
    VisitProblem.UNKNOWN_COUNTER: mark("This office has no counter “{counter}”."),
    VisitProblem.UNKNOWN_SERVICE: mark("This office has no service “{service}”."),
    VisitProblem.OFFICE_CLOSED: mark("The office “{office}” is closed."),
    VisitProblem.SERVED_IN_FUTURE: mark("This visit is still to come. Look at the clock, and at the time zone."),
    VisitProblem.SERVED_TOO_LONG_AGO: mark(
        "This visit was more than seven days ago; who is asked so late no longer remembers."
    ),
}


def worded(refusal: VisitRefused) -> str:
    """Say in the caller's language why nobody is asked."""
    return _(PROBLEMS[refusal.problem], **refusal.facts)


def campaign_period(period: Period) -> str:
    """Name the month or the semester that guardians are asked about."""
    return month_name(period.first) if period.length == 1 else period_name(period)


STANDINGS: Final[dict[Standing, str]] = {
    Standing.COMING: mark("not asked yet"),
    Standing.RUNNING: mark("may answer"),
    Standing.OVER: mark("over"),
    Standing.WITHDRAWN: mark("withdrawn"),
}
"""What an invitation's standing is called."""
