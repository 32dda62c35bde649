"""What may be shown, as pure rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import privacy
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.domain.scoring import Tally
from shared.privacy import Snapshot

FIVE, TEN = Tally(fours=5), Tally(fours=10)
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def test_four_ratings_are_never_shown() -> None:
    assert privacy.shown(Tally(1, 1, 1, 1)) is None
    assert privacy.shown(FIVE) == FIVE


NOTED = Snapshot(FIVE, MONDAY)
DARK = Snapshot(Tally(fours=3), MONDAY, dark=True)


@pytest.mark.parametrize(
    ("before", "current", "today", "after"),
    [
        pytest.param(None, Tally(fours=4), MONDAY, None, id="four"),
        pytest.param(None, FIVE, MONDAY, NOTED, id="the first five are noted, and not seen yet"),
        pytest.param(NOTED, TEN, MONDAY, None, id="the same day"),
        pytest.param(NOTED, TEN, TUESDAY, Snapshot(TEN, TUESDAY, FIVE), id="the next day, five more: five are seen"),
        pytest.param(NOTED, Tally(fours=9), TUESDAY, None, id="the next day, four more"),
        pytest.param(Snapshot(FIVE, TUESDAY), TEN, MONDAY, None, id="a clock set back"),
        pytest.param(NOTED, Tally(fours=3), MONDAY, DARK, id="two withdrawn"),
        pytest.param(
            Snapshot(TEN, MONDAY, FIVE),
            Tally(ones=20, fours=9),
            TUESDAY,
            Snapshot(Tally(ones=20, fours=9), TUESDAY, dark=True),
            id="one withdrawn, however many came",
        ),
        pytest.param(DARK, Tally(ones=4, fours=3), TUESDAY, None, id="dark, the next day, four more"),
        pytest.param(
            Snapshot(FIVE, MONDAY, dark=True),
            TEN,
            TUESDAY,
            Snapshot(TEN, TUESDAY, FIVE),
            id="dark, the next day, five more",
        ),
        pytest.param(
            DARK,
            Tally(ones=5, fours=3),
            TUESDAY,
            Snapshot(Tally(ones=5, fours=3), TUESDAY),
            id="dark, of fewer than five before",
        ),
        pytest.param(DARK, Tally(ones=5, fours=3), MONDAY, None, id="dark, the same day, five more"),
    ],
)
def test_an_open_month_moves_by_day_and_by_five_and_is_dark_after_a_withdrawal(
    before: Snapshot | None, current: Tally, today: date, after: Snapshot | None
) -> None:
    assert privacy.moved(before, current, today, at_once=False) == after


@pytest.mark.parametrize(
    ("current", "seen"),
    [
        pytest.param(Tally(fours=6), Tally(fours=6), id="one more"),
        pytest.param(Tally(threes=6), Tally(threes=6), id="others"),
        pytest.param(Tally(fours=4), None, id="too few"),
    ],
)
def test_the_demo_moves_at_once_and_is_never_dark(current: Tally, seen: Tally | None) -> None:
    assert privacy.moved(NOTED, current, MONDAY, at_once=True) == Snapshot(current, MONDAY, seen)
    assert privacy.moved(None, Tally(fours=4), MONDAY, at_once=True) is None


@pytest.mark.parametrize(
    ("before", "after", "withdrawn", "may"),
    [
        pytest.param(TEN, TEN, 0, True, id="the same"),
        pytest.param(TEN, Tally(ones=4, fours=10), 0, False, id="four more"),
        pytest.param(TEN, Tally(ones=5, fours=10), 0, True, id="five more"),
        pytest.param(TEN, Tally(ones=2, fours=8), 0, False, id="two of them another answer"),
        pytest.param(TEN, Tally(ones=1, fours=6), 4, False, id="four withdrawn, one more"),
        pytest.param(TEN, Tally(ones=1, fours=4), 6, False, id="six withdrawn, one more"),
        pytest.param(TEN, Tally(fours=5), 5, True, id="five withdrawn"),
        pytest.param(TEN, Tally(ones=5, fours=5), 5, True, id="five withdrawn, five more"),
        pytest.param(Tally(fours=4), FIVE, 0, True, id="what nobody has seen before"),
    ],
)
def test_two_revisions_never_subtract_to_fewer_than_five(
    before: Tally, after: Tally, withdrawn: int, may: bool
) -> None:
    assert privacy.may_follow(before, after, withdrawn) is may


answers = st.integers(1, 4)


@given(st.lists(st.tuples(st.lists(answers, max_size=7), st.integers(0, 5), st.integers(0, 2)), max_size=12))
def test_two_looks_never_subtract_to_fewer_than_five(steps: list[tuple[list[int], int, int]]) -> None:
    """Whoever knows what was withdrawn learns from two looks what came between them: five or nothing."""
    kept: list[int] = []
    came, snapshot, today = 0, None, MONDAY
    for given_now, withdrawn, days in steps:
        del kept[:withdrawn]
        kept += given_now
        came, today = came + len(given_now), today + timedelta(days=days)
        tally = Tally(*(kept.count(answer) for answer in range(1, 5)))
        looked = snapshot.seen if snapshot else None
        snapshot = privacy.moved(snapshot, tally, today, at_once=False) or snapshot
        if snapshot and snapshot.seen:
            if snapshot.seen != looked:
                assert came >= privacy.MINIMUM_STEP
                came = 0
            # Closed now, the whole month would be seen beside this.
            assert tally.count - snapshot.seen.count >= privacy.MINIMUM_STEP


def test_a_phone_is_one_rater_a_month_and_in_schools_a_semester() -> None:
    november = Month(2026, 11)
    assert privacy.rater_period(november, OfficeKind.DUKCAPIL) == "2026-11"
    assert privacy.rater_period(november, OfficeKind.SCHOOL) == "2026-S2"
    assert privacy.rater_period(Month(2026, 6), OfficeKind.SCHOOL) == "2026-S1"
    assert privacy.rater_key("+628123", b"a") != privacy.rater_key("+628123", b"b")


@pytest.mark.parametrize(
    ("left_out", "may"),
    [
        pytest.param([FIVE], True, id="five"),
        pytest.param([Tally(fours=4)], False, id="four"),
        pytest.param([None], False, id="not kept then"),
        pytest.param([FIVE, FIVE], True, id="the same again"),
        pytest.param([FIVE, Tally(ones=5)], False, id="others, as many"),
        pytest.param([FIVE, Tally(ones=1, fours=5)], False, id="one more"),
        pytest.param([FIVE, Tally(ones=1, fours=5), Tally(ones=2, fours=5)], False, id="two more than was told"),
        pytest.param([FIVE, Tally(ones=1, fours=5), TEN], True, id="five more than was told"),
        pytest.param([FIVE, Tally(fours=4), FIVE], True, id="as it was told before"),
        pytest.param([Tally(fours=4), FIVE], True, id="never told before"),
    ],
)
def test_what_is_left_out_is_told_from_five_and_in_steps_of_five(left_out: list[Tally | None], may: bool) -> None:
    assert privacy.effect_told(left_out) is may
