"""The raw index: exact for every small tally, and without surprises for the others."""

from fractions import Fraction
from itertools import product
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.scoring import Tally, index_text, raw_index

counts = st.integers(0, 5000)
tallies = st.builds(Tally, counts, counts, counts, counts)


def exact(tally: Tally) -> int:
    """Return 25 x the mean in hundredths, half up, the long way."""
    return floor(Fraction(2500 * tally.total, tally.count) + Fraction(1, 2))


def test_the_raw_index_is_exact_for_every_tally_of_up_to_fourteen_of_each_answer() -> None:
    wrong = [
        tally
        for tally in (Tally(*counts) for counts in product(range(15), repeat=4))
        if tally.count and raw_index(tally) != exact(tally)
    ]
    assert wrong == []


def test_a_half_goes_up_where_a_binary_mean_goes_down() -> None:
    eight = Tally(ones=7, twos=1)
    assert f"{25 * eight.total / eight.count:.2f}" == "28.12"
    assert raw_index(eight) == 2813, "25 x 9 / 8 = 28.125"


def test_nobody_has_no_index() -> None:
    assert raw_index(Tally()) is None


def test_an_index_is_written_with_two_decimals() -> None:
    assert [index_text(hundredths) for hundredths in (10000, 8705, 2500)] == ["100.00", "87.05", "25.00"]


@given(tallies)
def test_the_raw_index_of_any_tally_is_exact_and_on_the_scale(tally: Tally) -> None:
    index = raw_index(tally)
    assert index is None if not tally.count else index == exact(tally) and 2500 <= index <= 10000


@given(st.data(), st.lists(tallies, max_size=6))
def test_the_order_in_which_tallies_are_summed_does_not_matter(data: st.DataObject, parts: list[Tally]) -> None:
    shuffled = data.draw(st.permutations(parts))
    assert Tally.all_of(parts) == Tally.all_of(shuffled) == sum(parts, Tally())
    assert raw_index(Tally.all_of(parts)) == raw_index(Tally.all_of(shuffled))


@given(tallies, tallies)
def test_the_index_of_a_sum_lies_between_those_of_its_parts(one: Tally, other: Tally) -> None:
    indices = [index for index in (raw_index(one), raw_index(other)) if index is not None]
    both = raw_index(one + other)
    assert both is None if not indices else both is not None and min(indices) <= both <= max(indices)
