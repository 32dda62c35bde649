"""Twilio's signature: over the public address it called, which behind a proxy is not the one we see."""

from typing import Final

from flask import Request
from twilio.request_validator import RequestValidator

from shared.settings import Settings

HEADER: Final = "X-Twilio-Signature"


def is_signed(request: Request, settings: Settings) -> bool:
    """Say whether this request was signed with our token; never without a token, and in constant time."""
    token = settings.twilio_auth_token
    if token is None or not token.get_secret_value() or HEADER not in request.headers:
        return False  # before the body is read: a stranger must not keep us waiting for one
    query = request.query_string.decode("latin-1")
    address = f"{settings.message_address}{request.path}{'?' if query else ''}{query}"
    validator = RequestValidator(token.get_secret_value())
    return bool(validator.validate(address, request.form, request.headers[HEADER]))
