"""`suara`: the operator's hand. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage."""

import sys
from typing import NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from shared.cli import (
    accounts,
    api_keys,
    campaigns,
    database,
    imports,
    kiosks,
    messages,
    operations,
    persons,
    places,
    run,
)
from shared.cli.cards import cards
from shared.cli.closing import close
from shared.cli.ikm import ikm
from shared.cli.launcher import launcher
from shared.cli.message_figures import messages as message_figures
from shared.cli.scores import score
from shared.cli.start import Refused, say
from shared.domain.errors import IntakeUnavailable
from shared.i18n import mark
from shared.logs import configure_logs

NO_DATABASE = mark("The database cannot be used ({kind}). Is it running, and is `suara db upgrade` done?")
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(imports.app, name="import")
app.add_typer(places.app, name="add")
app.add_typer(kiosks.app, name="kiosk")
kiosks.app.command()(launcher)
app.add_typer(accounts.app, name="accounts")
app.add_typer(api_keys.app, name="api-key")
app.add_typer(persons.app, name="person")
app.add_typer(campaigns.app, name="campaign")
app.add_typer(database.app, name="db")
app.command()(run.run)
app.command()(operations.seed)
app.command()(operations.status)
app.command()(operations.replay)
app.command()(operations.check)
app.command()(score)
app.command()(close)
app.command()(ikm)
app.command()(cards)
app.command()(messages.sms)
app.command("messages")(message_figures)


def main() -> None:
    """Run the command that was asked for; a refusal is one sentence and exit code 1."""
    configure_logs("ERROR", sys.stderr)  # what a command prints is for people or programs, not for the log
    try:
        app()
    except Refused as refusal:
        _refuse(str(refusal))
    except (SQLAlchemyError, IntakeUnavailable) as error:
        _refuse(say(NO_DATABASE, kind=type(error).__name__))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise SystemExit(1)
