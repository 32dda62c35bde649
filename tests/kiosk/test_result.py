"""The shares of the four answers: whole percent that add up, and never say the lesser is more."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.officer.result import AnswerLine, Result
from shared.domain.scoring import Tally

some = st.integers(0, 5000)
tallies = st.builds(Tally, some, some, some, some).filter(lambda tally: tally.count > 0)


def answers(tally: Tally) -> list[AnswerLine]:
    result = Result.of(tally)
    assert result is not None
    return result.answers


@given(tallies)
def test_the_shares_add_up_to_a_hundred_and_each_is_less_than_one_from_exact(tally: Tally) -> None:
    lines = answers(tally)
    assert sum(line.percent for line in lines) == 100
    assert all(abs(line.percent - Fraction(100 * line.count, tally.count)) < 1 for line in lines)


@given(tallies)
def test_a_larger_count_never_has_the_smaller_share(tally: Tally) -> None:
    lines = sorted(answers(tally), key=lambda line: (line.count, line.percent))
    assert [line.percent for line in lines] == sorted(line.percent for line in lines)


@pytest.mark.parametrize(
    ("tally", "shares"),
    [
        pytest.param(Tally(1, 1, 2, 4), [50, 25, 13, 12], id="each rounded alone would make 101"),
        pytest.param(Tally(0, 1, 1, 1), [34, 33, 33, 0], id="each rounded alone would make 99"),
        pytest.param(Tally(1, 0, 0, 999), [100, 0, 0, 0], id="one in a thousand"),
        pytest.param(Tally(twos=7), [0, 0, 100, 0], id="all the same"),
    ],
)
def test_what_is_missing_goes_to_who_lost_most_and_of_equals_to_the_better(tally: Tally, shares: list[int]) -> None:
    assert [line.percent for line in answers(tally)] == shares
