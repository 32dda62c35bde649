"""What an office's survey is made of: its answers and respondents, by month and by how they came in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlmodel import Session, col

from shared.db.counting import counts
from shared.db.extra_elements import figures_of
from shared.db.tables import ELEMENT_COLUMNS, RatingRow
from shared.disclosure import PEOPLE, SUM, Figures, Unit
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.ratings import AgeBand, Education, Occupation, Sex
from shared.domain.skm import Element

PROFILE: Final[Mapping[str, type[StrEnum]]] = {
    "sex": Sex, "age_band": AgeBand, "education": Education, "occupation": Occupation
}  # fmt: skip
"""What respondents may say of themselves; nobody has to."""
CHANNEL: Final = "channel"
TRAITS: Final = (*PROFILE, CHANNEL)
"""By what respondents are told apart."""
NOT_SAID: Final = "not_said"
_GROUPS: Final = [(trait, group.value) for trait, groups in PROFILE.items() for group in groups]
_ELEMENTS: Final = [getattr(RatingRow, name) for name in ELEMENT_COLUMNS.values()]
# Made once: putting so many figures together takes as long as adding them up.
_OF_ANSWERS: Final = [figure for element in _ELEMENTS for figure in (func.count(element), func.sum(element))]
_OF_GROUPS: Final = [func.count().filter(getattr(RatingRow, trait) == group) for trait, group in _GROUPS]
_OF_THEMSELVES: Final = func.coalesce(*(getattr(RatingRow, trait) for trait in PROFILE))

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
    wanted = and_(_wanted(office, period, closed, rounds), func.coalesce(*_ELEMENTS).is_not(None))
    came = Came({element: {} for element in Element}, {}, {trait: {} for trait in TRAITS})
    figures, described = [func.count(_OF_THEMSELVES), *_OF_ANSWERS], 0
    for unit, found in _units(session, wanted, rounds, [col(RatingRow.channel)], figures):
        channel, people, said, *answers = found
        described += said
        _add(came.respondents, unit, {PEOPLE: people})
        _add(came.traits[CHANNEL], unit, {channel: people})
        for element, answered, total in zip(Element, answers[::2], answers[1::2], strict=True):
            if answered:
                _add(came.answers[element], unit, {PEOPLE: answered, SUM: int(total)})
    if described:
        _add_profiles(session, wanted, rounds, came)
    _add_silent(came)
    return came


def extras_in(
    session: Session, office: str, codes: list[str], period: Period, closed: Month, rounds: Rounds
) -> dict[str, Units]:
    """Return the answers to these own elements of the office that came in, by the same rules as those to the nine."""
    answers: dict[str, Units] = {code: {} for code in codes}
    wanted = and_(_wanted(office, period, closed, rounds), col(RatingRow.extras).is_not(None))
    for unit, (_, *found) in _units(session, wanted, rounds, [], figures_of(codes)) if codes else ():
        for code, answered, total in zip(codes, found[::2], found[1::2], strict=True):
            if answered:
                _add(answers[code], unit, {PEOPLE: answered, SUM: int(total)})
    return answers


def _add_profiles(session: Session, wanted: ColumnElement[bool], rounds: Rounds, came: Came) -> None:
    """Add what respondents said of themselves; few did, so only they are read."""
    for unit, (_, *counted) in _units(session, and_(wanted, _OF_THEMSELVES.is_not(None)), rounds, [], _OF_GROUPS):
        for (trait, group), people in zip(_GROUPS, counted, strict=True):
            if people:
                _add(came.traits[trait], unit, {group: people})


def _add_silent(came: Came) -> None:
    for unit, everybody in came.respondents.items():
        for trait in PROFILE:
            silent = everybody[PEOPLE] - came.traits[trait].get(unit, Figures()).total()
            if silent:
                _add(came.traits[trait], unit, {NOT_SAID: silent})


def _wanted(office: str, period: Period, closed: Month, rounds: Rounds) -> ColumnElement[bool]:
    month, imported = col(RatingRow.month), col(RatingRow.import_batch_id).is_not(None)
    in_time = and_(month <= str(closed), col(RatingRow.recorded_at) < max(rounds.values()))
    return and_(
        col(RatingRow.office_code) == office,
        month.between(str(period.first), str(period.last)),
        or_(imported, in_time),
        counts(),
    )


def _units(
    session: Session, wanted: ColumnElement[bool], rounds: Rounds, keys: Sequence[Any], figures: Sequence[Any]
) -> Iterator[tuple[Unit, Sequence[Any]]]:
    """Return the keys, the number of ratings and the figures of each unit; a unit may come in several parts."""
    month, batch = col(RatingRow.month), col(RatingRow.import_batch_id)
    round_ = _round(sorted(rounds.items())).label("round")
    query = select(month, batch, round_, *keys, func.count(), *figures).where(wanted)
    for written, import_, came, *found in session.execute(query.group_by(month, batch, "round", *keys)):
        given = Month.parse(written)
        # Whatever came before its own month was closed came in by that closing; an import came at once.
        yield Unit(given, given if import_ else max(given, Month.parse(came)), str(import_ or "")), found


def _add(units: Units, unit: Unit, figures: Mapping[str, int]) -> None:
    units.setdefault(unit, Figures()).update(figures)


def _round(rounds: Sequence[tuple[Month, datetime]]) -> ColumnElement[Any]:
    """Return by which closing a rating was recorded, found by halves: there may be a hundred."""
    if len(rounds) == 1:
        return literal_column(f"'{rounds[0][0]}'")
    half = len(rounds) // 2
    return case(
        (col(RatingRow.recorded_at) < rounds[half - 1][1], _round(rounds[:half])), else_=_round(rounds[half:])
    )
