"""Who brought a message. Twilio signs the public address it called, which behind a proxy is not the one we see; a
domestic gateway signs the moment and the body.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Request
from twilio.request_validator import RequestValidator

from shared.settings import Settings

HEADER: Final = "X-Twilio-Signature"
GATEWAY_HEADER: Final = "X-Suara-Signature"
GATEWAY_MOMENT: Final = "X-Suara-Timestamp"
"""When the request was made, in seconds since 1970."""
FRESH_FOR: Final = timedelta(minutes=5)
_SECONDS: Final = re.compile(r"[0-9]{1,11}", re.ASCII)


def is_signed(request: Request, settings: Settings) -> bool:
    """Say whether this request was signed with our token; never without a token, and in constant time."""
    token = settings.twilio_auth_token
    if token is None or not token.get_secret_value() or HEADER not in request.headers:
        return False  # before the body is read: a stranger must not keep us waiting for one
    query = request.query_string.decode("latin-1")
    address = f"{settings.message_address}{request.path}{'?' if query else ''}{query}"
    validator = RequestValidator(token.get_secret_value())
    return bool(validator.validate(address, request.form, request.headers[HEADER]))


def is_signed_by_gateway(request: Request, settings: Settings, now: datetime) -> bool:
    """Say whether a domestic gateway made this request, within five minutes; never without a secret."""
    secret = settings.gateway_secret
    moment = request.headers.get(GATEWAY_MOMENT, "")
    if secret is None or not secret.get_secret_value() or not _is_fresh(moment, now):
        return False
    signature = gateway_signature(secret.get_secret_value(), moment, request.get_data())
    return hmac.compare_digest(signature.encode(), request.headers.get(GATEWAY_HEADER, "").lower().encode())


def gateway_signature(secret: str, moment: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of a moment, a dot and a body, in hexadecimal."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, "sha256").hexdigest()


def _is_fresh(moment: str, now: datetime) -> bool:
    if not _SECONDS.fullmatch(moment):
        return False
    return abs(now - datetime.fromtimestamp(int(moment), UTC)) <= FRESH_FOR
