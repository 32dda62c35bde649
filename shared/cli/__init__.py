"""`suara`: the operator's hand. Exit codes: 0 done, 1 refused with a sentence, 2 wrong usage."""

import sys
from importlib import import_module
from typing import Any, Final, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError
from typer.core import TyperGroup
from typer.main import get_command, get_group

from shared.cli.start import Refused, say
from shared.domain.errors import IntakeUnavailable
from shared.i18n import mark
from shared.logs import configure_logs

NO_DATABASE = mark("The database cannot be used ({kind}). Is it running, and is `suara db upgrade` done?")
COMMANDS: Final = {
    "run": "run:run",
    "seed": "operations:seed",
    "status": "operations:status",
    "replay": "operations:replay",
    "check": "operations:check",
    "score": "scores:score",
    "close": "closing:close",
    "ikm": "ikm:ikm",
    "cards": "cards:cards",
    "sms": "messages:sms",
    "messages": "message_figures:messages",
    "import": "imports:app",
    "add": "places:app",
    "kiosk": "kiosks:app",
    "accounts": "accounts:app",
    "api-key": "api_keys:app",
    "person": "persons:app",
    "campaign": "campaigns:app",
    "db": "database:app",
}
"""Command -> module here, and what in it: a function, or an app of several commands."""


class Commands(TyperGroup):
    """Loads what a command needs when it is asked for: all of them together take seconds to load."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name all commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return one command, or None of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"shared.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            command: Any = get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command()(found)
            command = get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.callback(help=__doc__)(lambda: None)


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
