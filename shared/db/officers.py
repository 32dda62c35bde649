"""Officers as administration sees and changes them; NIP and phone are sealed here, and found by their hash alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from shared.db import records
from shared.db.accounts import user_names_among
from shared.db.people_tables import CounterRow, OfficeRow, OfficerRow
from shared.db.people_writes import OwnPhone, own_phone_of
from shared.domain.facts import OfficerFacts
from shared.domain.nip import masked_nip
from shared.domain.phones import masked_phone
from shared.phones import Phones
from shared.sealing import Sealer

COLUMNS: Final = ("name", "nip_hash", "nip_sealed", "left_on", "own_phone_hash", "own_phone_sealed")


class NipTaken(Exception):
    """Another officer has this NIP already."""


@dataclass(frozen=True, slots=True)
class ListedOfficer:
    """An officer in a list; of the NIP only what tells two apart."""

    code: str
    name: str
    office: str
    nip: str | None
    left_on: date | None
    has_photo: bool


@dataclass(frozen=True, slots=True)
class RegisteredPhone:
    """An officer's own phone, masked; None where nobody can write to it, since its hash alone is known."""

    shown: str | None


def officers_listed(session: Session, codes: Sequence[str], nips: Sealer) -> list[ListedOfficer]:
    """Return what a list shows of these officers, in this order; one who is gone by now is left out."""
    # Never the row as a whole: reading past photos is slow.
    query = (
        select(
            col(OfficerRow.code),
            col(OfficerRow.name),
            col(OfficeRow.name),
            col(OfficerRow.nip_sealed),
            col(OfficerRow.left_on),
            col(OfficerRow.photo).is_not(None),
        )
        .join(OfficeRow, col(OfficerRow.office_code) == col(OfficeRow.code))
        .where(col(OfficerRow.code).in_(codes))
    )
    listed = {
        code: ListedOfficer(code, name, office, masked_nip(nips.open(sealed)) if sealed else None, left_on, has_photo)
        for code, name, office, sealed, left_on, has_photo in session.execute(query)
    }
    return [listed[code] for code in codes if code in listed]


def officer_with_nip(session: Session, nip: str, within: frozenset[str], nips: Sealer) -> str | None:
    """Return the code of the officer of these offices who has this NIP, or None."""
    query = select(col(OfficerRow.code)).where(
        col(OfficerRow.nip_hash) == nips.fingerprint(nip), col(OfficerRow.office_code).in_(within)
    )
    return session.scalar(query)


def officer_facts(
    session: Session, code: str, within: frozenset[str], nips: Sealer
) -> tuple[OfficerFacts, str] | None:
    """Return what is known of an officer of these offices and the mark of having seen it, or None."""
    row = _officer(session, code, within)
    if row is None:
        return None
    facts = OfficerFacts.model_validate(
        {
            "code": row.code,
            "office": row.office_code,
            "name": row.name,
            "nip": nips.open(row.nip_sealed) if row.nip_sealed else None,
            "left_on": row.left_on,
        }
    )
    return facts, records.seen(row, COLUMNS)


def add_officer(session: Session, facts: OfficerFacts, nips: Sealer, phones: Phones) -> None:
    """Add an officer; raise CodeTaken or NipTaken when somebody else has this code or NIP.

    An officer's code may not be that of a counter: residents send either by message. Nor another's user name: people
    sign in with either.
    """
    counter = session.scalar(select(col(CounterRow.code)).where(col(CounterRow.code) == facts.code))
    if counter or user_names_among(session, [facts.code]):
        raise records.CodeTaken
    values = _values(session.get(OfficerRow, facts.code), facts, nips, phones)
    _check_nip(session, facts.code, values["nip_hash"])
    row = OfficerRow(code=facts.code, office_code=facts.office, **values)
    try:
        records.add(session, row, facts.code, seals={"nip_sealed", "own_phone_sealed"})
    except IntegrityError:
        _check_nip(session, facts.code, values["nip_hash"])  # somebody was a moment faster
        raise


def change_officer(session: Session, facts: OfficerFacts, seen: str, nips: Sealer, phones: Phones) -> None:
    """Change an officer's name, NIP, own phone or last day; the office changes by a move.

    Raises NipTaken when another has this NIP, ChangedMeanwhile when somebody else changed the officer since.
    """
    values = _values(session.get_one(OfficerRow, facts.code, with_for_update=True), facts, nips, phones)
    _check_nip(session, facts.code, values["nip_hash"])
    try:
        with session.begin_nested():
            records.change(session, OfficerRow, facts.code, values, seen)
    except IntegrityError:
        _check_nip(session, facts.code, values["nip_hash"])  # somebody was a moment faster
        raise


def remove_officer(session: Session, code: str, within: frozenset[str]) -> bool:
    """Remove an officer who was never rated, posted or moved and has no account; False when not of these offices.

    Raises InUse when something refers to the officer. One who is gone already is removed.
    """
    if _officer(session, code, within) is not None:
        records.remove(session, OfficerRow, code)
        return True
    return _officer(session, code) is None


def registered_phone(session: Session, code: str, phones: Phones) -> RegisteredPhone | None:
    """Return the officer's own phone as it may be shown; None when none is registered."""
    kept = select(col(OfficerRow.own_phone_hash), col(OfficerRow.own_phone_sealed))
    hashed, sealed = session.execute(kept.where(col(OfficerRow.code) == code)).one_or_none() or (None, None)
    if hashed is None:
        return None
    try:
        return RegisteredPhone(masked_phone(phones.open(sealed)) if sealed else None)
    except InvalidToken:
        return RegisteredPhone(None)


def put_officer_photo(session: Session, code: str, photo: bytes | None) -> None:
    """Store an officer's photo over the one before, or take it away."""
    row = session.get_one(OfficerRow, code, with_for_update=True)
    row.photo = photo
    session.add(row)


def _officer(session: Session, code: str, within: frozenset[str] | None = None) -> OfficerRow | None:
    query = select(OfficerRow).where(col(OfficerRow.code) == code)
    if within is not None:
        query = query.where(col(OfficerRow.office_code).in_(within))
    # PostgreSQL refuses to look for what can be in no text.
    return None if "\0" in code else session.scalar(query)


def _values(row: OfficerRow | None, facts: OfficerFacts, nips: Sealer, phones: Phones) -> dict[str, Any]:
    nip_hash = nips.fingerprint(facts.nip) if facts.nip else None
    # Sealed twice, a number looks like another: the seal stays as long as what is in it.
    kept = row.nip_sealed if row is not None and row.nip_hash == nip_hash else None
    sealed = kept or (nips.seal(facts.nip) if facts.nip else None)
    own_phone = _own_phone(row, facts, phones)
    return {
        "name": facts.name,
        "nip_hash": nip_hash,
        "nip_sealed": sealed,
        "left_on": facts.left_on,
        "own_phone_hash": own_phone and own_phone.hash,
        "own_phone_sealed": own_phone and own_phone.sealed,
    }


def _own_phone(row: OfficerRow | None, facts: OfficerFacts, phones: Phones) -> OwnPhone | None:
    known = None if row is None or row.own_phone_hash is None else OwnPhone(row.own_phone_hash, row.own_phone_sealed)
    if facts.own_phone is None:
        return None if facts.forget_phone else known
    typed = own_phone_of(facts.own_phone, phones)
    return known if known is not None and known.sealed and known == typed else typed


def _check_nip(session: Session, code: str, nip_hash: bytes | None) -> None:
    others = select(col(OfficerRow.code)).where(col(OfficerRow.nip_hash) == nip_hash, col(OfficerRow.code) != code)
    if nip_hash is not None and session.scalar(others):
        raise NipTaken
