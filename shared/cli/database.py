"""`suara db`: the database's schema, and who may do what in it."""

from contextlib import closing
from typing import Annotated, Final

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import ProgrammingError

from shared.cli.start import Refused, say
from shared.cli.start import services as read_services
from shared.db import grants
from shared.db.grants import CannotGrant, Reason
from shared.db.schema import upgrade
from shared.i18n import mark

app = typer.Typer(no_args_is_help=True, help="The database's schema, and who may do what in it.")
SENTENCES: Final = {
    Reason.NO_TABLES: mark("There are no tables yet. Run `suara db upgrade` first."),
    Reason.NOT_THE_OWNER: mark("Run this with the DATABASE_URL of the role that owns the database and its tables."),
    Reason.UNKNOWN_ROLE: mark("PostgreSQL does not know the role “{role}”. Make it first."),
    Reason.ROLE_OWNS: mark(
        "The role “{role}” owns the database or its tables, or can make itself their owner."
        " Make another role for the application."
    ),
    Reason.ROLE_MAY_MORE: mark(
        "The role “{role}” can still alter what must stay, or create tables, by rights of PUBLIC or of another role."
        " Take those away, then run this again."
    ),
}
ONLY_POSTGRESQL: Final = mark("Only PostgreSQL has roles. With SQLite, whoever holds the file can change everything.")
GRANTED: Final = mark(
    "The role “{role}” may do what the application needs. Run this again after each `suara db upgrade`."
)
OWNER_FIRST: Final = mark(
    "The role “{role}” may not use the database as it is. As its owner run `suara db upgrade`, then"
    " `suara db grant {role}`; then try this again."
)


@app.command("upgrade")
def upgrade_database() -> None:
    """Bring the database to the schema this version expects; does nothing when it is there."""
    with closing(read_services()) as services:
        bring_up_to_date(services.engine)
    typer.echo(say(mark("The database is up to date.")))


@app.command("grant")
def grant_role(
    role: Annotated[str, typer.Argument(help="PostgreSQL role the application runs as; it owns nothing.")],
) -> None:
    """Let a PostgreSQL role do what the application needs, but never alter the trail or a closed month."""
    with closing(read_services()) as services:
        if services.engine.dialect.name != "postgresql":
            raise Refused(say(ONLY_POSTGRESQL))
        try:
            grants.grant(services.engine, role)
        except CannotGrant as refusal:
            raise Refused(say(SENTENCES[refusal.reason], role=role)) from refusal
    typer.echo(say(GRANTED, role=role))


def bring_up_to_date(engine: Engine) -> None:
    """Apply every migration that is missing; raise Refused when only the owner of the database can go on."""
    try:
        upgrade(engine)
    except ProgrammingError as error:
        if not grants.is_denied(error):
            raise
        raise Refused(say(OWNER_FIRST, role=grants.connected_role(engine))) from error
    if not grants.may_work(engine):
        raise Refused(say(OWNER_FIRST, role=grants.connected_role(engine)))
