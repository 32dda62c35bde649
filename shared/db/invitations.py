"""Invitations: written down when somebody is to be asked, listed for their office, opened by their link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from shared.db.asked import officers_of, withhold
from shared.db.message_tables import ConsentRow, ContactRow, InvitationOfficerRow, InvitationRow
from shared.db.upsert import upserting
from shared.domain.outreach import ConsentSource, InvitationState
from shared.i18n import Language


class Standing(StrEnum):
    """What an office sees of an invitation: never whether, or what, the person has answered."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to ask: the number as it is found, as it is kept for sending, and as a screen may show it.

    `phone` is None where there was nothing to keep, since they want no messages.
    """

    phone_hash: bytes
    phone: bytes | None
    shown: str
    language: Language


@dataclass(frozen=True, slots=True)
class Agreed:
    """In which words a person has agreed to be asked, who told us so, and since when."""

    wording: str
    source: ConsentSource
    told_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A question to one person about these officers, to be asked from `ask_at` on."""

    id: UUID
    office: str
    officers: Sequence[str]
    ask_at: datetime
    expires_at: datetime
    counter: str | None = None
    service: str | None = None
    served_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An invitation as its office may see it."""

    id: UUID
    standing: Standing
    phone: str | None
    officers: Sequence[str]
    counter: str | None
    served_at: datetime | None
    ask_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """The invitation of a link: `officers` says of each whether the person has answered about them."""

    id: UUID
    office: str
    counter: str | None
    language: Language
    state: InvitationState
    expires_at: datetime
    officers: Mapping[str, bool]
    phone_hash: bytes | None
    phone: bytes | None


def keep_contact(session: Session, person: Person, now: datetime) -> bool:
    """Keep how to write to somebody, and say whether they may be written to; of who refused nothing new is kept."""
    row = ContactRow
    insert = upserting(session, row).values(
        phone_hash=person.phone_hash, phone=person.phone, language=person.language, created_at=now
    )
    phone = func.coalesce(insert.excluded.phone, col(row.phone))
    changes = {"phone": phone, "language": insert.excluded.language}
    willing = col(row.refused_at).is_(None)
    session.execute(insert.on_conflict_do_update(index_elements=["phone_hash"], set_=changes, where=willing))
    return session.scalar(select(willing).where(col(row.phone_hash) == person.phone_hash)) is True


def add_invitation(session: Session, new: NewInvitation, person: Person, agreed: Agreed, now: datetime) -> None:
    """Write down a question to somebody who agreed to it; one that is there already is this very one, told twice.

    Who refused is not asked, and nothing but the masked number is kept: to its office it looks like any other.
    """
    willing = keep_contact(session, person, now)
    insert = upserting(session, InvitationRow).values(
        id=new.id,
        office_code=new.office,
        counter_code=new.counter,
        service_code=new.service,
        served_at=new.served_at,
        language=person.language,
        phone_hash=person.phone_hash if willing else None,
        phone_shown=person.shown,
        state=(InvitationState.WAITING if willing else InvitationState.WITHDRAWN).value,
        ask_at=new.ask_at,
        expires_at=new.expires_at,
        created_at=now,
    )
    added = session.scalar(insert.on_conflict_do_nothing().returning(InvitationRow.id))
    if added is None:
        return
    session.add_all(
        InvitationOfficerRow(invitation_id=new.id, officer_code=officer, answered=False) for officer in new.officers
    )
    if willing:
        session.add(
            ConsentRow(
                phone_hash=person.phone_hash,
                office_code=new.office,
                wording=agreed.wording,
                source=agreed.source.value,
                told_by=agreed.told_by,
                given_at=agreed.at,
            )
        )


def listed(
    session: Session, office: str, now: datetime, standing: Standing | None, start: int, length: int
) -> tuple[list[Listed], int]:
    """Return invitations of an office, newest first, from `start` on, and how many there are in all.

    How they stand is told by the clock alone: that one has ended before its time would tell that it was answered.
    """
    row, here = InvitationRow, [col(InvitationRow.office_code) == office]
    if standing is not None:
        here.append(_stands(now)[standing])
    count = session.scalar(select(func.count()).select_from(row).where(*here)) or 0
    order = (col(row.created_at).desc(), col(row.id))
    rows = session.scalars(select(row).where(*here).order_by(*order).offset(start).limit(length)).all()
    officers = officers_of(session, [one.id for one in rows])
    return [
        Listed(
            one.id,
            standing_of(one.withdrawn_by is not None, one.ask_at, one.expires_at, now),
            one.phone_shown,
            [*officers[one.id]],
            one.counter_code,
            one.served_at,
            one.ask_at,
            one.expires_at,
        )
        for one in rows
    ], count


def standing_of(withdrawn: bool, ask_at: datetime, expires_at: datetime, now: datetime) -> Standing:
    """Return how an invitation stands as far as its office may know."""
    if withdrawn:
        return Standing.WITHDRAWN
    if now < ask_at:
        return Standing.COMING
    return Standing.RUNNING if now < expires_at else Standing.OVER


def withdraw(session: Session, office: str, invitation: UUID, by: str, now: datetime) -> bool:
    """Withdraw an invitation of this office whose time is not over; say whether there is one.

    Its link is dead and what was not sent yet is not sent. One that the person has answered stays answered.
    """
    row = session.get(InvitationRow, invitation, with_for_update=True)
    if row is None or row.office_code != office:
        return False
    row.withdrawn_by = row.withdrawn_by or by
    if InvitationState(row.state).is_open:
        row.state = InvitationState.WITHDRAWN.value
    session.add(row)
    withhold(session, invitation)
    return True


def linked(session: Session, token_hash: bytes) -> Linked | None:
    """Return the invitation of a link, over or not; None when there is none."""
    row = session.scalars(select(InvitationRow).where(col(InvitationRow.token_hash) == token_hash)).one_or_none()
    if row is None:
        return None
    phone = select(col(ContactRow.phone)).where(col(ContactRow.phone_hash) == row.phone_hash)
    return Linked(
        row.id,
        row.office_code,
        row.counter_code,
        "en" if row.language == "en" else "id",
        InvitationState(row.state),
        row.expires_at,
        officers_of(session, [row.id])[row.id],
        row.phone_hash,
        None if row.phone_hash is None else session.scalar(phone),
    )


def _stands(now: datetime) -> dict[Standing, ColumnElement[bool]]:
    row = InvitationRow
    kept, begun, over = col(row.withdrawn_by).is_(None), col(row.ask_at) <= now, col(row.expires_at) <= now
    return {
        Standing.COMING: kept & ~begun,
        Standing.RUNNING: kept & begun & ~over,
        Standing.OVER: kept & begun & over,
        Standing.WITHDRAWN: ~kept,
    }
