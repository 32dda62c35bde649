"""`suara score`: one officer's month, as the operator sees it."""

import json
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from shared import standings
from shared.cli.start import Refused, directory, month, month_name, say
from shared.cli.start import services as read_services
from shared.closing import Assessed, assessed, published_for, recomputed, revisions_of
from shared.domain.m1 import METHOD, Parameters, Score, Status
from shared.domain.months import Month
from shared.domain.people import Directory, Group
from shared.domain.ratings import Channel
from shared.domain.results import Result, Window
from shared.domain.scoring import Tally, index_text, raw_index
from shared.domain.screening import SetAside
from shared.i18n import mark
from shared.services import Services

EXPLAINED = mark(
    "{officer}, {month}: {count} ratings. 1×{ones} + 2×{twos} + 3×{threes} + 4×{fours} = {total};"
    " 25 × {total} ÷ {count} = {index} (rounded half up, once)."
)
DIFFERS = mark(
    "{officer}, {month}: revision {revision} has index {stored} from {count} ratings; its ratings as they are today"
    " give {anew} from {count_anew}."
)
NOT_ENOUGH = mark("Not enough ratings for an index; {needed} more are needed for a final one.")


@dataclass(frozen=True, slots=True)
class Told:
    """An officer's month, closed or open; `parameters` and `estimated_from` are those of the group it belongs to."""

    channels: dict[Channel, Tally]
    set_aside: dict[SetAside, int]
    result: Result | None
    group: Group | None
    parameters: Parameters | None
    estimated_from: Month | None
    revision: int | None

    @property
    def tally(self) -> Tally:
        """Return the answers that count, over all channels."""
        return Tally.all_of(self.channels.values())


def score(
    officer: Annotated[str, typer.Option(help="Code of the officer.")],
    month_text: Annotated[str, typer.Option("--month", help="YYYY-MM")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the arithmetic.")] = False,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="Compare a closed month with its ratings, counted again.")
    ] = False,
) -> None:
    """Print the score of one officer in one month."""
    wanted, code = month(month_text), officer.upper()
    with closing(read_services()) as services:
        known = directory(services)
        if code not in known.officers:
            raise Refused(say(mark("We do not know the officer code “{officer}”."), officer=code))
        if recompute:
            _recompute(code, wanted, services)
            return
        told = _told(code, wanted, known, services)
    if as_json:
        typer.echo(json.dumps({"officer": code, "month": str(wanted), **_as_json(told)}))
    else:
        _tell(code, wanted, told, explain)


def _told(officer: str, wanted: Month, known: Directory, services: Services) -> Told:
    revisions = revisions_of(officer, wanted, services)
    if revisions:
        last = revisions[-1]
        parameters = published_for(last, services).parameters
        channels = dict(last.result.channels)
        return Told(channels, last.set_aside, last.result, last.group, parameters, wanted, last.revision)
    found = standings.score_of(officer, wanted, services)
    if found is None or found.office is None:
        return Told({}, found.set_aside if found else {}, None, None, None, None, None)
    group = known.offices[found.office].group
    open_month: Assessed = assessed(group, wanted, services)
    result = open_month.results[officer]
    return Told(
        found.channels, found.set_aside, result, group, open_month.parameters, open_month.estimated_from, None
    )


def _as_json(told: Told) -> dict[str, Any]:
    raw, found = raw_index(told.tally), told.result
    return {
        "count": told.tally.count,
        "histogram": list(told.tally.counts),
        "channels": {channel.value: list(tally.counts) for channel, tally in sorted(told.channels.items())},
        "set_aside": {reason.value: count for reason, count in sorted(told.set_aside.items())},
        "raw_index": None if raw is None else index_text(raw),
        **_score_as_json(found.score if found else None),
        "window": _window_as_json(found.window) if found and found.window else None,
        "method": METHOD if found else None,
        "revision": told.revision,
        "group": _group_as_json(told),
    }


def _score_as_json(score: Score | None) -> dict[str, Any]:
    if score is None:
        return dict.fromkeys(("index", "low", "high", "reliability", "status", "needed", "grade"))
    return {
        **_figures(score),
        "reliability": score.reliability,
        "status": score.status.value,
        "needed": score.needed,
        "grade": score.grade.value if score.grade else None,
    }


def _figures(score: Score) -> dict[str, str | None]:
    shown = score.status is not Status.INSUFFICIENT
    figures = {"index": score.index, "low": score.low, "high": score.high}
    return {name: index_text(value) if shown and value is not None else None for name, value in figures.items()}


def _window_as_json(window: Window) -> dict[str, Any]:
    known = {"months": window.months, "count": window.count}
    return {**known, **_figures(window.score), "reliability": window.score.reliability}


def _group_as_json(told: Told) -> dict[str, Any] | None:
    parameters = told.parameters
    if told.group is None or parameters is None:
        return None
    level = parameters.level
    return {
        "region": told.group.region,
        "kind": told.group.kind.value,
        "month": str(told.estimated_from),
        "officers": level.officers if level else 0,
        "mean": level.mean if level else None,
        "weight": level.weight if level else None,
        "sigma2": parameters.sigma2,
        "freedom": parameters.freedom,
        "tau2": parameters.tau2,
        "offsets": {
            channel.value: {"delta": offset.delta, "error": offset.error}
            for channel, offset in sorted(parameters.offsets.items())
        },
    }


def _tell(officer: str, wanted: Month, told: Told, explain: bool) -> None:
    facts: dict[str, Any] = {"officer": officer, "month": month_name(wanted)}
    raw = raw_index(told.tally)
    if raw is None:
        typer.echo(say(mark("{officer}, {month}: no ratings."), **facts))
        return
    facts |= {"count": told.tally.count, "index": _written(raw)}
    if explain:
        ones, twos, threes, fours = told.tally.counts
        facts |= {"ones": ones, "twos": twos, "threes": threes, "fours": fours, "total": told.tally.total}
        typer.echo(say(EXPLAINED, **facts))
    else:
        typer.echo(say(mark("{officer}, {month}: raw index {index} from {count} ratings."), **facts))
    if told.result is not None:
        typer.echo(_result_told(told.result.score))


def _result_told(score: Score) -> str:
    if score.status is Status.INSUFFICIENT or score.index is None or score.low is None or score.high is None:
        return say(NOT_ENOUGH, needed=score.needed)
    facts = {"index": _written(score.index), "low": _written(score.low), "high": _written(score.high)}
    if score.grade is not None:
        return say(mark("Index {index} ({low} to {high}), final, grade {grade}."), **facts, grade=score.grade.value)
    if not score.needed:
        return say(mark("Index {index} ({low} to {high}), provisional while somebody looks into the month."), **facts)
    text = mark("Index {index} ({low} to {high}), provisional; {needed} more ratings are needed for a final one.")
    return say(text, **facts, needed=score.needed)


def _recompute(officer: str, wanted: Month, services: Services) -> None:
    revisions = revisions_of(officer, wanted, services)
    facts: dict[str, object] = {"officer": officer, "month": month_name(wanted)}
    if not revisions:
        raise Refused(
            say(mark("{officer}, {month}: not closed, so there is nothing stored to compare with."), **facts)
        )
    stored = revisions[-1]
    anew = recomputed(stored.group, wanted, services)
    result = anew.results.get(officer)
    facts["revision"] = stored.revision
    if result == stored.result:
        typer.echo(say(mark("{officer}, {month}: revision {revision} is what its ratings give today."), **facts))
        return
    facts |= {"stored": _index(stored.result), "count": stored.tally.count}
    raise Refused(say(DIFFERS, **facts, anew=_index(result), count_anew=_count(result)))


def _index(result: Result | None) -> str:
    return "–" if result is None or result.score.index is None else _written(result.score.index)


def _count(result: Result | None) -> int:
    return sum((tally.count for tally in result.channels.values()), 0) if result else 0


def _written(hundredths: int) -> str:
    return index_text(hundredths).replace(".", ",")
