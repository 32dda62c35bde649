"""Which sign-in a request belongs to: the cookie holds its secret, the database says whether it still lasts."""

from typing import Any, Final, cast

from flask import Flask, g, request, session
from flask_login import user_logged_in  # type: ignore[import-untyped]
from flask_security.utils import set_request_attr

from kiosk.acting import acting, current_actor
from kiosk.context import services
from kiosk.login.known_browsers import remember_browser
from shared.db import sign_ins
from shared.db.accounts import Account
from shared.db.audit import Actor, note
from shared.db.engine import reading, writing
from shared.db.sign_ins import SignIn

IN_SESSION: Final = "sign_in"


def install(app: Flask, login_manager: Any) -> None:
    """Note each sign-in, and let a request be somebody's only while theirs lasts."""
    login_manager.user_loader(_owner)
    user_logged_in.connect(_begun, app)


def current_sign_in() -> SignIn:
    """Return the sign-in this request belongs to."""
    return cast(SignIn, g.sign_in)


def note_act(verb: str, account: Account | None, **facts: str) -> None:
    """Note something that an account did or that was tried with it; a name we do not know is not written down."""
    name = account.username if account else "-"
    known = current_actor()
    actor = known if known.name != "-" or account is None else Actor(name, account.role, known.address)
    with acting(actor) as session_:
        note(session_, verb, "sign_in", name, after=dict(facts))


def end_current() -> None:
    """End the sign-in of this request: a copy of its cookie is worth nothing any more."""
    account_id = int(session_owner().id or 0)
    with writing(services().engine) as session_:
        sign_ins.end(session_, account_id, current_sign_in().id, services().clock())


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
    with writing(services().engine) as session_:
        device = request.headers.get("User-Agent", "")
        session[IN_SESSION] = sign_ins.begin(session_, int(user.id or 0), now, request.remote_addr, device)
    if goes_on:  # they chose another password, and that is noted as such
        return
    remember_browser(int(user.id or 0))
    note_act("signed_in", user)


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
