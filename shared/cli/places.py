"""`suara add`: make an office, a counter, a service or a photo known, from the command line."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlmodel import Session

from shared.cli.start import NAME_UNREADABLE, UNKNOWN_OFFICE, Refused, directory, operating, read_facts, say
from shared.cli.start import services as read_services
from shared.db.counters import SHAPES, Offer, add_offer
from shared.db.officers import put_officer_photo
from shared.db.offices import add_office, put_region, regions
from shared.db.records import CodeTaken
from shared.domain.facts import LARGEST_POPULATION, OfficeFacts, RegionFacts
from shared.domain.people import OfficeKind
from shared.i18n import mark
from shared.photos import PhotoRefused, square_portrait
from shared.services import Services

app = typer.Typer(no_args_is_help=True, help="Add an office, a counter, a service, a photo.")
DONE: Final = mark("{code} is known now.")
UNREADABLE: Final = {
    "code": mark("“{code}” is not a code: use up to 32 letters, digits and dashes."),
    "code_is_nip": mark("This is a NIP. A code is public: choose a short one, for example DK7."),
    "name": NAME_UNREADABLE,
    "office": UNKNOWN_OFFICE,
    "timezone": mark("There is no time zone “{timezone}”."),
}

OfficeOption = Annotated[str, typer.Option("--office", metavar="CODE", help="Code of its office.")]


@app.command()
def office(
    code: Annotated[str, typer.Argument(help="Short code, unique in the installation, for example DSW.")],
    name: Annotated[str, typer.Argument(help="Name as residents know it.")],
    region: Annotated[str, typer.Option(help="Name of the regional government.")],
    kind: Annotated[OfficeKind, typer.Option(help="What kind of unit it is.")] = OfficeKind.OTHER,
    timezone: Annotated[str, typer.Option(help="Asia/Jakarta, Asia/Makassar or Asia/Jayapura.")] = "Asia/Jakarta",
    users: Annotated[
        int | None, typer.Option(min=0, max=LARGEST_POPULATION, help="How many people use its services in a year.")
    ] = None,
) -> None:
    """Add an office; its region too, when that is new."""
    with closing(read_services()) as services, operating(services) as session:
        facts = read_facts(
            OfficeFacts,
            UNREADABLE,
            code=code,
            region=_region(session, region),
            name=name,
            kind=kind,
            timezone=timezone,
            population=users,
        )
        with _refusing_taken(facts.code):
            add_office(session, facts)
    typer.echo(say(DONE, code=facts.code))


@app.command()
def counter(
    code: Annotated[str, typer.Argument(help="Short code, unique in the installation, for example DSL3.")],
    name: Annotated[str, typer.Argument(help="Name as residents see it, for example “Loket 3”.")],
    office: OfficeOption,
) -> None:
    """Add a counter to an office."""
    _add(Offer.COUNTERS, code, name, office)


@app.command()
def service(
    code: Annotated[str, typer.Argument(help="Short code, for example KTP.")],
    name: Annotated[str, typer.Argument(help="Name as residents know it.")],
    office: OfficeOption,
) -> None:
    """Add a kind of service to an office."""
    _add(Offer.SERVICES, code, name, office)


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
            text = mark("This is not a picture we can use. Take a JPEG or PNG of at most 20 MB, 24 million pixels.")
            raise Refused(say(text)) from error
        with operating(services) as session:
            put_officer_photo(session, known, portrait)
        typer.echo(say(DONE, code=known))


def _add(kind: Offer, code: str, name: str, office: str) -> None:
    facts = read_facts(SHAPES[kind], UNREADABLE, code=code, name=name, office=office)
    with closing(read_services()) as services:
        if facts.office not in directory(services).offices:
            raise Refused(say(UNKNOWN_OFFICE, office=facts.office))
        with _refusing_taken(facts.code), operating(services) as session:
            add_offer(session, kind, facts)
    typer.echo(say(DONE, code=facts.code))


def _region(session: Session, name: str) -> str:
    """Return the code of the region of that name; one that is new gets the next code that is free."""
    known = {region.name: region.code for region in regions(session)}
    free = next(code for number in count(len(known) + 1) if (code := f"R{number}") not in known.values())
    facts = read_facts(RegionFacts, UNREADABLE, code=free, name=name)
    if facts.name not in known:
        put_region(session, facts)
    return known.get(facts.name, facts.code)


@contextmanager
def _refusing_taken(code: str) -> Iterator[None]:
    try:
        yield
    except CodeTaken as error:
        raise Refused(say(mark("{code} is in use already."), code=code)) from error


def _officer(code: str, services: Services) -> str:
    known = code.strip().upper()
    if known not in directory(services).officers:
        raise Refused(say(mark("We do not know the officer code “{officer}”."), officer=known))
    return known
