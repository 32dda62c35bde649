"""Places, officers and postings into the database; what is there stays or is brought up to date."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from shared.db.people import Posting
from shared.db.people_tables import CounterRow, OfficeRow, OfficerRow, PostingRow, RegionRow, ServiceRow
from shared.db.upsert import put, upserting


def officers_known(session: Session, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return code -> (name, office) of those officers that exist."""
    query = select(col(OfficerRow.code), col(OfficerRow.name), col(OfficerRow.office_code))
    rows = session.execute(query.where(col(OfficerRow.code).in_(codes)))
    return {code: (name, office) for code, name, office in rows}


def put_officers(session: Session, officers: dict[str, tuple[str, str]]) -> None:
    """Store code -> (name, office); an officer who exists keeps everything else, the photo too."""
    rows = [{"code": code, "name": name, "office_code": office} for code, (name, office) in sorted(officers.items())]
    put(session, OfficerRow, rows)


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


def add_office(
    session: Session, code: str, name: str, region: str, kind: str, timezone: str, population: int | None
) -> None:
    """Add an office to the region of that name; the region is made when there is none yet."""
    known = session.scalars(select(RegionRow).where(col(RegionRow.name) == region)).first()
    if known is None:
        known = RegionRow(code=f"R{len(session.scalars(select(RegionRow)).all()) + 1}", name=region)
        session.add(known)
        session.flush()
    session.add(
        OfficeRow(code=code, region_code=known.code, name=name, kind=kind, timezone=timezone, population=population)
    )


def add_counter(session: Session, code: str, office: str, name: str) -> None:
    """Add a counter to an office."""
    session.add(CounterRow(code=code, office_code=office, name=name))


def add_service(session: Session, code: str, office: str, name: str) -> None:
    """Add a kind of service to an office."""
    session.add(ServiceRow(code=code, office_code=office, name=name))


def put_photo(session: Session, officer: str, photo: bytes) -> None:
    """Store the officer's photo, over the one before."""
    row = session.get_one(OfficerRow, officer)
    row.photo = photo
    session.add(row)
