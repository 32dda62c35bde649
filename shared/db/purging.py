"""What is forgotten of people we wrote to, and when: the schedule of their data (UU PDP 27/2022, art. 43)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, UpdateBase, delete, exists, func, or_, select, update
from sqlmodel import Session, SQLModel, col

from shared.db.campaign_tables import GuardianRow
from shared.db.message_tables import ConsentRow, ContactRow, InvitationRow, MessageRow
from shared.db.people_tables import OfficerRow
from shared.db.wishes import drop_answered, drop_old
from shared.domain.outreach import InvitationState, MessageState

WORDS_KEPT: Final = timedelta(days=7)
"""The number and the words of a message that has come to its end, for questions about its delivery."""
TRACES_KEPT: Final = timedelta(days=30)
"""By what an ended invitation and its messages lead back to a person who asks about them."""
CONSENT_KEPT: Final = timedelta(days=365)
"""The proof that somebody agreed, for as long as they may say that they did not."""
GUARDIANS_KEPT: Final = timedelta(days=396)
"""Whose child is in which class, since a school last said so: thirteen months, so that a yearly list renews it."""
UNDER_WAY: Final = tuple(state.value for state in (MessageState.WAITING, MessageState.SENDING, MessageState.SENT))
OPEN: Final = tuple(state.value for state in InvitationState if state.is_open)


def _wishes(session: Session, now: datetime) -> int:
    return drop_answered(session) + drop_old(session, now.date())


def _words(session: Session, now: datetime) -> int:
    said = or_(col(MessageRow.phone).is_not(None), col(MessageRow.text).is_not(None))
    over = (col(MessageRow.state).not_in(UNDER_WAY), col(MessageRow.state_at) < now - WORDS_KEPT)
    return _changed(session, update(MessageRow).where(*over, said).values(phone=None, text=None))


def _traces(session: Session, now: datetime) -> int:
    """Forget by what an invitation and its messages are found, also in the provider's own list."""
    before = now - TRACES_KEPT
    traces = {"phone_hash": None, "phone_shown": None, "token_hash": None, "token": None}
    ended = (col(InvitationRow.state).not_in(OPEN), col(InvitationRow.expires_at) < before)
    forgotten = _changed(
        session, update(InvitationRow).where(*ended, _any_of(InvitationRow, traces)).values(**traces)
    )
    known = {"phone_hash": None, "provider_id": None}
    old = (col(MessageRow.state).not_in(UNDER_WAY), col(MessageRow.state_at) < before)
    return forgotten + _changed(session, update(MessageRow).where(*old, _any_of(MessageRow, known)).values(**known))


def _contacts(session: Session, now: datetime) -> int:
    """Forget a number that nothing is asked of any more; who wants no messages is remembered by the hash alone."""
    asked = exists().where(col(InvitationRow.phone_hash) == col(ContactRow.phone_hash))
    due = exists().where(
        col(MessageRow.phone_hash) == col(ContactRow.phone_hash), col(MessageRow.state).in_(UNDER_WAY)
    )
    idle = (~asked, ~due, func.coalesce(col(ContactRow.refused_at), col(ContactRow.created_at)) < now - TRACES_KEPT)
    refused = col(ContactRow.refused_at).is_not(None)
    sealed = col(ContactRow.phone).is_not(None)
    forgotten = _changed(session, update(ContactRow).where(*idle, refused, sealed).values(phone=None))
    return forgotten + _changed(session, delete(ContactRow).where(*idle, ~refused))


def _consents(session: Session, now: datetime) -> int:
    """Forget that somebody agreed a year ago, but of who may still be asked; and of who has refused for a year."""
    contact, before = ContactRow, now - CONSENT_KEPT
    lately = func.coalesce(col(contact.refused_at), now) >= before
    known = exists().where(col(contact.phone_hash) == col(ConsentRow.phone_hash), lately)
    return _changed(session, delete(ConsentRow).where(col(ConsentRow.given_at) < before, ~known))


def _guardians(session: Session, now: datetime) -> int:
    """Forget guardians of whom no list has told for long, and the number of who wants no messages."""
    row, before = GuardianRow, now - TRACES_KEPT
    away = select(col(ContactRow.phone_hash)).where(col(ContactRow.refused_at) < before)
    forgotten = _changed(session, delete(row).where(col(row.imported_at) < now - GUARDIANS_KEPT))
    return forgotten + _changed(
        session, update(row).where(col(row.phone_hash).in_(away), col(row.phone).is_not(None)).values(phone=None)
    )


def _own_phones(session: Session, now: datetime) -> int:
    """Forget the own phones of officers who have left: they are residents like any other."""
    row = OfficerRow
    left = (col(row.own_phone_hash).is_not(None), col(row.left_on) < (now - TRACES_KEPT).date())
    return _changed(session, update(row).where(*left).values(own_phone_hash=None, own_phone_sealed=None))


def _changed(session: Session, statement: UpdateBase) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def _any_of(table: type[SQLModel], names: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(col(getattr(table, name)).is_not(None) for name in names))


DUE: Final[tuple[Callable[[Session, datetime], int], ...]] = (
    _wishes,
    _words,
    _traces,
    _contacts,
    _consents,
    _guardians,
    _own_phones,
)
"""What forgets, each returning how many rows it touched; the counts of what was sent and answered stay.

Each is to be a transaction of its own: together they would hold, in another order, the very rows of who asks to be
forgotten in that moment.
"""
