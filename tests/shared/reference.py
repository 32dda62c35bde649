"""A small implementation of the score from the written method alone; the product is checked against it.

Every number is an exact fraction until a square root, so a half is a half and a bound is a bound.
A month is written "2026-11"; a tally is how many answered 1, 2, 3 and 4.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

ADJUSTED = ("sms", "whatsapp", "link", "paper")  # each against the kiosk
FINAL, SHOWN = Fraction("0.70"), Fraction("0.50")
GRADES = (("A", Fraction("88.31")), ("B", Fraction("76.61")), ("C", Fraction("65.00")), ("D", Fraction("25.00")))

Group = tuple[str, str]  # region and kind of office
Channels = dict[str, list[int]]
Delta = dict[str, tuple[Fraction, float]]
People = list[tuple[int, Fraction]]  # n_i and m_i
LateAfter = Mapping[tuple[str, str, str], datetime]


@dataclass(frozen=True)
class Given:
    id: str
    officer: str
    office: str
    channel: str
    overall: int
    given_at: datetime
    accepted_at: datetime
    kiosk: int | None
    counter: str | None
    picked: bool
    rater_key: str | None
    imported: bool = False
    unconfirmed: bool = False
    withdrawn: bool = False
    own_phone: bool = False


@dataclass(frozen=True)
class Posting:
    officer: str
    counter: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Office:
    region: str
    kind: str
    timezone: ZoneInfo


@dataclass(frozen=True)
class World:
    offices: dict[str, Office]
    postings: list[Posting]
    ratings: list[Given]
    intervals: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """An officer's month."""

    group: Group
    channels: Channels
    set_aside: dict[str, int]


Rows = Mapping[tuple[str, str], Row]  # by officer and month


@dataclass(frozen=True)
class Parameters:
    """What a group knows of itself at a month's closing."""

    delta: Delta
    sigma2: Fraction
    df: int
    tau2: Fraction
    k: int
    mu: Fraction | None
    sum_u: Fraction


def month_of(world: World, rating: Given) -> str:
    return f"{rating.given_at.astimezone(world.offices[rating.office].timezone):%Y-%m}"


def in_months(world: World, ratings: Iterable[Given], key: Callable[[Given], Any]) -> list[list[Given]]:
    """The ratings of each key within one officer and month, in order of (given_at, id)."""
    groups = defaultdict(list)
    for rating in sorted(ratings, key=lambda rating: (rating.given_at, rating.id)):
        groups[rating.officer, month_of(world, rating), key(rating)].append(rating)
    return list(groups.values())


def is_stale(rating: Given) -> bool:
    kiosk_or_message = rating.channel in ("kiosk", "sms", "whatsapp")
    return kiosk_or_message and not rating.imported and rating.accepted_at - rating.given_at > timedelta(days=45)


def is_late(world: World, rating: Given, late_after: LateAfter) -> bool:
    office = world.offices[rating.office]
    last = late_after.get((office.region, office.kind, month_of(world, rating)))
    return last is not None and not rating.imported and rating.accepted_at > last


def repeat_presses(world: World) -> set[str]:
    """The presses too soon after the one before, whether or not that one counts."""
    presses = [rating for rating in world.ratings if rating.channel == "kiosk" and rating.kiosk is not None]
    return {
        press.id
        for of_one in in_months(world, presses, lambda press: press.kiosk)
        for before, press in pairwise(of_one)
        if press.given_at - before.given_at < timedelta(seconds=world.intervals.get(press.kiosk or 0, 10))
    }


def is_off_duty(world: World, rating: Given) -> bool:
    if rating.channel != "kiosk" or rating.picked or rating.counter is None:
        return False
    zone, around = world.offices[rating.office].timezone, timedelta(minutes=30)
    date = rating.given_at.astimezone(zone).date()
    midnight, next_midnight = (datetime.combine(day, time(), zone) for day in (date, date + timedelta(days=1)))
    here = [posting for posting in world.postings if posting.counter == rating.counter]
    rostered = any(posting.starts_at < next_midnight and posting.ends_at > midnight for posting in here)
    own = [posting for posting in here if posting.officer == rating.officer]
    return rostered and not any(it.starts_at - around <= rating.given_at <= it.ends_at + around for it in own)


def superseded(world: World, ratings: Iterable[Given]) -> set[str]:
    """All but the latest of one rater about one officer in one month."""
    keyed = [rating for rating in ratings if rating.rater_key is not None]
    return {it.id for of_one in in_months(world, keyed, lambda rating: rating.rater_key) for it in of_one[:-1]}


def screened(world: World, late_after: LateAfter | None = None) -> dict[str, str | None]:
    """Why each rating is set aside, by the first reason that holds; None where it counts."""
    repeated = repeat_presses(world)
    reasons: dict[str, str | None] = {}
    for rating in world.ratings:
        holds = {
            "withdrawn": rating.withdrawn,
            "unconfirmed": rating.unconfirmed,
            "stale": is_stale(rating),
            "late": is_late(world, rating, late_after or {}),
            "own_phone": rating.own_phone,
            "repeat_press": rating.id in repeated,
            "off_duty": is_off_duty(world, rating),
        }
        reasons[rating.id] = next((reason for reason, it in holds.items() if it), None)
    left = [rating for rating in world.ratings if reasons[rating.id] is None]
    return reasons | dict.fromkeys(superseded(world, left), "superseded")


def months_of(world: World, late_after: LateAfter | None = None) -> dict[tuple[str, str], Row]:
    """One row for each officer and month, over all offices they served."""
    reasons = screened(world, late_after)
    months = in_months(world, world.ratings, lambda _: None)
    return {(of_one[0].officer, month_of(world, of_one[0])): row_of(world, of_one, reasons) for of_one in months}


def row_of(world: World, ratings: Sequence[Given], reasons: Mapping[str, str | None]) -> Row:
    channels: Channels = {}
    counted = dict.fromkeys(sorted(rating.office for rating in ratings), 0)
    for rating in ratings:
        if reasons[rating.id] is None:
            counted[rating.office] += 1
            channels.setdefault(rating.channel, [0, 0, 0, 0])[rating.overall - 1] += 1
    most = world.offices[max(counted, key=lambda office: counted[office])]  # of equals, the first by code
    return Row((most.region, most.kind), channels, dict(Counter(filter(None, (reasons[it.id] for it in ratings)))))


def trailing(month: str, length: int) -> list[str]:
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(last - length + 1, last + 1)]


def by_officer(rows: Rows, group: Group, months: Sequence[str]) -> dict[str, Channels]:
    """The group's tallies of these months, summed per officer and channel."""
    officers: dict[str, Channels] = {}
    for (officer, month), row in rows.items():
        if row.group == group and month in months:
            channels = officers.setdefault(officer, {})
            for channel, tally in row.channels.items():
                channels[channel] = added([channels.get(channel, [0, 0, 0, 0]), tally])
    return officers


def added(tallies: Iterable[list[int]]) -> list[int]:
    return [sum(answers) for answers in zip([0, 0, 0, 0], *tallies, strict=True)]


def total(channels: Channels) -> int:
    return sum(map(sum, channels.values()))


def mean(tally: list[int]) -> Fraction:
    return Fraction(sum(answer * n for answer, n in enumerate(tally, 1)), sum(tally))


def weighted(weights: Sequence[Fraction], values: Iterable[Fraction]) -> Fraction:
    return sum((w * value for w, value in zip(weights, values, strict=True)), Fraction(0))


def answer_variance(rows: Iterable[Row]) -> tuple[Fraction, int]:
    """σ² and the degrees of freedom of what is pooled within officer × channel × month."""
    cells = [tally for row in rows for tally in row.channels.values()]
    squares = sum(n * (answer - mean(tally)) ** 2 for tally in cells for answer, n in enumerate(tally, 1))
    df = sum(sum(tally) - 1 for tally in cells)
    return (squares + 50 * Fraction("0.42")) / (df + 50), df


def offset(channel: str, officers: Iterable[Channels], sigma2: Fraction) -> tuple[Fraction, float]:
    """δ_c and its standard error."""
    both = [(channels[channel], channels["kiosk"]) for channels in officers if {channel, "kiosk"} <= channels.keys()]
    w = [Fraction(sum(c) * sum(kiosk), sum(c) + sum(kiosk)) for c, kiosk in both]
    difference = weighted(w, (mean(c) - mean(kiosk) for c, kiosk in both))
    return difference / (sum(w) + 10), math.sqrt(sigma2 / (sum(w) + 10))


def adjusted_mean(channels: Channels, delta: Delta) -> Fraction:
    n = [Fraction(sum(tally)) for tally in channels.values()]
    offsets = (delta[channel][0] if channel in delta else Fraction(0) for channel in channels)
    m = weighted(n, (mean(tally) - d for tally, d in zip(channels.values(), offsets, strict=True))) / sum(n)
    return min(max(m, Fraction(1)), Fraction(4))


def people_of(officers: Mapping[str, Channels], delta: Delta) -> People:
    """The k officers."""
    return [(total(i), adjusted_mean(i, delta)) for i in officers.values() if total(i) >= 5]


def officer_variance(people: People, sigma2: Fraction) -> Fraction:
    """τ², by DerSimonian–Laird, pulled towards its prior guess."""
    k, found = len(people), Fraction(0)
    if k > 1:
        w, m = [n / sigma2 for n, _ in people], [m_i for _, m_i in people]
        centre = weighted(w, m) / sum(w)
        q = weighted(w, ((m_i - centre) ** 2 for m_i in m))
        found = max(found, (q - (k - 1)) / (sum(w) - weighted(w, w) / sum(w)))
    return (k * found + 10 * Fraction("0.027")) / (k + 10)


def centre_of(people: People, sigma2: Fraction, tau2: Fraction) -> tuple[Fraction | None, Fraction]:
    """μ and Σ u."""
    u = [1 / (sigma2 / n + tau2) for n, _ in people]
    sum_u = sum(u, Fraction(0))
    return (weighted(u, (m for _, m in people)) / sum_u if people else None), sum_u


def parameters_of(rows: Rows, group: Group, month: str) -> Parameters:
    six = trailing(month, 6)
    sigma2, df = answer_variance(row for (_, at), row in rows.items() if row.group == group and at in six)
    officers = by_officer(rows, group, six).values()
    delta = {channel: offset(channel, officers, sigma2) for channel in ADJUSTED}
    people = people_of(by_officer(rows, group, [month]), delta)
    tau2 = officer_variance(people, sigma2)
    return Parameters(delta, sigma2, df, tau2, len(people), *centre_of(people, sigma2, tau2))


def reliability(n: int, known: Parameters) -> Fraction:
    """R_i = τ²/(τ² + v_i); nothing without a rating."""
    return known.tau2 / (known.tau2 + known.sigma2 / n) if n else Fraction(0)


def shrunk(channels: Channels, known: Parameters, mu: Fraction, sum_u: Fraction) -> dict[str, str | None]:
    """The index and its 90 % interval."""
    r = reliability(total(channels), known)
    index = 25 * (mu + r * (adjusted_mean(channels, known.delta) - mu))
    half = Fraction(25 * 1.645 * math.sqrt(known.tau2 * (1 - r) + (1 - r) ** 2 / sum_u))
    low, high = max(index - half, Fraction(25)), min(index + half, Fraction(100))
    return {"index": two_decimals(index), "low": two_decimals(low), "high": two_decimals(high)}


def window_of(rows: Rows, officer: str, month: str, known: Parameters) -> dict[str, Any] | None:
    """The first of 3, 6 and 12 trailing months in which the officer reaches R ≥ 0.70."""
    group = rows[officer, month].group
    for months in (3, 6, 12):
        officers = by_officer(rows, group, trailing(month, months))
        n = total(officers[officer])
        mu, sum_u = centre_of(people_of(officers, known.delta), known.sigma2, known.tau2)
        if mu is not None and (r := reliability(n, known)) >= FINAL:
            shown = shrunk(officers[officer], known, mu, sum_u)
            return {"months": months, "count": n, "reliability": float(r)} | shown
    return None


def two_decimals(value: Fraction) -> str:
    hundredths = math.floor(value * 100 + Fraction(1, 2))  # half up
    return f"{hundredths // 100}.{hundredths % 100:02}"


def score(world: World, officer: str, month: str, late_after: LateAfter | None = None) -> dict[str, Any]:
    """The officer's month as `suara score --json` prints it, with the parameters of that month itself."""
    return score_among(months_of(world, late_after), officer, month)


def score_among(rows: Rows, officer: str, month: str) -> dict[str, Any]:
    """The same, of rows already made."""
    row = rows[officer, month]
    known = parameters_of(rows, row.group, month)
    n, tally = total(row.channels), added(row.channels.values())
    r = reliability(n, known) if known.k else None
    status = "insufficient" if r is None or r < SHOWN else "provisional" if r < FINAL else "final"
    is_shown, is_final = status != "insufficient", status == "final"
    nothing: dict[str, str | None] = {"index": None, "low": None, "high": None}
    shown = shrunk(row.channels, known, known.mu, known.sum_u) if known.mu is not None and is_shown else nothing
    index = Fraction(shown["index"] or 0)
    return shown | {
        "count": n,
        "histogram": tally,
        "channels": row.channels,
        "set_aside": row.set_aside,
        "raw_index": two_decimals(25 * mean(tally)) if n else None,
        "reliability": None if r is None else float(r),
        "status": status,
        "window": None if is_final else window_of(rows, officer, month, known),
        "needed": None if is_final else max(0, math.ceil(known.sigma2 / known.tau2 * Fraction(7, 3)) - n),
        "grade": next(grade for grade, least in GRADES if index >= least) if is_final else None,
        "parameters": {
            "delta": {channel: (float(delta), error) for channel, (delta, error) in known.delta.items()},
            "sigma2": float(known.sigma2),
            "df": known.df,
            "tau2": float(known.tau2),
            "k": known.k,
            "mu": None if known.mu is None else float(known.mu),
            "sum_u": float(known.sum_u),
        },
    }
