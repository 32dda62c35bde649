"""The account table and how an account is found; the one place where the sign-in library meets the database."""

import unicodedata
import uuid
from datetime import datetime
from typing import Any, Final, Literal

from argon2 import PasswordHasher
from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import CheckConstraint, Column, Engine, ForeignKey, Integer, String, select
from sqlmodel import Field, Session, SQLModel, col

from shared.db.engine import reading, writing
from shared.db.types import UtcDateTime, code_column, one_of
from shared.domain.people import Role

USERNAME_LENGTH: Final = 64
NORMAL_FORM: Final[Literal["NFKD"]] = "NFKD"
ARGON2: Final = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
"""OWASP's recommendation: on a small machine many may sign in at once. The web app tells its library the same."""


class AccountRole(RoleMixin):
    """A role as the sign-in library sees it; ours are the words of `Role`, not rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.permissions: list[str] = []


class Account(UserMixin, SQLModel, table=True):
    """A person who signs in. An officer's account names its officer; the login decides whose page is shown."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("role <> 'officer' OR officer_code IS NOT NULL", name="officer_named"),
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))  # type: ignore[assignment]
    username: str = Field(sa_column=Column(String(USERNAME_LENGTH), unique=True, nullable=False))
    password: str = Field(sa_column=Column(String(255), nullable=False))
    role: str = Field(sa_column=Column(String(16), nullable=False))
    officer_code: str | None = Field(
        default=None, sa_column=Column(code_column(), ForeignKey("officer.code"), unique=True, nullable=True)
    )
    active: bool = Field(default=True, nullable=False)
    fs_uniquifier: str = Field(sa_column=Column(String(64), unique=True, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    @property
    def roles(self) -> list[AccountRole]:  # type: ignore[override]
        """Return the account's one role in the form the sign-in library asks for."""
        return [AccountRole(self.role)]


class Accounts(UserDatastore):
    """The accounts as the sign-in library reads them, each read on its own: no session outlives a call."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(Account, AccountRole)
        self._engine = engine

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """Return the account with that value in that column, or None."""
        ((column, value),) = kwargs.items()
        with reading(self._engine) as session:
            return session.scalar(select(Account).where(getattr(Account, column) == value))

    def named(self, name: str) -> Account | None:
        """Return the account with that user name or that officer's code, in any case; None when there is none."""
        name = name.strip()
        if not (name.isascii() and name.isprintable()) or len(name) > USERNAME_LENGTH:
            return None
        return self.find_user(username=name.lower()) or self.find_user(officer_code=name.upper())

    def end_sessions(self, account_id: int) -> None:
        """End every session of this account: a cookie that was copied is worth nothing any more."""
        with writing(self._engine) as session:
            account = session.get_one(Account, account_id)
            account.fs_uniquifier = uuid.uuid4().hex
            session.add(account)

    def put(self, model: Account) -> Account:
        """Store a changed account at once."""
        with writing(self._engine) as session:
            session.merge(model)
        return model

    def commit(self) -> None:
        """Do nothing: whatever was put is stored already."""


def hash_password(password: str) -> str:
    """Return what is kept of a password, as the sign-in verifies it; needs no web app."""
    hasher = PasswordHasher(ARGON2["time_cost"], ARGON2["memory_cost"], ARGON2["parallelism"])
    return hasher.hash(unicodedata.normalize(NORMAL_FORM, password))


def create_account(
    session: Session, username: str, password: str, role: Role, officer_code: str | None, created_at: datetime
) -> Account:
    """Let a person sign in; a user name that is taken keeps its account and its password."""
    username = username.strip().lower()
    known = session.scalar(select(Account).where(col(Account.username) == username))
    if known is not None:
        return known
    account = Account(
        username=username,
        password=hash_password(password),
        role=role.value,
        officer_code=officer_code,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=created_at,
    )
    session.add(account)
    session.flush()
    return account


def reset_password(session: Session, username: str, password: str) -> None:
    """Give an account another password and end every session signed in with the one before."""
    account = session.scalars(select(Account).where(col(Account.username) == username)).one()
    account.password, account.fs_uniquifier = hash_password(password), uuid.uuid4().hex
    session.add(account)
