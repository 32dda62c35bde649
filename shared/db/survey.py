"""What an office's survey is made of: its answers and respondents, by month and by how they came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlmodel import Session, col

from shared.db.counting import counts
from shared.db.tables import ELEMENT_COLUMNS, RatingRow
from shared.disclosure import PEOPLE, SUM, Figures, Unit
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.ratings import AgeBand, Channel, Education, Occupation, Sex
from shared.domain.skm import Element

TRAITS: Final[Mapping[str, type[StrEnum]]] = {
    "sex": Sex, "age_band": AgeBand, "education": Education, "occupation": Occupation, "channel": Channel
}  # fmt: skip
"""What is known of a respondent, as far as they said; nobody has to."""
NOT_SAID: Final = "not_said"
_GROUPS: Final = [(trait, group.value) for trait, groups in TRAITS.items() for group in groups]

Units = dict[Unit, Figures]
Rounds = Mapping[Month, datetime]
"""Each closing that was, by its month; what is recorded before it, and after the one before, came in together."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came in: the answers about each element, the respondents, and these by each trait."""

    answers: dict[Element, Units]
    respondents: Units
    traits: dict[str, Units]


def first_month(session: Session, office: str) -> Month | None:
    """Return the month of the first rating an office ever got."""
    query = select(func.min(col(RatingRow.month))).where(col(RatingRow.office_code) == office)
    found = session.execute(query).scalar_one()
    return None if found is None else Month.parse(found)


def came_in(session: Session, office: str, period: Period, closed: Month, rounds: Rounds) -> Came:
    """Return what an office's ratings of a period say, of those that count: all of imports, of others those that came
    in by the last of the rounds and were given until the last closed month.

    Respondents are those who answered at least one element.
    """
    came = Came({element: {} for element in Element}, {}, {trait: {} for trait in TRAITS})
    for unit, figures in _units(session, office, period, closed, rounds).items():
        people, answers, groups = figures[0], figures[1 : 1 + 2 * len(Element)], figures[1 + 2 * len(Element) :]
        came.respondents[unit] = Figures({PEOPLE: people})
        for element, answered, total in zip(Element, answers[::2], answers[1::2], strict=True):
            if answered:
                came.answers[element][unit] = Figures({PEOPLE: answered, SUM: total})
        for trait, of_trait in came.traits.items():
            told = Figures({group: n for (other, group), n in zip(_GROUPS, groups, strict=True) if other == trait})
            of_trait[unit] = +Figures({**told, NOT_SAID: people - told.total()})
    return came


def _units(session: Session, office: str, period: Period, closed: Month, rounds: Rounds) -> dict[Unit, list[int]]:
    """Return for each unit its respondents, of each element the answers and their sum, and each group of a trait."""
    rating, elements = RatingRow, [getattr(RatingRow, name) for name in ELEMENT_COLUMNS.values()]
    month, batch = col(rating.month), col(rating.import_batch_id)
    in_time = and_(month <= str(closed), col(rating.recorded_at) < max(rounds.values()))
    query = (
        select(
            month,
            batch,
            _round(sorted(rounds.items())).label("round"),
            func.count(),
            *(figure for element in elements for figure in (func.count(element), func.sum(element))),
            *(func.count().filter(getattr(rating, trait) == group) for trait, group in _GROUPS),
        )
        .where(
            col(rating.office_code) == office,
            month.between(str(period.first), str(period.last)),
            or_(batch.is_not(None), in_time),
            func.coalesce(*elements).is_not(None),
            counts(),
        )
        .group_by(month, batch, "round")
    )
    units: dict[Unit, list[int]] = {}
    for written, import_, round_, *found in session.execute(query):
        given = Month.parse(written)
        # Whatever came before its own month was closed came in by that closing; an import came at once.
        unit = Unit(given, given if import_ else max(given, Month.parse(round_)), str(import_ or ""))
        before = units.get(unit, [0] * len(found))
        units[unit] = [one + int(other or 0) for one, other in zip(before, found, strict=True)]
    return units


def _round(rounds: Sequence[tuple[Month, datetime]]) -> ColumnElement[Any]:
    """Return by which closing a rating was recorded, found by halves: there may be a hundred."""
    if len(rounds) == 1:
        return literal_column(f"'{rounds[0][0]}'")
    half = len(rounds) // 2
    return case(
        (col(RatingRow.recorded_at) < rounds[half - 1][1], _round(rounds[:half])), else_=_round(rounds[half:])
    )
