"""The webhooks: signature, parse, one answer, render."""

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from shared.intake import can_accept
from shared.logs import logger
from shared.services import Services
from sms import following
from sms.answering import answer
from sms.gateways import domestic, twilio
from sms.gateways.chosen import DOMESTIC, TWILIO
from sms.gateways.domestic_receipts import parse_receipt as parse_domestic_receipt
from sms.gateways.twilio_receipts import parse_receipt
from sms.inbound import MessageMalformed
from sms.signature import is_signed, is_signed_by_gateway

_KEY = "suara-services"
log = logger(__name__)
health = Blueprint("health", __name__)
twilio_webhooks = Blueprint("twilio", __name__, url_prefix="/sms/twilio")
gateway_webhooks = Blueprint("gateway", __name__, url_prefix="/sms/gateway")


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
    services = _services()
    receipt = parse_receipt(request.form, services.settings.twilio_account_sid)
    following.follow(receipt, TWILIO, services, request.args.get("message", ""))
    return "", 204


@gateway_webhooks.before_request
def refuse_the_unsigned_and_stale() -> None:
    """Let nothing in that our gateway did not sign within the last minutes."""
    services = _services()
    if not is_signed_by_gateway(request, services.settings, services.clock()):
        log.warning("signature refused", path=request.path)
        abort(403)


@gateway_webhooks.post("/<name>")
def receive_from_gateway(name: str) -> ResponseReturnValue:
    """Answer a message that came in through a domestic gateway, or note how one of ours fared there."""
    if not domestic.is_name(name):
        abort(404)
    services = _services()
    names = domestic.field_names(services.settings.gateway_fields)
    fields = _posted()
    if receipt := parse_domestic_receipt(fields, names):
        following.follow(receipt, DOMESTIC, services, receipt.provider_id)
        return "", 204
    message = domestic.parse_message(name, fields, names)
    reply = answer(message, services)
    return Response(domestic.reply_document(reply, message, names), mimetype="application/json")


def _posted() -> Mapping[str, Any]:
    """Return what was posted as JSON or as a form; raise MessageMalformed when it is neither."""
    if not request.is_json:
        return request.form
    try:
        fields = request.get_json()
    except BadRequest as error:
        raise MessageMalformed from error
    if not isinstance(fields, dict):
        raise MessageMalformed
    return fields
