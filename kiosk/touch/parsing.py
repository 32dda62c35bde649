"""From a device's request to a batch of what it says; `shared/domain/device_ratings.py` makes ratings of that."""

from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from flask import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest

from shared.domain.ratings import Moment

LARGEST_BATCH: Final = 500
Shape = TypeVar("Shape", bound=BaseModel)


class Batch(BaseModel):
    """What a device sends at once: its own time, and one to five hundred ratings not parsed yet."""

    model_config = ConfigDict(frozen=True)

    ratings: list[Any]
    sent_at: Moment | None = None


def parse_body(request: Request, shape: type[Shape]) -> Shape:
    """Return the request's JSON in its shape; raise BadRequest when it has another one or is none."""
    try:
        return shape.model_validate(request.get_json())
    except (ValidationError, RecursionError) as error:
        raise BadRequest from error


def parse_batch(request: Request) -> Batch:
    """Return the batch in the request's body; raise BadRequest when it cannot be read as one."""
    batch = parse_body(request, Batch)
    if not 1 <= len(batch.ratings) <= LARGEST_BATCH:
        raise BadRequest
    return batch


def clock_error(batch: Batch, accepted_at: datetime) -> timedelta:
    """Return by how much the device's clock is behind ours; nothing when it did not say."""
    return accepted_at - batch.sent_at if batch.sent_at else timedelta()
