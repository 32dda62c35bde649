"""What a roster says: whom it offers, and why a posting cannot be, in words and beside the field it is about."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from kiosk.localisation import _, day_name
from kiosk.roster.week import hours, weekday
from shared.db.postings import Skipped
from shared.db.rosters import RosterPosting
from shared.domain.rosters import PostingProblem, PostingRefused, Serving
from shared.i18n import mark

PROBLEMS: Final[dict[PostingProblem, tuple[str, str]]] = {
    PostingProblem.POSTED_ELSEWHERE: (
        "officer",
        mark("{name} is posted already at that time: {counter}, {office}, {when}."),
    ),
    PostingProblem.DOES_NOT_SERVE: ("officer", mark("On that day this officer does not serve at this office.")),
    PostingProblem.HAS_LEFT: ("officer", mark("{name} has left the service, from {day} on.")),
    PostingProblem.NO_SUCH_COUNTER: ("counter", mark("This office has no such counter.")),
    PostingProblem.COUNTER_CLOSED: ("counter", mark("{counter} is closed from {day} on.")),
    PostingProblem.OFFICE_CLOSED: ("day", mark("The office is closed from {day} on.")),
    PostingProblem.NOT_FORWARD: ("until", mark("A posting ends after it has begun. Please check the times.")),
    PostingProblem.TOO_LONG: ("until", mark("A posting lasts 24 hours at most. Make two of it.")),
    PostingProblem.PAST_STAYS: (
        "until",
        mark("Somebody rated this officer during this time, so the record of who was on duty stays as it is."),
    ),
}


def worded(refusal: PostingRefused, timezone: ZoneInfo) -> tuple[str, str]:
    """Return the field that a refusal is about, and what to say there; times as the clocks of `timezone` show."""
    field, text = PROBLEMS[refusal.problem]
    facts = {name: value if isinstance(value, str) else day_name(value) for name, value in _told(refusal, timezone)}
    return field, _(text, **facts)


def skipped_line(skipped: Skipped, timezone: ZoneInfo) -> str:
    """Say which posting of last week was not copied, and why."""
    posting = skipped.posting
    which = f"{posting.officer_name}, {posting.counter_name}, {_when(posting, timezone)}"
    return f"{which}: {worded(skipped.refusal, timezone)[1]}"


def officer_label(officer: Serving) -> str:
    """Name an officer to choose: with the code, and the office they are lent from."""
    label = f"{officer.name} ({officer.code})"
    return label if officer.at_home else f"{label}, {officer.home}"


def _told(refusal: PostingRefused, timezone: ZoneInfo) -> list[tuple[str, Any]]:
    facts = dict(refusal.facts)
    posting: RosterPosting | None = facts.pop("posting", None)
    if posting is not None:
        facts |= {"name": posting.officer_name, "counter": posting.counter_name, "office": posting.office_name}
        facts["when"] = _when(posting, timezone)
    return list(facts.items())


def _when(posting: RosterPosting, timezone: ZoneInfo) -> str:
    return f"{weekday(posting.starts_at.astimezone(timezone).date())}, {hours(posting, timezone)}"
