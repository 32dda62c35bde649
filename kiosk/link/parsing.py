"""From the forms of a link to a rating: parsed once, here, and trusted afterwards."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import request
from pydantic import ValidationError

from kiosk.link.places import Place
from kiosk.localisation import current_language
from shared.domain.device_ratings import refusal_of
from shared.domain.people import Directory
from shared.domain.ratings import Channel, Rating
from shared.domain.skm import Element
from shared.wording import CONCERNS, PRAISE

ANSWER: Final = "answer-{}"
"""The name of an element's field."""
POOREST_PRAISED: Final = 3


def asked_officer() -> str | None:
    """Return the code of the officer somebody has chosen; empty when they want to choose, None when neither."""
    written = request.form.get("officer") if request.method == "POST" else request.args.get("officer")
    return None if written is None else written.strip().upper()[:32]


def pressed(
    place: Place, officer: str, number: UUID, rater_key: str | None, now: datetime, *, own_phone: bool
) -> Rating:
    """Return the rating that pressing a face gives; raise IntakeRefused with what is wrong with it."""
    values = {
        "id": number,
        "office": place.office.code,
        "officer": officer,
        "counter": place.counter and place.counter.code,
        "overall": _answer(request.form.get("overall", "")),
        "channel": Channel.LINK,
        "language": current_language(),
        "given_at": now,
        "accepted_at": now,
        "picked": "picked" in request.form,
        "rater_key": rater_key,
        "own_phone": own_phone,
    }
    return _parsed(values)


def with_what_was_added(rating: Rating, directory: Directory, now: datetime) -> Rating:
    """Return a rating with what this form adds to it; raise IntakeRefused with what is wrong with it."""
    offered = reasons_for(rating)
    values = {
        **rating.model_dump(),
        "accepted_at": now,
        "elements": _answers(element.value for element in Element),
        "extras": _answers(code for office, code in directory.extra_elements if office == rating.office),
        "reasons": [code for code in dict.fromkeys(request.form.getlist("reason")) if code in offered],
        "comment": typed_comment() or None,
    }
    return _parsed(values)


def reasons_for(rating: Rating) -> dict[str, str]:
    """Return the reasons offered after an answer, as on the touch screen: what was best, or should get better."""
    return PRAISE if (rating.overall or 0) >= POOREST_PRAISED else CONCERNS


def typed_comment() -> str:
    """Return the comment as the person sees it: a browser sends two characters where they pressed Enter once."""
    return request.form.get("comment", "").replace("\r\n", "\n").strip()


def _answers(codes: Iterable[str]) -> dict[str, int | str]:
    written = {code: request.form.get(ANSWER.format(code), "") for code in codes}
    return {code: _answer(answer) for code, answer in written.items() if answer}


def _answer(written: str) -> int | str:
    return int(written) if written in {"1", "2", "3", "4"} else written


def _parsed(values: dict[str, object]) -> Rating:
    try:
        return Rating.model_validate(values)
    except ValidationError as error:
        raise refusal_of(error) from error
