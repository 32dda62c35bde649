"""`suara api-key`: let a queue system tell of visits, list the keys, shut one out."""

from contextlib import closing
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.cli.start import NAME_UNREADABLE, UNKNOWN_OFFICE, Refused, directory, operating, read_facts, say
from shared.cli.start import services as read_services
from shared.db.api_keys import add_key, keys_listed, new_secret, revoke_key
from shared.db.engine import reading
from shared.db.records import CodeTaken
from shared.domain.visits import ApiKeyFacts
from shared.i18n import mark

app = typer.Typer(no_args_is_help=True, help="API keys of queue systems: add, list, revoke.")
TOLD_ONCE: Final = mark("Key {number}, shown only now: {secret}")
NAME_TAKEN: Final = mark("This office has a key “{name}” already. Choose another name, or revoke that one first.")
UNREADABLE: Final = {"name": NAME_UNREADABLE, "office": UNKNOWN_OFFICE}


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for, for example “Antrean Dukcapil”.")],
    office: Annotated[str, typer.Option(help="Code of the office it speaks for.")],
) -> None:
    """Make a key and print its secret, once."""
    facts = read_facts(ApiKeyFacts, UNREADABLE, name=name, office=office)
    secret = new_secret()
    with closing(read_services()) as services:
        if facts.office not in directory(services).offices:
            raise Refused(say(UNKNOWN_OFFICE, office=facts.office))
        try:
            with operating(services) as session:
                number = add_key(session, facts.name, facts.office, secret, services.clock())
        except CodeTaken as error:
            raise Refused(say(NAME_TAKEN, name=facts.name)) from error
    typer.echo(say(TOLD_ONCE, number=number, secret=secret))


@app.command()
def revoke(key: Annotated[int, typer.Argument(help="Number of the key, see `suara api-key list`.")]) -> None:
    """Shut a key out at once; what it has told stays."""
    with closing(read_services()) as services, operating(services) as session:
        name = revoke_key(session, key, services.clock())
    if name is None:
        raise Refused(say(mark("There is no key number {number}; see `suara api-key list`."), number=key))
    typer.echo(say(mark("“{name}” is shut out."), name=name))


@app.command("list")
def list_all() -> None:
    """Print all keys; their secrets are not kept."""
    headings = (mark("Number"), mark("Name"), mark("Office"), mark("Made"), mark("Last used"), mark("Revoked"))
    table = Table(*(say(heading) for heading in headings))
    with closing(read_services()) as services, reading(services.engine) as session:
        for key in keys_listed(session):
            days = (f"{day:%Y-%m-%d}" if day else "" for day in (key.created_at, key.last_used_on, key.revoked_at))
            table.add_row(str(key.id), escape(key.name), key.office, *days)
    Console().print(table)
