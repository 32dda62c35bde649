"""What administration does to accounts: each act ends at once what it must end, and stands in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from shared.db import account_lists, accounts, records, sign_ins
from shared.db.accounts import (
    ACTIVATION_LIFETIME,
    Account,
    Place,
    invite,
    new_account,
    new_activation_code,
)
from shared.db.audit import note
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.domain.account_facts import AccountFacts
from shared.domain.people import Role

AT_ONCE: Final = 200
"""How many officers are given an account, or a new code, in one go: as many letters as one page can carry."""


class UserNameTaken(Exception):
    """Somebody else signs in with this user name, or with it as their officer code."""


class OfficerHasAccount(Exception):
    """The officer has an account already; nobody has two."""


class PlaceUnknown(Exception):
    """There is no such officer, office or region; the message names the field."""


class LastAdministrator(Exception):
    """Nobody could set the installation up any more."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A person who may choose a password by this code: it is known here and now, and never again."""

    account_id: int
    username: str
    name: str
    role: Role
    place: str
    code: str
    until: datetime


def open_account(session: Session, facts: AccountFacts, now: datetime) -> Invited:
    """Add an account and invite its person; the same facts again, not activated yet, are the same account.

    Raises PlaceUnknown, UserNameTaken or OfficerHasAccount.
    """
    place = _known_place(session, facts)
    known = accounts.account_of(session, facts.username)
    if known is not None and (known.name, known.place, known.password) == (facts.name, place, None):
        return renew(session, known, now)
    if known is not None or _is_code_of_another(session, facts.username, place):
        raise UserNameTaken
    if place.officer and _account_of_officer(session, place.officer):
        raise OfficerHasAccount
    try:
        with session.begin_nested():
            return _invited(session, facts.username, facts.name, place, now)
    except IntegrityError as error:  # somebody was a moment faster
        raise UserNameTaken from error


def held(session: Session, account_id: int) -> Account | None:
    """Return an account to change, or None; nobody else changes it, or an administrator, until this session ends."""
    # Else two administrators who shut each other out in the same moment would both be gone.
    session.execute(select(col(Account.id)).where(_is_administrator()).order_by(col(Account.id)).with_for_update())
    return session.get(Account, account_id, with_for_update=True)


def change(session: Session, account: Account, facts: AccountFacts, seen: str, now: datetime) -> None:
    """Change name, role and place; with another role or place every sign-in ends, for it saw what this may not see.

    Raises PlaceUnknown, OfficerHasAccount, LastAdministrator, or ChangedMeanwhile when somebody else changed it.
    """
    before, place = account.place, _known_place(session, facts)
    if place.officer and place.officer != before.officer and _account_of_officer(session, place.officer):
        raise OfficerHasAccount
    if place == before:
        _store(session, account, facts, place, seen)
        return
    with _administrator_left(session, account):
        _store(session, account, facts, place, seen)
    _end(session, account, now)


def renew(session: Session, account: Account, now: datetime) -> Invited:
    """Make a new code; one before it is void, and the password stays until another is chosen."""
    code = new_activation_code()
    invite(session, account, code, now)
    session.flush()
    place, until = account.place, now + ACTIVATION_LIFETIME
    about = _place_name(session, place)
    return Invited(account.id or 0, account.username, account.name, place.role, about, code, until)


def shut(session: Session, account: Account, now: datetime) -> None:
    """Shut an account out at once, wherever it is signed in; raise LastAdministrator when it is that one."""
    with _administrator_left(session, account):
        account.active = False
        session.add(account)
        session.flush()
    _end(session, account, now)


def let_in(session: Session, account: Account) -> None:
    """Let an account sign in again."""
    account.active = True
    session.add(account)


def forget_second_step(session: Session, account: Account, now: datetime) -> None:
    """Let an account connect another phone at its next sign-in; every sign-in of now ends."""
    accounts.forget_second_step(session, account)
    _end(session, account, now)


def end_sign_ins(session: Session, account: Account, now: datetime, but: int | None = None) -> None:
    """End every sign-in of an account, or every other, and note it."""
    sign_ins.end_all(session, account.id or 0, now, but)
    note(session, "sign_ins_ended", "sign_in", account.username)


def open_for_officers(session: Session, office: str, today: date, now: datetime) -> tuple[list[Invited], list[str]]:
    """Give officers of an office who have no account one by their code, 200 at most.

    Returns the codes of those whose code is somebody's user name as well.
    """
    made: list[Invited] = []
    taken: list[str] = []
    for officer in session.scalars(account_lists.without_account(office, today).limit(AT_ONCE)).all():
        if accounts.account_of(session, officer.code):
            taken.append(officer.code)
            continue
        place = Place(Role.OFFICER, officer=officer.code)
        made.append(_invited(session, officer.code, officer.name, place, now))
    return made, taken


def renew_for_officers(session: Session, office: str, now: datetime) -> list[Invited]:
    """Make new codes for officers of an office who have not activated their account, 200 at most."""
    waiting = session.scalars(account_lists.waiting_officers(office).limit(AT_ONCE)).all()
    return sorted((renew(session, account, now) for account in waiting), key=lambda one: one.name)


def _invited(session: Session, username: str, name: str, place: Place, now: datetime) -> Invited:
    return renew(session, new_account(username, name, place, now), now)


def _store(session: Session, account: Account, facts: AccountFacts, place: Place, seen: str) -> None:
    values = {
        "name": facts.name,
        "role": place.role.value,
        "officer_code": place.officer,
        "office_code": place.office,
        "region_code": place.region,
    }
    records.change(session, Account, account.id, values, seen)


def _end(session: Session, account: Account, now: datetime) -> None:
    sign_ins.end_all(session, account.id or 0, now)


def _known_place(session: Session, facts: AccountFacts) -> Place:
    tables: dict[str, Any] = {"officer": OfficerRow, "office": OfficeRow, "region": RegionRow}
    for field, table in tables.items():
        code = getattr(facts, field)
        if code is not None and session.get(table, code) is None:
            raise PlaceUnknown(field)
    return Place(facts.role, facts.officer, facts.office, facts.region)


def _place_name(session: Session, place: Place) -> str:
    if place.region:
        return session.get_one(RegionRow, place.region).name
    office = session.get_one(OfficerRow, place.officer).office_code if place.officer else place.office
    return session.get_one(OfficeRow, office).name if office else ""


def _is_code_of_another(session: Session, username: str, place: Place) -> bool:
    code = username.upper()
    return code != place.officer and session.get(OfficerRow, code) is not None


def _account_of_officer(session: Session, officer: str) -> Account | None:
    return session.scalar(select(Account).where(col(Account.officer_code) == officer))


@contextmanager
def _administrator_left(session: Session, account: Account) -> Iterator[None]:
    """Let what happens inside take effect only when an administrator is left who can sign in."""
    was_one = account.role == Role.ADMINISTRATOR and account.active and account.password is not None
    yield
    if was_one and session.scalar(select(Account).where(_is_administrator()).limit(1)) is None:
        raise LastAdministrator


def _is_administrator() -> ColumnElement[bool]:
    role = col(Account.role) == Role.ADMINISTRATOR.value
    return and_(role, col(Account.active), col(Account.password).is_not(None))
