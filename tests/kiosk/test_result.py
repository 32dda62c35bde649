"""The shares of the four answers: each rounded as a calculator rounds it, and a page knows when they are not 100."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.officer.result import Result
from shared.domain.scoring import Tally

some = st.integers(0, 5000)
tallies = st.builds(Tally, some, some, some, some).filter(lambda tally: tally.count > 0)


def result_of(tally: Tally) -> Result:
    result = Result.of(tally)
    assert result is not None
    return result


@given(tallies)
def test_each_share_is_half_a_percent_from_exact_at_most_and_equal_counts_have_equal_shares(tally: Tally) -> None:
    lines = result_of(tally).answers
    assert all(abs(line.percent - Fraction(100 * line.count, tally.count)) <= Fraction(1, 2) for line in lines)
    assert len({line.count for line in lines}) >= len({line.percent for line in lines})


@given(tallies)
def test_a_larger_count_never_has_the_smaller_share(tally: Tally) -> None:
    lines = sorted(result_of(tally).answers, key=lambda line: (line.count, line.percent))
    assert [line.percent for line in lines] == sorted(line.percent for line in lines)


@pytest.mark.parametrize(
    ("tally", "shares", "add_up"),
    [
        pytest.param(Tally(1, 1, 2, 4), [50, 25, 13, 13], False, id="a hundred and one"),
        pytest.param(Tally(0, 1, 1, 1), [33, 33, 33, 0], False, id="ninety-nine"),
        pytest.param(Tally(1, 0, 0, 999), [100, 0, 0, 0], True, id="one in a thousand"),
        pytest.param(Tally(twos=7), [0, 0, 100, 0], True, id="all the same"),
    ],
)
def test_shares_are_rounded_each_by_itself(tally: Tally, shares: list[int], add_up: bool) -> None:
    result = result_of(tally)
    assert [line.percent for line in result.answers] == shares
    assert result.percents_add_up is add_up
