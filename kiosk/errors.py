"""Errors in the caller's words: problem details (RFC 9457) for devices, a calm page for people."""

from http import HTTPStatus

from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict
from werkzeug.exceptions import HTTPException, InternalServerError

from kiosk.localisation import _
from shared.domain.errors import IntakeRefused, IntakeUnavailable, RefusalCode
from shared.i18n import Language, mark, translate
from shared.logs import logger

RETRY_AFTER = 5
log = logger(__name__)

REFUSALS: dict[RefusalCode, str] = {
    RefusalCode.MALFORMED: mark("The field “{field}” cannot be read. Correct it and send again."),
    RefusalCode.NO_ANSWER: mark("This rating answers nothing. Send at least one answer from 1 to 4."),
    RefusalCode.ANSWER_OUT_OF_RANGE: mark("An answer is a whole number from 1 to 4."),
    RefusalCode.COMMENT_TOO_LONG: mark("The comment is too long. It may have 500 characters."),
    RefusalCode.GIVEN_IN_FUTURE: mark("This rating was given in the future. Set the clock of the device."),
    RefusalCode.GIVEN_TOO_LONG_AGO: mark(
        "This rating was given more than a year ago and can no longer be accepted. Check the clock of the device."
    ),
    RefusalCode.UNKNOWN_OFFICER: mark("We do not know the officer code “{officer}”."),
    RefusalCode.FOREIGN_OFFICER: mark("The officer “{officer}” does not serve at this office."),
    RefusalCode.UNKNOWN_COUNTER: mark("This office has no counter “{counter}”."),
    RefusalCode.UNKNOWN_SERVICE: mark("This office has no service “{service}”."),
    RefusalCode.UNKNOWN_ELEMENT: mark("This office has no additional element with the code “{element}”."),
}

PROBLEMS: dict[int, tuple[str, str]] = {
    400: (mark("This could not be read"), mark("Send the request again in the form we describe.")),
    401: (
        mark("This device is not known"),
        mark("Enrol the device again with a new code, or ask the administrator."),
    ),
    403: (mark("Your account cannot open this page"), mark("Sign in with the account this page is meant for.")),
    404: (mark("This page does not exist"), mark("Check the address, or go back to the start page.")),
    405: (mark("This cannot be done here"), mark("Go back to the start and try again.")),
    413: (mark("This is too large"), mark("Send less at once: up to 500 ratings or two megabytes.")),
    429: (mark("Too many requests"), mark("Wait a moment and try again.")),
    500: (mark("Something went wrong on our side"), mark("Please try again in a moment. We have noted the error.")),
    503: (mark("We cannot take this just now"), mark("Nothing is lost. Please try again in a moment.")),
}


def refusal_detail(refusal: IntakeRefused, language: Language) -> str:
    """Word a refusal for whoever sent the rating."""
    return translate(REFUSALS[refusal.code], language, **refusal.facts)


class Problem(BaseModel):
    """What went wrong, as problem details (RFC 9457) in the caller's words; `code` is stable, the words are not."""

    model_config = ConfigDict(frozen=True)

    title: str
    status: int
    detail: str
    code: str


def usual_code(status: int) -> str:
    """Return the code of a problem that has none of its own."""
    return HTTPStatus(status).phrase.lower().replace(" ", "_")


def problem(status: int, *, code: str | None = None, detail: str | None = None, title: str = "") -> Response:
    """Answer with problem details; see `Problem`."""
    known, usual = PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500])
    said = Problem(title=_(title or known), status=status, detail=detail or _(usual), code=code or usual_code(status))
    response = jsonify(said.model_dump())
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def error_page(title: str, detail: str) -> str:
    """Say what went wrong. Who is signed in is shown when it is known already: the database may be what failed."""
    known = "_login_user" in g  # where the sign-in library keeps whom it has looked up
    return render_template("errors/error.html", title=title, detail=detail, known=known)


def install(app: Flask) -> None:
    """Answer every error of the app in words; a failure of ours is logged with its traceback."""

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or error.code is None or error.code < 400:
            return error
        return _answer(error.code)

    @app.errorhandler(IntakeUnavailable)
    def unavailable(_error: IntakeUnavailable) -> ResponseReturnValue:
        return _answer(503)

    @app.errorhandler(Exception)
    def unknown(_error: Exception) -> ResponseReturnValue:
        # By its rule: an address itself may hold a code that is good for a password.
        log.exception("request failed", path=str(request.url_rule), method=request.method)
        return _answer(InternalServerError.code)


def _answer(status: int) -> Response:
    if request.path.startswith("/api/"):
        response = problem(status)
    else:
        title, detail = PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500])
        response = Response(error_page(title, detail), status)
    if status in {429, 503}:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
