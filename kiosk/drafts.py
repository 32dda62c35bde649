"""What somebody had typed when their sign-in ran out: kept for an hour, handed back once they are signed in again.

It is handed back to the account that typed it, in the browser in which it was typed. Of each account one is kept, and
of nobody else: what somebody without an account sends takes no room.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from redis.exceptions import RedisError

from kiosk.account.typed import in_words
from kiosk.context import services
from kiosk.login.paths import page_before
from kiosk.login.sign_ins import IN_SESSION as SIGN_IN
from shared.db import sign_ins
from shared.db.engine import reading
from shared.logs import logger
from shared.sealing import Sealer

KEPT_FOR: Final = 3600
KEY: Final = "draft:{}"
LARGEST: Final = 32 * 1024
"""bytes; more than a person types into any form of ours"""
IN_SESSION: Final = "draft"
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was sent and not taken: where it went and came from, its fields in order, the files it carried."""

    path: str
    page: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]
    mark: str
    """what the session says of the browser in which it was typed"""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Return what a person would miss, by field; those whose name begins with an underscore are ours."""
        return [(name, value) for name, value in self.fields if value.strip() and not name.startswith("_")]


def is_ours() -> bool:
    """Say whether a page of ours sent this form: no token can, once its session is over."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def interrupted(door: str) -> ResponseReturnValue:
    """Send a person through a door and back to what they had typed, or to the page they came from.

    When it is not kept, say so instead, and what was typed: a browser that goes back may have lost some of it.
    """
    account, draft = _whose(), _draft()
    if not draft.typed and not draft.files:
        return redirect(url_for(door, next=draft.page))
    if account is not None and _keep(draft, account):
        return redirect(url_for(door, next=url_for("account.go_on")))
    # Nobody who is a stranger learns here what a code stands for: they read what they sent.
    typed = [(label, value) for (label, _), (_, value) in zip(in_words(draft.typed), draft.typed, strict=True)]
    return render_template("account/not_kept.html", door=url_for(door), typed=typed), 503 if account else 401


def handed_back() -> ResponseReturnValue:
    """Show a person what they have just sent, to be sent once more with a token of their sign-in of now."""
    return page_of(_draft()), 409


def page_of(draft: Draft) -> str:
    """Show what somebody had typed, to be saved or left."""
    return render_template("account/go_on.html", draft=draft, typed=in_words(draft.typed))


def kept() -> Draft | None:
    """Return what this person had sent from this browser, or None when there is nothing or its hour is over."""
    known = session.get(IN_SESSION)
    try:
        sealed: Any = services().redis.get(KEY.format(current_user.id)) if known else None
        draft = Draft(**json.loads(_sealer().open(sealed))) if sealed else None
    except (RedisError, InvalidToken) as error:
        log.warning("draft not read", error=type(error).__name__)
        return None
    return draft if draft and draft.mark == known else None


def _draft() -> Draft:
    fields = [(name, value) for name, value in request.form.items(multi=True) if not _is_secret(name)]
    files = [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename]
    path = request.full_path.removesuffix("?")
    return Draft(path, page_before(), fields, files, secrets.token_urlsafe(16))


def _is_secret(name: str) -> bool:
    return name in {"csrf_token", "own_phone"} or "password" in name


def _whose() -> int | None:
    """Return the account of this browser's sign-in, also of one that has run out; None when there was none."""
    if current_user.is_authenticated:
        return int(current_user.id)
    secret = session.get(SIGN_IN)
    if not secret:
        return None
    with reading(services().engine) as session_:
        known = sign_ins.known(session_, secret)
    return known[1] if known else None


def _keep(draft: Draft, account: int) -> bool:
    body = json.dumps(asdict(draft))
    if len(body) > LARGEST:
        return False
    try:
        services().redis.set(KEY.format(account), _sealer().seal(body), ex=KEPT_FOR)
    except RedisError as error:
        log.warning("draft not kept", error=type(error).__name__)
        return False
    session[IN_SESSION] = draft.mark
    return True


def _sealer() -> Sealer:
    return Sealer(str(current_app.secret_key), "draft")
