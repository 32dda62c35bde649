"""JSON of the app, read and written by the parser we already have."""

from typing import Any

from flask import Flask
from flask.json.provider import JSONProvider

from shared.json import read, written


class FastJson(JSONProvider):
    """What Flask reads and writes, by our own two functions."""

    def dumps(self, obj: Any, **_options: Any) -> str:
        """Write as JSON."""
        return written(obj)

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        """Read JSON; raise ValueError when it is none."""
        return read(s)


def install(app: Flask) -> None:
    """Let the app read and write its JSON so."""
    app.json = FastJson(app)
