"""Regions and offices as administration sees and changes them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people_tables import CounterRow, KioskRow, OfficeRow, OfficerRow, RegionRow
from shared.domain.facts import OfficeFacts, RegionFacts

COLUMNS = ("region_code", "name", "kind", "timezone", "parent_code", "population", "opening_hours", "closed_on")


@dataclass(frozen=True, slots=True)
class ListedOffice:
    """An office in a list, with how much there is in it."""

    code: str
    name: str
    region: str
    kind: str
    closed: bool
    counters: int
    officers: int
    kiosks: int


def regions(session: Session) -> list[RegionFacts]:
    """Return all regions, by name."""
    rows = session.scalars(select(RegionRow).order_by(col(RegionRow.name)))
    return [RegionFacts(code=row.code, name=row.name) for row in rows]


def put_region(session: Session, facts: RegionFacts) -> None:
    """Add a region; raise CodeTaken when another has this code."""
    records.add(session, RegionRow(code=facts.code, name=facts.name), facts.code)


def offices_listed(session: Session, within: frozenset[str], words: str = "") -> list[ListedOffice]:
    """Return the offices among `within` whose name or code has these words, by region and name."""
    query = (
        select(OfficeRow, col(RegionRow.name))
        .join(RegionRow, col(OfficeRow.region_code) == col(RegionRow.code))
        .where(col(OfficeRow.code).in_(within))
        .order_by(col(RegionRow.name), col(OfficeRow.name))
    )
    for word in words.lower().split():
        query = query.where(
            func.lower(col(OfficeRow.name) + " " + col(OfficeRow.code)).contains(word, autoescape=True)
        )
    counts = [_counted(session, table) for table in (CounterRow, OfficerRow, KioskRow)]
    return [
        ListedOffice(
            row.code,
            row.name,
            region,
            row.kind,
            row.closed_on is not None,
            *(found.get(row.code, 0) for found in counts),
        )
        for row, region in session.execute(query)
    ]


def office_facts(session: Session, code: str) -> tuple[OfficeFacts, str] | None:
    """Return what is known of an office and the mark of having seen it, or None."""
    row = session.get(OfficeRow, code)
    if row is None:
        return None
    facts = OfficeFacts.model_validate(
        {
            "code": row.code,
            "region": row.region_code,
            "name": row.name,
            "kind": row.kind,
            "timezone": row.timezone,
            "parent": row.parent_code,
            "population": row.population,
            "opening_hours": row.opening_hours,
            "closed_on": row.closed_on,
        }
    )
    return facts, records.seen(row, COLUMNS)


def add_office(session: Session, facts: OfficeFacts) -> None:
    """Add an office; raise CodeTaken when another has this code."""
    records.add(session, OfficeRow(code=facts.code, **_values(facts)), facts.code)


def change_office(session: Session, facts: OfficeFacts, seen: str) -> None:
    """Change an office; raise ChangedMeanwhile when somebody else did since it was seen."""
    records.change(session, OfficeRow, facts.code, _values(facts), seen)


def remove_office(session: Session, code: str) -> None:
    """Remove an office that was never used; raise InUse otherwise."""
    records.remove(session, OfficeRow, code)


def _values(facts: OfficeFacts) -> dict[str, Any]:
    return {
        "region_code": facts.region,
        "name": facts.name,
        "kind": facts.kind.value,
        "timezone": facts.timezone,
        "parent_code": facts.parent,
        "population": facts.population,
        "opening_hours": facts.opening_hours,
        "closed_on": facts.closed_on,
    }


def _counted(session: Session, table: type[CounterRow] | type[OfficerRow] | type[KioskRow]) -> dict[str, int]:
    query = select(col(table.office_code), func.count()).group_by(col(table.office_code))
    return {office: int(number) for office, number in session.execute(query)}
