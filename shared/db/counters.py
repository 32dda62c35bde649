"""Counters and services of an office as administration sees and changes them: two lists of one shape."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people_tables import CounterRow, OfficerRow, ServiceRow
from shared.domain.facts import CounterFacts, ServiceFacts

COLUMNS: Final = ("name", "closed_on")
Row = CounterRow | ServiceRow
OfferFacts = CounterFacts | ServiceFacts


class Offer(StrEnum):
    """What residents find at an office: places where they are served, and what they are served with."""

    COUNTERS = "counters"
    SERVICES = "services"


SHAPES: Final[dict[Offer, type[OfferFacts]]] = {Offer.COUNTERS: CounterFacts, Offer.SERVICES: ServiceFacts}
_TABLES: Final[dict[Offer, Any]] = {Offer.COUNTERS: CounterRow, Offer.SERVICES: ServiceRow}


def offers_listed(session: Session, kind: Offer, office: str) -> list[OfferFacts]:
    """Return an office's counters or services by code, the closed ones last."""
    table = _TABLES[kind]
    query = select(table).where(col(table.office_code) == office)
    ordered = query.order_by(col(table.closed_on).is_not(None), col(table.code))
    return [_facts(kind, row) for row in session.scalars(ordered)]


def offer_facts(session: Session, kind: Offer, office: str, code: str) -> tuple[OfferFacts, str] | None:
    """Return what is known of a counter or service of this office and the mark of having seen it, or None."""
    row = _stored(session, kind, office, code)
    if row is None or row.office_code != office:
        return None
    return _facts(kind, row), records.seen(row, COLUMNS)


def add_offer(session: Session, kind: Offer, facts: OfferFacts) -> None:
    """Add a counter or service; raise CodeTaken when its code is in use.

    A counter's code is unique in the installation, among officers too: residents send either by message.
    """
    officer = select(col(OfficerRow.code)).where(col(OfficerRow.code) == facts.code)
    if kind is Offer.COUNTERS and session.scalar(officer):
        raise records.CodeTaken
    row = _TABLES[kind](code=facts.code, office_code=facts.office, name=facts.name, closed_on=facts.closed_on)
    records.add(session, row, _key(kind, facts.office, facts.code))


def change_offer(session: Session, kind: Offer, facts: OfferFacts, seen: str) -> None:
    """Rename or close a counter or service; raise ChangedMeanwhile when somebody else changed it since."""
    values = {"name": facts.name, "closed_on": facts.closed_on}
    records.change(session, _TABLES[kind], _key(kind, facts.office, facts.code), values, seen)


def remove_offer(session: Session, kind: Offer, office: str, code: str) -> bool:
    """Remove a counter or service that was never used; False when it is another office's.

    Raises InUse when something refers to it. One that is gone already is removed.
    """
    row = _stored(session, kind, office, code)
    if row is None or row.office_code != office:
        return row is None
    records.remove(session, _TABLES[kind], _key(kind, office, code))
    return True


def _stored(session: Session, kind: Offer, office: str, code: str) -> Any:
    # PostgreSQL refuses to look for what can be in no text.
    return session.get(_TABLES[kind], _key(kind, office, code)) if "\0" not in code else None


def _key(kind: Offer, office: str, code: str) -> Any:
    return code if kind is Offer.COUNTERS else (office, code)


def _facts(kind: Offer, row: Row) -> OfferFacts:
    return SHAPES[kind].model_validate(
        {"code": row.code, "office": row.office_code, "name": row.name, "closed_on": row.closed_on}
    )
