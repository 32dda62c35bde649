"""What may be shown, as pure rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import privacy
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.domain.ratings import Channel
from shared.domain.scoring import Tally

FIVE, TEN = Tally(fours=5), Tally(fours=10)
MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def test_four_ratings_are_never_shown() -> None:
    assert privacy.shown(Tally(1, 1, 1, 1)) is None
    assert privacy.shown(FIVE) == FIVE


@pytest.mark.parametrize(
    ("seen", "taken_on", "current", "today", "at_once", "moves"),
    [
        pytest.param(None, None, Tally(fours=4), MONDAY, False, False, id="four"),
        pytest.param(None, None, FIVE, MONDAY, False, True, id="the first five"),
        pytest.param(FIVE, MONDAY, TEN, MONDAY, False, False, id="the same day"),
        pytest.param(FIVE, MONDAY, TEN, TUESDAY, False, True, id="the next day, five more"),
        pytest.param(FIVE, MONDAY, Tally(fours=9), TUESDAY, False, False, id="the next day, four more"),
        pytest.param(FIVE, TUESDAY, TEN, MONDAY, False, False, id="a clock set back"),
        pytest.param(FIVE, MONDAY, Tally(fours=6), MONDAY, True, True, id="the demo, one more"),
        pytest.param(None, None, Tally(fours=4), MONDAY, True, False, id="the demo, four"),
    ],
)
def test_an_open_month_moves_by_day_and_by_five(
    seen: Tally | None, taken_on: date | None, current: Tally, today: date, at_once: bool, moves: bool
) -> None:
    assert privacy.may_move(seen, taken_on, current, today, at_once=at_once) is moves


tallies = st.builds(Tally, *[st.integers(0, 6)] * 4)


@given(st.dictionaries(st.sampled_from(Channel), tallies))
def test_folding_channels_loses_nobody_and_shows_no_small_group(channels: dict[Channel, Tally]) -> None:
    folded = privacy.shown_channels(channels)
    assert sum(folded.values(), Tally()) == sum(channels.values(), Tally())
    small = [tally for tally in folded.values() if tally.count < privacy.MINIMUM_RATINGS]
    assert len(folded) == 1 or not small


def test_a_phone_is_one_rater_a_month_and_in_schools_a_semester() -> None:
    november = Month(2026, 11)
    assert privacy.rater_period(november, OfficeKind.DUKCAPIL) == "2026-11"
    assert privacy.rater_period(november, OfficeKind.SCHOOL) == "2026-S2"
    assert privacy.rater_period(Month(2026, 6), OfficeKind.SCHOOL) == "2026-S1"
    assert privacy.rater_key("+628123", b"a") != privacy.rater_key("+628123", b"b")
