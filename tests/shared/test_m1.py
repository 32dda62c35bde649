"""Method m1 figure by figure, and what must hold whatever people answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.m1 import (
    Level,
    OfficerMonth,
    Offset,
    Parameters,
    Status,
    adjusted_mean,
    level_over,
    score,
    status_of,
    summed,
)
from shared.domain.ratings import Channel
from shared.domain.results import GroupMonths
from shared.domain.scoring import Tally, raw_index
from shared.domain.skm import Grade

MONTH = "2026-11"
USUAL = Parameters({}, 0.42, 100, 0.027, Level(3.2, 10, 200.0))
KIOSK, SMS, LINK = Channel.KIOSK, Channel.SMS, Channel.LINK

counts = st.integers(0, 60)
tallies = st.builds(Tally, counts, counts, counts, counts)
channels = st.dictionaries(st.sampled_from([KIOSK, SMS, LINK]), tallies.filter(lambda tally: tally.count), min_size=1)
officers = st.lists(channels, min_size=1, max_size=8)


def rows(*months: dict[Channel, Tally], month: str = MONTH) -> list[OfficerMonth]:
    return [OfficerMonth(f"P{n}", month, given) for n, given in enumerate(months)]


def parameters_of(known: list[OfficerMonth]) -> Parameters:
    return GroupMonths(known, MONTH).parameters


def test_with_nothing_but_one_officer_the_priors_speak() -> None:
    found = parameters_of(rows({KIOSK: Tally(fours=10)}))
    assert found.sigma2 == pytest.approx((9 * 0 + 50 * 0.42) / 59)
    assert found.freedom == 9
    assert found.tau2 == pytest.approx(10 * 0.027 / 11)
    assert found.level is not None
    assert (found.level.mean, found.level.officers) == (4.0, 1)


def test_the_variance_is_pooled_within_officer_channel_and_month() -> None:
    half = Tally(ones=1, fours=1)
    found = parameters_of([*rows({KIOSK: half, SMS: Tally(fours=3)}), *rows({KIOSK: half}, month="2026-10")])
    assert found.freedom == 1 + 2 + 1
    assert found.sigma2 == pytest.approx((4.5 + 0 + 4.5 + 50 * 0.42) / 54)


def test_an_offset_is_measured_among_those_rated_through_both() -> None:
    found = parameters_of(
        rows({KIOSK: Tally(fours=10), SMS: Tally(threes=10)}, {SMS: Tally(ones=90)}, {KIOSK: Tally(ones=90)})
    )
    assert found.offsets[SMS].delta == pytest.approx(5 * -1 / 15), "weight 10 x 10 / 20 = 5, and 10 pull towards none"
    assert found.offsets[SMS].error == pytest.approx((found.sigma2 / 15) ** 0.5)
    assert KIOSK not in found.offsets


def test_a_channel_that_nobody_shares_with_the_kiosk_is_left_as_it_is() -> None:
    found = parameters_of(rows({SMS: Tally(threes=10)}))
    assert found.offsets[SMS].delta == 0.0
    assert found.offsets[SMS].error == pytest.approx((found.sigma2 / 10) ** 0.5)


def test_the_spread_is_that_of_der_simonian_and_laird() -> None:
    found = parameters_of(rows({KIOSK: Tally(twos=20)}, {KIOSK: Tally(threes=20)}, {KIOSK: Tally(fours=20)}))
    weight = 20 / found.sigma2
    moments = (weight * 2 - 2) / (3 * weight - weight)
    assert found.tau2 == pytest.approx((3 * moments + 10 * 0.027) / 13)


def test_who_has_four_ratings_has_no_say_in_the_level() -> None:
    found = parameters_of(rows({KIOSK: Tally(fours=4)}, {KIOSK: Tally(twos=5)}))
    assert found.level is not None
    assert (found.level.officers, found.level.mean) == (1, 2.0)
    nobody = parameters_of(rows({KIOSK: Tally(fours=4)}))
    assert nobody.level is None
    nothing = score({KIOSK: Tally(fours=4)}, nobody, nobody.level)
    assert (nothing.index, nothing.low, nothing.high, nothing.reliability) == (None, None, None, None)
    assert (nothing.status, nothing.needed) == (Status.INSUFFICIENT, 35 - 4), "s2 is 0.396: 35 are enough"


def test_an_index_is_drawn_towards_the_group_by_what_is_not_known() -> None:
    found = score({KIOSK: Tally(twos=10, threes=20, fours=10)}, USUAL, USUAL.level)
    reliability = 0.027 / (0.027 + 0.42 / 40)
    assert found.reliability == pytest.approx(reliability)
    assert found.index == round(2500 * (3.2 + reliability * (3.0 - 3.2)))
    error = (0.027 * (1 - reliability) + (1 - reliability) ** 2 / 200) ** 0.5
    assert found.low == round(2500 * (3.2 + reliability * -0.2 - 1.645 * error))
    assert found.high == round(2500 * (3.2 + reliability * -0.2 + 1.645 * error))
    assert (found.status, found.needed, found.grade) == (Status.FINAL, None, Grade.C)


@pytest.mark.parametrize(
    ("ratings", "status", "needed"),
    [
        pytest.param(37, Status.FINAL, None, id="s2/t2 is 15.56, seven thirds of it 36.3: 37 are enough"),
        pytest.param(36, Status.PROVISIONAL, 1, id="one is missing"),
        pytest.param(16, Status.PROVISIONAL, 21, id="half known from 15.56 on"),
        pytest.param(15, Status.INSUFFICIENT, 22, id="less than half known"),
    ],
)
def test_how_much_it_says_goes_by_the_number_of_ratings(ratings: int, status: Status, needed: int | None) -> None:
    found = score({KIOSK: Tally(threes=ratings)}, USUAL, USUAL.level)
    assert (found.status, found.needed) == (status, needed)
    assert (found.grade is None) is (status is not Status.FINAL)


@pytest.mark.parametrize(
    ("reliability", "status"),
    [(0.7, Status.FINAL), (0.6999, Status.PROVISIONAL), (0.5, Status.PROVISIONAL), (0.4999, Status.INSUFFICIENT)],
)
def test_the_bounds_belong_to_the_better_side(reliability: float, status: Status) -> None:
    assert status_of(reliability) is status


def test_a_mean_stays_on_the_scale_however_the_channel_is_adjusted() -> None:
    offsets = {SMS: Offset(-0.5, 0.1), LINK: Offset(0.5, 0.1)}
    assert adjusted_mean({SMS: Tally(fours=9)}, 9, offsets) == 4.0
    assert adjusted_mean({LINK: Tally(ones=9)}, 9, offsets) == 1.0
    assert adjusted_mean({KIOSK: Tally(threes=1), SMS: Tally(threes=1)}, 2, offsets) == pytest.approx(3.25)
    with pytest.raises(ValueError, match="nobody rated"):
        adjusted_mean({KIOSK: Tally()}, 0, offsets)


def test_half_a_hundredth_goes_up() -> None:
    certain = Parameters({}, 1e-12, 10**6, 1.0, Level(3.0, 1, 1.0))
    eight = score({KIOSK: Tally(ones=7, twos=1)}, certain, certain.level)
    assert eight.index == 2813, "25 x 9 / 8 = 28.125"


@given(st.data(), officers)
def test_in_whatever_order_rows_come_the_figures_are_the_same(
    data: st.DataObject, given_rows: list[dict[Channel, Tally]]
) -> None:
    ordered = rows(*given_rows)
    assert parameters_of(data.draw(st.permutations(ordered))) == parameters_of(ordered)


@given(officers)
def test_an_index_and_its_interval_stay_on_the_scale(given_rows: list[dict[Channel, Tally]]) -> None:
    known = rows(*given_rows)
    parameters = parameters_of(known)
    for row in known:
        found = score(row.channels, parameters, parameters.level)
        if found.index is not None and found.low is not None and found.high is not None:
            assert 2500 <= found.low <= found.index <= found.high <= 10000


@given(tallies.filter(lambda tally: tally.count), st.sampled_from([2, 3, 4]))
def test_a_better_answer_never_lowers(tally: Tally, better: int) -> None:
    worse, improved = [Tally.of([int(answer == one) for answer in (1, 2, 3, 4)]) for one in (better - 1, better)]
    assert (raw_index(tally + worse) or 0) <= (raw_index(tally + improved) or 0)
    with_worse = score({KIOSK: tally + worse}, USUAL, USUAL.level)
    with_better = score({KIOSK: tally + improved}, USUAL, USUAL.level)
    assert (with_worse.index or 0) <= (with_better.index or 0)


@given(officers)
@settings(max_examples=50)
def test_a_window_of_one_month_is_the_month(given_rows: list[dict[Channel, Tally]]) -> None:
    known = rows(*given_rows)
    parameters = parameters_of(known)
    assert level_over(summed(known, {}).values(), parameters) == parameters.level
