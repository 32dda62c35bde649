"""An office's own elements beside the regulation's nine: set up by administration, answered in ratings."""

from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.counting import counts
from shared.db.people_tables import ExtraElementRow
from shared.db.tables import RatingRow
from shared.domain.facts import ExtraElementFacts
from shared.domain.months import Month

COLUMNS: Final = tuple(name for name in ExtraElementFacts.model_fields if name not in {"code", "office"})
_ANSWERED: Final = col(RatingRow.extras).is_not(None)


class TooMany(Exception):
    """The office asks as many questions of its own as a form can bear."""


def extra_elements(session: Session, office: str) -> list[ExtraElementFacts]:
    """Return an office's own elements in the order of its form, those that have ended too."""
    row = ExtraElementRow
    query = select(row).where(col(row.office_code) == office).order_by(col(row.position), col(row.code))
    return [_facts(one) for one in session.scalars(query)]


def extra_element(session: Session, office: str, code: str) -> tuple[ExtraElementFacts, str] | None:
    """Return what is known of an element of this office and the mark of having seen it, or None."""
    row = session.get(ExtraElementRow, (office, code))
    return None if row is None else (_facts(row), records.seen(row, COLUMNS))


def add_extra_element(session: Session, facts: ExtraElementFacts, most: int) -> None:
    """Add an element; raise CodeTaken when its code is in use, though it may have ended.

    Raises TooMany when the office asks `most` already.
    """
    row = ExtraElementRow(office_code=facts.office, code=facts.code, **_values(facts))
    records.add(session, row, (facts.office, facts.code))
    if sum(element.ended_on is None for element in extra_elements(session, facts.office)) > most:
        raise TooMany


def change_extra_element(session: Session, facts: ExtraElementFacts, seen: str) -> None:
    """Change or end an element; raise ChangedMeanwhile when somebody else changed it since."""
    records.change(session, ExtraElementRow, (facts.office, facts.code), _values(facts), seen)


def remove_extra_element(session: Session, office: str, code: str) -> None:
    """Remove an element that nobody has answered; one that is gone already is removed. Raises InUse."""
    said = _answer(code).is_not(None)
    if session.scalar(select(exists().where(col(RatingRow.office_code) == office, _ANSWERED, said))):
        raise records.InUse
    records.remove(session, ExtraElementRow, (office, code))


def extra_sums(
    session: Session, office: str, codes: list[str], first: Month, last: Month
) -> dict[str, tuple[int, int]]:
    """Return per element (sum of answers, forms that answered it), of the same ratings as the nine."""
    if not codes:
        return {}
    row = session.execute(
        select(*figures_of(codes)).where(
            col(RatingRow.office_code) == office,
            col(RatingRow.month).between(str(first), str(last)),
            _ANSWERED,
            counts(),
        )
    ).one()
    return {code: (int(row[2 * n + 1] or 0), int(row[2 * n])) for n, code in enumerate(codes)}


def figures_of(codes: list[str]) -> list[ColumnElement[Any]]:
    """Return for each element how many answered it, and the sum of their answers."""
    return [figure for code in codes for figure in (func.count(_answer(code)), func.sum(_answer(code)))]


def _answer(code: str) -> ColumnElement[int]:
    answer: ColumnElement[int] = col(RatingRow.extras)[code].as_integer()
    return answer


def _facts(row: ExtraElementRow) -> ExtraElementFacts:
    known = {name: getattr(row, name) for name in COLUMNS}
    return ExtraElementFacts.model_construct(code=row.code, office=row.office_code, **known)


def _values(facts: ExtraElementFacts) -> dict[str, Any]:
    return facts.model_dump(include=set(COLUMNS))
