"""Contacts: the language a person is written to in, and whether they want to be."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlmodel import Session, col

from shared.db.message_tables import STILL_OPEN, ContactRow, InvitationRow, MessageRow, WishRow
from shared.db.upsert import upserting
from shared.domain.outreach import InvitationState, MessageState, Purpose
from shared.i18n import DEFAULT_LANGUAGE, Language


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a telephone."""

    language: Language
    refused: bool


def contact_of(session: Session, phone_hash: bytes) -> Contact | None:
    """Return what is known of a telephone; None when we have never written to it and it has not refused."""
    row = session.get(ContactRow, phone_hash)
    return Contact("en" if row.language == "en" else "id", row.refused_at is not None) if row else None


def unwilling(session: Session, people: Collection[bytes]) -> set[bytes]:
    """Return those of these people, by the hashes of their phones, who want no messages."""
    row = ContactRow
    query = select(col(row.phone_hash)).where(col(row.phone_hash).in_(people), col(row.refused_at).is_not(None))
    return set(session.scalars(query))


def note_language(session: Session, phone_hash: bytes, language: Language) -> None:
    """Note in which language a person we know has written."""
    row = session.get(ContactRow, phone_hash)
    if row is not None:
        row.language = language


def refuse(session: Session, phone_hash: bytes, now: datetime, language: Language = DEFAULT_LANGUAGE) -> None:
    """Remember that a person wants no messages: open invitations and wishes end, and what waits is not sent.

    Only the hash is kept of a telephone that was not known before.
    """
    row = {"phone_hash": phone_hash, "language": language, "refused_at": now, "created_at": now}
    insert = upserting(session, ContactRow).values(**row)
    unless_before = {"refused_at": now}
    never_refused = col(ContactRow.refused_at).is_(None)
    session.execute(
        insert.on_conflict_do_update(index_elements=["phone_hash"], set_=unless_before, where=never_refused)
    )
    _withdraw(session, phone_hash)
    # The wishes first: whoever is just answering one has it in hand, and we find the answer once they are done.
    wished = delete(WishRow).where(col(WishRow.phone_hash) == phone_hash).returning(col(WishRow.message_id))
    answers = [answer for answer in session.scalars(wished) if answer is not None]
    message = MessageRow
    not_waited_for = or_(col(message.purpose) != Purpose.REPLY.value, col(message.id).in_(answers))
    mine = (col(message.phone_hash) == phone_hash, col(message.state) == MessageState.WAITING.value)
    session.execute(
        update(message).where(*mine, not_waited_for).values(state=MessageState.WITHHELD.value, state_at=now)
    )


def resume(session: Session, phone_hash: bytes) -> None:
    """Forget that a person wanted no messages; who was known by that alone is forgotten altogether."""
    mine = col(ContactRow.phone_hash) == phone_hash
    session.execute(delete(ContactRow).where(mine, col(ContactRow.phone).is_(None)))
    session.execute(update(ContactRow).where(mine).values(refused_at=None))


def _withdraw(session: Session, phone_hash: bytes) -> None:
    """End every open invitation of a person."""
    session.execute(
        update(InvitationRow)
        .where(col(InvitationRow.phone_hash) == phone_hash, STILL_OPEN)
        .values(state=InvitationState.WITHDRAWN.value)
    )
