"""`suara person`: tell somebody what is kept of their telephone, and forget it when they wish so."""

from contextlib import closing
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from shared import persons
from shared.cli.start import Refused, operating, say
from shared.cli.start import services as read_services
from shared.domain.phones import masked_phone, normal_phone
from shared.domain.zones import HOME
from shared.i18n import mark

app = typer.Typer(no_args_is_help=True, help="What is kept of a person's telephone: show it, forget it.")
NOT_A_PHONE: Final = mark("This is not a phone number. Write it like 0812-3456-7890 or +6281234567890.")
RATINGS: Final = mark("Ratings carry no phone number and are not found by one.")
Phone = Annotated[str, typer.Argument(help="The number, for example 0812-3456-7890.", show_default=False)]


@app.command()
def show(phone: Phone) -> None:
    """Print what is kept of a telephone, masked, and leave a line in the trail; what people said is not shown."""
    number = _number(phone)
    with closing(read_services()) as services, operating(services) as session:
        held = persons.look_up(number, session, services)
    table = Table(say(mark("What")), say(mark("How many")), title=masked_phone(number))
    for called, count in held.rows.items():
        table.add_row(say(called), str(count))
    Console().print(table)
    if held.since:
        typer.echo(say(mark("Kept since {day}."), day=f"{held.since.astimezone(HOME):%Y-%m-%d}"))
    if held.refused:
        typer.echo(say(mark("Wants no messages of ours.")))
    typer.echo(say(mark("Invitations that may still be answered: {count}."), count=held.invitations))
    typer.echo(say(RATINGS))


@app.command()
def forget(phone: Phone) -> None:
    """Forget a telephone at once; that somebody wants no messages is remembered by a keyed hash alone."""
    number = _number(phone)
    with closing(read_services()) as services:
        with operating(services) as session:
            persons.forget(number, session, services)
        refused = persons.held(number, services).refused
    typer.echo(say(mark("{phone} is forgotten."), phone=masked_phone(number)))
    if refused:
        typer.echo(say(mark("Kept is a keyed hash alone, so that nobody asks them again: they wanted no messages.")))
    typer.echo(say(RATINGS))


def _number(typed: str) -> str:
    """Return the number in E.164; raise Refused, without repeating it, when it is none."""
    number = normal_phone(typed)
    if number is None:
        raise Refused(say(NOT_A_PHONE))
    return number
