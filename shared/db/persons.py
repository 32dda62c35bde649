"""All that is kept of a telephone, table by table, and how each of them forgets it.

Ratings are not among them: no telephone leads to one. Of an invitation its masked number stays until the schedule
takes it, since a gap in its office's list would tell whose it was; of an officer's own phone its hash, or ratings
from it would count.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, UpdateBase, case, delete, func, select, update
from sqlmodel import Session, SQLModel, col

from shared.db.campaign_tables import GuardianOfficerRow, GuardianRow
from shared.db.campaigns import step_back
from shared.db.message_tables import (
    STILL_OPEN,
    ConsentRow,
    ContactRow,
    InboxRow,
    InvitationRow,
    MessageRow,
    WishRow,
)
from shared.db.people_tables import OfficerRow
from shared.domain.outreach import InvitationState, MessageState
from shared.i18n import mark

Mine = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Holding:
    """One table that knows telephones: what its rows are called, how those of one forget it, and by which column."""

    table: type[SQLModel]
    called: str
    forget: Callable[[type[SQLModel], Mine], Iterable[UpdateBase]]
    found_by: str = "phone_hash"


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a telephone: since when it is a contact, whether it wants no messages, whether it is kept as an
    officer's own, how many invitations it may still answer, and the number of its rows by what they are called.
    """

    since: datetime | None
    refused: bool
    of_officer: bool
    invitations: int
    rows: Mapping[str, int]


def _deleted(table: type[SQLModel], mine: Mine) -> list[UpdateBase]:
    return [delete(table).where(mine)]


def _contact(_table: type[SQLModel], mine: Mine) -> list[UpdateBase]:
    """Forget the contact; of who wants no messages, all but that: they would be asked again otherwise."""
    refused = col(ContactRow.refused_at).is_not(None)
    return [
        delete(ContactRow).where(mine, ~refused),
        update(ContactRow).where(mine, refused).values(phone=None),
    ]


def _invitations(_table: type[SQLModel], mine: Mine) -> list[UpdateBase]:
    """Withdraw what is open, and let no link and no hash lead to the person any more."""
    state = case((STILL_OPEN, InvitationState.WITHDRAWN.value), else_=col(InvitationRow.state))
    return [update(InvitationRow).where(mine).values(state=state, phone_hash=None, token_hash=None, token=None)]


def _messages(_table: type[SQLModel], mine: Mine) -> list[UpdateBase]:
    """Withhold what waits; what is in hand cannot leave a second time without number and words."""
    waits = col(MessageRow.state) == MessageState.WAITING.value
    state = case((waits, MessageState.WITHHELD.value), else_=col(MessageRow.state))
    return [update(MessageRow).where(mine).values(state=state, phone_hash=None, phone=None, text=None)]


def _inbox(_table: type[SQLModel], mine: Mine) -> list[UpdateBase]:
    """Wipe what has had its turn; a rating that waits for its turn is not lost."""
    said = dict.fromkeys(("phone_hash", "phone", "provider_id", "text", "reply", "conversation"))
    return [update(InboxRow).where(mine, col(InboxRow.taken_at).is_not(None)).values(**said)]


def _own_phones(table: type[SQLModel], mine: Mine) -> list[UpdateBase]:
    """Forget the number, so that its officer is not written to; what comes from it stays set aside."""
    return [update(table).where(mine).values(own_phone_sealed=None)]


HOLDINGS: Final = (
    Holding(GuardianRow, mark("Places in lists of guardians"), _deleted),
    Holding(GuardianOfficerRow, mark("Teachers of their children"), _deleted),
    Holding(OfficerRow, mark("Officers whose own phone it is"), _own_phones, "own_phone_hash"),
    Holding(ContactRow, mark("Contact"), _contact),
    Holding(ConsentRow, mark("Consents"), _deleted),
    Holding(InvitationRow, mark("Invitations"), _invitations),
    Holding(WishRow, mark("Wishes to be answered"), _deleted),
    Holding(MessageRow, mark("Messages of ours"), _messages),
    Holding(InboxRow, mark("Messages of theirs"), _inbox),
)
"""Every table with a hash of telephones; a test finds the one that is left out.

In the order in which they are forgotten: what something is written from comes before it. Whoever is writing has the
first in hand, so that we wait for them and then find what they wrote.
"""


def held(session: Session, phone_hash: bytes) -> Held:
    """Return what is kept of a telephone."""
    contact = session.get(ContactRow, phone_hash, populate_existing=True)
    mine = col(InvitationRow.phone_hash) == phone_hash
    still_open = session.scalar(select(func.count()).select_from(InvitationRow).where(mine, STILL_OPEN))
    return Held(
        contact.created_at if contact else None,
        contact is not None and contact.refused_at is not None,
        _is_of_officer(session, phone_hash),
        still_open or 0,
        {one.called: _count(session, one, phone_hash) for one in HOLDINGS},
    )


def forget(session: Session, phone_hash: bytes) -> None:
    """Forget a telephone at once: number, words, consents and invitations. Doing it again changes nothing."""
    for one in HOLDINGS:
        for statement in one.forget(one.table, _mine(one, phone_hash)):
            session.execute(statement)
    step_back(session, phone_hash)


def _count(session: Session, holding: Holding, phone_hash: bytes) -> int:
    query = select(func.count()).select_from(holding.table).where(_mine(holding, phone_hash))
    return session.scalar(query) or 0


def _is_of_officer(session: Session, phone_hash: bytes) -> bool:
    row = OfficerRow
    kept = (col(row.own_phone_hash) == phone_hash, col(row.own_phone_sealed).is_not(None))
    return session.scalar(select(col(row.code)).where(*kept).limit(1)) is not None


def _mine(holding: Holding, phone_hash: bytes) -> Mine:
    column: Any = getattr(holding.table, holding.found_by)
    mine: Mine = column == phone_hash
    return mine
