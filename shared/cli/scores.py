"""`suara score`: one officer's month, as the operator sees it."""

import json
from contextlib import closing
from datetime import date
from typing import Annotated, Any

import typer
from babel.dates import format_date

from shared import standings
from shared.cli.start import Refused, directory, month, say
from shared.cli.start import services as read_services
from shared.db.scores import MonthlyScore
from shared.domain.scoring import index_text
from shared.i18n import DEFAULT_LANGUAGE, mark

EXPLAINED = mark(
    "{officer}, {month}: {count} ratings. 1×{ones} + 2×{twos} + 3×{threes} + 4×{fours} = {total};"
    " 25 × {total} ÷ {count} = {index} (rounded half up, once)."
)


def score(
    officer: Annotated[str, typer.Option(help="Code of the officer.")],
    month_text: Annotated[str, typer.Option("--month", help="YYYY-MM")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the arithmetic.")] = False,
) -> None:
    """Print the score of one officer in one month."""
    wanted, code = month(month_text), officer.upper()
    with closing(read_services()) as services:
        if code not in directory(services).officers:
            raise Refused(say(mark("We do not know the officer code “{officer}”."), officer=code))
        found = standings.score_of(code, wanted, services)
        if as_json:
            typer.echo(json.dumps(_as_json(code, str(wanted), found)))
            return
        if found is None or found.raw_index is None:
            typer.echo(say(mark("{officer}, {month}: no ratings."), officer=code, month=str(wanted)))
            return
        facts = {
            "officer": code,
            "month": format_date(date(wanted.year, wanted.number, 1), "MMMM yyyy", locale=DEFAULT_LANGUAGE),
            "count": found.tally.count,
            "index": index_text(found.raw_index).replace(".", ","),
        }
        if explain:
            ones, twos, threes, fours = found.tally.counts
            facts |= {"ones": ones, "twos": twos, "threes": threes, "fours": fours, "total": found.tally.total}
            typer.echo(say(EXPLAINED, **facts))
        else:
            typer.echo(say(mark("{officer}, {month}: raw index {index} from {count} ratings."), **facts))


def _as_json(officer: str, month: str, found: MonthlyScore | None) -> dict[str, Any]:
    # The adjusted index and what belongs to it come with scoring method m1; until then they are null.
    known = {
        "count": found.tally.count if found else 0,
        "histogram": list(found.tally.counts) if found else [0, 0, 0, 0],
        "channels": {channel.value: list(tally.counts) for channel, tally in found.channels.items()} if found else {},
        "set_aside": {reason.value: count for reason, count in found.set_aside.items()} if found else {},
        "raw_index": index_text(found.raw_index) if found and found.raw_index is not None else None,
    }
    later = dict.fromkeys(
        ("index", "low", "high", "reliability", "status", "window", "needed", "grade", "revision", "group")
    )
    return {"officer": officer, "month": month, **known, **later, "method": found.method if found else None}
