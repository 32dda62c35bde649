"""How scores are made, as anyone reads it: every rule with the figures that the code itself goes by."""

from dataclasses import dataclass
from typing import Final

from kiosk.officer.closed import REASONS
from kiosk.review_words import GROUNDS
from shared.closing import RESTATED_ON
from shared.domain.people import Directory
from shared.domain.reviews import Ground
from shared.domain.screening import PRESS_INTERVAL, ROUND_A_POSTING, SetAside
from shared.domain.suspicion import (
    FEWEST_TO_COMPARE,
    KIOSK_DEVIATIONS,
    LONGEST_REGULAR_GAP,
    PRESSES_AN_HOUR,
    REGULAR_GAPS,
    SHORTEST_RUN,
)
from shared.i18n import mark

MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it is called, how it goes with the `facts` filled in, and why, where it does not say so."""

    title: str
    text: str
    facts: dict[str, int]
    why: str | None = None


ASIDE: Final[dict[SetAside, tuple[str, dict[str, int]]]] = {
    SetAside.WITHDRAWN: (
        mark(
            "Somebody who imported a wrong file can take it back as a whole; single ratings only two people can take"
            " out, after a review or an objection."
        ),
        {},
    ),
    SetAside.UNCONFIRMED: (
        mark("They count once somebody else than the person who imported them has looked at them."),
        {},
    ),
    SetAside.STALE: (
        mark("From a screen or by message. Imported forms are exempt: they come in later by their nature."),
        {},
    ),
    SetAside.LATE: (
        mark(
            "Late ratings are taken in once, on day {day} of the following month. After that a month stays as it is."
        ),
        {"day": RESTATED_ON},
    ),
    SetAside.OWN_PHONE: (
        mark(
            "By message or by a link sent to that number, where an office has registered the phones of its officers."
            " Nobody is told so, and how many there are is told from five on. Such a number is kept sealed and else"
            " only used to tell its officer that a score is ready."
        ),
        {},
    ),
    SetAside.REPEAT_PRESS: (
        mark("On the same screen, about the same officer: two people cannot follow each other so fast."),
        {},
    ),
    SetAside.OFF_DUTY: (
        mark(
            "Only on a screen, only when the roster names somebody for that counter on that day, and only when the"
            " person did not choose the officer themselves; {minutes} minutes before and after the time on the roster"
            " are still on duty."
        ),
        {"minutes": ROUND_A_POSTING.seconds // MINUTE},
    ),
    SetAside.SUPERSEDED: (
        mark(
            "By message or by a counter’s link, the same phone about the same officer in the same month: what was"
            " said last counts."
        ),
        {},
    ),
}
SIGNS: Final[dict[Ground, tuple[str, dict[str, int]]]] = {
    Ground.BURST: (
        mark("{presses} or more ratings on one screen within one hour."),
        {"presses": PRESSES_AN_HOUR},
    ),
    Ground.ONE_ANSWER: (
        mark(
            "{row} or more ratings in a row on one screen with the same answer, and at least {row} others there to"
            " compare them with."
        ),
        {"row": SHORTEST_RUN},
    ),
    Ground.REGULAR: (
        mark(
            "{presses} or more ratings on one screen, each within {minutes} minutes of the one before, at times that"
            " hardly vary."
        ),
        {"presses": REGULAR_GAPS + 1, "minutes": LONGEST_REGULAR_GAP.seconds // MINUTE},
    ),
    Ground.ONE_KIOSK: (
        mark(
            "The average on one screen is more than {errors} standard errors away from that of the others, with at"
            " least {ratings} ratings on either side."
        ),
        {"errors": int(KIOSK_DEVIATIONS), "ratings": FEWEST_TO_COMPARE},
    ),
}


def set_aside_rules() -> list[Rule]:
    """Return why a rating may not count, in the order in which reasons are named."""
    return [Rule(REASONS[reason], *ASIDE[reason]) for reason in SetAside]


def review_rules() -> list[Rule]:
    """Return which signs make people look into a month."""
    return [Rule(GROUNDS[ground].title, *rule, GROUNDS[ground].why) for ground, rule in SIGNS.items()]


def unusual_intervals(directory: Directory) -> list[tuple[str, str, int]]:
    """Return (office, kiosk, seconds) of every kiosk in use whose interval is not the usual one, by office."""
    kiosks = {kiosk.id: kiosk for kiosk in directory.kiosks.values()}.values()
    return sorted(
        (directory.offices[kiosk.office].name, kiosk.name, kiosk.press_interval)
        for kiosk in kiosks
        if kiosk.press_interval != PRESS_INTERVAL.seconds
    )
