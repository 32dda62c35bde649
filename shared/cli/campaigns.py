"""`suara campaign`: ask the guardians of a school about its teachers, and lead that on."""

from collections.abc import Callable
from contextlib import closing
from typing import Annotated, Final
from uuid import UUID

import typer
from babel.numbers import format_decimal
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from shared import campaigns
from shared.campaign_wording import PROBLEMS, STATES
from shared.cli.start import UNKNOWN_OFFICE, Refused, directory, operating, say
from shared.cli.start import services as read_services
from shared.consent_wording import GUARDIANS_CONSENT
from shared.db.audit import note
from shared.db.campaigns import Campaign, campaigns_of
from shared.db.engine import reading
from shared.db.guardians import forget_class
from shared.domain.account_facts import OPERATOR
from shared.domain.campaigns import CampaignRefused, month_asked, period_code, semester_asked
from shared.domain.periods import Period
from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES, mark, translate
from shared.imports.guardians import class_named
from shared.services import Services

app = typer.Typer(no_args_is_help=True, help="Ask guardians once a month or semester about those who teach.")
ONE_PERIOD: Final = mark("Say either the month or the semester.")
NO_SUCH_CLASS: Final = mark("There are no guardians of class {name} in this school. Look at how the list spells it.")
OneOffice = Annotated[str, typer.Option("--office", metavar="CODE", help="Code of the school.")]
OneCampaign = Annotated[UUID, typer.Argument(metavar="ID", help="Id of the campaign, see `suara campaign list`.")]


@app.command()
def start(
    office: OneOffice,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Ask about this month.")] = None,
    semester: Annotated[str | None, typer.Option(metavar="YYYY-1|2", help="Ask about this semester.")] = None,
) -> None:
    """Start asking: each guardian gets one message about all who teach their children."""
    period = _period(month, semester)
    with closing(read_services()) as services:
        new = _led(
            services, lambda session: campaigns.start(_known(office, services), period, OPERATOR, session, services)
        )
    typer.echo(
        say(
            mark("Campaign {id}: {count} guardians are asked from now on, between 08:00 and 20:00."),
            id=new.id,
            count=_number(new.total),
        )
    )


@app.command()
def pause(campaign: OneCampaign) -> None:
    """Ask nobody more until it is resumed; messages that are written already leave."""
    with closing(read_services()) as services:
        found = _led(services, lambda session: campaigns.pause(campaign, session))
    typer.echo(say(mark("The campaign {period} of {office} is paused."), **_named(found)))


@app.command()
def resume(campaign: OneCampaign) -> None:
    """Go on where it was paused."""
    with closing(read_services()) as services:
        found = _led(services, lambda session: campaigns.resume(campaign, session))
    typer.echo(say(mark("The campaign {period} of {office} goes on."), **_named(found)))


@app.command()
def cancel(campaign: OneCampaign) -> None:
    """End it for good: no message more, and its links are dead. Answers that were given count."""
    with closing(read_services()) as services:
        found = _led(services, lambda session: campaigns.cancel(campaign, OPERATOR, session))
    typer.echo(say(mark("The campaign {period} of {office} is cancelled."), **_named(found)))


@app.command("list")
def list_all(office: OneOffice) -> None:
    """Print the campaigns of a school and how far they have come; who has answered is not known to anybody."""
    with closing(read_services()) as services:
        place = _known(office, services)
        with reading(services.engine) as session:
            found = campaigns_of(session, place)
    if not found:
        typer.echo(say(mark("This school has asked no guardians yet.")))
        return
    headings = (mark("Number"), mark("Period"), mark("State"), mark("Guardians asked"))
    table = Table(*(say(heading) for heading in headings))
    table.columns[0].no_wrap = True
    for one in found:
        asked = say(mark("{done} of {all}"), done=_number(one.done), all=_number(one.total))
        table.add_row(str(one.id), period_code(one.period), say(STATES[one.state]), asked)
    Console().print(table)


@app.command()
def consent() -> None:
    """Print what guardians agree to, for the school's own form."""
    for language in LANGUAGES:
        typer.echo(translate(GUARDIANS_CONSENT, language))


@app.command()
def forget(
    office: OneOffice,
    name: Annotated[str, typer.Option("--class", metavar="NAME", help="Name of the class, such as 7A.")],
) -> None:
    """Forget the guardians of a class, before the list of a new school year is imported."""
    with closing(read_services()) as services:
        place, class_name = _known(office, services), class_named(name)
        with operating(services) as session:
            count = forget_class(session, place, class_name)
            if not count:
                raise Refused(say(NO_SUCH_CLASS, name=class_name))
            note(session, "guardians_forgotten", "office", place)
    typer.echo(say(mark("Forgotten: {count} guardians of class {name}."), count=count, name=class_name))


def _led(services: Services, act: Callable[[Session], Campaign]) -> Campaign:
    try:
        with operating(services) as session:
            return act(session)
    except CampaignRefused as refusal:
        raise Refused(say(PROBLEMS[refusal.problem], **refusal.facts)) from refusal


def _period(month: str | None, semester: str | None) -> Period:
    if (month is None) == (semester is None):
        raise typer.BadParameter(say(ONE_PERIOD), param_hint="--month, --semester")
    try:
        return month_asked(month) if month is not None else semester_asked(semester or "")
    except ValueError as error:
        raise Refused(
            say(mark("“{text}” is no month like 2026-11, and no semester like 2026-2."), text=month or semester)
        ) from error


def _known(office: str, services: Services) -> str:
    code = office.strip().upper()
    if code not in directory(services).offices:
        raise Refused(say(UNKNOWN_OFFICE, office=office))
    return code


def _number(count: int) -> str:
    return str(format_decimal(count, locale=DEFAULT_LANGUAGE))


def _named(campaign: Campaign) -> dict[str, str]:
    return {"period": period_code(campaign.period), "office": campaign.office}
