"""`suara messages`: what an office's messages of one month came to, as its page tells it."""

from collections.abc import Iterable
from contextlib import closing
from typing import Annotated

import typer
from babel.numbers import format_decimal
from rich.console import Console
from rich.table import Table

from shared.cli.start import UNKNOWN_OFFICE, Refused, directory, month, month_name, say
from shared.cli.start import services as read_services
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.message_figures import CHANNELS, MonthOfMessages, month_of_messages
from shared.message_wording import CAUSES, FATES, PURPOSES, WAYS
from shared.privacy import MINIMUM_STEP


def messages(
    office: Annotated[str, typer.Option(metavar="CODE", help="Code of the office.")],
    written: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="The month.")],
) -> None:
    """Print how many messages an office sent in a month, what became of them and what they cost, as its page does."""
    with closing(read_services()) as services:
        wanted, known = month(written), directory(services).offices
        place = known.get(office.upper())
        if place is None:
            raise Refused(say(UNKNOWN_OFFICE, office=office.upper()))
        _tell(month_of_messages(place, wanted, services))


def _tell(found: MonthOfMessages) -> None:
    typer.echo(_result(found))
    fates = ((say(FATES[fate]), _count(count)) for fate, count in found.fates.items())
    causes = ((say(CAUSES[cause]), _count(count)) for cause, count in found.causes.items())
    _print((mark("Messages that"), mark("How many")), fates)
    if found.causes:
        _print((mark("Why some did not arrive"), mark("How many")), causes)
    ways = [(say(PURPOSES[one]), *(_count(count) for count in ways.values())) for one, ways in found.ways.items()]
    costs = (say(mark("cost")), *(_rupiah(found.costs[channel]) for channel in CHANNELS))
    _print((mark("Purpose"), *(WAYS[channel] for channel in CHANNELS)), [*ways, costs])
    typer.echo(_answers(found))
    for words, amount in (
        (mark("One message cost about"), _rupiah(found.per_message)),
        (mark("One answer cost about, all messages counted"), _rupiah(found.per_answer)),
        (mark("People who want no messages any more"), _count(found.opted_out)),
    ):
        typer.echo(f"{say(words)}: {amount}")
    if found.hours:
        hours = ((f"{hour:02}.00", _tenths(tenths)) for hour, tenths in found.hours.items())
        _print((mark("Asked at"), mark("Answered")), hours)


def _result(found: MonthOfMessages) -> str:
    of_month = f"{found.office.name}, {month_name(found.month)}"
    if found.sent is None:
        return say(mark("{month}: fewer than five messages left."), month=of_month)
    text = mark("{month}: about {count} messages left; they cost about {amount}.")
    return say(text, month=of_month, count=_count(found.sent), amount=_rupiah(found.cost))


def _answers(found: MonthOfMessages) -> str:
    if not found.answers_known:
        text = mark("How many invitations were answered is told from {day} on.")
        return say(text, day=f"{found.answers_told_on:%d-%m-%Y}")
    if found.answered is None:
        return say(mark("Fewer than five people answered, or fewer than five did not: nothing is told about that."))
    return say(mark("About {count} invitations of this month led to an answer."), count=_count(found.answered))


def _print(headings: Iterable[str], lines: Iterable[tuple[str, ...]]) -> None:
    first, *others = headings
    table = Table(say(first))
    for heading in others:
        table.add_column(say(heading), justify="right")
    for line in lines:
        table.add_row(*line)
    Console().print(table)


def _count(count: int | None) -> str:
    if count is None:
        return say(mark("fewer than {minimum}"), minimum=MINIMUM_STEP)
    return str(format_decimal(count, locale=DEFAULT_LANGUAGE))


def _rupiah(amount: int | None) -> str:
    return "–" if amount is None else f"Rp {format_decimal(amount, locale=DEFAULT_LANGUAGE)}"


def _tenths(tenths: int | None) -> str:
    return say(mark("too few")) if tenths is None else say(mark("{tenths} in 10"), tenths=tenths)
