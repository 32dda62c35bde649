"""`suara accounts`: the first administrator, a lost password, a lost phone, and who may not sign in any more."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from shared.cli.start import NAME_UNREADABLE, Refused, directory, operating, read_facts, say
from shared.cli.start import services as read_services
from shared.db import account_changes
from shared.db.account_changes import Invited, LastAdministrator, OfficerHasAccount, PlaceUnknown, UserNameTaken
from shared.db.account_lists import STATES, all_accounts
from shared.db.accounts import Account, account_of
from shared.db.engine import reading
from shared.domain.account_facts import AccountFacts
from shared.domain.people import Role
from shared.i18n import mark
from shared.second_step import code_now
from shared.services import Services

app = typer.Typer(no_args_is_help=True, help="Accounts: list, add, help somebody sign in, shut out.")
INVITATION: Final = mark("{name}, user name {username}, chooses a password here: {link}")
BY_HAND: Final = mark("Or at {address} with the code {code}")
ONCE: Final = mark("The code works once and for a week. It is not shown again.")
REFUSED: Final[dict[type[Exception], str]] = {
    UserNameTaken: mark("Somebody signs in with the name “{username}” already, as user name or officer code."),
    OfficerHasAccount: mark("This officer has an account already."),
    LastAdministrator: mark("This is the last administrator who can sign in. Add another one first."),
}
UNREADABLE: Final = {
    "username": mark("A user name has small letters and digits, up to 64, and is neither a NIP nor “suara”."),
    "name": NAME_UNREADABLE,
    "officer": mark("An officer’s account needs --officer CODE."),
    "office": mark("A supervisor’s account needs --office CODE."),
    "region": mark("A personnel agency’s account needs --region CODE."),
}
UNKNOWN: Final = {
    "officer": mark("We do not know the officer code “{code}”."),
    "office": mark("We do not know the office “{code}”."),
    "region": mark("We do not know the region “{code}”."),
}

UserName = Annotated[str, typer.Argument(metavar="USERNAME", help="User name, see `suara accounts list`.")]
Maybe = str | None


@app.command("list")
def list_all() -> None:
    """Print all accounts."""
    with closing(read_services()) as services:
        headings = (
            *(mark("User name"), mark("Name"), mark("Role"), mark("About")),
            *(mark("State"), mark("Second step"), mark("Last sign-in")),
        )
        table = Table()
        for heading in headings:
            table.add_column(say(heading), overflow="fold")
        with reading(services.engine) as session:
            for account in all_accounts(session):
                about = ", ".join(filter(None, (account.officer, account.office, account.region)))
                last = f"{account.last_sign_in:%Y-%m-%d}" if account.last_sign_in else ""
                phone = say(mark("phone connected")) if account.second_step else ""
                facts = (account.username, account.name, account.role, about, say(STATES[account.state]), phone, last)
                table.add_row(*map(escape, facts))
        Console().print(table)


@app.command()
def add(
    username: Annotated[str, typer.Argument(metavar="USERNAME", help="Small letters and digits.")],
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    name: Annotated[Maybe, typer.Option(help="Name of the person; an officer's is known.")] = None,
    officer: Annotated[Maybe, typer.Option(metavar="CODE", help="Of an officer: their code.")] = None,
    office: Annotated[Maybe, typer.Option(metavar="CODE", help="Of a supervisor: code of the office.")] = None,
    region: Annotated[Maybe, typer.Option(metavar="CODE", help="Of a personnel agency: code of the region.")] = None,
) -> None:
    """Add an account and print, once, the code with which its person chooses a password."""
    with closing(read_services()) as services:
        known = directory(services).officers.get((officer or "").strip().upper())
        called = name or (known.name if known else username)
        facts = read_facts(
            AccountFacts,
            UNREADABLE,
            username=username,
            role=role,
            name=called,
            officer=officer,
            office=office,
            region=region,
        )
        with _refusing(facts), operating(services) as session:
            invited = account_changes.open_account(session, facts, services.clock())
        _tell(invited, services)


@app.command()
def activate(username: UserName) -> None:
    """Print a new code for somebody who lost theirs or their password; the password of now works until then."""
    with closing(read_services()) as services:
        with _account(username, services) as (session, account):
            if not account.active:
                raise Refused(say(mark("“{username}” is shut out; see `suara accounts open`."), username=username))
            invited = account_changes.renew(session, account, services.clock())
        _tell(invited, services)


@app.command("reset-second-step")
def reset_second_step(username: UserName) -> None:
    """Forget somebody's lost phone: the next sign-in connects another."""
    done = mark("The phone of “{username}” is forgotten; the next sign-in connects another.")
    _change(username, account_changes.forget_second_step, done)


@app.command()
def shut(username: UserName) -> None:
    """Shut an account out, at once and everywhere."""
    _change(username, account_changes.shut, mark("“{username}” is shut out."))


@app.command("open")
def let_in(username: UserName) -> None:
    """Let an account sign in again."""
    done = mark("“{username}” may sign in again.")
    _change(username, lambda session, account, _now: account_changes.let_in(session, account), done)


@app.command()
def code(username: UserName) -> None:
    """Print the code that somebody's phone would show now; in a demo only."""
    with closing(read_services()) as services:
        key = services.settings.secret_key
        if key is None or not services.settings.demo_sheet.exists():
            raise Refused(say(mark("Codes are printed in a demo only: elsewhere they are on people’s phones.")))
        with reading(services.engine) as session:
            account = account_of(session, username)
        if account is None or not account.tf_totp_secret:
            raise Refused(say(mark("“{username}” has no phone connected."), username=username))
        typer.echo(code_now(account, key.get_secret_value()))


@contextmanager
def _refusing(facts: AccountFacts) -> Iterator[None]:
    try:
        yield
    except PlaceUnknown as error:
        field = str(error)
        raise Refused(say(UNKNOWN[field], code=getattr(facts, field))) from error
    except (UserNameTaken, OfficerHasAccount) as error:
        raise Refused(say(REFUSED[type(error)], username=facts.username)) from error


@contextmanager
def _account(username: str, services: Services) -> Iterator[tuple[Session, Account]]:
    with operating(services) as session:
        found = account_of(session, username)
        account = account_changes.held(session, found.id or 0) if found else None
        if account is None:
            raise Refused(
                say(mark("There is no account “{username}”; see `suara accounts list`."), username=username)
            )
        yield session, account


def _change(username: str, act: Callable[..., None], done: str) -> None:
    with closing(read_services()) as services:
        try:
            with _account(username, services) as (session, account):
                act(session, account, services.clock())
        except LastAdministrator as error:
            raise Refused(say(REFUSED[LastAdministrator])) from error
        typer.echo(say(done, username=username))


def _tell(invited: Invited, services: Services) -> None:
    address = f"{services.settings.web_address}/activate"
    link = f"{address}/{invited.code}"
    typer.echo(say(INVITATION, name=invited.name, username=invited.username, link=link))
    typer.echo(say(BY_HAND, address=address, code=invited.code))
    typer.echo(say(ONCE))
