"""People are written to between eight and eight, on their own clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.domain.asking import may_write, next_writing

JAKARTA, MAKASSAR, JAYAPURA = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


@pytest.mark.parametrize(
    ("zone", "now", "then"),
    [
        pytest.param(JAKARTA, "2026-11-18T05:00", "2026-11-18T05:00", id="noon in the west"),
        pytest.param(JAKARTA, "2026-11-18T00:59", "2026-11-18T01:00", id="a minute before eight in the west"),
        pytest.param(MAKASSAR, "2026-11-18T00:59", "2026-11-18T00:59", id="then it is nine in the middle"),
        pytest.param(JAYAPURA, "2026-11-17T23:00", "2026-11-17T23:00", id="eight sharp in the east"),
        pytest.param(JAYAPURA, "2026-11-18T10:59", "2026-11-18T10:59", id="a minute before eight in the evening"),
        pytest.param(JAYAPURA, "2026-11-18T11:00", "2026-11-18T23:00", id="at eight in the evening it is tomorrow"),
        pytest.param(JAKARTA, "2026-12-31T17:30", "2027-01-01T01:00", id="after midnight it is this very morning"),
    ],
)
def test_nobody_is_written_to_in_the_evening_or_at_night(zone: ZoneInfo, now: str, then: str) -> None:
    moment, expected = (datetime.fromisoformat(written).replace(tzinfo=UTC) for written in (now, then))
    assert next_writing(moment, zone) == expected
    assert may_write(moment, zone) is (moment == expected)
    assert may_write(expected, zone)
