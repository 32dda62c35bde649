"""Ratings and times for tests: plain functions with overrides."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.ratings import Rating

NOON = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
"""Wednesday noon in Sawahlunto (WIB)."""


class SettableClock:
    """A clock that stands where the test put it."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        """Move on by days, hours, minutes or seconds."""
        self.moment += timedelta(**by)


def a_rating(**overrides: Any) -> Rating:
    """Return a rating of Asha at counter DSL3, given at NOON on the kiosk."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "office": "DSW",
        "officer": "DK7",
        "counter": "DSL3",
        "overall": 4,
        "channel": "kiosk",
        "given_at": NOON,
        "accepted_at": NOON,
        "kiosk": 1,
    }
    return Rating.model_validate({**values, **overrides})


def a_sent_rating(**overrides: Any) -> dict[str, Any]:
    """Return one rating as a kiosk sends it."""
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "officer": "DK7",
        "counter": "DSL3",
        "overall": 4,
        "given_at": NOON.isoformat(),
        "language": "id",
    }
    return {**values, **overrides}
