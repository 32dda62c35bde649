"""The devices' API: enrol, fetch what the screen needs, hand in ratings, say how it goes."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from kiosk.acting import acting, nobody_known
from kiosk.context import services
from kiosk.errors import problem, refusal_detail
from kiosk.limits import Limit, caller
from kiosk.localisation import _, current_language
from kiosk.portals import Audience, Portal, current_kiosk
from kiosk.touch.configuration import configuration
from kiosk.touch.parsing import clock_error, parse_batch, parse_body
from shared import intake
from shared.db.kiosk_tokens import TokenTaken, offer_token
from shared.db.kiosks import enrol
from shared.domain.device_ratings import parse_rating
from shared.domain.errors import IntakeRefused
from shared.domain.ratings import Moment, Rating
from shared.i18n import LANGUAGES, mark
from shared.kiosk_commands import command_left
from shared.kiosk_contacts import note_contact
from shared.logs import logger

BURST_SECONDS = 10
LARGEST_COUNT = 10**9
LARGEST_NUMBER = 2**53
"""Beyond it a browser no longer counts."""
MOST_WORDS = 200
DEVICE_LIMIT, ENROLMENT_LIMIT = "suara-device-limit", "suara-enrolment-limit"
log = logger(__name__)

enrolment = Portal("enrolment", __name__, audience=Audience.PUBLIC, url_prefix="/api/kiosk")
api = Portal("api", __name__, audience=Audience.DEVICE, url_prefix="/api")


Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_COUNT)]
Number = Annotated[int, Field(strict=True, ge=0, le=LARGEST_NUMBER)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Bytes = Annotated[float, Field(strict=True, ge=0, le=LARGEST_NUMBER, allow_inf_nan=False)]
Word = Annotated[str, Field(strict=True, max_length=64)]
Words = Annotated[tuple[Word, ...], Field(max_length=MOST_WORDS)]


class Enrolment(BaseModel):
    """A one-time code, and the token the device made for itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(max_length=32)
    token: Token


class NewToken(BaseModel):
    """The token that a device made to take the place of the one it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: Token


class Heartbeat(BaseModel):
    """How a device says it is; `outbox` are all ratings not sent, `visits` those since it was enrolled.

    `done` are the commands it has carried out.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    outbox: Count
    oldest: Moment | None = None
    refused: Count = 0
    held: Count = 0
    sequence: Number | None = None
    version: Word = ""
    clock: Moment | None = None
    battery: Share | None = None
    visits: dict[Literal["rated", "skipped", "timed_out"], Count] = Field(default_factory=dict)
    storage: Literal["device", "memory"] = "device"
    persisted: StrictBool | None = None
    secure: StrictBool | None = None
    used: Bytes | None = None
    quota: Bytes | None = None
    voices: Words | None = None
    done: Words = ()

    def told(self, now: datetime) -> dict[str, Any]:
        """Return what is kept of it, with its clock held against ours."""
        skew = (self.clock - now).total_seconds() if self.clock else None
        return self.model_dump(mode="json", exclude={"clock", "done"}) | {"at": now.isoformat(), "skew": skew}


def install_limits(app: Flask) -> None:
    """Give the app its own limits, sized by its settings."""
    with app.app_context():
        rate = services().settings.device_requests_per_second
    app.extensions[DEVICE_LIMIT] = Limit(rate, rate * BURST_SECONDS)
    app.extensions[ENROLMENT_LIMIT] = Limit(rate=0.2, burst=10)


def _check_limit(name: str, caller: object) -> Response | None:
    limit: Limit = current_app.extensions[name]
    wait = limit.wait_needed(caller)
    if not wait:
        return None
    response = problem(429)
    response.headers["Retry-After"] = str(max(1, round(wait)))
    return response


@api.before_request
def slow_down() -> Response | None:
    """Turn away a device that asks too often; its outbox keeps what it has."""
    return _check_limit(DEVICE_LIMIT, current_kiosk().id)


@enrolment.post("/enrol")
def enrol_device() -> ResponseReturnValue:
    """Make the device that sends a valid code a kiosk, under the token it made itself."""
    too_fast = _check_limit(ENROLMENT_LIMIT, caller())
    if too_fast:
        return too_fast
    wish = parse_body(request, Enrolment)
    with acting(nobody_known()) as session:
        kiosk = enrol(session, wish.code, wish.token, services().clock())
    if kiosk is None:
        detail = _(mark("This code is not valid or was used already. Ask the administrator for a new one."))
        return problem(404, code="unknown_enrolment_code", detail=detail)
    log.info("kiosk enrolled", kiosk=kiosk.id)
    office = services().directory.current().offices[kiosk.office]
    return jsonify(kiosk={"name": kiosk.name}, office={"code": office.code, "name": office.name}), 201


@api.post("/ratings")
def give_ratings() -> ResponseReturnValue:
    """Accept one to five hundred ratings; a bad one never blocks the rest."""
    batch, ours = parse_batch(request), services()
    now, kiosk, directory = ours.clock(), current_kiosk(), ours.directory.current()
    error = clock_error(batch, now)
    good: list[Rating] = []
    results: list[dict[str, str]] = []
    for sent in batch.ratings:
        try:
            rating = parse_rating(sent, kiosk, now, error)
            intake.check(rating, directory)
        except IntakeRefused as refusal:
            results.append(_refused(sent, refusal))
        else:
            good.append(rating)
            results.append({"id": str(rating.id), "status": "accepted", "code": "accepted", "detail": ""})
    intake.accept(good, ours)
    return jsonify(results=results), 202


def _refused(sent: Any, refusal: IntakeRefused) -> dict[str, str]:
    identity = str(sent.get("id", ""))[:64] if isinstance(sent, dict) else ""
    log.warning("rating refused", rating_id=_as_uuid(identity), code=refusal.code.value, kiosk=current_kiosk().id)
    asked = sent.get("language") if isinstance(sent, dict) else None
    detail = refusal_detail(refusal, asked if asked in LANGUAGES else current_language())
    return {"id": identity, "status": "refused", "code": refusal.code.value, "detail": detail}


def _as_uuid(written: str) -> str | None:
    """Return an id for the log; what is none stays out of it, for it could be anything."""
    try:
        return str(UUID(written))
    except ValueError:
        return None


@api.get("/kiosk/config")
def kiosk_configuration() -> ResponseReturnValue:
    """Return everything the screen needs for the coming weeks, so that it works without network."""
    known, now = configuration(current_kiosk(), services()), services().clock()
    response = jsonify(known | {"server_time": now.isoformat()})
    response.set_etag(known["version"])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@api.post("/kiosk/heartbeat")
def heartbeat() -> ResponseReturnValue:
    """Note how the device is; answer with our time and with what it is to do."""
    beat = parse_body(request, Heartbeat)
    now, kiosk, redis = services().clock(), current_kiosk().id, services().redis
    note_contact(redis, kiosk, beat.told(now))
    command = command_left(redis, kiosk, beat.done)
    commands = [{"id": command.id, "do": command.do}] if command else []
    return jsonify(server_time=now.isoformat(), commands=commands)


@api.post("/kiosk/token")
def change_token() -> ResponseReturnValue:
    """Let the device be known by a token it has made; the one before is valid until the new one is first used."""
    wish = parse_body(request, NewToken)
    try:
        with acting(nobody_known()) as session:
            offer_token(session, current_kiosk().id, wish.token)
    except TokenTaken:
        return problem(409)
    return "", 204
