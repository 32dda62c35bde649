"""Method m1: an officer's index, what is known of its error, and how many ratings are missing.

Pure functions over tallies. The same tallies in any order give the same figures to the last digit: sums are exact
(`math.fsum`) over sorted rows. Answers are on the scale 1-4, indices in hundredths on the scale 25-100.

Sources: partial pooling and reliability n / (n + s2/t2) as in CG-CAHPS and the GMC's patient feedback; t2 by
DerSimonian and Laird (1986), moments.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, fsum, sqrt
from typing import Final

from shared.domain.ratings import Channel
from shared.domain.scoring import Tally
from shared.domain.skm import Grade, grade_of

METHOD: Final = "m1"
FEWEST_OF_LEVEL: Final = 5
"""Officers with fewer ratings have no say in the group's level or spread."""
FINAL_FROM: Final = 0.70
SHOWN_FROM: Final = 0.50
_PULL: Final = 10.0
"""Pulls a scarcely measured channel offset towards none."""
_PRIOR_SIGMA2: Final = 0.42
_PRIOR_FREEDOM: Final = 50
_PRIOR_TAU2: Final = 0.027
_PRIOR_OFFICERS: Final = 10
"""Weak prior guesses: the variance of answers, and an intraclass correlation of 6 %."""
_NINETY_PERCENT: Final = 1.645
_NEEDED_ODDS: Final = 7 / 3
"""R >= 0.70 from n >= 7/3 of s2/t2."""

Channels = Mapping[Channel, Tally]


class Status(StrEnum):
    """How much an index says."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class OfficerMonth:
    """The counted answers of one officer in one month, by channel."""

    officer: str
    month: str
    channels: Channels


@dataclass(frozen=True, slots=True)
class Offset:
    """By how much answers of a channel lie above those of the kiosk, and its standard error, in answer points."""

    delta: float
    error: float


@dataclass(frozen=True, slots=True)
class Level:
    """Where a group stands: its mean in answer points, of how many officers, and the sum of their weights u."""

    mean: float
    officers: int
    weight: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a group's month is scored with; published with it. `level` is None when no officer has five ratings."""

    offsets: Mapping[Channel, Offset]
    sigma2: float
    freedom: int
    tau2: float
    level: Level | None


@dataclass(frozen=True, slots=True)
class Score:
    """What m1 says of one officer: in hundredths; nothing but `needed` where the group has no level.

    `mean` is None when nothing counts any more.
    """

    mean: float | None
    reliability: float | None = None
    index: int | None = None
    low: int | None = None
    high: int | None = None
    status: Status = Status.INSUFFICIENT
    needed: int | None = None

    @property
    def grade(self) -> Grade | None:
        """Return the grade of the rounded index; only a final one has it."""
        return grade_of(self.index) if self.status is Status.FINAL and self.index is not None else None


def parameters_of(rows: Collection[OfficerMonth], totals: Collection[Channels], month: str) -> Parameters:
    """Return what a group is scored with in `month`.

    `rows` are its officers' months up to this one, six at most, in any order; `totals` each officer's sum over them.

    1. s2: pooled within officer, channel and month, drawn a little towards 0.42.
    2. Offsets of the channels against the kiosk, among officers rated through both.
    3. t2: the spread between officers of this month who have five ratings, by moments, drawn towards 0.027.
    4. The level: the mean of those officers, each weighted by how well it is known.
    """
    sigma2, freedom = _sigma2(rows)
    offsets = _offsets(totals, sigma2)
    officers = _of_level((row.channels for row in rows if row.month == month), offsets)
    tau2 = _tau2(officers, sigma2)
    return Parameters(offsets, sigma2, freedom, tau2, _level(officers, sigma2, tau2))


def level_over(window: Collection[Channels], parameters: Parameters) -> Level | None:
    """Return where a group stands over a window of months, each officer's tallies summed over it."""
    return _level(_of_level(window, parameters.offsets), parameters.sigma2, parameters.tau2)


def score(channels: Channels, parameters: Parameters, level: Level | None) -> Score:
    """Return the score of an officer with these counted answers, given what their group is scored with.

    Raises ValueError when there is no answer at all.
    """
    count = count_of(channels)
    mean = adjusted_mean(channels, count, parameters.offsets)
    needed = max(0, ceil(parameters.sigma2 / parameters.tau2 * _NEEDED_ODDS) - count)
    if level is None:
        return Score(mean, needed=needed)
    tau2, reliability = parameters.tau2, reliability_of(count, parameters)
    shrunk = level.mean + reliability * (mean - level.mean)
    error = sqrt(tau2 * (1 - reliability) + (1 - reliability) ** 2 / level.weight)
    status = status_of(reliability)
    return Score(
        mean,
        reliability,
        _hundredths(shrunk),
        _hundredths(max(1.0, shrunk - _NINETY_PERCENT * error)),
        _hundredths(min(4.0, shrunk + _NINETY_PERCENT * error)),
        status,
        None if status is Status.FINAL else needed,
    )


def reliability_of(count: int, parameters: Parameters) -> float:
    """Return R, from 0 to 1: how much of what officers differ by so many answers tell."""
    return parameters.tau2 / (parameters.tau2 + parameters.sigma2 / count)


def status_of(reliability: float) -> Status:
    """Return how much an index of this reliability says."""
    if reliability >= FINAL_FROM:
        return Status.FINAL
    return Status.PROVISIONAL if reliability >= SHOWN_FROM else Status.INSUFFICIENT


def summed(rows: Iterable[OfficerMonth], known: Mapping[str, Channels]) -> dict[str, Channels]:
    """Return officer -> channel -> tally over these months and what is known of others."""
    sums = dict(known)
    for row in rows:
        before = sums.get(row.officer)
        sums[row.officer] = row.channels if before is None else together(before, row.channels)
    return sums


def together(some: Channels, more: Channels) -> Channels:
    """Return both, channel by channel."""
    both = dict(some)
    for channel, tally in more.items():
        both[channel] = both[channel] + tally if channel in both else tally
    return both


def without(channels: Channels, withdrawn: Channels) -> dict[Channel, Tally]:
    """Return what is left of these answers, by channel; a channel of which nothing is left is gone."""
    left = {
        channel: Tally(
            *(max(0, known - gone) for known, gone in zip(tally.counts, withdrawn[channel].counts, strict=True))
        )
        if channel in withdrawn
        else tally
        for channel, tally in channels.items()
    }
    return {channel: tally for channel, tally in left.items() if tally.count}


def count_of(channels: Channels) -> int:
    """Return how many ratings these are, over all channels."""
    count = 0
    for tally in channels.values():  # no sum of a generator: a closing counts a hundred thousand of these
        count += tally.ones + tally.twos + tally.threes + tally.fours
    return count


def adjusted_mean(channels: Channels, count: int, offsets: Mapping[Channel, Offset]) -> float:
    """Return the mean of these `count` answers as if all had been given at the kiosk, within 1 to 4.

    Raises ValueError when there is no answer at all.
    """
    if not count:
        raise ValueError("nobody rated")
    total, shifts = 0, [0.0]
    for channel, tally in channels.items():
        total += tally.total
        if channel in offsets:
            shifts.append(tally.count * offsets[channel].delta)
    mean = (total - fsum(shifts)) / count
    return 1.0 if mean < 1 else 4.0 if mean > 4 else mean


def _sigma2(rows: Iterable[OfficerMonth]) -> tuple[float, int]:
    freedom, within = 0, []
    for row in rows:
        for tally in row.channels.values():
            if count := tally.count:
                freedom += count - 1
                within.append((count * tally.total_of_squares - tally.total**2) / count)
    return (fsum(within) + _PRIOR_FREEDOM * _PRIOR_SIGMA2) / (freedom + _PRIOR_FREEDOM), freedom


def _offsets(totals: Iterable[Channels], sigma2: float) -> dict[Channel, Offset]:
    measured: defaultdict[Channel, list[tuple[float, float]]] = defaultdict(list)
    for channels in totals:
        at_kiosk = channels.get(Channel.KIOSK, Tally())
        for channel, tally in channels.items():
            if channel is not Channel.KIOSK and tally.count:
                measured[channel].append(_difference(tally, at_kiosk))
    offsets = {}
    for channel, differences in sorted(measured.items()):
        weight = fsum(weight for weight, _ in differences) + _PULL
        delta = fsum(weight * difference for weight, difference in differences) / weight
        offsets[channel] = Offset(delta, sqrt(sigma2 / weight))
    return offsets


def _difference(tally: Tally, at_kiosk: Tally) -> tuple[float, float]:
    if not at_kiosk.count:
        return 0.0, 0.0
    weight = tally.count * at_kiosk.count / (tally.count + at_kiosk.count)
    return weight, tally.total / tally.count - at_kiosk.total / at_kiosk.count


def _of_level(window: Iterable[Channels], offsets: Mapping[Channel, Offset]) -> list[tuple[int, float]]:
    counted = ((count_of(channels), channels) for channels in window)
    return [
        (count, adjusted_mean(channels, count, offsets)) for count, channels in counted if count >= FEWEST_OF_LEVEL
    ]


def _tau2(officers: Sequence[tuple[int, float]], sigma2: float) -> float:
    moments = 0.0
    if len(officers) > 1:
        weights = [count / sigma2 for count, _ in officers]
        means = [mean for _, mean in officers]
        total = fsum(weights)
        middle = fsum(weight * mean for weight, mean in zip(weights, means, strict=True)) / total
        spread = fsum(weight * (mean - middle) ** 2 for weight, mean in zip(weights, means, strict=True))
        scale = total - fsum(weight**2 for weight in weights) / total
        moments = max(0.0, (spread - (len(officers) - 1)) / scale)
    return (len(officers) * moments + _PRIOR_OFFICERS * _PRIOR_TAU2) / (len(officers) + _PRIOR_OFFICERS)


def _level(officers: Sequence[tuple[int, float]], sigma2: float, tau2: float) -> Level | None:
    if not officers:
        return None
    weights = [1 / (sigma2 / count + tau2) for count, _ in officers]
    total = fsum(weights)
    mean = fsum(weight * mean for weight, (_, mean) in zip(weights, officers, strict=True)) / total
    return Level(mean, len(officers), total)


def _hundredths(mean: float) -> int:
    # What is exactly half a hundredth must not fall below it by the last bits of a sum.
    return int(2500 * mean + 0.5 + 5e-10)
