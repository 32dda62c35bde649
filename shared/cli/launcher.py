"""`suara kiosk launcher`: the script that locks a device to the touch screen."""

import typer

from shared.cli.start import Refused, say
from shared.cli.start import settings as read_settings
from shared.i18n import mark
from shared.launcher import launcher_for

NO_AUTHORITY = mark("There is no certificate yet. Start the installation once: suara run --https")


def launcher() -> None:
    """Print the launcher for a Linux device: Chromium locked to the touch screen of this installation."""
    try:
        script = launcher_for(read_settings())
    except FileNotFoundError as error:
        raise Refused(say(NO_AUTHORITY)) from error
    typer.echo(script, nl=False)
