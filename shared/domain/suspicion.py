"""Signs that a month's presses may not be what residents said, short of proof: a review is then raised, for people.

Pure functions over the presses that count, of one officer in one month, in whatever order. A sign never takes a
rating out: it keeps the month from being final until somebody has looked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from math import sqrt
from statistics import fmean, pstdev
from typing import Final
from uuid import UUID

AN_HOUR: Final = timedelta(hours=1)
PRESSES_AN_HOUR: Final = 30
"""A visit at a counter takes longer than two minutes: thirty people in an hour were not served there."""
SHORTEST_RUN: Final = 12
RUN_CHANCE: Final = 0.001
"""A run of one answer is a sign when chance makes one as long in fewer than one month of a thousand."""
REGULAR_GAPS: Final = 12
LONGEST_REGULAR_GAP: Final = timedelta(minutes=15)
REGULAR_SPREAD: Final = 0.2
"""People come irregularly: gaps spread about as much as they are long. A fifth of that is a clock, or a finger."""
FEWEST_TO_COMPARE: Final = 20
KIOSK_DEVIATIONS: Final = 4.0
"""One kiosk differs from the rest by more than four standard errors: by chance in one comparison of 15,000."""


class Suspicion(StrEnum):
    """What looks unlike residents who come one by one."""

    BURST = "burst"
    """thirty or more presses within an hour on one kiosk"""
    ONE_ANSWER = "one_answer"
    """a run of the same answer longer than chance makes it"""
    REGULAR = "regular"
    """presses as regular as a clock"""
    ONE_KIOSK = "one_kiosk"
    """one kiosk says another thing than all others"""


@dataclass(frozen=True, slots=True)
class Press:
    """One press that counts: on which kiosk, when, and what was answered (1 to 4)."""

    rating: UUID
    kiosk: int
    given_at: datetime
    overall: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A suspicion and the presses that show it, all on one kiosk, earliest first."""

    suspicion: Suspicion
    presses: tuple[Press, ...]


def signs(presses: Iterable[Press]) -> list[Sign]:
    """Return what looks suspicious: of each kind the strongest, that with most presses."""
    kiosks: defaultdict[int, list[Press]] = defaultdict(list)
    for press in sorted(presses, key=lambda press: (press.given_at, press.rating)):
        kiosks[press.kiosk].append(press)
    by_kiosk = [kiosks[kiosk] for kiosk in sorted(kiosks)]
    found = {
        Suspicion.BURST: max(map(_burst, by_kiosk), key=len, default=()),
        Suspicion.ONE_ANSWER: max(map(_one_answer, by_kiosk), key=len, default=()),
        Suspicion.REGULAR: max(map(_regular, by_kiosk), key=len, default=()),
        Suspicion.ONE_KIOSK: _one_kiosk(by_kiosk),
    }
    return [Sign(suspicion, tuple(those)) for suspicion, those in found.items() if those]


def _burst(presses: Sequence[Press]) -> Sequence[Press]:
    """Return the presses of the busiest stretch, when there are too many within an hour for one counter.

    Hours that are too busy and overlap are one stretch.
    """
    stretches: list[tuple[int, int]] = []
    first = 0
    for last, press in enumerate(presses):
        while press.given_at - presses[first].given_at >= AN_HOUR:
            first += 1
        if last - first + 1 >= PRESSES_AN_HOUR:
            joins = stretches and first <= stretches[-1][1]
            begin = stretches.pop()[0] if joins else first
            stretches.append((begin, last))
    begin, end = max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=(0, -1))
    return presses[begin : end + 1]


def _one_answer(presses: Sequence[Press]) -> Sequence[Press]:
    """Return the longest run of one answer, when chance would not make it so long.

    Among n presses of which a share p has the answer, a run of L begins at one of n - L + 1 places with p^L each. The
    share is that of the presses outside of the run, with one more of either, so that a run does not explain itself;
    where there are hardly any outside, an officer simply was always given the same.
    """
    run: Sequence[Press] = max(
        (list(those) for _, those in groupby(presses, key=lambda press: press.overall)), key=len, default=()
    )
    length, others = len(run), len(presses) - len(run)
    if min(length, others) < SHORTEST_RUN:
        return ()
    same = sum(press.overall == run[0].overall for press in presses) - length
    chance = (others + 1) * ((same + 1) / (others + 2)) ** length
    return run if chance < RUN_CHANCE else ()


def _regular(presses: Sequence[Press]) -> Sequence[Press]:
    """Return the longest stretch of presses that follow each other like a clock's."""
    gaps = [(after.given_at - before.given_at).total_seconds() for before, after in pairwise(presses)]
    like_a_clock = [_is_even(gaps[start : start + REGULAR_GAPS]) for start in range(len(gaps) - REGULAR_GAPS + 1)]
    longest: Sequence[Press] = ()
    for even, run in groupby(range(len(like_a_clock)), key=like_a_clock.__getitem__):
        starts = list(run)
        stretch = presses[starts[0] : starts[-1] + REGULAR_GAPS + 1]
        if even and len(stretch) > len(longest):
            longest = stretch
    return longest


def _is_even(gaps: Sequence[float]) -> bool:
    return max(gaps) <= LONGEST_REGULAR_GAP.total_seconds() and pstdev(gaps) < REGULAR_SPREAD * fmean(gaps)


def _one_kiosk(kiosks: Sequence[Sequence[Press]]) -> Sequence[Press]:
    """Return the presses of the kiosk that differs from all others by more than chance."""
    everything = [press.overall for one in kiosks for press in one]
    for one in kiosks:
        here = [press.overall for press in one]
        rest_count = len(everything) - len(here)
        if min(len(here), rest_count) < FEWEST_TO_COMPARE:
            continue
        rest = (sum(everything) - sum(here)) / rest_count
        error = pstdev(everything) * sqrt(1 / len(here) + 1 / rest_count)
        if error and abs(fmean(here) - rest) > KIOSK_DEVIATIONS * error:
            return one
    return ()
