"""Accounts: who may sign in, as what, and about which officer, office or region."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.admin import acts as wording
from kiosk.admin.letters import letters_page
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, Form, blank, filled, read_form
from kiosk.localisation import _, role_name
from kiosk.login.sign_ins import current_sign_in
from kiosk.paging import asked_page, asked_words
from kiosk.portals import Audience, Portal, current_account, current_offices, office_in_sight
from shared.db import account_changes, account_lists
from shared.db.account_changes import (
    Invited,
    LastAdministrator,
    OfficerHasAccount,
    PlaceUnknown,
    UserNameTaken,
    held,
)
from shared.db.account_lists import STATES, KnownAccount
from shared.db.accounts import Account
from shared.db.directory_version import WritingSession
from shared.db.engine import reading
from shared.db.offices import regions
from shared.db.records import ChangedMeanwhile
from shared.db.trail import acts_on
from shared.domain.account_facts import AccountFacts
from shared.domain.people import Office, Role
from shared.i18n import mark

accounts = Portal("accounts", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/accounts")
USER_NAME_TAKEN: Final = mark("Somebody signs in with this name already, as user name or officer code.")
OFFICER_HAS_ACCOUNT: Final = mark("This officer has an account already.")
UNKNOWN: Final = mark("We do not know this. Please check it.")
OWN_ROLE: Final = mark("Nobody changes their own role. Another administrator can.")
LAST: Final = mark("This is the last administrator who can sign in. Give another person this role first.")
PROBLEMS: Final[dict[type[Exception], tuple[str, str]]] = {
    UserNameTaken: ("username", USER_NAME_TAKEN),
    OfficerHasAccount: ("officer", OFFICER_HAS_ACCOUNT),
    LastAdministrator: ("role", LAST),
}


@accounts.get("")
def index() -> ResponseReturnValue:
    """List the accounts, fifty to a page."""
    words, page = asked_words(), asked_page()
    with reading(services().engine) as session:
        listed, more = account_lists.accounts_listed(session, words, page)
    facts = {"words": words, "page": page, "more": more, "states": STATES}
    return render_template("admin/accounts.html", accounts=listed, **facts)


@accounts.get("/new")
def new() -> ResponseReturnValue:
    """Ask who is to sign in, and what for."""
    given = {name: request.args.get(name, "") for name in ("role", "officer", "name", "username")}
    return _page(blank(**given), None)


@accounts.post("/new")
def add() -> ResponseReturnValue:
    """Add an account and show its letter."""
    form = read_form(AccountFacts)
    if form.value is not None:
        try:
            with acting() as session:
                invited = account_changes.open_account(session, form.value, services().clock())
            return _letter(invited)
        except (PlaceUnknown, UserNameTaken, OfficerHasAccount) as problem:
            form = _refused(form, problem)
    return _page(form, None), 400


@accounts.get("/<id:account_id>")
def show(account_id: int) -> ResponseReturnValue:
    """Show what is known of an account."""
    known = _known(account_id)
    return _page(filled(known.facts), known, known.seen)


@accounts.post("/<id:account_id>")
def change(account_id: int) -> ResponseReturnValue:
    """Change name, role and place."""
    known, seen = _known(account_id), request.form.get("_seen", "")
    form = read_form(AccountFacts, username=known.facts.username)
    if form.value is not None and _is_own(account_id) and _place(form.value) != _place(known.facts):
        form = form.refused("role", OWN_ROLE)
    if form.value is not None:
        try:
            with _held(account_id) as (session, account):
                account_changes.change(session, account, form.value, seen, services().clock())
            return redirect(url_for("accounts.show", account_id=account_id))
        except ChangedMeanwhile:
            known = _known(account_id)
            return _page(form.with_notice(CHANGED_MEANWHILE), known, known.seen), 409
        except (PlaceUnknown, OfficerHasAccount, LastAdministrator) as problem:
            form = _refused(form, problem)
    return _page(form, known, seen), 400


@accounts.post("/<id:account_id>/code")
def renew(account_id: int) -> ResponseReturnValue:
    """Make a new activation code and show its letter."""
    with _held(account_id) as (session, account):
        if not account.active:
            abort(404)
        invited = account_changes.renew(session, account, services().clock())
    return _letter(invited)


@accounts.post("/<id:account_id>/shut")
def shut(account_id: int) -> ResponseReturnValue:
    """Shut an account out."""
    known = _known(account_id)
    try:
        return _done(account_id, lambda session, account: account_changes.shut(session, account, services().clock()))
    except LastAdministrator:
        return _page(filled(known.facts).with_notice(LAST), known, known.seen), 409


@accounts.post("/<id:account_id>/open")
def let_in(account_id: int) -> ResponseReturnValue:
    """Let an account sign in again."""
    return _done(account_id, account_changes.let_in)


@accounts.post("/<id:account_id>/second-step")
def forget_second_step(account_id: int) -> ResponseReturnValue:
    """Forget the phone of an account: the next sign-in connects another."""
    now = services().clock()
    return _done(account_id, lambda session, account: account_changes.forget_second_step(session, account, now))


@accounts.post("/<id:account_id>/sign-ins")
def end_sign_ins(account_id: int) -> ResponseReturnValue:
    """End every sign-in of an account; of one's own, every other."""
    but, now = current_sign_in().id if _is_own(account_id) else None, services().clock()
    return _done(account_id, lambda session, account: account_changes.end_sign_ins(session, account, now, but))


@accounts.get("/officers")
def officers() -> ResponseReturnValue:
    """Show how many officers of an office have no account, or have not activated theirs."""
    code = request.args.get("office", "")
    return _officers_page(office_in_sight(code) if code else None)


@accounts.post("/officers")
def add_officers() -> ResponseReturnValue:
    """Give officers of an office who have none an account, and show their letters."""
    office, now = office_in_sight(request.form.get("office", "")), services().clock()
    with acting() as session:
        made, taken = account_changes.open_for_officers(session, office.code, _today(office), now)
    return _letters(office, made) if made else _officers_page(office, taken)


@accounts.post("/officers/codes")
def renew_officers() -> ResponseReturnValue:
    """Make new codes for officers of an office who have not activated their account, and show their letters."""
    office = office_in_sight(request.form.get("office", ""))
    with acting() as session:
        made = account_changes.renew_for_officers(session, office.code, services().clock())
    return _letters(office, made) if made else _officers_page(office)


@contextmanager
def _held(account_id: int) -> Iterator[tuple[WritingSession, Account]]:
    with acting() as session:
        account = held(session, account_id)
        if account is None:
            abort(404)
        yield session, account


def _done(account_id: int, act: Callable[[WritingSession, Account], None]) -> ResponseReturnValue:
    with _held(account_id) as (session, account):
        act(session, account)
    return redirect(url_for("accounts.show", account_id=account_id))


def _known(account_id: int) -> KnownAccount:
    with reading(services().engine) as session:
        found = account_lists.known_account(session, account_id, services().clock())
    if found is None:
        abort(404)
    return found


def _is_own(account_id: int) -> bool:
    return current_account().id == account_id


def _place(facts: AccountFacts) -> tuple[object, ...]:
    return facts.role, facts.officer, facts.office, facts.region


def _refused(form: Form[AccountFacts], problem: Exception) -> Form[AccountFacts]:
    field, text = (str(problem), UNKNOWN) if isinstance(problem, PlaceUnknown) else PROBLEMS[type(problem)]
    return form.refused(field, text)


def _page(form: Form[Any], known: KnownAccount | None, seen: str = "") -> str:
    with reading(services().engine) as session:
        listed = regions(session)
        history = acts_on(session, "account", known.facts.username, 5) if known else []
    return render_template(
        "admin/account.html",
        form=form,
        known=known,
        states=STATES,
        own=known is not None and _is_own(known.listed.id),
        seen=seen,
        history=[wording.told(act) for act in history],
        roles=[(role.value, role_name(role)) for role in Role],
        offices=_offices(),
        regions=[(region.code, region.name) for region in listed],
    )


def _offices() -> list[tuple[str, str]]:
    directory = services().directory.current()
    named = [(code, directory.offices[code].name) for code in current_offices()]
    return sorted(named, key=lambda option: option[1].casefold())


def _today(office: Office) -> date:
    return services().clock().astimezone(office.timezone).date()


def _officers_page(office: Office | None, taken: Sequence[str] = ()) -> str:
    counts = None
    if office:
        with reading(services().engine) as session:
            counts = account_lists.accounts_of_office(session, office.code, _today(office))
    return render_template(
        "admin/account_officers.html",
        offices=_offices(),
        office=office,
        counts=counts,
        taken=taken,
        at_once=account_changes.AT_ONCE,
    )


def _letter(invited: Invited) -> str:
    back = url_for("accounts.show", account_id=invited.account_id)
    return letters_page(_("Activation letter for {name}", name=invited.name), [invited], back)


def _letters(office: Office, invited: list[Invited]) -> str:
    back = url_for("accounts.officers", office=office.code)
    return letters_page(_("Activation letters for {office}", office=office.name), invited, back)
