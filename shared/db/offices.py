"""Regions and offices as administration sees and changes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people_tables import CounterRow, KioskRow, OfficeRow, OfficerRow, RegionRow
from shared.db.tables import RatingRow
from shared.domain.facts import OfficeFacts, RegionFacts

COLUMNS = ("region_code", "name", "kind", "timezone", "parent_code", "population", "opening_hours", "closed_on")


class FixedByRatings(Exception):
    """The office was rated as what it is; `field` names what cannot become another any more."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


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


def offices_found(session: Session, within: frozenset[str], words: str = "") -> list[str]:
    """Return the codes of the offices among `within` whose name or code has these words, by region and name."""
    query = (
        select(col(OfficeRow.code))
        .join(RegionRow, col(OfficeRow.region_code) == col(RegionRow.code))
        .order_by(col(RegionRow.name), col(OfficeRow.name), col(OfficeRow.code))
    )
    for word in words.lower().split():
        query = query.where(
            func.lower(col(OfficeRow.name) + " " + col(OfficeRow.code)).contains(word, autoescape=True)
        )
    return [code for code in session.scalars(query) if code in within]


def offices_listed(session: Session, codes: Sequence[str]) -> list[ListedOffice]:
    """Return these offices in this order, with how much there is in each."""
    query = (
        select(OfficeRow, col(RegionRow.name))
        .join(RegionRow, col(OfficeRow.region_code) == col(RegionRow.code))
        .where(col(OfficeRow.code).in_(codes))
    )
    counts = [_counted(session, table, codes) for table in (CounterRow, OfficerRow, KioskRow)]
    listed = {
        row.code: ListedOffice(
            row.code,
            row.name,
            region,
            row.kind,
            row.closed_on is not None,
            *(found.get(row.code, 0) for found in counts),
        )
        for row, region in session.execute(query)
    }
    return [listed[code] for code in codes]


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
    """Change an office.

    Raises ChangedMeanwhile when somebody else did since it was seen, and FixedByRatings when it is to have another
    zone, kind or region though it has ratings: the month each belongs to went by its zone, and its officers' months
    were closed among those of its kind and region.
    """
    row = session.get_one(OfficeRow, facts.code)
    fixed = {"timezone": row.timezone, "kind": row.kind, "region": row.region_code}
    other = next((field for field, value in fixed.items() if getattr(facts, field) != value), None)
    if other is not None and _rated(session, facts.code):
        raise FixedByRatings(other)
    records.change(session, OfficeRow, facts.code, _values(facts), seen)


def _rated(session: Session, code: str) -> bool:
    return session.scalar(select(exists().where(col(RatingRow.office_code) == code))) is True


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


def _counted(
    session: Session, table: type[CounterRow] | type[OfficerRow] | type[KioskRow], offices: Sequence[str]
) -> dict[str, int]:
    office = col(table.office_code)
    query = select(office, func.count()).where(office.in_(offices)).group_by(office)
    return {office: int(number) for office, number in session.execute(query)}
