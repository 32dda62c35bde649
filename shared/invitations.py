"""Asking people who agreed to it: a visit becomes an invitation, whose link is opened once for each officer."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from shared.consent_wording import CONSENT_VERSION
from shared.db import api_keys, contacts
from shared.db import invitations as stored
from shared.db.api_keys import ApiKey
from shared.db.asked import note_answer
from shared.db.engine import reading, writing
from shared.db.invitations import Agreed, Linked, NewInvitation, Person
from shared.db.people import secret_hash
from shared.domain.asking import next_writing
from shared.domain.errors import IntakeUnavailable
from shared.domain.outreach import ConsentSource
from shared.domain.people import Directory, Office
from shared.domain.phones import masked_phone
from shared.domain.visits import Visit, check_visit
from shared.logs import logger
from shared.phones import Phones
from shared.services import Services

LETTERS: Final = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that another looks like, and nothing at its end that a telephone would not take for part of the address."""
LENGTH: Final = 14
"""81 bits: nobody finds one by trying."""
TOLD_LENGTH: Final = 64
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """Who told us of a visit."""

    source: ConsentSource
    by: str


def invite(visit: Visit, office: Office, told: Told, session: Session, services: Services) -> UUID:
    """Write down that the person of this visit is to be asked, and return the invitation's id.

    The same visit told twice is one invitation. Of who refused messages nobody learns it here: they get the same
    answer, and are never asked. Raises VisitRefused.
    """
    now, settings = services.clock(), services.settings
    check_visit(visit, office, services.directory.current().offered(now), now)
    phones = Phones.of(settings)
    wanted = max(now, visit.served_at + timedelta(minutes=settings.invite_after_minutes))
    ask_at = next_writing(wanted, office.timezone)
    person = Person(phones.hash(visit.phone), phones.seal(visit.phone), masked_phone(visit.phone), visit.language)
    new = NewInvitation(
        _id_of(visit, office, phones),
        office.code,
        [visit.officer],
        ask_at,
        ask_at + timedelta(days=settings.invitation_days),
        visit.counter,
        visit.service,
        visit.served_at,
    )
    stored.add_invitation(session, new, person, Agreed(CONSENT_VERSION, told.source, told.by, now), now)
    return new.id


def key_of(secret: str, services: Services) -> ApiKey | None:
    """Return the key of this secret, unless it is revoked. Raises IntakeUnavailable."""
    try:
        with reading(services.engine) as session:
            return api_keys.key_of(session, secret)
    except SQLAlchemyError as error:
        raise IntakeUnavailable from error


def invite_by_key(visit: Visit, key: ApiKey, services: Services) -> UUID:
    """Do the same for a queue system, whose key speaks for its office. Raises VisitRefused, IntakeUnavailable."""
    office = services.directory.current().offices.get(key.office)
    if office is None:  # made a moment ago, and not seen here yet
        raise IntakeUnavailable
    told = Told(ConsentSource.QUEUE_SYSTEM, f"{key.id} {key.name}"[:TOLD_LENGTH])
    try:
        with writing(services.engine) as session:
            invitation = invite(visit, office, told, session, services)
            api_keys.note_use(session, key.id, services.clock().astimezone(office.timezone).date())
    except SQLAlchemyError as error:
        raise IntakeUnavailable from error
    return invitation


def new_token() -> str:
    """Return what nobody can guess, to open one invitation by."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def askable(office: str, officers: Iterable[str], directory: Directory, now: datetime) -> list[str]:
    """Return those of the officers about whom people may be asked at this moment; none where an office is closed."""
    place, offered = directory.offices.get(office), directory.offered(now).officers
    if place is None or not place.open_on(now.astimezone(place.timezone).date()):
        return []
    return [code for code in officers if code in offered and office in offered[code].offices]


def linked(token: str, services: Services) -> Linked | None:
    """Return the invitation of a link, over or not; None when there is none. Raises IntakeUnavailable."""
    try:
        with reading(services.engine) as session:
            return stored.linked(session, secret_hash(token))
    except SQLAlchemyError as error:
        raise IntakeUnavailable from error


def phone_of(invitation: Linked, services: Services) -> str | None:
    """Return the number of who was invited, as far as it is known here and can be read."""
    try:
        return None if invitation.phone is None else Phones.of(services.settings).open(invitation.phone)
    except InvalidToken:
        log.warning("phone not readable", invitation=str(invitation.id))
        return None


def answered(invitation: Linked, officer: str, services: Services) -> None:
    """Note that the person has answered about an officer; their rating is accepted whatever becomes of this note."""
    try:
        with writing(services.engine) as session:
            note_answer(session, invitation.id, officer)
    except SQLAlchemyError as error:
        log.warning("answer not noted", invitation=str(invitation.id), error=type(error).__name__)


def refused(invitation: Linked, services: Services) -> None:
    """Remember that this person wants no messages any more. Raises IntakeUnavailable."""
    if invitation.phone_hash is None:
        return
    try:
        with writing(services.engine) as session:
            contacts.refuse(session, invitation.phone_hash, services.clock(), invitation.language)
    except SQLAlchemyError as error:
        raise IntakeUnavailable from error


def _id_of(visit: Visit, office: Office, phones: Phones) -> UUID:
    # Of what makes a visit this one: its counter, service or language told otherwise make no second one.
    told = f"visit {office.code} {visit.officer} {visit.phone} {visit.served_at:%Y-%m-%dT%H:%M}"
    return UUID(bytes=phones.hash(told)[:16])
