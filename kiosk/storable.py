"""What a request says can be kept.

PostgreSQL's texts know no NUL, and neither does anything that people write. No row has a number beyond its integer.
"""

from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map

NUL: Final = "\0"
LARGEST_ID: Final = 2**31 - 1


class WithoutNul(ImmutableMultiDict[str, Any]):
    """What an address asks or a form says, its texts without NUL."""

    def __init__(self, said: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(name, _without(value)) for name, value in ImmutableMultiDict(said).items(multi=True)])


class StorableRequest(Request):
    """A request whose address and form say nothing that cannot be kept; JSON is parsed field by field."""

    parameter_storage_class = WithoutNul


class Id(IntegerConverter):
    """The number of a row in an address; there is no page at one that no row can have."""

    regex = r"\d{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def install(app: Flask) -> None:
    """Let the app take such requests alone; there is no page at an address with a NUL."""
    app.request_class = StorableRequest
    app.url_map.converters["id"] = Id
    app.before_request(_refuse_address)


def _refuse_address() -> None:
    if NUL in request.path:
        abort(404)


def _without(value: Any) -> Any:
    return value.replace(NUL, "") if isinstance(value, str) else value
