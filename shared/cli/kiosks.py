"""`suara kiosk`: make a kiosk known, invite a device to be it, list them, shut one out."""

from contextlib import closing
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.cli.launcher import launcher
from shared.cli.start import NAME_UNREADABLE, UNKNOWN_OFFICE, Refused, directory, operating, read_facts, say
from shared.cli.start import services as read_services
from shared.db.engine import reading
from shared.db.kiosks import (
    ENROLMENT_LIFETIME,
    KioskFacts,
    KnownKiosk,
    NoSuchCounter,
    OfficeClosed,
    invite_device,
    known_kiosks,
    new_enrolment_code,
    put_kiosk,
    revoke_kiosk,
)
from shared.db.records import CodeTaken
from shared.i18n import mark
from shared.services import Services

app = typer.Typer(no_args_is_help=True, help="Kiosks: add, list, invite a device, revoke.")
app.command()(launcher)
CODE_HINT: Final = mark(
    "Open {address}/touch on the device and enter {code}. The code works once, within {minutes} minutes."
)
NAME_TAKEN: Final = mark("This office has a kiosk “{name}” already. For a new code: `suara kiosk invite`.")
NO_SUCH_COUNTER: Final = mark("This office has no open counter “{counter}”.")
UNREADABLE: Final = {"name": NAME_UNREADABLE, "office": UNKNOWN_OFFICE, "counter": NO_SUCH_COUNTER}
REFUSED: Final[dict[type[Exception], str]] = {
    CodeTaken: NAME_TAKEN,
    NoSuchCounter: NO_SUCH_COUNTER,
    OfficeClosed: mark("The office “{office}” is closed."),
}


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the device is called, for example “Loket 3”.")],
    office: Annotated[str, typer.Option(help="Code of its office.")],
    counter: Annotated[str | None, typer.Option(help="Code of its counter, if it stands at one.")] = None,
) -> None:
    """Make a kiosk known and print the one-time code for its device."""
    facts = read_facts(KioskFacts, UNREADABLE, name=name, office=office, counter=counter)
    with closing(read_services()) as services:
        place = directory(services).offices.get(facts.office)
        if place is None:
            raise Refused(say(UNKNOWN_OFFICE, office=facts.office))
        try:
            with operating(services) as session:
                before = {kiosk.id for kiosk in known_kiosks(session)}
                kiosk_id = put_kiosk(session, facts, services.clock().astimezone(place.timezone).date())
            if kiosk_id in before:  # sent twice it is this very one; but an invitation would shut its device out
                raise CodeTaken
        except tuple(REFUSED) as error:
            raise Refused(say(REFUSED[type(error)], **facts.model_dump())) from error
        _invite(services, kiosk_id)


@app.command()
def invite(kiosk: Annotated[int, typer.Argument(help="Number of the kiosk, see `suara kiosk list`.")]) -> None:
    """Print a new one-time code; the device enrolled before is shut out."""
    with closing(read_services()) as services:
        _known(services, kiosk)
        _invite(services, kiosk)


@app.command()
def revoke(kiosk: Annotated[int, typer.Argument(help="Number of the kiosk, see `suara kiosk list`.")]) -> None:
    """Shut a device out; its ratings stay."""
    with closing(read_services()) as services:
        name = _known(services, kiosk).name
        with operating(services) as session:
            revoke_kiosk(session, kiosk, services.clock())
        typer.echo(say(mark("“{name}” is shut out."), name=name))


@app.command("list")
def list_all() -> None:
    """Print all kiosks."""
    with closing(read_services()) as services:
        headings = (mark("Number"), mark("Name"), mark("Office"), mark("Counter"), mark("Enrolled"), mark("Revoked"))
        table = Table(*(say(heading) for heading in headings))
        with reading(services.engine) as session:
            for kiosk in known_kiosks(session):
                days = (f"{day:%Y-%m-%d}" if day else "" for day in (kiosk.enrolled_at, kiosk.revoked_at))
                table.add_row(str(kiosk.id), escape(kiosk.name), kiosk.office, kiosk.counter or "", *days)
        Console().print(table)


def _invite(services: Services, kiosk_id: int) -> None:
    code = new_enrolment_code()
    with operating(services) as session:
        invite_device(session, kiosk_id, code, services.clock())
    minutes = ENROLMENT_LIFETIME.seconds // 60
    typer.echo(say(CODE_HINT, address=services.settings.web_address, code=code, minutes=minutes))


def _known(services: Services, kiosk_id: int) -> KnownKiosk:
    with reading(services.engine) as session:
        found = [kiosk for kiosk in known_kiosks(session) if kiosk.id == kiosk_id]
    if not found:
        raise Refused(say(mark("There is no kiosk number {number}; see `suara kiosk list`."), number=kiosk_id))
    return found[0]
