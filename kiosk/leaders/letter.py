"""What a leader reads of one office: its officers with their months, and its kiosks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from kiosk.leaders.screens import HeardScreen, screens_heard
from kiosk.paging import Cut, cut, having
from shared.db import review_effects
from shared.db.engine import reading
from shared.db.reviews import waiting
from shared.domain.months import Month
from shared.domain.people import Directory, Office, Officer
from shared.services import Services
from shared.standings import ShownMonth, months_shown_in


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """One officer with the last and the running month; None where there are too few ratings.

    People look into the ratings of the months in `suspected`.
    """

    officer: Officer
    last: ShownMonth | None
    running: ShownMonth | None
    suspected: frozenset[Month]


@dataclass(frozen=True, slots=True)
class OfficeLetter:
    """One office as its leaders may see it; `readable` says of how many officers each month can be read.

    To the last month, `contested` of them object.
    """

    office: Office
    last: Month
    running: Month
    officers: int
    readable: dict[Month, int]
    contested: int
    lines: Cut[OfficerLine]
    screens: list[HeardScreen]
    waiting: int

    @property
    def silent(self) -> int:
        """Return how many kiosks should have been heard of and were not."""
        return sum(heard.silent for heard in self.screens)


def letter_about(office: Office, words: str, page: int, reader: str, services: Services) -> OfficeLetter:
    """Return the letter about an office, with those of its officers who have these words in name or code."""
    now = services.clock()
    running = Month.of(now, office.timezone)
    last = running.plus(-1)
    serving = officers_of([office.code], services.directory.current(), now)[office.code]
    shown = months_shown_in([office.code], [last, running], services)
    with reading(services.engine) as session:
        suspected = review_effects.suspected(session, office.group, last, running)
    lines = [
        OfficerLine(
            officer,
            shown.get((officer.code, str(last))),
            shown.get((officer.code, str(running))),
            frozenset(month for month in (last, running) if (officer.code, str(month)) in suspected),
        )
        for officer in sorted(serving, key=lambda officer: (officer.name.casefold(), officer.code))
    ]
    return OfficeLetter(
        office,
        last,
        running,
        len(serving),
        {
            last: sum(readable(line.last) for line in lines),
            running: sum(readable(line.running) for line in lines),
        },
        sum(line.last is not None and line.last.contested for line in lines),
        cut(having(words, lines, lambda line: f"{line.officer.name} {line.officer.code}"), page),
        screens_heard([office.code], services),
        waiting_in([office.code], reader, services),
    )


def waiting_in(offices: Collection[str], reader: str, services: Services) -> int:
    """Return how many reviews and objections of these offices wait for a word of this reader's."""
    with reading(services.engine) as session:
        return waiting(session, offices, reader)


def readable(shown: ShownMonth | None) -> bool:
    """Say whether there are figures to be read."""
    return shown is not None and shown.tally is not None


def officers_of(offices: Collection[str], directory: Directory, now: datetime) -> dict[str, list[Officer]]:
    """Return the officers of each of these offices who have not left."""
    serving = {}
    for code in offices:
        today, staff = now.astimezone(directory.offices[code].timezone).date(), directory.staff_of(code)
        serving[code] = [officer for officer in staff if officer.left_on is None or today < officer.left_on]
    return serving
