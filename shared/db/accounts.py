"""The account table and how an account is found; the one place where the sign-in library meets the database."""

import secrets
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Literal

from argon2 import PasswordHasher
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    event,
    inspect,
    select,
    update,
)
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, Session, SQLModel, col

from shared.db.engine import reading
from shared.db.people_tables import OfficerRow
from shared.db.types import UtcDateTime, code_column, one_of
from shared.domain.nip import is_nip, parse_nip
from shared.domain.people import Role
from shared.sealing import Sealer

USERNAME_LENGTH: Final = 64
PASSWORD_LENGTH: Final = 10
PASSWORD_LONGEST: Final = 128
"""letters in normal form"""
TOTP_PURPOSE: Final = "second step"
NORMAL_FORM: Final[Literal["NFKD"]] = "NFKD"
ARGON2: Final = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
"""OWASP's recommendation: on a small machine many may sign in at once. The web app tells its library the same."""


WHAT_FOR: Final = ("active", "role", "officer_code", "office_code", "region_code")
"""What an account is for, and whether; when it changes, every sign-in of the account is over."""
ACTIVATION_LIFETIME: Final = timedelta(days=7)
CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Place:
    """What an account is for: its role, with the officer, office or region that the role is about."""

    role: Role
    officer: str | None = None
    office: str | None = None
    region: str | None = None


class AccountRole(RoleMixin):
    """A role as the sign-in library sees it; ours are the words of `Role`, not rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions: list[str] = []


class Account(UserMixin, SQLModel, table=True):
    """A person who signs in, and for whom: an officer for themselves, a supervisor for an office, an agency for a
    region, an administrator or an auditor for the installation.
    """

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("(role = 'officer') = (officer_code IS NOT NULL)", name="officer_named"),
        CheckConstraint("(role = 'supervisor') = (office_code IS NOT NULL)", name="office_named"),
        CheckConstraint("(role = 'agency') = (region_code IS NOT NULL)", name="region_named"),
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))  # type: ignore[assignment]
    username: str = Field(sa_column=Column(String(USERNAME_LENGTH), unique=True, nullable=False))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    password: str | None = Field(default=None, sa_column=Column(String(255), nullable=True))
    role: str = Field(sa_column=Column(String(16), nullable=False))
    officer_code: str | None = Field(
        default=None, sa_column=Column(code_column(), ForeignKey("officer.code"), unique=True, nullable=True)
    )
    office_code: str | None = Field(
        default=None, sa_column=Column(code_column(), ForeignKey("office.code"), nullable=True)
    )
    region_code: str | None = Field(
        default=None, sa_column=Column(code_column(), ForeignKey("region.code"), nullable=True)
    )
    active: bool = Field(default=True, nullable=False)
    fs_uniquifier: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    tf_primary_method: str | None = Field(default=None, sa_column=Column(String(16), nullable=True))
    tf_totp_secret: str | None = Field(default=None, sa_column=Column(String(255), nullable=True))
    totp_counter: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    mf_recovery_codes: list[str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    activation_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), unique=True, nullable=True))
    activation_expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    def check_tf_required_setup(self) -> bool:
        """Say whether this account must have a second step: every one above officer."""
        return self.role != Role.OFFICER.value

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Say whether this sign-in needs the second step, and by which methods."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    @property
    def place(self) -> Place:
        """Return what this account is for."""
        return Place(Role(self.role), self.officer_code, self.office_code, self.region_code)

    def calc_username(self) -> str:
        """Return the name under which an app for sign-in codes lists this account."""
        return self.username

    @property
    def roles(self) -> list[AccountRole]:  # type: ignore[override]
        """Return the account's one role in the form the sign-in library asks for."""
        return [AccountRole(self.role)]


@event.listens_for(Account, "before_update")
def _end_sign_ins(_mapper: object, _connection: object, account: Account) -> None:
    # Whoever signed in as an officer did so without a second step: they do not go on as a supervisor.
    states = inspect(account).attrs
    if any(states[name].history.has_changes() for name in WHAT_FOR):
        account.fs_uniquifier = uuid.uuid4().hex


class Accounts(UserDatastore):
    """The accounts as the sign-in library reads them, each read on its own: no session outlives a call."""

    def __init__(self, engine: Engine, nips: Sealer) -> None:
        super().__init__(Account, AccountRole)
        self._engine, self._nips = engine, nips

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """Return the account with that value in that column, or None."""
        ((column, value),) = kwargs.items()
        with reading(self._engine) as session:
            return session.scalar(select(Account).where(getattr(Account, column) == value))

    def named(self, name: str) -> Account | None:
        """Return the account with that user name, officer's code (in any case) or NIP; None when there is none."""
        name = name.strip()
        if len(name) > USERNAME_LENGTH:
            return None
        if is_nip(name):
            return self._with_nip(parse_nip(name))
        if not (name.isascii() and name.isprintable()):
            return None
        return self.find_user(username=name.lower()) or self.find_user(officer_code=name.upper())

    def _with_nip(self, nip: str) -> Account | None:
        owner = select(col(OfficerRow.code)).where(col(OfficerRow.nip_hash) == self._nips.fingerprint(nip))
        with reading(self._engine) as session:
            return session.scalar(select(Account).where(col(Account.officer_code).in_(owner)))

    def store(self, session: Session, model: Account) -> bool:
        """Store what was changed in an account, and only that: others may be changing the rest of it.

        Returns whether its person has chosen another password: a code to choose one is void from then on.
        """
        states = inspect(model).attrs
        changed = {state.key: state.value for state in states if state.history.has_changes()}
        # A hash that was merely renewed at a sign-in ends no other one.
        chosen = {"password", "fs_uniquifier"} <= changed.keys()
        if chosen:
            changed |= {"activation_hash": None, "activation_expires_at": None}
        if changed:
            session.execute(update(Account).where(col(Account.id) == model.id).values(changed))
        for name, value in changed.items():  # the library stores the same again
            set_committed_value(model, name, value)
        return chosen

    def commit(self) -> None:
        """Do nothing: whatever was put is stored already."""


def hash_password(password: str) -> str:
    """Return what is kept of a password, as the sign-in verifies it; needs no web app."""
    hasher = PasswordHasher(ARGON2["time_cost"], ARGON2["memory_cost"], ARGON2["parallelism"])
    return hasher.hash(unicodedata.normalize(NORMAL_FORM, password))


def new_account(username: str, name: str, place: Place, created_at: datetime) -> Account:
    """Return an account that nobody has activated yet; it is stored when it is added to a session."""
    return Account(
        username=username.strip().lower(),
        name=name,
        role=place.role.value,
        officer_code=place.officer,
        office_code=place.office,
        region_code=place.region,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=created_at,
    )


def create_account(
    session: Session, username: str, password: str, place: Place, created_at: datetime, name: str | None = None
) -> Account:
    """Let a person sign in; a user name that is taken keeps its account and its password."""
    known = account_of(session, username)
    if known is not None:
        return known
    account = new_account(username, name or username, place, created_at)
    account.password = hash_password(password)
    session.add(account)
    session.flush()
    return account


def account_of(session: Session, username: str) -> Account | None:
    """Return the account of that user name, or None."""
    return session.scalar(select(Account).where(col(Account.username) == username.strip().lower()))


def user_names_among(session: Session, codes: Collection[str]) -> set[str]:
    """Return those of these officer codes that somebody else signs in with as user name."""
    names = {code.lower(): code for code in codes}
    query = select(col(Account.username), col(Account.officer_code)).where(col(Account.username).in_(names))
    return {names[name] for name, own in session.execute(query) if names[name] != own}


def set_password(session: Session, account: Account, password: str) -> None:
    """Give an account another password; every sign-in with the one before ends, and so does its activation."""
    account.password, account.fs_uniquifier = hash_password(password), uuid.uuid4().hex
    account.activation_hash = account.activation_expires_at = None
    session.add(account)


def new_activation_code() -> str:
    """Return a one-time code that can be printed and typed: 80 bits, without letters that look alike."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(4)) for _ in range(4))


def invite(session: Session, account: Account, code: str, now: datetime) -> None:
    """Let whoever has `code` choose this account's password within the next week; a code before it is void."""
    account.activation_hash, account.activation_expires_at = _code_hash(code), now + ACTIVATION_LIFETIME
    session.add(account)


def invited(session: Session, code: str, now: datetime) -> Account | None:
    """Return the account that this code activates; None when it is unknown, used or too old."""
    query = select(Account).where(col(Account.activation_hash) == _code_hash(code)).with_for_update()
    account = session.scalar(query)
    if account is None or account.activation_expires_at is None or account.activation_expires_at <= now:
        return None
    return account if account.active else None


def forget_second_step(session: Session, account: Account) -> None:
    """Let an account set its second step up anew: the phone that made its codes is lost."""
    account.tf_totp_secret = account.tf_primary_method = account.mf_recovery_codes = None
    account.fs_uniquifier = uuid.uuid4().hex
    session.add(account)


def _code_hash(code: str) -> bytes:
    plain = "".join(char for char in code.upper() if char.isalnum())
    return sha256(f"activation {plain}".encode()).digest()
