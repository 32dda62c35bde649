"""Method m1 against a truth that is known because it was drawn: does an interval cover what it promises?

Officers' true means are spread as the method's prior has it (an intraclass correlation of 6 %), numbers of ratings
as at real counters: many officers with few, few with many. Seeds are fixed.
"""

from bisect import bisect
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import exp
from random import Random
from statistics import median

import pytest

from shared.domain.m1 import OfficerMonth, Parameters, score
from shared.domain.ratings import Channel
from shared.domain.results import GroupMonths
from shared.domain.scoring import Tally, raw_index

MONTH = "2026-11"
USUAL = 3.3
SPREAD = 0.027**0.5
BASE = (0.02, 0.05, 0.54, 0.39)
"""Shares of the answers 1-4 of a usual officer: mean 3.30, variance 0.45."""


@dataclass(frozen=True)
class Drawn:
    """An officer whose true mean is known."""

    true_mean: float
    row: OfficerMonth


@lru_cache
def shares(mean_in_thousandths: int) -> list[float]:
    """Return the running sums of the shares of answers 1-4 with this mean: BASE, tilted."""
    low, high = -8.0, 8.0
    for _ in range(60):
        tilt = (low + high) / 2
        weights = [share * exp(tilt * answer) for answer, share in enumerate(BASE, start=1)]
        mean = sum(answer * weight for answer, weight in enumerate(weights, start=1)) / sum(weights)
        low, high = (tilt, high) if mean < mean_in_thousandths / 1000 else (low, tilt)
    return [part / sum(weights) for part in accumulate(weights)]


def answers(mean: float, count: int, chance: Random) -> Tally:
    running = shares(round(min(3.95, max(1.5, mean)) * 1000))
    given = [0, 0, 0, 0]
    for _ in range(count):
        given[min(3, bisect(running, chance.random()))] += 1
    return Tally.of(given)


def an_officer(name: str, chance: Random, offset: float = 0.0) -> Drawn:
    true_mean = min(3.9, max(1.6, chance.gauss(USUAL, SPREAD)))
    count = max(1, round(chance.lognormvariate(3.3, 0.8)))
    channels = {Channel.KIOSK: answers(true_mean, count, chance)}
    if offset:
        channels[Channel.SMS] = answers(true_mean + offset, max(1, count // 2), chance)
    return Drawn(true_mean, OfficerMonth(name, MONTH, channels))


def groups_of(size: int, times: int, seed: int, offset: float = 0.0) -> list[list[Drawn]]:
    chance = Random(seed)
    return [[an_officer(f"{n:03}", chance, offset) for n in range(size)] for _ in range(times)]


def scored_with(group: list[Drawn]) -> Parameters:
    return GroupMonths((drawn.row for drawn in group), MONTH).parameters


@pytest.mark.parametrize(("size", "times"), [(1, 4000), (4, 1000), (12, 350), (200, 20)])
def test_ninety_percent_intervals_cover_ninety_percent(size: int, times: int) -> None:
    covered = []
    for group in groups_of(size, times, seed=size):
        parameters = scored_with(group)
        for drawn in group:
            found = score(drawn.row.channels, parameters, parameters.level)
            if found.low is not None and found.high is not None:
                covered.append(found.low <= 2500 * drawn.true_mean <= found.high)
    assert 0.87 <= sum(covered) / len(covered) <= 0.92


@pytest.mark.parametrize("offset", [-0.4, -0.1, 0.2])
def test_a_channels_offset_is_found_within_two_standard_errors(offset: float) -> None:
    (group,) = groups_of(200, 1, seed=7, offset=offset)
    found = scored_with(group).offsets[Channel.SMS]
    assert abs(found.delta - offset) <= 2 * found.error
    assert found.error < 0.03, "with so many ratings it is well known"


def test_the_bottom_tenth_is_seldom_really_above_the_middle() -> None:
    wrong = {"index": 0, "raw": 0}
    for group in groups_of(200, 40, seed=3):
        parameters, middle = scored_with(group), median(drawn.true_mean for drawn in group)
        by_index = sorted(group, key=lambda drawn: score(drawn.row.channels, parameters, parameters.level).index or 0)
        by_raw = sorted(group, key=lambda drawn: raw_index(drawn.row.channels[Channel.KIOSK]) or 0)
        wrong["index"] += sum(drawn.true_mean > middle for drawn in by_index[:20])
        wrong["raw"] += sum(drawn.true_mean > middle for drawn in by_raw[:20])
    assert wrong["index"] / (40 * 20) <= 0.04 < wrong["raw"] / (40 * 20)
