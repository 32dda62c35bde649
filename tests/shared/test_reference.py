"""The reference score agrees with what was worked out by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.shared.reference import Given, Office, Posting, World, months_of, score, screened

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
OFFICES = {
    "DUKCAPIL": Office("KOTA", "dukcapil", WIB),
    "KAMPUNG": Office("KAMPUNG", "dukcapil", WIT),
    "PUSKESMAS": Office("KOTA", "puskesmas", WIB),
}
NINE = datetime(2026, 11, 2, 9, tzinfo=WIB)
PRESS = Given("1", "ANI", "DUKCAPIL", "kiosk", 4, NINE, NINE, 1, "L1", False, None)
SMS = replace(PRESS, channel="sms", kiosk=None, counter=None, rater_key="k")


def at(rating: Given, moment: datetime, **changes: object) -> Given:
    return replace(rating, given_at=moment, accepted_at=moment, **changes)  # type: ignore[arg-type]


def world(*ratings: Given, postings: Iterable[Posting] = ()) -> World:
    numbered = [replace(rating, id=str(number)) for number, rating in enumerate(ratings)]
    return World(OFFICES, list(postings), numbered)


def reasons(made: World) -> list[str | None]:
    return list(screened(made).values())


def answers(tally: list[int], officer: str = "ANI", channel: str = "kiosk", month: int = 11) -> list[Given]:
    start = datetime(2026, month, 2, 9, tzinfo=WIB)
    overall = [answer for answer, n in enumerate(tally, 1) for _ in range(n)]
    given = replace(PRESS, officer=officer, channel=channel, counter=None)
    return [at(given, start + timedelta(minutes=i), overall=answer) for i, answer in enumerate(overall)]


def test_ten_fours_at_the_kiosk_are_too_few_to_show() -> None:
    scored = score(world(*answers([0, 0, 0, 10])), "ANI", "2026-11")

    assert scored["channels"] == {"kiosk": [0, 0, 0, 10]}
    assert (scored["count"], scored["histogram"], scored["raw_index"]) == (10, [0, 0, 0, 10], "100.00")
    assert (scored["index"], scored["low"], scored["high"], scored["grade"]) == (None, None, None, None)
    assert (scored["status"], scored["needed"], scored["window"]) == ("insufficient", 24, None)
    assert scored["reliability"] == pytest.approx(10 / (10 + 21 / 59 * 11 / 0.27))
    known = scored["parameters"]
    assert (known["df"], known["k"], known["mu"]) == (9, 1, 4)
    assert known["sigma2"] == pytest.approx(21 / 59)
    assert known["tau2"] == pytest.approx(0.27 / 11)
    assert known["sum_u"] == pytest.approx(16.6282, abs=1e-4)


def test_an_officer_alone_is_final_at_forty_with_the_variance_of_a_mean() -> None:
    scored = score(world(*answers([0, 0, 0, 40])), "ANI", "2026-11")

    assert (scored["index"], scored["low"], scored["high"]) == ("100.00", "96.84", "100.00")
    assert (scored["status"], scored["grade"], scored["needed"], scored["window"]) == ("final", "A", None, None)


def test_a_raw_index_rounds_half_up() -> None:
    assert score(world(*answers([1, 5, 2, 0])), "ANI", "2026-11")["raw_index"] == "53.13"  # 53.125


def test_an_index_rounds_half_up() -> None:
    scored = score(world(*answers([0, 0, 29, 11])), "ANI", "2026-11")

    assert (scored["raw_index"], scored["index"], scored["grade"]) == ("81.88", "81.88", "B")  # 81.875


def test_two_officers_are_drawn_together_by_dersimonian_and_laird() -> None:
    both = world(*answers([0, 0, 0, 50]), *answers([0, 0, 50, 0], officer="BUDI"))
    ani, budi = (score(both, officer, "2026-11") for officer in ("ANI", "BUDI"))

    assert ani["parameters"]["tau2"] == pytest.approx((2 * (0.5 - 21 / 148 / 50) + 0.27) / 12)
    assert (ani["index"], ani["grade"]) == ("99.67", "A")
    assert (budi["index"], budi["grade"]) == ("75.33", "C")


def test_a_channel_is_measured_against_the_kiosk_and_held_towards_nought() -> None:
    known = score(world(*answers([0, 0, 0, 10]), *answers([0, 0, 10, 0], channel="sms")), "ANI", "2026-11")[
        "parameters"
    ]

    assert known["delta"]["sms"] == pytest.approx((-1 / 3, (21 / 68 / 15) ** 0.5))
    assert known["delta"]["paper"] == pytest.approx((0, (21 / 68 / 10) ** 0.5))
    assert known["mu"] == pytest.approx((4 + 3 + 1 / 3) / 2)


def test_a_month_below_final_shows_the_first_window_that_is() -> None:
    three = [rating for month in (9, 10, 11) for rating in answers([0, 0, 0, 10], month=month)]
    scored = score(world(*three), "ANI", "2026-11")

    assert (scored["status"], scored["needed"]) == ("insufficient", 16)
    window = scored["window"]
    assert window.pop("reliability") == pytest.approx(30 / (30 + 100 / 9))
    assert window == {"months": 3, "count": 30, "index": "100.00", "low": "96.08", "high": "100.00"}


def test_with_no_officer_of_five_ratings_there_is_nothing_to_show() -> None:
    scored = score(world(*answers([0, 0, 0, 3])), "ANI", "2026-11")

    assert (scored["reliability"], scored["index"], scored["status"]) == (None, None, "insufficient")
    assert (scored["parameters"]["k"], scored["needed"]) == (0, 32)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param([0, 9.999], [None, "repeat_press"], id="just under the interval"),
        pytest.param([0, 10], [None, None], id="exactly the interval"),
        pytest.param([0, 9, 18], [None, "repeat_press", "repeat_press"], id="after one that does not count"),
    ],
)
def test_a_press_repeats_within_ten_seconds_of_the_one_before(
    seconds: list[float], expected: list[str | None]
) -> None:
    assert reasons(world(*(at(PRESS, NINE + timedelta(seconds=later)) for later in seconds))) == expected


HALF_PAST_NOON = datetime(2026, 11, 2, 12, 30, tzinfo=WIB)
A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("press", "expected"),
    [
        pytest.param(at(PRESS, HALF_PAST_NOON), None, id="half an hour after"),
        pytest.param(at(PRESS, HALF_PAST_NOON + A_SECOND), "off_duty", id="half an hour and a second after"),
        pytest.param(at(PRESS, NINE - timedelta(minutes=90) - A_SECOND), "off_duty", id="and as much before"),
        pytest.param(at(PRESS, HALF_PAST_NOON + A_SECOND, picked=True), None, id="picked by the person"),
        pytest.param(at(PRESS, HALF_PAST_NOON + A_SECOND, counter="L2"), None, id="a counter without postings"),
        pytest.param(at(PRESS, HALF_PAST_NOON + timedelta(days=1)), None, id="a date without postings"),
        pytest.param(at(PRESS, NINE, officer="BUDI"), "off_duty", id="only another officer is posted"),
    ],
)
def test_a_press_is_off_duty_outside_every_posting(press: Given, expected: str | None) -> None:
    morning = Posting("ANI", "L1", NINE - timedelta(hours=1), NINE + timedelta(hours=3))

    assert reasons(world(press, postings=[morning])) == [expected]


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        pytest.param(SMS, None, id="after 45 days"),
        pytest.param(replace(SMS, accepted_at=NINE + A_SECOND), "stale", id="a second later"),
        pytest.param(replace(SMS, accepted_at=NINE + A_SECOND, imported=True), None, id="imported"),
        pytest.param(replace(SMS, accepted_at=NINE + A_SECOND, channel="link"), None, id="by a link"),
        pytest.param(replace(SMS, accepted_at=NINE + A_SECOND, withdrawn=True), "withdrawn", id="withdrawn too"),
    ],
)
def test_a_rating_is_stale_after_45_days(rating: Given, expected: str | None) -> None:
    waited = replace(rating, accepted_at=rating.accepted_at + timedelta(days=45))

    assert reasons(world(waited)) == [expected]


def test_a_rating_is_late_after_its_months_last_restatement() -> None:
    made = world(PRESS)
    group = ("KOTA", "dukcapil", "2026-11")

    assert screened(made, {group: NINE - A_SECOND}) == {"0": "late"}
    assert screened(made, {group: NINE}) == {"0": None}


def test_the_latest_of_a_rater_that_may_count_supersedes_the_others() -> None:
    later = [at(SMS, NINE + timedelta(hours=hours)) for hours in range(3)]

    assert reasons(world(*later)) == ["superseded", "superseded", None]
    assert reasons(world(*later[:2], replace(later[2], withdrawn=True))) == ["superseded", None, "withdrawn"]


def test_months_go_by_the_clock_of_the_ratings_own_office() -> None:
    evening = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)
    made = world(at(SMS, evening), at(SMS, evening, office="KAMPUNG", officer="BUDI"))

    assert set(months_of(made)) == {("ANI", "2026-10"), ("BUDI", "2026-11")}


@pytest.mark.parametrize(
    ("offices", "group"),
    [
        pytest.param(["PUSKESMAS", "DUKCAPIL", "PUSKESMAS"], ("KOTA", "puskesmas"), id="the office with most"),
        pytest.param(["PUSKESMAS", "DUKCAPIL"], ("KOTA", "dukcapil"), id="the first of equals by code"),
    ],
)
def test_a_month_belongs_to_the_group_of_one_office(offices: list[str], group: tuple[str, str]) -> None:
    ratings = [replace(SMS, office=office, rater_key=None) for office in offices]

    assert months_of(world(*ratings))["ANI", "2026-11"].group == group
