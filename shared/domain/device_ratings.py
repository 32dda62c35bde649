"""From what a device sends to ratings: parsed once, here, and trusted afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from shared.domain.errors import IntakeRefused, RefusalCode
from shared.domain.people import Kiosk
from shared.domain.ratings import COMMENT_LENGTH, LARGEST_SHIFT, Channel, Rating, as_of_acceptance

CLOCK_TOLERANCE: Final = timedelta(minutes=5)
TICKET_LENGTH: Final = 32
FROM_DEVICE: Final = frozenset(
    {
        "id", "officer", "overall", "given_at", "language", "picked", "counter", "service", "elements", "extras",
        "reasons", "comment", "sequence", "profile",
    }
)  # fmt: skip
ABOUT_IT: Final = frozenset({"ticket", "clock_lost"})
"""What a device may say besides the rating itself, checked and not kept."""
MAY_BE_SAID: Final = FROM_DEVICE | ABOUT_IT
_moment: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


def parse_rating(sent: Any, kiosk: Kiosk, accepted_at: datetime, clock_error: timedelta) -> Rating:
    """Return one rating as this kiosk gave it, its moment moved by the device's clock error when that is large.

    Without `counter` it was given at the kiosk's; with null, at none. A device that lost its clock between the press
    and the sending says `clock_lost`: then an impossible moment becomes ours instead of costing the rating. A queue
    ticket is checked and not kept: it could lead back to the person. Raises IntakeRefused with the first thing that
    is wrong.
    """
    if not isinstance(sent, Mapping):
        raise IntakeRefused(RefusalCode.MALFORMED, field="ratings")
    _check_fields(sent)
    lost = sent.get("clock_lost") is True
    shift = _shift(clock_error, lost=lost)
    ours = {
        "office": kiosk.office,
        "channel": Channel.KIOSK,
        "kiosk": kiosk.id,
        "accepted_at": accepted_at,
        "clock_shift": shift,
    }
    values = {name: value for name, value in sent.items() if name in FROM_DEVICE and value is not None}
    if shift:
        values["given_at"] = _shifted(values.get("given_at"), shift)
    if "counter" not in sent:
        values["counter"] = kiosk.counter
    try:
        rating = Rating.model_validate({**values, **ours})
    except ValidationError as error:
        raise refusal_of(error) from error
    return as_of_acceptance(rating) if lost else rating


def _check_fields(sent: Mapping[Any, Any]) -> None:
    unknown = [str(name) for name in sent if name not in MAY_BE_SAID]
    if unknown:
        raise IntakeRefused(RefusalCode.MALFORMED, field=unknown[0][:40])
    ticket = sent.get("ticket")
    if ticket is not None and not (isinstance(ticket, str) and len(ticket) <= TICKET_LENGTH):
        raise IntakeRefused(RefusalCode.MALFORMED, field="ticket")
    if not isinstance(sent.get("clock_lost", False), bool):
        raise IntakeRefused(RefusalCode.MALFORMED, field="clock_lost")


def _shift(clock_error: timedelta, *, lost: bool) -> int:
    shift = round(clock_error.total_seconds()) if abs(clock_error) > CLOCK_TOLERANCE else 0
    if abs(shift) <= LARGEST_SHIFT:
        return shift
    if lost:
        return 0  # the moment is impossible as it stands, and becomes ours
    raise IntakeRefused(RefusalCode.MALFORMED, field="sent_at")


def _shifted(given_at: Any, shift: int) -> datetime:
    try:
        return _moment.validate_python(given_at).astimezone(UTC) + timedelta(seconds=shift)
    except (ValidationError, OverflowError) as error:
        raise IntakeRefused(RefusalCode.MALFORMED, field="given_at") from error


def refusal_of(error: ValidationError) -> IntakeRefused:
    """Return the first thing that is wrong with a rating, as whoever sent it is told."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = str(first["loc"][0]) if first["loc"] else "rating"
    of_element = field in {"elements", "extras"} and len(first["loc"]) > 1 and first["loc"][-1] != "[key]"
    if field == "overall" or of_element:
        return IntakeRefused(RefusalCode.ANSWER_OUT_OF_RANGE)
    if field == "comment" and isinstance(first["input"], str) and len(first["input"]) > COMMENT_LENGTH:
        return IntakeRefused(RefusalCode.COMMENT_TOO_LONG)
    return IntakeRefused(RefusalCode.MALFORMED, field=field)
