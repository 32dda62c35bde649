"""Ratings and times for tests: plain functions with overrides."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, Final

from shared.db.people_tables import ExtraElementRow
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


def moments() -> Iterator[datetime]:
    """Yield moments of the three hours before NOON, far enough apart that nobody pressed twice."""
    return (NOON - timedelta(seconds=12 * number) for number in cycle(range(900)))


_moments: Final = moments()


def a_rating(**overrides: Any) -> Rating:
    """Return a rating of Asha at counter DSL3, given on the kiosk in the morning before NOON."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "office": "DSW",
        "officer": "DK7",
        "counter": "DSL3",
        "overall": 4,
        "channel": "kiosk",
        "given_at": next(_moments),
        "accepted_at": NOON,
        "kiosk": 1,
    }
    return Rating.model_validate({**values, **overrides})


def a_message(**overrides: Any) -> Rating:
    """Return a rating of Asha by message, accepted at once: nothing but its number and month may set it aside."""
    given_at = overrides.get("given_at", NOON)
    values = {"given_at": given_at, "accepted_at": given_at, "channel": "sms", "kiosk": None, "counter": None}
    return a_rating(**{**values, **overrides})


def an_extra_element(**overrides: Any) -> ExtraElementRow:
    """Return an own element of Asha's office, without English."""
    values: dict[str, Any] = {
        "office_code": "DSW",
        "code": "U10",
        "position": 1,
        "name": "Ruang tunggu",
        "question": "Bagaimana kenyamanan ruang tunggu kami?",
        "answer_1": "Tidak nyaman",
        "answer_2": "Kurang nyaman",
        "answer_3": "Nyaman",
        "answer_4": "Sangat nyaman",
    }
    return ExtraElementRow(**{**values, **overrides})


def a_sent_rating(**overrides: Any) -> dict[str, Any]:
    """Return one rating as a kiosk sends it."""
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "officer": "DK7",
        "counter": "DSL3",
        "overall": 4,
        "given_at": next(_moments).isoformat(),
        "language": "id",
    }
    return {**values, **overrides}
