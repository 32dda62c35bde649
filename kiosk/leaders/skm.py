"""What the survey of an office says over a period: its index, what to improve first, who answered, and how it was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Final

from shared.closing import CLOSES_ON
from shared.db.engine import reading
from shared.db.extra_elements import extra_elements
from shared.db.people import population_of
from shared.db.survey import Came, Rounds, Units, came_in, extras_in, first_month
from shared.disclosure import PEOPLE, SUM, Bundle, Groups, answered, groups_within, told_apart, within
from shared.domain.facts import ExtraElementFacts
from shared.domain.months import Month
from shared.domain.people import Office
from shared.domain.periods import Period
from shared.domain.skm import Element, Grade, Ikm, Weight, grade_of, half_up, sample_needed
from shared.services import Services

EARLIER: Final = 4
OLDEST: Final = 10
"""years back that can be chosen"""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of an office's survey: the first it has, the running one, and the last that is closed."""

    first: Month
    running: Month
    closed: Month

    @property
    def months(self) -> list[Month]:
        """Return every month that can be chosen, the latest first."""
        return Period(self.first, self.running).months[::-1]

    @property
    def year(self) -> Period:
        """Return this year up to now."""
        return Period(Month(self.running.year, 1), self.running)


@dataclass(frozen=True, slots=True)
class Line:
    """What was answered to one question; one without a mean was answered by fewer than five."""

    answered: int
    nrr: Fraction | None

    @property
    def weighted(self) -> Decimal:
        """Return the mean by the weight of one element, as it is written."""
        return half_up((self.nrr or Fraction(0)) * Weight.EXACT.fraction, 4)

    @property
    def index(self) -> int:
        """Return the mean on the scale from 25 to 100, in hundredths."""
        return int(half_up((self.nrr or Fraction(0)) * 25, 2).scaleb(2))

    @property
    def grade(self) -> Grade:
        """Return the grade of the element alone."""
        return grade_of(self.index)

    @property
    def mean(self) -> Decimal:
        """Return the mean as it is written, by which two elements are the same."""
        return half_up(self.nrr or Fraction(0), 4)


@dataclass(frozen=True, slots=True)
class ElementLine(Line):
    """What was answered about one of the nine elements."""

    element: Element


@dataclass(frozen=True, slots=True)
class ExtraLine(Line):
    """What was answered about one of the office's own elements, which is no part of the index."""

    element: ExtraElementFacts


@dataclass(frozen=True, slots=True)
class Sample:
    """Whether the answers are enough for the people an office serves in a year."""

    population: int
    needed: int
    fewest: int
    least_answered: list[Element]

    @property
    def missing(self) -> int:
        """Return how many answers are missing to the least answered element."""
        return max(0, self.needed - self.fewest)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The index of a period before."""

    period: Period
    ikm: Ikm


@dataclass(frozen=True, slots=True)
class Survey:
    """An office's survey of the months of a period that are closed."""

    period: Period
    ikm: Ikm
    lines: list[ElementLine]
    sample: Sample | None
    traits: dict[str, Groups]
    earlier: list[Earlier]
    extras: list[ExtraLine]

    @property
    def by_need(self) -> list[ElementLine]:
        """Return the elements with answers, the lowest first; equal ones in the regulation's order."""
        return sorted((line for line in self.lines if line.nrr is not None), key=attrgetter("mean"))

    @property
    def lowest(self) -> list[ElementLine]:
        """Return the element to improve first, or all that stand equally low; none when all stand alike."""
        lines = self.by_need
        lowest = [line for line in lines if line.mean == lines[0].mean]
        return lowest if len(lowest) < len(lines) else []

    @property
    def weighted_sum(self) -> Decimal:
        """Return the sum of the weighted means, of which the index is 25 times."""
        return half_up(sum((line.nrr or Fraction(0) for line in self.lines), Fraction(0)) * Weight.EXACT.fraction, 4)

    @property
    def by_weight(self) -> list[Ikm]:
        """Return the index by each weight that reports were made with."""
        return [_weighted(self.ikm, weight) for weight in Weight]


def calendar_of(office: Office, services: Services) -> Calendar:
    """Return the months of an office's survey, from the January before its first rating on."""
    local = services.clock().astimezone(office.timezone)
    running = Month.of(local, office.timezone)
    with reading(services.engine) as session:
        first = first_month(session, office.code) or running
    return Calendar(
        Month(min(max(first.year, running.year - OLDEST), running.year), 1),
        running,
        running.plus(-1 if local.day >= CLOSES_ON else -2),
    )


def survey_over(office: Office, period: Period, calendar: Calendar, services: Services) -> Survey:
    """Return the survey of an office over closed months, and of the periods of the same length before."""
    before = [one for one in period.before(EARLIER) if one.first >= calendar.first]
    # Whole years, whatever the period: what is shown together must not depend on what was asked for.
    since = min(one.first for one in (period, *before)).year
    read = Period(Month(since, 1), Month(period.last.year, 12))
    rounds = _rounds(office, read.first, calendar.closed, services)
    with reading(services.engine) as session:
        came = came_in(session, office.code, read, calendar.closed, rounds)
        own = extra_elements(session, office.code)
        codes = [element.code for element in own]
        extras = extras_in(session, office.code, codes, read, calendar.closed, rounds)
        population = population_of(session, office.code)
    index = _indexes(came)
    ikm = index(period)
    traits = {
        trait: groups_within(told_apart(units), period, ikm.respondents) for trait, units in came.traits.items()
    }
    return Survey(
        period,
        ikm,
        [ElementLine(ikm.answered[element], ikm.nrr(element), element) for element in Element],
        None if population is None else _sample(population, ikm),
        traits,
        [earlier for earlier in (Earlier(one, index(one)) for one in before) if earlier.ikm.hundredths is not None],
        _extra_lines(own, extras, period),
    )


def _extra_lines(own: Sequence[ExtraElementFacts], extras: Mapping[str, Units], period: Period) -> list[ExtraLine]:
    """Return the office's own elements: those that were asked in the period, and others that were answered in it."""
    first_day = date(period.first.year, period.first.number, 1)
    lines = []
    for element in own:
        figures = within(answered(extras[element.code]), period)
        if figures[PEOPLE] or element.asked_on(first_day):
            mean = Fraction(figures[SUM], figures[PEOPLE]) if figures[PEOPLE] else None
            lines.append(ExtraLine(figures[PEOPLE], mean, element))
    return lines


def _rounds(office: Office, first: Month, closed: Month, services: Services) -> Rounds:
    if office.demo:  # all of its ratings were recorded at once, when it was planted
        return {first: services.clock() + timedelta(days=1)}
    return {month: _closing_of(month, office) for month in Period(first, closed).months}


def _closing_of(month: Month, office: Office) -> datetime:
    following = month.plus(1)
    return datetime(following.year, following.number, CLOSES_ON, tzinfo=office.timezone)


def _indexes(came: Came) -> Callable[[Period], Ikm]:
    """Return what says the index of any period that was read."""
    respondents = answered(came.respondents)
    answers: Mapping[Element, Sequence[Bundle]] = {one: answered(units) for one, units in came.answers.items()}

    def index(period: Period) -> Ikm:
        figures = {element: within(bundles, period) for element, bundles in answers.items()}
        return Ikm(
            Weight.EXACT,
            within(respondents, period)[PEOPLE],
            {element: found[SUM] for element, found in figures.items()},
            {element: found[PEOPLE] for element, found in figures.items()},
        )

    return index


def _sample(population: int, ikm: Ikm) -> Sample:
    fewest = min(ikm.answered.values())
    return Sample(
        population,
        sample_needed(population),
        fewest,
        [element for element in Element if ikm.answered[element] == fewest],
    )


def _weighted(ikm: Ikm, weight: Weight) -> Ikm:
    return Ikm(weight, ikm.respondents, ikm.sums, ikm.answered)
