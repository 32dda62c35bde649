"""`suara ikm`: the satisfaction index (IKM) of one office over some months, from the nine elements."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

import typer
from babel.numbers import format_decimal
from rich.console import Console
from rich.table import Table

from shared.cli.start import Refused, directory, month, month_name, say
from shared.cli.start import services as read_services
from shared.db.engine import reading
from shared.db.extra_elements import extra_elements, extra_sums
from shared.db.people import population_of
from shared.db.ratings import element_sums
from shared.domain.months import Month
from shared.domain.people import Office
from shared.domain.scoring import index_text
from shared.domain.skm import Element, Grade, Ikm, Weight, half_up, sample_needed
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.services import Services
from shared.wording import element_names, overall_words

GRADE_ANSWERS = {Grade.A: 4, Grade.B: 3, Grade.C: 2, Grade.D: 1}
"""The grades go by the same words as the four answers."""


@dataclass(frozen=True, slots=True)
class Sums:
    """One of the office's own elements, which is no part of the index: its name, answers and their sum."""

    name: str
    total: int
    answered: int

    @property
    def nrr(self) -> Fraction | None:
        """Return the mean answer; None when nobody answered."""
        return Fraction(self.total, self.answered) if self.answered else None


@dataclass(frozen=True, slots=True)
class Report:
    """The index of one office over [first, last], and how many respondents its population needs."""

    office: Office
    first: Month
    last: Month
    ikm: Ikm
    population: int | None
    extras: Mapping[str, Sums]

    @property
    def needed(self) -> int | None:
        """Return the sample the population needs; None when the population is not known."""
        return None if self.population is None else sample_needed(self.population)

    @property
    def fewest(self) -> int:
        """Return how many answered the least answered element; sufficiency goes by it."""
        return min(self.ikm.answered.values())

    @property
    def sufficient(self) -> bool | None:
        """Say whether enough answered every element; None when that cannot be known."""
        return None if self.needed is None else self.fewest >= self.needed


def ikm(
    office: Annotated[str, typer.Option(metavar="CODE", help="Code of the office.")],
    first: Annotated[str, typer.Option("--from", metavar="YYYY-MM", help="First month.")],
    last: Annotated[str, typer.Option("--to", metavar="YYYY-MM", help="Last month.")],
    weight: Annotated[
        Weight, typer.Option(help="Of one element; the rounded ones reproduce old reports.")
    ] = Weight.EXACT,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the satisfaction index (IKM) of an office, raw over all channels."""
    with closing(read_services()) as services:
        report = _report(services, office.upper(), month(first), month(last), weight)
    if as_json:
        typer.echo(json.dumps(_as_json(report)))
    else:
        _tell(report)


def _report(services: Services, office: str, first: Month, last: Month, weight: Weight) -> Report:
    if first > last:
        raise Refused(say(mark("The first month ({first}) is after the last ({last})."), first=first, last=last))
    known = directory(services)
    if office not in known.offices:
        raise Refused(say(mark("We do not know the office “{office}”."), office=office))
    with reading(services.engine) as session:
        respondents, figures = element_sums(session, office, first, last)
        population = population_of(session, office)
        own = extra_elements(session, office)
        extra_figures = extra_sums(session, office, [element.code for element in own], first, last)
    sums = {element: figures[element][0] for element in Element}
    answered = {element: figures[element][1] for element in Element}
    extras = {element.code: Sums(element.name_in(DEFAULT_LANGUAGE), *extra_figures[element.code]) for element in own}
    return Report(known.offices[office], first, last, Ikm(weight, respondents, sums, answered), population, extras)


def _as_json(report: Report) -> dict[str, Any]:
    found = report.ikm
    return {
        "office": report.office.code,
        "from": str(report.first),
        "to": str(report.last),
        "weight": found.weight.value,
        "respondents": found.respondents,
        "sums": {element.value: found.sums[element] for element in Element},
        "answered": {element.value: found.answered[element] for element in Element},
        "nrr": {element.value: _mean(found.nrr(element)) for element in Element},
        "ikm": None if found.hundredths is None else index_text(found.hundredths),
        "grade": None if found.grade is None else found.grade.value,
        "sample": {"population": report.population, "needed": report.needed, "sufficient": report.sufficient},
        "extras": {
            code: {"sum": extra.total, "answered": extra.answered, "nrr": _mean(extra.nrr)}
            for code, extra in report.extras.items()
        },
    }


def _mean(mean: Fraction | None) -> str | None:
    return None if mean is None else str(half_up(mean, 4))


def _tell(report: Report) -> None:
    found, names = report.ikm, element_names(DEFAULT_LANGUAGE)
    typer.echo(_result(report, names))
    nine = [(names[one], found.sums[one], found.answered[one], found.nrr(one)) for one in Element]
    Console().print(_table(nine))
    typer.echo(say(mark("Weight of each element: {weight}"), weight=found.weight.value))
    typer.echo(_sample(report))
    if report.extras:
        own = [(extra.name, extra.total, extra.answered, extra.nrr) for extra in report.extras.values()]
        typer.echo(say(mark("This office’s additional elements, not part of the IKM:")))
        Console().print(_table(own))


def _table(lines: Sequence[tuple[str, int, int, Fraction | None]]) -> Table:
    table = Table(say(mark("Element")))
    for heading in (mark("Sum of answers"), mark("Answered by"), mark("Mean (NRR)")):
        table.add_column(say(heading), justify="right")
    for name, total, answered, mean in lines:
        written = "–" if mean is None else format_decimal(half_up(mean, 4), "0.0000", locale=DEFAULT_LANGUAGE)
        table.add_row(name, _number(total), _number(answered), written)
    return table


def _result(report: Report, names: dict[str, str]) -> str:
    found = report.ikm
    facts = {
        "office": report.office.name,
        "months": _months(report),
        "respondents": _number(found.respondents),
    }
    if found.hundredths is None or found.grade is None:
        missing = "; ".join(names[element] for element in found.unanswered)
        text = mark("{office}, {months}: no IKM yet. Nobody has answered: {missing}.")
        return say(text, **facts, missing=missing)
    index = index_text(found.hundredths).replace(".", ",")
    words = overall_words(DEFAULT_LANGUAGE)[GRADE_ANSWERS[found.grade]]
    text = mark("{office}, {months}: IKM {index}, grade {grade} ({words}), from {respondents} respondents.")
    return say(text, **facts, index=index, grade=found.grade.value, words=words)


def _sample(report: Report) -> str:
    if report.needed is None:
        return say(mark("The office’s population is not set, so whether these are enough cannot be said."))
    enough = mark(
        "Enough: a population of {population} needs {needed} respondents, the least answered element has {fewest}."
    )
    few = mark(
        "Too few: a population of {population} needs {needed} respondents, the least answered element has {fewest}."
    )
    return say(
        enough if report.sufficient else few,
        population=_number(report.population or 0),
        needed=_number(report.needed),
        fewest=_number(report.fewest),
    )


def _months(report: Report) -> str:
    if report.first == report.last:
        return month_name(report.first)
    return say(mark("{first} to {last}"), first=month_name(report.first), last=month_name(report.last))


def _number(count: int) -> str:
    return str(format_decimal(count, locale=DEFAULT_LANGUAGE))
