"""`suara close`: closes an ended month now, as the clock does by itself on the 6th."""

from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from shared import signs, standings
from shared.cli.start import Refused, month, month_name, say
from shared.cli.start import services as read_services
from shared.closing import NeverRated, Step, ended, settle, steps_of, take
from shared.db.audit import OPERATOR_ROLE, Actor
from shared.domain.account_facts import OPERATOR
from shared.domain.months import Month
from shared.i18n import mark
from shared.services import Services


def close(
    month_text: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="A month that is over.")],
) -> None:
    """Close a month: its scores become revisions that are never changed. Closing it again adds nothing."""
    wanted = month(month_text)
    name = month_name(wanted)
    with closing(read_services()) as services:
        if not ended(wanted, services):
            raise Refused(say(mark("{month} is not over yet. A month can be closed when it has ended."), month=name))
        standings.screen_anew(services, wanted)
        signs.look_for_signs(services, wanted)
        try:
            steps = steps_of(wanted, services)
        except NeverRated as error:
            raise Refused(say(mark("Nobody was rated in {month}: there is nothing to close."), month=name)) from error
        if not steps:
            typer.echo(say(mark("{month} is closed already."), month=name))
            return
        made = _take(steps, wanted, services)
        made += _take(steps_of(wanted, services), wanted, services)  # after the 20th, look again at once
        made += settle(services)
    text = mark("{month} is closed: {count} scores in {groups} groups.")
    typer.echo(say(text, month=name, count=made, groups=len(steps)))


def _take(steps: list[Step], wanted: Month, services: Services) -> int:
    console = Console(stderr=True)
    doing = say(mark("Closing {month}"), month=month_name(wanted))
    shown = track(steps, doing, console=console, disable=not console.is_terminal)
    return sum(take(step, services, Actor(OPERATOR, OPERATOR_ROLE)) for step in shown)
