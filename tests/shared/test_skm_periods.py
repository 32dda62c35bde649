"""Periods of a survey, and that no two looks at them tell of fewer than five people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.disclosure import PEOPLE, SUM, Bundle, Figures, Unit, answered, groups_within, told_apart, within
from shared.domain.months import Month
from shared.domain.periods import Period

NOVEMBER: Final = Month(2026, 11)


def month(number: int) -> Month:
    """Return a month counted from September 2026; from the fifth on the next year has begun."""
    return Month(2026, 9).plus(number)


def period(first: str, last: str) -> Period:
    return Period(Month.parse(first), Month.parse(last))


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(3, period("2026-10", "2026-12"), id="quarter"),
        pytest.param(6, period("2026-07", "2026-12"), id="semester"),
        pytest.param(12, period("2026-01", "2026-12"), id="year"),
    ],
)
def test_a_month_lies_in_one_quarter_semester_and_year(length: int, expected: Period) -> None:
    assert Period.around(NOVEMBER, length) == expected
    assert expected.length == length
    assert NOVEMBER in expected.months


def test_a_period_ends_with_the_last_month_there_is() -> None:
    quarter = Period.around(NOVEMBER, 3)
    assert quarter.until(NOVEMBER) == period("2026-10", "2026-11")
    assert quarter.until(Month(2027, 5)) == quarter
    assert quarter.until(Month(2026, 9)) is None


def test_the_periods_before_are_as_long_and_end_where_the_next_begins() -> None:
    assert period("2026-01", "2026-10").before(2) == [period("2025-03", "2025-12"), period("2024-05", "2025-02")]


@dataclass(frozen=True)
class Person:
    """Somebody who answered: in which month, with which file or by which closing that came in, and what they said."""

    given: int
    late: int
    source: str
    answers: bool
    group: str

    @property
    def came(self) -> int:
        """Return on which closing this is first known: an import on that of its last month."""
        return self.given + self.late

    @property
    def unit(self) -> Unit:
        return Unit(month(self.given), month(self.given if self.source else self.came), self.source)


MONTHS: Final = 7
LAST: Final = MONTHS + 2
PERIODS: Final = [Period(month(a), month(b)) for a, b in combinations_with_replacement(range(MONTHS), 2)]

people = st.builds(
    Person, st.integers(0, MONTHS - 1), st.sampled_from([0, 0, 0, 1, 2]), st.just(""), st.booleans(),
    st.sampled_from("ABCD")
)  # fmt: skip
of_imports = st.builds(
    Person,
    st.integers(0, MONTHS - 1),
    st.just(0),
    st.sampled_from(["x", "y"]),
    st.booleans(),
    st.sampled_from("ABCD"),
)
worlds = st.lists(people | of_imports, max_size=90)
IMPORTED_AT: Final = {"x": 2, "y": 4}


def known(world: Sequence[Person], closing: int) -> list[Person]:
    """Return whose answers can be known after a closing: an import is known as a whole."""
    return [one for one in world if (IMPORTED_AT[one.source] if one.source else one.came) <= closing]


def as_answers(world: Iterable[Person], everybody: Sequence[Person]) -> dict[Unit, Figures]:
    """Return units of answers that tell in their sum exactly whose they are."""
    units: dict[Unit, Figures] = defaultdict(Counter)
    for person in world:
        units[person.unit].update({PEOPLE: 1, SUM: 1 << next(n for n, one in enumerate(everybody) if one is person)})
    return units


def as_groups(world: Iterable[Person]) -> dict[Unit, Figures]:
    units: dict[Unit, Figures] = defaultdict(Counter)
    for person in world:
        units[person.unit][person.group] += 1
    return units


def looks(closing: int) -> list[Period]:
    """Return the periods that can be looked at after a closing."""
    return [one for one in PERIODS if one.last <= month(closing)]


def few(count: int) -> bool:
    return 0 < count < 5 or count < 0


def a_crowd(size: int, **about: object) -> list[Person]:
    values: dict[str, object] = {"given": 0, "late": 0, "source": "", "answers": True, "group": "A"}
    return [Person(**{**values, **about}) for _ in range(size)]  # type: ignore[arg-type]


@given(worlds)
@example(a_crowd(5) + a_crowd(2, given=1) + a_crowd(5, given=2))
@example(a_crowd(5) + a_crowd(1, late=1) + a_crowd(5, given=1))
@example(a_crowd(5) + a_crowd(3, late=1) + a_crowd(5, given=1) + a_crowd(2, late=2))
def test_no_looks_at_an_element_beside_one_another_tell_of_fewer_than_five(world: list[Person]) -> None:
    """Whatever is added and subtracted, those who are in the same looks stay together: five or more, or unseen."""
    in_looks: dict[int, list[tuple[int, Period]]] = defaultdict(list)
    answering = [person for person in world if person.answers]
    for closing in range(LAST + 1):
        bundles = answered(as_answers(known(answering, closing), answering))
        for one in looks(closing):
            found = within(bundles, one)
            assert found[PEOPLE] == found[SUM].bit_count()
            for number in range(len(answering)):
                if found[SUM] >> number & 1:
                    in_looks[number].append((closing, one))
    together = Counter(map(tuple, in_looks.values()))
    assert not [size for size in together.values() if few(size)]


@given(worlds)
@example(a_crowd(3) + a_crowd(4, given=1) + a_crowd(2, given=2, group="B"))
@example(a_crowd(8) + a_crowd(2, group="B") + a_crowd(7, given=1) + a_crowd(3, given=1, group="B"))
def test_no_look_at_the_groups_of_respondents_tells_of_fewer_than_five(world: list[Person]) -> None:
    for closing in range(LAST + 1):
        seen = known(world, closing)
        respondents, bundles = answered(as_answers(seen, world)), told_apart(as_groups(seen))
        for one in looks(closing):
            groups = groups_within(bundles, one, within(respondents, one)[PEOPLE])
            assert not [count for count in (*groups.told.values(), groups.others, groups.waiting) if few(count)]


@given(worlds)
def test_what_is_told_of_groups_is_made_of_parts_that_never_change(world: list[Person]) -> None:
    """So looks can only be subtracted to such parts, and each of them tells of five people or more, or of none."""
    parts = [told_apart(as_groups(known(world, closing))) for closing in range(LAST + 1)]
    for earlier, later in zip(parts, parts[1:], strict=False):
        kept = [_as_text(part) for part in later]
        assert all(_as_text(part) in kept for part in earlier)
    for part in parts[-1]:
        alone = groups_within([part], Period(part.first, part.last), part.figures.total())
        hidden = {group: part.figures[group] for group in alone.hidden}
        assert not [count for count in (*alone.told.values(), alone.others) if few(count)]
        assert len(hidden) != 1
        assert alone.others == sum(hidden.values())


def _as_text(part: Bundle) -> str:
    return f"{part.first} {part.last} {sorted(part.figures.items())}"


def test_months_with_too_few_are_shown_with_the_next_ones() -> None:
    bundles = answered(as_answers(world := a_crowd(3) + a_crowd(2, given=1) + a_crowd(9, given=2), world))
    shown = {str(one.last): within(bundles, one)[PEOPLE] for one in PERIODS if one.first == month(0)}
    assert shown == {
        "2026-09": 0, "2026-10": 5, "2026-11": 14, "2026-12": 14, "2027-01": 14, "2027-02": 14, "2027-03": 14
    }  # fmt: skip
    assert within(bundles, period("2026-10", "2026-12"))[PEOPLE] == 9


def test_a_year_is_not_counted_together_with_the_next() -> None:
    bundles = answered(as_answers(world := a_crowd(4, given=3) + a_crowd(6, given=4), world))
    assert within(bundles, period("2026-12", "2027-01"))[PEOPLE] == 6


def test_an_import_is_counted_by_itself_and_takes_only_itself_away() -> None:
    world = a_crowd(4) + a_crowd(3, source="x") + a_crowd(3, source="x", given=1)
    assert within(answered(as_answers(world, world)), period("2026-09", "2026-10"))[PEOPLE] == 6
    without = [person for person in world if not person.source]
    assert within(answered(as_answers(without, world)), period("2026-09", "2026-10"))[PEOPLE] == 0


@pytest.mark.parametrize(
    ("sizes", "told", "hidden"),
    [
        pytest.param({"A": 30, "B": 25}, {"A": 30, "B": 25}, "", id="no group is small"),
        pytest.param(
            {"A": 40, "B": 15, "C": 3, "D": 2}, {"A": 40, "B": 15}, "CD", id="two small ones hide each other"
        ),
        pytest.param({"A": 40, "B": 15, "C": 3}, {"A": 40}, "BC", id="one small one takes the next smallest with it"),
        pytest.param({"A": 40, "B": 15, "C": 2, "D": 1}, {"A": 40}, "BCD", id="two small ones of fewer than five"),
        pytest.param({"A": 60, "B": 1}, {}, "AB", id="one of two hides both"),
    ],
)
def test_a_small_group_is_never_hidden_alone(sizes: dict[str, int], told: dict[str, int], hidden: str) -> None:
    world = [person for group, size in sizes.items() for person in a_crowd(size, group=group)]
    groups = groups_within(told_apart(as_groups(world)), period("2026-09", "2026-09"), len(world))
    assert (dict(groups.told), groups.hidden) == (told, frozenset(hidden))
    assert groups.others == len(world) - sum(told.values())
    assert groups.more_than_told("B") is ("B" in hidden)


def test_a_small_group_waits_for_more_of_its_kind_before_it_is_hidden() -> None:
    world = a_crowd(10) + a_crowd(2, group="B") + a_crowd(10, given=1) + a_crowd(3, given=1, group="B")
    bundles = told_apart(as_groups(world))
    september = groups_within(bundles, period("2026-09", "2026-09"), 12)
    assert (september.told.total(), september.waiting, september.more_than_told("A")) == (0, 12, True)
    both = groups_within(bundles, period("2026-09", "2026-10"), 25)
    assert (both.told, both.others) == ({"A": 20, "B": 5}, 0)
