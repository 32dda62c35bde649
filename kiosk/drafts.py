"""What somebody had typed when their sign-in ran out: kept for an hour, handed back once they are signed in again."""

import json
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from flask import current_app, request, session
from redis.exceptions import RedisError

from kiosk.context import services
from shared.logs import logger
from shared.sealing import Sealer

KEPT_FOR: Final = 3600
KEY: Final = "draft:{}"
IN_SESSION: Final = "draft"
NEVER_KEPT: Final = frozenset({"csrf_token", "password", "new_password", "new_password_confirm"})
LARGEST: Final = 64 * 1024
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was sent and not taken: where it went, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]


def is_ours() -> bool:
    """Say whether a page of ours sent this form: no token can, once its session is over."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def keep() -> bool:
    """Keep the form of this request, unless it is none or carries files; say whether it is kept."""
    if request.method != "POST" or not request.form or request.files:
        return False
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    body = json.dumps([request.path, fields])
    if len(body) > LARGEST:
        return False
    name = secrets.token_urlsafe(16)
    try:
        services().redis.set(KEY.format(name), _sealer().seal(body), ex=KEPT_FOR)
    except RedisError as error:
        log.warning("draft not kept", error=type(error).__name__)
        return False
    session[IN_SESSION] = name
    return True


def kept() -> Draft | None:
    """Return what this browser had sent, or None when there is nothing or its hour is over."""
    name = session.get(IN_SESSION)
    try:
        sealed: Any = services().redis.get(KEY.format(name)) if name else None
        if sealed is None:
            return None
        path, fields = json.loads(_sealer().open(sealed))
    except (RedisError, InvalidToken) as error:
        log.warning("draft not read", error=type(error).__name__)
        return None
    return Draft(path, tuple((field, value) for field, value in fields))


def forget() -> None:
    """Throw away what this browser had sent."""
    session.pop(IN_SESSION, None)


def _sealer() -> Sealer:
    return Sealer(str(current_app.secret_key), "draft")
