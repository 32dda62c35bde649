"""Months as an office lives them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.months import Month

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York", "Pacific/Kiritimati"]
zones = st.sampled_from(ZONES).map(ZoneInfo)
months = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))


@pytest.mark.parametrize(
    ("moment", "zone", "month"),
    [
        pytest.param(
            datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC), "Asia/Jakarta", "2026-10", id="last second, WIB"
        ),
        pytest.param(datetime(2026, 10, 31, 17, 0, tzinfo=UTC), "Asia/Jakarta", "2026-11", id="midnight, WIB"),
        pytest.param(datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "Asia/Makassar", "2026-11", id="midnight, WITA"),
        pytest.param(datetime(2026, 10, 31, 15, 0, tzinfo=UTC), "Asia/Jayapura", "2026-11", id="midnight, WIT"),
        pytest.param(datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "Asia/Jakarta", "2027-01", id="new year"),
        pytest.param(datetime(2026, 4, 1, 3, 59, tzinfo=UTC), "America/New_York", "2026-03", id="summer time"),
        pytest.param(datetime(2026, 12, 1, 4, 59, tzinfo=UTC), "America/New_York", "2026-11", id="winter time"),
    ],
)
def test_a_moment_belongs_to_the_month_on_its_offices_wall(moment: datetime, zone: str, month: str) -> None:
    assert str(Month.of(moment, ZoneInfo(zone))) == month


@given(months, zones)
def test_a_month_holds_its_first_moment_and_not_its_end(month: Month, zone: ZoneInfo) -> None:
    start, end = month.bounds(zone)
    tick = timedelta(microseconds=1)
    assert Month.of(start, zone) == month == Month.of((end.astimezone(UTC) - tick), zone)
    assert Month.of(start.astimezone(UTC) - tick, zone) == month.plus(-1)
    assert Month.of(end, zone) == month.plus(1)


@given(months, st.integers(-400, 400))
def test_months_count_forwards_and_back(month: Month, by: int) -> None:
    assert month.plus(by).plus(-by) == month
    assert (month.plus(by) > month) == (by > 0)


@given(months)
def test_a_written_month_is_read_back(month: Month) -> None:
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "2026-01-01", " 2026-01", ""])
def test_anything_else_is_not_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        Month.parse(text)
