"""How the API of visits is described to who connects a queue system: made of the models it reads and answers with."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from kiosk.errors import PROBLEMS, Problem, usual_code
from kiosk.portals import KEY_NEEDED, UNKNOWN_KEY
from kiosk.visits.api import ConsentWords, Invited, consent_words
from kiosk.visits.wording import PROBLEMS as REFUSALS
from shared.consent_wording import CONSENT_VERSION
from shared.domain.visits import Visit, VisitProblem

MODELS: Final[Mapping[type[BaseModel], str]] = {
    Visit: "Who was served by whom, and when; the phone however it is written.",
    Invited: "The invitation that a visit has become, also of somebody who wants no messages.",
    ConsentWords: "What is read to a person before they agree, by language, and the version of these words.",
    Problem: "What went wrong, as problem details (RFC 9457) in the caller's words; `code` is stable, they are not.",
}
"""What requests and answers are made of, and how each is described."""
KEY: Final = "apiKey"
A_VISIT: Final[Mapping[str, Any]] = {
    "phone": "0812-3456-7890",
    "officer": "DK7",
    "counter": "DSL3",
    "service": "KTP",
    "served_at": "2026-11-18T11:30:00+07:00",
    "language": "id",
    "consent": True,
}
"""Invented, the number too."""
AN_INVITATION: Final = UUID("5f0c3a58-1d2b-8c4e-9a76-3b1f0e2d4c6a")
REFUSED: Final = {
    VisitProblem.NOT_A_PHONE: {},
    VisitProblem.NO_CONSENT: {},
    VisitProblem.UNKNOWN_OFFICER: {"officer": "XX1"},
    VisitProblem.FOREIGN_OFFICER: {"officer": "PS1"},
    VisitProblem.UNKNOWN_COUNTER: {"counter": "X9"},
    VisitProblem.UNKNOWN_SERVICE: {"service": "X9"},
    VisitProblem.OFFICE_CLOSED: {"office": "Disdukcapil Kota Sawahlunto"},
    VisitProblem.SERVED_IN_FUTURE: {},
    VisitProblem.SERVED_TOO_LONG_AGO: {},
}
"""Why a visit that can be read is refused, with what the sentence names."""


def paths() -> dict[str, Any]:
    """Return the paths of the API, each with every answer it can give."""
    return {
        "/api/visits": {"post": _told()},
        "/api/visits/consent": {"get": _words()},
    }


def security_schemes() -> dict[str, Any]:
    """Return how a caller shows who they are."""
    described = "The key an administrator has made for one office; it is shown once and can be revoked."
    return {KEY: {"type": "http", "scheme": "bearer", "description": described}}


def _told() -> dict[str, Any]:
    malformed = _said(
        400, VisitProblem.MALFORMED.value, detail=_worded(VisitProblem.MALFORMED, {"field": "served_at"})
    )
    refused = {
        problem.value: {"value": _said(422, problem.value, detail=_worded(problem, facts))}
        for problem, facts in REFUSED.items()
    }
    return {
        "operationId": "tellVisit",
        "summary": "Tell of a visit whose person has agreed to be asked about it",
        "description": (
            "The answer is the same whether or not the person will be written to: who wants no messages is nobody's"
            " to know. The same office, officer, phone and minute told twice are one visit, with one id. Nothing is"
            " kept of a visit that is refused. Fields that are not known are ignored."
        ),
        "security": [{KEY: []}],
        "requestBody": {"required": True, "content": _json(Visit, {"visit": {"value": dict(A_VISIT)}})},
        "responses": {
            "201": {
                "description": "Taken in, or known already",
                "content": _json(
                    Invited,
                    {"invitation": {"value": {"id": str(AN_INVITATION), "wording": CONSENT_VERSION}}},
                ),
            },
            "400": _problem(
                "No JSON, or a field that cannot be read",
                {"malformed": {"value": malformed}, "bad_request": {"value": _said(400)}},
            ),
            **_of_everybody(),
            "413": _problem("Larger than two megabytes", {"too_large": {"value": _said(413)}}),
            "415": _problem("The Content-Type is not application/json", {"no_json": {"value": _said(415)}}),
            "422": _problem("Nobody can be asked about this visit; `code` says why", refused),
        },
    }


def _words() -> dict[str, Any]:
    return {
        "operationId": "consentWords",
        "summary": "The words a person agrees to, and their version",
        "description": "Read them to the person, or show them, before you send `consent` as true.",
        "security": [{KEY: []}],
        "responses": {
            "200": {
                "description": "The words by language",
                "content": _json(ConsentWords, {"words": {"value": consent_words().model_dump()}}),
            },
            **_of_everybody(),
        },
    }


def _of_everybody() -> dict[str, Any]:
    """Return what any of them may answer."""
    unknown = _said(401, "unknown_key", UNKNOWN_KEY, KEY_NEEDED)
    return {
        "401": _problem("No key, or one that is unknown or revoked", {"unknown_key": {"value": unknown}}),
        "429": _problem("Too many at once; come back later", {"too_fast": {"value": _said(429)}}, again=True),
        "500": _problem("A fault of ours", {"fault": {"value": _said(500)}}),
        "503": _problem("Cannot be kept just now; send it again", {"away": {"value": _said(503)}}, again=True),
    }


def _problem(description: str, examples: Mapping[str, Any], *, again: bool = False) -> dict[str, Any]:
    after = {"description": "Seconds to wait", "required": True, "schema": {"type": "integer", "minimum": 1}}
    answer: dict[str, Any] = {
        "description": description,
        "content": _json(Problem, examples, "application/problem+json"),
    }
    return {**answer, "headers": {"Retry-After": after}} if again else answer


def _json(model: type, examples: Mapping[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}, "examples": dict(examples)}}


def _said(status: int, code: str = "", title: str = "", detail: str = "") -> dict[str, Any]:
    known, usual = PROBLEMS.get(status, PROBLEMS[400 if status < 500 else 500])
    said = Problem(title=title or known, status=status, detail=detail or usual, code=code or usual_code(status))
    return said.model_dump()


def _worded(problem: VisitProblem, facts: Mapping[str, str]) -> str:
    return REFUSALS[problem].format(**facts)
