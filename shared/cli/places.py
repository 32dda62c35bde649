"""`suara add`: make an office, a counter, a service or a photo known, from the command line."""

from contextlib import closing
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfoNotFoundError

import typer
from pydantic import TypeAdapter, ValidationError

from shared.cli.start import Refused, directory, operating, say
from shared.cli.start import services as read_services
from shared.db.people_writes import add_counter, add_office, add_service, put_photo
from shared.domain.people import OfficeKind
from shared.domain.ratings import Code
from shared.domain.zones import zone
from shared.i18n import mark
from shared.photos import PhotoRefused, square_portrait
from shared.services import Services

app = typer.Typer(no_args_is_help=True, help="Add an office, a counter, a service, a photo.")
DONE = mark("{code} is known now.")
UNKNOWN_OFFICE = mark("We do not know the office “{office}”.")
_code: TypeAdapter[str] = TypeAdapter(Code)

OfficeOption = Annotated[str, typer.Option("--office", metavar="CODE", help="Code of its office.")]


@app.command()
def office(
    code: Annotated[str, typer.Argument(help="Short code, unique in the installation, for example DSW.")],
    name: Annotated[str, typer.Argument(help="Name as residents know it.")],
    region: Annotated[str, typer.Option(help="Name of the regional government.")],
    kind: Annotated[OfficeKind, typer.Option(help="What kind of unit it is.")] = OfficeKind.OTHER,
    timezone: Annotated[str, typer.Option(help="Asia/Jakarta, Asia/Makassar or Asia/Jayapura.")] = "Asia/Jakarta",
    users: Annotated[int | None, typer.Option(min=0, help="How many people use its services in a year.")] = None,
) -> None:
    """Add an office; its region too, when that is new."""
    try:
        zone(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(say(mark("There is no time zone “{timezone}”."), timezone=timezone)) from error
    known = _readable(code)
    with closing(read_services()) as services:
        if known in directory(services).offices:
            raise Refused(say(mark("{code} is in use already."), code=known))
        with operating(services) as session:
            add_office(session, known, name, region, kind, timezone, users)
        typer.echo(say(DONE, code=known))


@app.command()
def counter(
    code: Annotated[str, typer.Argument(help="Short code, unique in the installation, for example DSL3.")],
    name: Annotated[str, typer.Argument(help="Name as residents see it, for example “Loket 3”.")],
    office: OfficeOption,
) -> None:
    """Add a counter to an office."""
    known = _readable(code)
    with closing(read_services()) as services:
        places = directory(services)
        if office.upper() not in places.offices:
            raise Refused(say(UNKNOWN_OFFICE, office=office.upper()))
        if known in places.counters or known in places.officers:
            raise Refused(say(mark("{code} is in use already."), code=known))
        with operating(services) as session:
            add_counter(session, known, office.upper(), name)
        typer.echo(say(DONE, code=known))


@app.command()
def service(
    code: Annotated[str, typer.Argument(help="Short code, for example KTP.")],
    name: Annotated[str, typer.Argument(help="Name as residents know it.")],
    office: OfficeOption,
) -> None:
    """Add a kind of service to an office."""
    known = _readable(code)
    with closing(read_services()) as services:
        places = directory(services)
        if office.upper() not in places.offices:
            raise Refused(say(UNKNOWN_OFFICE, office=office.upper()))
        if (office.upper(), known) in places.services:
            raise Refused(say(mark("{code} is in use already."), code=known))
        with operating(services) as session:
            add_service(session, known, office.upper(), name)
        typer.echo(say(DONE, code=known))


@app.command()
def photo(
    officer: Annotated[str, typer.Argument(help="Code of the officer.")],
    file: Annotated[Path, typer.Argument(help="A JPEG, PNG or WebP picture.", exists=True, dir_okay=False)],
) -> None:
    """Show this photo of an officer on the kiosk; it is cropped to a square and stripped of metadata."""
    with closing(read_services()) as services:
        known = _officer(officer, services)
        try:
            portrait = square_portrait(file.read_bytes())
        except PhotoRefused as error:
            text = mark("This is not a picture we can use. Take a JPEG or PNG of at most 20 MB.")
            raise Refused(say(text)) from error
        with operating(services) as session:
            put_photo(session, known, portrait)
        typer.echo(say(DONE, code=known))


def _readable(code: str) -> str:
    try:
        return _code.validate_python(code)
    except ValidationError as error:
        text = mark("“{code}” is not a code: use up to 32 letters, digits and dashes.")
        raise Refused(say(text, code=code)) from error


def _officer(code: str, services: Services) -> str:
    known = code.strip().upper()
    if known not in directory(services).officers:
        raise Refused(say(mark("We do not know the officer code “{officer}”."), officer=known))
    return known
