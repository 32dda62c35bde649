"""The document of the API: valid, made of what the code reads and answers, and every answer in it really comes."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from sqlalchemy import update
from sqlmodel import col
from werkzeug.test import TestResponse

from kiosk import LARGEST_BODY
from kiosk.context import keep_services
from kiosk.limits import Limit
from kiosk.portals import Audience, Portal
from kiosk.visits import api
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow
from shared.domain.visits import VisitProblem
from shared.services import Services
from tests.cast import DEV
from tests.messages import SECRET, let_tell
from tests.sms.stage import without_database

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ADDRESS: Final = "/api/openapi.json"
VISITS, CONSENT = ("/api/visits", "post"), ("/api/visits/consent", "get")
Prepare = Callable[[Flask, Services], None]


def nothing(_app: Flask, _services: Services) -> None:
    return None


def too_fast(app: Flask, _services: Services) -> None:
    app.extensions[api.LIMIT] = Limit(rate=0.001, burst=0.5)


def away(app: Flask, services: Services) -> None:
    keep_services(app, without_database(services))


def broken(app: Flask, _services: Services) -> None:
    del app.extensions[api.LIMIT]


def closed(_app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(update(OfficeRow).values(closed_on=services.clock().date()))
        session.execute(update(OfficeRow).where(col(OfficeRow.code) == "DSW").values(name="Disdukcapil"))


@dataclass(frozen=True)
class Case:
    """A request that gets one of the answers, by its status and the name of its example."""

    status: int
    example: str
    changes: dict[str, Any] = field(default_factory=dict)
    prepare: Prepare = nothing
    secret: str = SECRET
    raw: dict[str, Any] | None = None


EVERYWHERE: Final = [
    Case(401, "unknown_key", secret="x"),
    Case(429, "too_fast", prepare=too_fast),
    Case(500, "fault", prepare=broken),
    Case(503, "away", prepare=away),
]
CASES: Final[dict[tuple[str, str], list[Case]]] = {
    VISITS: [
        Case(201, "invitation"),
        Case(400, "malformed", {"served_at": "kemarin"}),
        Case(400, "bad_request", raw={"data": b"{", "content_type": "application/json"}),
        Case(413, "too_large", {"more": "x" * LARGEST_BODY}),
        Case(415, "no_json", raw={"data": b"phone=1", "content_type": "application/x-www-form-urlencoded"}),
        Case(422, "not_a_phone", {"phone": "12"}),
        Case(422, "no_consent", {"consent": False}),
        Case(422, "unknown_officer", {"officer": "XX1"}),
        Case(422, "foreign_officer", {"officer": DEV}),
        Case(422, "unknown_counter", {"counter": "X9"}),
        Case(422, "unknown_service", {"service": "X9"}),
        Case(422, "office_closed", prepare=closed),
        Case(422, "served_in_future", {"served_at": "2026-11-18T20:00:00+07:00"}),
        Case(422, "served_too_long_ago", {"served_at": "2026-11-01T20:00:00+07:00"}),
        *EVERYWHERE,
    ],
    CONSENT: [Case(200, "words"), *EVERYWHERE],
}
EACH: Final = [(path, method, case) for (path, method), cases in CASES.items() for case in cases]


@pytest.fixture
def document(app: Flask, services: Services) -> Any:
    let_tell(services)
    response = app.test_client().get(ADDRESS)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "public, max-age=300")
    return response.get_json()


def sent(app: Flask, document: Any, path: str, method: str, case: Case) -> TestResponse:
    headers = {"Authorization": f"Bearer {case.secret}", "Accept-Language": "en"}
    client = app.test_client()
    if method == "get":
        return client.get(path, headers=headers)
    if case.raw is not None:
        return client.post(path, headers=headers, **case.raw)
    content = document["paths"][path][method]["requestBody"]["content"]["application/json"]
    return client.post(path, json=content["examples"]["visit"]["value"] | case.changes, headers=headers)


def checker(document: Any, schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]}, format_checker=FormatChecker())


def test_it_is_a_valid_document_in_which_everything_is_told_of_once(document: Any) -> None:
    validate(document)
    assert {*document["components"]["schemas"]} == {"Visit", "Invited", "ConsentWords", "Problem"}
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    scheme = document["components"]["securitySchemes"]["apiKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert all(operation["security"] == [{"apiKey": []}] for operation in operations)


def test_it_says_the_same_where_docstrings_are_left_out(document: Any) -> None:
    written = "import json; from kiosk.api_document import document; print(json.dumps(document()))"
    run = subprocess.run([sys.executable, "-OO", "-c", written], capture_output=True, check=True)
    assert json.loads(run.stdout) == document


def test_every_address_for_a_key_is_in_it_and_no_other(app: Flask, document: Any) -> None:
    ours = set()
    for rule in app.url_map.iter_rules():
        portal = app.blueprints.get(rule.endpoint.rpartition(".")[0])
        if isinstance(portal, Portal) and portal.audience is Audience.API_KEY:
            ours |= {(rule.rule, method.lower()) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    told = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert told == ours == {*CASES}


def test_every_answer_in_it_has_a_request_below_and_every_reason_is_in_it(document: Any) -> None:
    for (path, method), cases in CASES.items():
        told = {
            (int(status), example)
            for status, answer in document["paths"][path][method]["responses"].items()
            for content in answer["content"].values()
            for example in content["examples"]
        }
        assert told == {(case.status, case.example) for case in cases}
    refused = document["paths"]["/api/visits"]["post"]["responses"]["422"]
    reasons = {*refused["content"]["application/problem+json"]["examples"], "malformed"}
    assert reasons == {problem.value for problem in VisitProblem}


@pytest.mark.parametrize(
    ("path", "method", "case"), EACH, ids=[f"{path} {case.status} {case.example}" for path, _, case in EACH]
)
def test_every_answer_in_it_comes_as_it_is_told(
    app: Flask, services: Services, document: Any, path: str, method: str, case: Case
) -> None:
    case.prepare(app, services)
    response = sent(app, document, path, method, case)
    assert response.status_code == case.status, response.text
    answer = document["paths"][path][method]["responses"][str(case.status)]
    content = answer["content"][response.content_type.partition(";")[0]]
    example, body = content["examples"][case.example]["value"], response.get_json()
    check = checker(document, content["schema"])
    check.validate(example)
    check.validate(body)
    assert body.keys() == example.keys()
    if case.status >= 400:
        assert {**body, "detail": ""} == {**example, "detail": ""}
        assert same_words(body["detail"], example["detail"])
    assert ("Retry-After" in response.headers) == ("Retry-After" in answer.get("headers", {}))


def same_words(said: str, told: str) -> bool:
    """Say whether two sentences differ at most in what they quote."""
    return said.partition("“")[0] == told.partition("“")[0] and said.rpartition("”")[2] == told.rpartition("”")[2]


def test_what_it_says_of_a_visit_is_what_a_visit_is(document: Any) -> None:
    content = document["paths"]["/api/visits"]["post"]["requestBody"]["content"]["application/json"]
    check = checker(document, content["schema"])
    visit = content["examples"]["visit"]["value"]
    check.validate(visit)
    for wrong in ({"phone": 62}, {"officer": "a b"}, {"language": "nl"}, {"consent": "yes"}, {"phone": "8" * 41}):
        assert not check.is_valid(visit | wrong), wrong
    for needed in ("phone", "officer", "served_at", "consent"):
        assert not check.is_valid({name: value for name, value in visit.items() if name != needed}), needed
