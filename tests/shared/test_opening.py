"""An office is open by its own week on its own clock, also past midnight."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.domain.opening import Week, spans_of
from shared.domain.people import Office, OfficeKind

DAY, NIGHT, SHUT = ["08:00", "15:00"], ["20:00", "06:00"], list[str]()
WIT = ZoneInfo("Asia/Jayapura")
DAYTIME: Week = (("08:00", "15:00"),) * 5 + ((), ())
NIGHTS: Week = (("20:00", "06:00"), (), (), (), (), (), ("22:00", "02:00"))


def office(hours: Week | None, closed_on: date | None = None) -> Office:
    return Office("PSF", "Puskesmas", OfficeKind.PUSKESMAS, WIT, "TDK", False, None, closed_on, hours)


@pytest.mark.parametrize(
    ("hours", "day", "time", "is_open"),
    [
        pytest.param(DAYTIME, 16, "07:59", False, id="a minute before it opens"),
        pytest.param(DAYTIME, 16, "08:00", True, id="as it opens"),
        pytest.param(DAYTIME, 16, "14:59", True, id="a minute before it closes"),
        pytest.param(DAYTIME, 16, "15:00", False, id="as it closes"),
        pytest.param(DAYTIME, 21, "10:00", False, id="Saturday"),
        pytest.param(NIGHTS, 16, "23:00", True, id="Monday night"),
        pytest.param(NIGHTS, 17, "05:59", True, id="until Tuesday morning"),
        pytest.param(NIGHTS, 17, "06:00", False, id="and no longer"),
        pytest.param(NIGHTS, 16, "01:30", True, id="Sunday night, over the end of the week"),
        pytest.param(NIGHTS, 16, "03:00", False, id="between two nights"),
        pytest.param(None, 21, "03:00", True, id="always open"),
    ],
)
def test_it_is_open_within_its_hours(hours: Week | None, day: int, time: str, is_open: bool) -> None:
    assert office(hours).open_at(datetime.fromisoformat(f"2026-11-{day}T{time}").replace(tzinfo=WIT)) is is_open


def test_an_office_that_was_closed_for_good_is_never_open() -> None:
    moment = datetime(2026, 11, 16, 10, tzinfo=WIT)
    assert not office(DAYTIME, date(2026, 11, 16)).open_at(moment)
    assert office(DAYTIME, date(2026, 11, 17)).open_at(moment)


@pytest.mark.parametrize(
    ("hours", "spans"),
    [
        pytest.param([DAY] * 5 + [SHUT] * 2, [[DAY]] * 5 + [[]] * 2, id="closed at the weekend"),
        pytest.param(
            [NIGHT] * 7, [[["00:00", "06:00"], ["20:00", "24:00"]]] * 7, id="every night"
        ),
        pytest.param(
            [SHUT] * 6 + [NIGHT], [[["00:00", "06:00"]], *[[]] * 5, [["20:00", "24:00"]]], id="Sunday into Monday"
        ),
        pytest.param(
            [NIGHT, DAY, *[SHUT] * 5],
            [[["20:00", "24:00"]], [["00:00", "06:00"], DAY], *[[]] * 5],
            id="a night before a day",
        ),
        pytest.param([["16:00", "00:00"], *[SHUT] * 6], [[["16:00", "24:00"]], *[[]] * 6], id="until midnight"),
    ],
)  # fmt: skip
def test_no_span_of_hours_goes_past_its_midnight(hours: list[list[str]], spans: list[list[list[str]]]) -> None:
    assert spans_of(hours) == spans
