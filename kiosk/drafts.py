"""What somebody had typed when their sign-in ran out: kept for an hour, handed back once they are signed in again.

It is handed back to the account that typed it. When nobody can tell any more which that was, it goes to whoever signs
in next in the same browser.
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

from kiosk.context import services
from kiosk.login.paths import page_before
from kiosk.login.sign_ins import IN_SESSION as SIGN_IN
from shared.db import sign_ins
from shared.db.engine import reading
from shared.logs import logger
from shared.sealing import Sealer

KEPT_FOR: Final = 3600
KEY: Final = "draft:{}"
IN_SESSION: Final = "draft"
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was sent and not taken: where it went and came from, its fields in order, the files it carried."""

    path: str
    page: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]
    account: int | None

    @property
    def typed(self) -> list[str]:
        """Return what a person would miss; fields whose name begins with an underscore are ours."""
        return [value for name, value in self.fields if value.strip() and not name.startswith("_")]


def is_ours() -> bool:
    """Say whether a page of ours sent this form: no token can, once its session is over."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def interrupted(door: str) -> ResponseReturnValue:
    """Send a person through a door and back to what they had typed, or to the page they came from.

    When it cannot be kept, say so instead: a form that was not left is still in the browser.
    """
    draft = _draft()
    if not draft.typed and not draft.files:
        return redirect(url_for(door, next=draft.page))
    if _keep(draft):
        return redirect(url_for(door, next=url_for("account.go_on")))
    return render_template("account/not_kept.html", door=url_for(door)), 503


def handed_back() -> ResponseReturnValue:
    """Show a person what they have just sent, to be sent once more with a token of their sign-in of now."""
    return render_template("account/go_on.html", draft=_draft()), 409


def kept() -> Draft | None:
    """Return what this person had sent from this browser, or None when there is nothing or its hour is over."""
    name = session.get(IN_SESSION)
    try:
        sealed: Any = services().redis.get(KEY.format(name)) if name else None
        draft = Draft(**json.loads(_sealer().open(sealed))) if sealed else None
    except (RedisError, InvalidToken) as error:
        log.warning("draft not read", error=type(error).__name__)
        return None
    return draft if draft and draft.account in (None, current_user.id) else None


def _draft() -> Draft:
    fields = [(name, value) for name, value in request.form.items(multi=True) if not _is_secret(name)]
    files = [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename]
    return Draft(request.full_path.removesuffix("?"), page_before(), fields, files, _whose())


def _is_secret(name: str) -> bool:
    return name == "csrf_token" or "password" in name


def _whose() -> int | None:
    if current_user.is_authenticated:
        return int(current_user.id)
    secret = session.get(SIGN_IN)
    if not secret:
        return None
    with reading(services().engine) as session_:
        known = sign_ins.known(session_, secret)
    return known[1] if known else None


def _keep(draft: Draft) -> bool:
    name, body = secrets.token_urlsafe(16), json.dumps(asdict(draft))
    try:
        services().redis.set(KEY.format(name), _sealer().seal(body), ex=KEPT_FOR)
    except RedisError as error:
        log.warning("draft not kept", error=type(error).__name__)
        return False
    session[IN_SESSION] = name
    return True


def _sealer() -> Sealer:
    return Sealer(str(current_app.secret_key), "draft")
