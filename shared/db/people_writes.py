"""Officers and postings into the database, many at a time; what is there stays or is brought up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, tuple_, update
from sqlmodel import Session, col

from shared.db.people import Posting
from shared.db.people_tables import OfficerRow, PostingRow
from shared.db.upsert import put, upserting
from shared.phones import Phones


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """An officer's own phone: the hash it is found by, and the number sealed; None where the hash alone is kept.

    The same number sealed twice looks different, and is the same phone.
    """

    hash: bytes
    sealed: bytes | None = field(compare=False)


def own_phone_of(phone: str, phones: Phones) -> OwnPhone:
    """Return a number in E.164 as it is kept."""
    return OwnPhone(phones.hash(phone), phones.seal(phone))


def officers_known(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return code -> (name, office) of those officers that exist."""
    query = select(col(OfficerRow.code), col(OfficerRow.name), col(OfficerRow.office_code))
    rows = session.execute(query.where(col(OfficerRow.code).in_(codes)))
    return {code: (name, office) for code, name, office in rows}


def put_officers(session: Session, officers: dict[str, tuple[str, str]]) -> None:
    """Store code -> (name, office); an officer who exists keeps everything else, the photo too."""
    rows = [{"code": code, "name": name, "office_code": office} for code, (name, office) in sorted(officers.items())]
    put(session, OfficerRow, rows)


def own_phones_known(session: Session, codes: Sequence[str]) -> dict[str, OwnPhone]:
    """Return code -> own phone of those of these officers who can be written to."""
    row = OfficerRow
    query = select(col(row.code), col(row.own_phone_hash), col(row.own_phone_sealed))
    reachable = query.where(col(row.code).in_(codes), col(row.own_phone_sealed).is_not(None))
    return {code: OwnPhone(hashed, sealed) for code, hashed, sealed in session.execute(reachable) if hashed}


def put_own_phones(session: Session, phones: Mapping[str, OwnPhone]) -> None:
    """Register the own phones of officers who exist, each in place of the one before."""
    if phones:
        rows = [
            {"code": code, "own_phone_hash": phone.hash, "own_phone_sealed": phone.sealed}
            for code, phone in sorted(phones.items())
        ]
        session.execute(update(OfficerRow), rows)


def postings_known(session: Session, postings: Sequence[Posting]) -> set[Posting]:
    """Return the postings with the same officer, counter and beginning as one of these."""
    keys = tuple_(col(PostingRow.officer_code), col(PostingRow.counter_code), col(PostingRow.starts_at))
    begun = [(posting.officer, posting.counter, posting.starts_at) for posting in postings]
    rows = session.execute(select(PostingRow).where(keys.in_(begun))).scalars()
    return {Posting(row.officer_code, row.counter_code, row.starts_at, row.ends_at) for row in rows}


def put_postings(session: Session, postings: Sequence[Posting]) -> None:
    """Store postings; one of the same officer, counter and beginning gets the new end."""
    if not postings:
        return
    rows = [
        {
            "officer_code": posting.officer,
            "counter_code": posting.counter,
            "starts_at": posting.starts_at,
            "ends_at": posting.ends_at,
        }
        for posting in postings
    ]
    insert = upserting(session, PostingRow)
    begun = ["officer_code", "counter_code", "starts_at"]
    session.execute(
        insert.on_conflict_do_update(index_elements=begun, set_={"ends_at": insert.excluded.ends_at}), rows
    )
