"""The API of queue systems: tell of a visit whose person agreed to be asked about it."""

from typing import Final
from uuid import UUID

from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest

from kiosk.context import services
from kiosk.errors import problem
from kiosk.limits import Limit
from kiosk.portals import Audience, Portal, current_api_key
from kiosk.visits.wording import worded
from shared.consent_wording import CONSENT, CONSENT_VERSION
from shared.domain.visits import Visit, VisitProblem, VisitRefused
from shared.i18n import LANGUAGES, Language, translate
from shared.invitations import invite_by_key

LIMIT: Final = "suara-api-key-limit"
RATE, BURST = 10.0, 200.0
"""Visits a second of one key, sustained, and at once: after an outage a queue system tells of a whole day."""
OWN_PROBLEMS: Final = {problem.value: problem for problem in (VisitProblem.NOT_A_PHONE, VisitProblem.NO_CONSENT)}


class Invited(BaseModel):
    """The invitation that a visit has become, also of somebody who wants no messages; `wording` they agreed to."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    wording: str


class ConsentWords(BaseModel):
    """What is read to a person before they agree, by language, and the version of these words."""

    model_config = ConfigDict(frozen=True)

    wording: str
    text: dict[Language, str]


visits_api = Portal("visits_api", __name__, audience=Audience.API_KEY, url_prefix="/api/visits")


def install(app: Flask) -> None:
    """Give the app its limit."""
    app.extensions[LIMIT] = Limit(RATE, BURST)


@visits_api.before_request
def slow_down() -> Response | None:
    """Turn away a key that asks too often."""
    limit: Limit = current_app.extensions[LIMIT]
    wait = limit.wait_needed(current_api_key().id)
    if not wait:
        return None
    response = problem(429)
    response.headers["Retry-After"] = str(max(1, round(wait)))
    return response


@visits_api.post("")
def tell() -> ResponseReturnValue:
    """Take in a visit; the answer is the same whether or not the person will be written to.

    Told twice, it is one; nothing is kept of whoever has not agreed.
    """
    try:
        invitation = invite_by_key(_told(), current_api_key(), services())
    except VisitRefused as refusal:
        status = 400 if refusal.problem is VisitProblem.MALFORMED else 422
        return problem(status, code=refusal.problem.value, detail=worded(refusal))
    return jsonify(Invited(id=invitation, wording=CONSENT_VERSION).model_dump(mode="json")), 201


@visits_api.get("/consent")
def consent() -> ResponseReturnValue:
    """Return the words that a person agrees to, for whoever asks them, and their version."""
    return jsonify(consent_words().model_dump())


def consent_words() -> ConsentWords:
    """Return those words as they are now."""
    text = {language: translate(CONSENT, language) for language in LANGUAGES}
    return ConsentWords(wording=CONSENT_VERSION, text=text)


def _told() -> Visit:
    try:
        return Visit.model_validate(request.get_json())
    except RecursionError as error:
        raise BadRequest from error
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise VisitRefused(OWN_PROBLEMS.get(first["type"], VisitProblem.MALFORMED), field, field=field) from None
