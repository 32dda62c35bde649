"""Accounts as administration sees them: lists, and one with all there is to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlmodel import Session, col

from shared.db import records, sign_ins
from shared.db.accounts import Account
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.db.sign_ins import SignInRow
from shared.domain.account_facts import AccountFacts
from shared.i18n import mark

PAGE: Final = 50
COLUMNS: Final = ("name", "role", "officer_code", "office_code", "region_code")


class State(StrEnum):
    """How far an account is."""

    WAITING = "waiting"
    """nobody has chosen its password yet"""
    ACTIVE = "active"
    SHUT = "shut"


STATES: Final[dict[State, str]] = {
    State.WAITING: mark("waiting for activation"),
    State.ACTIVE: mark("active"),
    State.SHUT: mark("shut out"),
}


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account in a list: who signs in, and for whom."""

    id: int
    username: str
    name: str
    role: str
    officer: str | None
    office: str | None
    region: str | None
    state: State
    second_step: bool
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account with all there is to know of it, and the mark of having seen it."""

    listed: ListedAccount
    facts: AccountFacts
    seen: str
    sign_ins: int
    code_until: datetime | None


@dataclass(frozen=True, slots=True)
class OfficeAccounts:
    """How many officers of an office have no account yet, and how many have not activated theirs."""

    without: int
    waiting: int


def accounts_listed(session: Session, words: str = "", page: int = 1) -> tuple[list[ListedAccount], bool]:
    """Return a page of the accounts that have these words, by user name, and whether there are more."""
    told = [_says(session, word) for word in words.lower().split()]
    # What is known of their places is looked up for the accounts on the page alone.
    shown = select(col(Account.id)).where(*told).order_by(col(Account.username))
    ids = session.scalars(shown.offset(PAGE * (page - 1)).limit(PAGE + 1)).all()
    query = _accounts().where(col(Account.id).in_(ids[:PAGE])).order_by(col(Account.username))
    return _listed(session, query), len(ids) > PAGE


def all_accounts(session: Session) -> list[ListedAccount]:
    """Return every account, by user name."""
    return _listed(session, _accounts().order_by(col(Account.username)))


def known_account(session: Session, account_id: int, now: datetime) -> KnownAccount | None:
    """Return what is known of an account, or None when there is none such."""
    found = _listed(session, _accounts().where(col(Account.id) == account_id))
    if not found:
        return None
    row, place = session.get_one(Account, account_id), session.get_one(Account, account_id).place
    facts = AccountFacts.model_construct(
        username=row.username,
        name=row.name,
        role=place.role,
        officer=place.officer,
        office=place.office,
        region=place.region,
    )
    lasting = len(sign_ins.lasting(session, account_id, now))
    return KnownAccount(found[0], facts, records.seen(row, COLUMNS), lasting, row.activation_expires_at)


def accounts_of_office(session: Session, office: str, today: date) -> OfficeAccounts:
    """Return how far the officers of an office are with their accounts."""
    without = select(func.count()).select_from(without_account(office, today).subquery())
    waiting = select(func.count()).select_from(waiting_officers(office).subquery())
    return OfficeAccounts(session.scalars(without).one(), session.scalars(waiting).one())


def without_account(office: str, today: date) -> Select[OfficerRow]:
    """Return the query for the officers of an office who serve and have no account, by name."""
    return (
        select(OfficerRow)
        .outerjoin(Account, col(Account.officer_code) == col(OfficerRow.code))
        .where(
            col(OfficerRow.office_code) == office,
            col(Account.id).is_(None),
            or_(col(OfficerRow.left_on).is_(None), col(OfficerRow.left_on) > today),
        )
        .order_by(col(OfficerRow.name), col(OfficerRow.code))
    )


def waiting_officers(office: str) -> Select[Account]:
    """Return the query for the accounts of an office's officers that nobody has activated, the oldest code first."""
    return (
        select(Account)
        .join(OfficerRow, col(Account.officer_code) == col(OfficerRow.code))
        .where(col(OfficerRow.office_code) == office, col(Account.password).is_(None), col(Account.active))
        .order_by(col(Account.activation_expires_at), col(Account.name), col(Account.id))
    )


def _says(session: Session, word: str) -> ColumnElement[bool]:
    """Return what makes an account one that has this word, in a name or code of its own or of its place."""
    own = col(Account.username) + " " + col(Account.name) + " " + func.coalesce(col(Account.officer_code), "")
    offices = session.scalars(select(col(OfficeRow.code)).where(_has(OfficeRow, word))).all()
    regions = session.scalars(select(col(RegionRow.code)).where(_has(RegionRow, word))).all()
    serving = select(col(OfficerRow.code)).where(col(OfficerRow.office_code).in_(offices))
    places = (
        col(Account.office_code).in_(offices),
        col(Account.officer_code).in_(serving),
        col(Account.region_code).in_(regions),
    )
    return or_(func.lower(own).contains(word, autoescape=True), *(places if offices or regions else ()))


def _has(table: type[OfficeRow] | type[RegionRow], word: str) -> ColumnElement[bool]:
    return func.lower(col(table.name) + " " + col(table.code)).contains(word, autoescape=True)


def _accounts() -> Select[Any]:
    state = case(
        (col(Account.active).is_(False), State.SHUT.value),
        (col(Account.password).is_(None), State.WAITING.value),
        else_=State.ACTIVE.value,
    )
    office = func.coalesce(col(Account.office_code), col(OfficerRow.office_code))
    return (
        select(
            col(Account.id),
            col(Account.username),
            col(Account.name),
            col(Account.role),
            col(Account.officer_code).label("officer"),
            col(OfficeRow.name).label("office"),
            col(RegionRow.name).label("region"),
            state.label("state"),
            col(Account.tf_totp_secret).is_not(None).label("second_step"),
        )
        .outerjoin(OfficerRow, col(OfficerRow.code) == col(Account.officer_code))
        .outerjoin(OfficeRow, col(OfficeRow.code) == office)
        .outerjoin(RegionRow, col(RegionRow.code) == col(Account.region_code))
    )


def _listed(session: Session, query: Select[Any]) -> list[ListedAccount]:
    rows = session.execute(query).mappings().all()
    latest = _last_sign_ins(session, [row["id"] for row in rows])
    return [
        ListedAccount(**{**row, "state": State(row["state"]), "last_sign_in": latest.get(row["id"])}) for row in rows
    ]


def _last_sign_ins(session: Session, account_ids: Sequence[int]) -> dict[int, datetime]:
    account = col(SignInRow.account_id)
    query = select(account, func.max(col(SignInRow.started_at))).group_by(account)
    if len(account_ids) <= PAGE + 1:
        query = query.where(account.in_(account_ids))
    return {int(account_id): at for account_id, at in session.execute(query)}
