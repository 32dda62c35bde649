"""The webhooks: signature, parse, one answer, render."""

from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from shared.intake import can_accept
from shared.logs import logger
from shared.services import Services
from sms.answering import answer
from sms.gateways import twilio
from sms.signature import is_signed

_KEY = "suara-services"
log = logger(__name__)
health = Blueprint("health", __name__)
twilio_webhooks = Blueprint("twilio", __name__, url_prefix="/sms/twilio")


def keep_services(app: Flask, services: Services) -> None:
    """Give the app its services."""
    app.extensions[_KEY] = services


def _services() -> Services:
    return cast(Services, current_app.extensions[_KEY])


@health.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer 200 when a rating can be accepted, 503 when not."""
    accepting = can_accept(_services())
    return {"accepting": accepting}, 200 if accepting else 503


@twilio_webhooks.before_request
def refuse_the_unsigned() -> None:
    """Let nothing in that Twilio did not sign."""
    if not is_signed(request, _services().settings):
        log.warning("signature refused", path=request.path)
        abort(403)


@twilio_webhooks.post("")
def receive() -> ResponseReturnValue:
    """Answer a message that came in."""
    services = _services()
    message = twilio.parse_message(request.form, services.settings.twilio_account_sid)
    reply = answer(message, services)
    return Response(twilio.reply_document(reply), mimetype="text/xml")


@twilio_webhooks.post("/status")
def follow() -> ResponseReturnValue:
    """Note how a message of ours went on its way, or that it did not."""
    status = twilio.parse_status(request.form, _services().settings.twilio_account_sid)
    log.info("message status", state=status.state, error_code=status.error_code)
    return "", 204
