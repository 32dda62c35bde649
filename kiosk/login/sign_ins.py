"""Which sign-in a request belongs to: the cookie holds its secret, the database says whether it still lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast

from flask import Flask, g, request, session
from flask_login import user_logged_in
from flask_security import user_authenticated
from flask_security.utils import set_request_attr

from kiosk.acting import acting, current_actor
from kiosk.context import services
from kiosk.login.known_browsers import remember_browser
from shared.db import sign_ins
from shared.db.accounts import Account
from shared.db.audit import NOBODY, note
from shared.db.directory_version import WritingSession
from shared.db.engine import reading, writing
from shared.db.sign_ins import SignIn

IN_SESSION: Final = "sign_in"
PROVED_BEFORE: Final = "proved_before"
"""In a session that is about to begin: who it is was proved some while ago, not just now."""


def install(app: Flask, login_manager: Any) -> None:
    """Note each sign-in, and let a request be somebody's only while theirs lasts."""
    login_manager.user_loader(_owner)
    user_logged_in.connect(_begun, app)
    user_authenticated.connect(_as_fresh_as_it_is, app)


def current_sign_in() -> SignIn:
    """Return the sign-in this request belongs to."""
    return cast(SignIn, g.sign_in)


@contextmanager
def acting_for(account: Account) -> Iterator[WritingSession]:
    """Open a session for what somebody does with their own account, also while they are still signing in."""
    actor = current_actor()
    if actor.name == NOBODY:
        actor = replace(actor, name=account.username, role=account.role)
    with acting(actor) as session_:
        yield session_


def note_failure(verb: str, account: Account | None) -> None:
    """Note what was tried with an account; a name we do not know is not written down."""
    with acting_for(account) if account else acting() as session_:
        note(session_, verb, "sign_in", account.username if account else NOBODY)


def end_current() -> None:
    """Sign out: a copy of the cookie is worth nothing any more."""
    owner = session_owner()
    with acting_for(owner) as session_:
        sign_ins.end(session_, int(owner.id or 0), current_sign_in().id, services().clock())
        note(session_, "signed_out", "sign_in", owner.username)


def end_others() -> None:
    """End every sign-in of the same account but the one that this browser's session holds now."""
    with writing(services().engine) as session_:
        sign_in, account_id = sign_ins.known(session_, session[IN_SESSION]) or (0, int(session_owner().id or 0))
        sign_ins.end_all(session_, account_id, services().clock(), but=sign_in)


def session_owner() -> Account:
    """Return the account whose sign-in this request belongs to."""
    return cast(Account, g.sign_in_owner)


def _begun(_app: Flask, user: Account, **_: object) -> None:
    now, goes_on = services().clock(), IN_SESSION in session
    with acting_for(user) as session_:
        device = request.headers.get("User-Agent", "")
        secret = sign_ins.begin(session_, int(user.id or 0), now, request.remote_addr, device)
        if not goes_on:  # else they chose another password, and that is noted as such
            note(session_, "signed_in", "sign_in", user.username)
    session[IN_SESSION] = secret
    if not goes_on:
        remember_browser(int(user.id or 0))


def _as_fresh_as_it_is(_app: Flask, **_: object) -> None:
    # The library takes every sign-in for a password given just now.
    if session.pop(PROVED_BEFORE, False):
        session["fs_paa"] = 0


def _owner(uniquifier: str) -> Account | None:
    secret, now = session.get(IN_SESSION), services().clock()
    if not secret:
        return None
    with reading(services().engine) as session_:
        found = sign_ins.signed_in(session_, uniquifier, secret, now)
    if found is None:
        return None
    g.sign_in_owner, g.sign_in = found
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    if now - g.sign_in.seen_at >= sign_ins.SEEN_EVERY:
        with writing(services().engine) as session_:
            sign_ins.seen(session_, g.sign_in, now)
    return found[0]
