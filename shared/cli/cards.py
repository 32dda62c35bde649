"""`suara cards`: the desk cards of an office, to be printed and cut."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from shared.cards.deck import deck_of
from shared.cards.printing import printed
from shared.cli.start import Refused, directory, say
from shared.cli.start import services as read_services
from shared.i18n import mark


def cards(
    office: Annotated[str, typer.Option("--office", metavar="CODE", help="Code of the office.")],
    file: Annotated[Path | None, typer.Argument(help="PDF to write; otherwise cards-CODE.pdf.")] = None,
) -> None:
    """Print the desk cards of an office's officers and counters: A6, four on a page."""
    code = office.strip().upper()
    with closing(read_services()) as services:
        known = directory(services).offices.get(code)
        if known is None:
            raise Refused(say(mark("We do not know the office “{office}”."), office=code))
        deck = deck_of(known, services)
        if not deck:
            raise Refused(say(mark("{office} has no officer and no counter yet."), office=known.name))
        path = file or Path(f"cards-{code}.pdf")
        try:
            path.write_bytes(printed(deck, services.settings.twilio_number, services.settings.public_url))
        except OSError as error:
            text = mark("{path} cannot be written: {reason}")
            raise Refused(say(text, path=path, reason=error.strerror or type(error).__name__)) from error
        typer.echo(say(mark("{count} cards are in {path}."), count=len(deck), path=path))
