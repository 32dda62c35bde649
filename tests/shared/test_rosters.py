"""A week in a zone, and the rules of a posting, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.domain.rosters import (
    EndFacts,
    PostingFacts,
    PostingProblem,
    PostingRefused,
    Serving,
    Week,
    check_span,
    weeks_later,
)
from shared.domain.zones import zone

JAKARTA, NEW_YORK = zone("Asia/Jakarta"), zone("America/New_York")
MONDAY = date(2026, 11, 16)


def asked(**change: str) -> PostingFacts:
    facts = {"officer": "DK7", "counter": "DSL3", "day": "2026-11-30", "begins": "08:00", "until": "12:00"}
    return PostingFacts.model_validate({**facts, **change})


def serving(**change: Any) -> Serving:
    facts: dict[str, Any] = {
        "code": "DK7", "name": "Asha", "home": "Disdukcapil", "at_home": True, "left_on": None, "moves": (),
        "posted": False,
    }  # fmt: skip
    return Serving(**{**facts, **change})


@pytest.mark.parametrize("day", ["2026-11-16", "2026-11-18", "2026-11-22"])
def test_a_week_is_known_by_any_of_its_days(day: str) -> None:
    week = Week.parse(day)
    assert (week.monday, str(week), week.days[6]) == (MONDAY, "2026-11-16", date(2026, 11, 22))
    assert str(week.plus(-1)) == "2026-11-09"


@pytest.mark.parametrize(
    "text",
    ["", "2026-11", "20261116", "2026-11-31", "16-11-2026", "2026-W47-1", "1999-12-27", "9999-12-27", "besok"],
)
def test_what_is_no_day_is_no_week(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Week.parse(text)


def test_a_week_begins_when_the_office_says_so_and_an_hour_lived_twice_belongs_to_it() -> None:
    sunday_evening = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)
    assert Week.at(sunday_evening, JAKARTA) == Week(MONDAY)
    assert Week.at(sunday_evening, NEW_YORK) == Week(date(2026, 11, 9))
    start, end = Week(MONDAY).bounds(JAKARTA)
    assert start == datetime(2026, 11, 15, 17, 0, tzinfo=UTC)
    assert end - start == timedelta(days=7)
    start, end = Week.parse("2026-11-01").bounds(NEW_YORK)
    assert end - start == timedelta(days=7, hours=1)


def test_an_until_before_begins_lies_on_the_next_day_even_past_the_end_of_the_month() -> None:
    starts_at, ends_at = asked(begins="22.00", until="06:00").span(JAKARTA)
    assert starts_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    assert ends_at == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert ends_at.astimezone(JAKARTA).date() == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        pytest.param({"until": "08:00"}, "until", "not_forward", id="ends when it begins"),
        pytest.param({"until": "08.00"}, "until", "not_forward", id="written otherwise"),
        pytest.param({"begins": "24:00"}, "begins", "not_a_time", id="no such hour"),
        pytest.param({"begins": "08:00Z"}, "begins", "not_a_time", id="a zone of its own"),
        pytest.param({"until": "siang"}, "until", "not_a_time", id="a word"),
        pytest.param({"day": "0001-01-01"}, "day", "date_parsing", id="year one"),
        pytest.param({"day": "9999-12-31"}, "day", "date_parsing", id="the last of days"),
        pytest.param({"officer": "'; --"}, "officer", "string_pattern_mismatch", id="no code"),
    ],
)
def test_what_cannot_be_a_posting_is_told_at_the_door(change: dict[str, str], field: str, problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        asked(**change)
    (error,) = caught.value.errors()
    assert (error["loc"], error["type"]) == ((field,), problem)


def test_a_posting_lasts_a_day_and_a_night_at_most_by_the_time_that_passes() -> None:
    starts_at = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
    check_span(starts_at, starts_at + timedelta(hours=24))
    with pytest.raises(PostingRefused) as caught:
        check_span(starts_at, starts_at + timedelta(hours=24, minutes=1))
    assert caught.value.problem is PostingProblem.TOO_LONG
    with pytest.raises(PostingRefused) as caught:
        check_span(starts_at, starts_at)
    assert caught.value.problem is PostingProblem.NOT_FORWARD
    with pytest.raises(PostingRefused) as caught:
        check_span(*asked(day="2026-10-31", begins="10:00", until="09:59").span(NEW_YORK))
    assert caught.value.problem is PostingProblem.TOO_LONG, "the clock went back in that night"


def test_a_week_later_is_the_same_time_on_the_wall_clock() -> None:
    before = EndFacts.model_validate({"ends_on": "2026-10-28", "until": "08:00"}).moment(NEW_YORK)
    after = weeks_later(before, 1, NEW_YORK)
    assert after.astimezone(NEW_YORK).isoformat() == "2026-11-04T08:00:00-05:00"
    assert after - before == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({}, None, id="at home"),
        pytest.param({"at_home": False}, PostingProblem.DOES_NOT_SERVE, id="of another office"),
        pytest.param({"at_home": False, "posted": True}, None, id="lent before"),
        pytest.param({"left_on": date(2026, 11, 17)}, None, id="leaves tomorrow"),
        pytest.param({"left_on": MONDAY}, PostingProblem.HAS_LEFT, id="has left today"),
        pytest.param(
            {"at_home": False, "moves": ((MONDAY, False),), "posted": True},
            PostingProblem.DOES_NOT_SERVE,
            id="has moved away today",
        ),
        pytest.param({"moves": ((date(2026, 11, 17), False),)}, None, id="moves away tomorrow"),
        pytest.param({"at_home": False, "moves": ((MONDAY, True),)}, None, id="has come today"),
        pytest.param(
            {"at_home": False, "moves": ((date(2026, 11, 17), True),)},
            PostingProblem.DOES_NOT_SERVE,
            id="comes tomorrow",
        ),
        pytest.param({"moves": ((date(2026, 1, 5), False), (date(2026, 6, 1), True))}, None, id="has come back"),
    ],
)
def test_an_officer_serves_where_their_moves_and_postings_say(
    change: dict[str, Any], problem: PostingProblem | None
) -> None:
    assert serving(**change).problem_on(MONDAY) is problem
