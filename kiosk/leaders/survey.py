"""What a leader of several offices reads first: how they stand together, and each in a line."""

from collections import defaultdict
from dataclasses import dataclass

from kiosk.leaders.letter import officers_of, readable, waiting_in
from kiosk.leaders.screens import HeardScreen, screens_heard
from kiosk.paging import Cut, cut, having
from shared.domain.months import Month
from shared.domain.people import Office
from shared.services import Services
from shared.standings import months_shown_in


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office: of how many of its officers the running month can be read, and how its kiosks are."""

    office: Office
    running: Month
    officers: int
    readable: int
    screens: list[HeardScreen]

    @property
    def silent(self) -> int:
        """Return how many kiosks should have been heard of and were not."""
        return sum(heard.silent for heard in self.screens)


@dataclass(frozen=True, slots=True)
class Survey:
    """All offices of a leader."""

    offices: int
    officers: int
    silent: int
    waiting: int
    demo: bool
    lines: Cut[OfficeLine]


def survey_of(codes: frozenset[str], words: str, page: int, reader: str, services: Services) -> Survey:
    """Return how these offices stand, with those in a line that have these words in name or code."""
    directory, now = services.directory.current(), services.clock()
    offices = sorted(
        (directory.offices[code] for code in codes), key=lambda office: (office.name.casefold(), office.code)
    )
    serving = officers_of(codes, directory, now)
    screens: defaultdict[str, list[HeardScreen]] = defaultdict(list)
    for heard in screens_heard(codes, services):
        screens[heard.screen.office].append(heard)
    chosen = cut(having(words, offices, lambda office: f"{office.name} {office.code}"), page)
    running = {office.code: Month.of(now, office.timezone) for office in chosen.lines}
    shown = months_shown_in(list(running), set(running.values()), services)
    lines = [
        OfficeLine(
            office,
            running[office.code],
            len(serving[office.code]),
            sum(readable(shown.get((officer.code, str(running[office.code])))) for officer in serving[office.code]),
            screens[office.code],
        )
        for office in chosen.lines
    ]
    return Survey(
        len(offices),
        sum(map(len, serving.values())),
        sum(heard.silent for several in screens.values() for heard in several),
        waiting_in(codes, reader, services),
        any(office.demo for office in offices),
        Cut(lines, chosen.number, chosen.last, chosen.count),
    )
