"""The API in one OpenAPI document, for anybody who connects a system of theirs."""

from functools import cache
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue
from pydantic.json_schema import models_json_schema

from kiosk.portals import Audience, Portal
from kiosk.visits import document as visits

TITLE: Final = "Suara Loket"
VERSION: Final = "1"
REFERENCE: Final = "#/components/schemas/{model}"
A_WHILE: Final = "public, max-age=300"
api_document = Portal("api_document", __name__, audience=Audience.PUBLIC, url_prefix="/api")


@api_document.get("/openapi.json")
def show() -> ResponseReturnValue:
    """Return the document; it tells nothing of this installation."""
    response = jsonify(document())
    response.headers["Cache-Control"] = A_WHILE
    return response


@cache
def document() -> dict[str, Any]:
    """Return the document (OpenAPI 3.1), made of the models that requests and answers are made of."""
    models = [(model, "validation") for model in visits.MODELS]
    _, made = models_json_schema(models, ref_template=REFERENCE)  # type: ignore[arg-type]
    # The processes run without docstrings (`shared.cli.run`), where these would be taken from.
    schemas = made["$defs"]
    for model, description in visits.MODELS.items():
        schemas[model.__name__]["description"] = description
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "description": (
                "What other systems may tell Suara Loket, and ask of it. Errors are problem details (RFC 9457): their"
                " `code` is stable, their words come in the language of Accept-Language, Indonesian or English."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": visits.paths(),
        "components": {"schemas": schemas, "securitySchemes": visits.security_schemes()},
    }
