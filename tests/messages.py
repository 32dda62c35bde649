"""Visits and invitations for tests, and what became of them."""

from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from shared.db.api_keys import add_key
from shared.db.engine import writing
from shared.db.message_tables import ContactRow, InvitationOfficerRow, InvitationRow
from shared.db.people import secret_hash
from shared.db.purging import DUE
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, COUNTER, OFFICE
from tests.factories import NOON

PHONE: Final = "+6281370001234"
Row = TypeVar("Row", bound=SQLModel)
TOKEN: Final = "abcdefghijkmnp"
SECRET: Final = "suara_" + "q" * 43


def a_told_visit(**overrides: Any) -> dict[str, Any]:
    """Return a visit to Asha this morning, as a queue system tells of it."""
    values = {
        "phone": "0813-7000-1234", "officer": ASHA, "counter": COUNTER, "service": "KTP",
        "served_at": (NOON - timedelta(minutes=30)).isoformat(), "language": "id", "consent": True,
    }  # fmt: skip
    return {**values, **overrides}


def let_tell(services: Services, office: str = OFFICE, secret: str = SECRET) -> int:
    """Give a queue system its key."""
    with writing(services.engine) as session:
        return add_key(session, "Antrean", office, secret, services.clock())


def let_refuse(services: Services, phone: str = PHONE) -> None:
    """Let somebody want no messages any more; nothing but the hash of their number is left."""
    with writing(services.engine) as session:
        hashed = Phones.of(services.settings).hash(phone)
        row = session.get(ContactRow, hashed) or ContactRow(phone_hash=hashed, created_at=services.clock())
        row.refused_at, row.phone = services.clock(), None
        session.add(row)


def rows(session: Session, table: type[Row]) -> list[Row]:
    """Return all rows of a table as they are now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(table)))


def purge(session: Session, now: datetime) -> int:
    """Forget what is due at this moment, and return how many rows that touched."""
    return sum(forget(session, now) for forget in DUE)


def let_be_asked(session: Session, services: Services, token: str = TOKEN, **overrides: Any) -> UUID:
    """Let somebody have been asked about Asha, with a link that ends in TOKEN; return the invitation's id."""
    phones, now, number = Phones.of(services.settings), services.clock(), uuid4()
    phone, officers = overrides.pop("phone", PHONE), overrides.pop("officers", [ASHA])
    if session.get(ContactRow, phones.hash(phone)) is None:
        session.add(ContactRow(phone_hash=phones.hash(phone), phone=phones.seal(phone), created_at=now))
    values = {
        "office_code": OFFICE, "counter_code": COUNTER, "language": "id", "phone_hash": phones.hash(phone),
        "token_hash": secret_hash(token), "state": "asked", "ask_at": now, "expires_at": now + timedelta(days=7),
        "created_at": now,
    }  # fmt: skip
    session.add(InvitationRow(id=number, **{**values, **overrides}))
    session.flush()
    session.add_all(InvitationOfficerRow(invitation_id=number, officer_code=officer) for officer in officers)
    return number
