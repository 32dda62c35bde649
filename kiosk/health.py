"""Whether this process can accept a rating now."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.portals import Audience, Portal
from shared.intake import can_accept

health = Portal("health", __name__, audience=Audience.PUBLIC)


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 when a rating can be accepted, 503 when not."""
    accepting = can_accept(services())
    return jsonify(accepting=accepting), 200 if accepting else 503
