"""Signing in with the issuer's word instead of a password; accounts are only found by it, never made."""

import time
from typing import Any, Final

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.proxies import _security
from flask_security.utils import login_user

from kiosk.context import services
from kiosk.login import issuer
from kiosk.login.issuer import NotSignedIn
from kiosk.login.portal import HALF_SINCE, accounts, begin_anew, lead_on, security, want
from kiosk.login.sign_ins import note_act
from shared.db.accounts import Account

AGAIN: Final = "issuer_again"


@security.post("/login/issuer")
def oauthstart() -> ResponseReturnValue:
    """Send the browser to the issuer: to sign in, or to prove anew who is signed in."""
    again = bool(current_user.is_authenticated)
    want(request.form.get("next"))
    session[AGAIN] = again
    try:
        return issuer.send_to_issuer(url_for("security.oauthresponse", _external=True), again=again)
    except NotSignedIn as refusal:
        return _back(refusal.problem)


@security.get("/login/issuer/answer")
def oauthresponse() -> ResponseReturnValue:
    """Take the issuer's answer; whoever it names is signed in when they have an account that is open."""
    again = session.pop(AGAIN, False) and current_user.is_authenticated
    try:
        claims = issuer.claims_of_answer()
        account = _account(claims)
    except NotSignedIn as refusal:
        return _back(refusal.problem)
    if again:
        return _proved(account, claims)
    begin_anew()
    if not issuer.has_second_step(claims):
        session[HALF_SINCE] = time.time()
        asked: ResponseReturnValue | None = _security.two_factor_plugins.tf_enter(account, False, "oauth", None)
        if asked:
            return asked
    login_user(account, remember=False, authn_via=["oauth"])
    return redirect(url_for("security.start"))


def _account(claims: dict[str, Any]) -> Account:
    name = claims.get(services().settings.oidc_claim)
    account = accounts().named(name) if isinstance(name, str) else None
    if account is None or not account.active:
        note_act("sign_in_failed", account)
        raise NotSignedIn("unknown" if account is None else "shut")
    return account


def _proved(account: Account, claims: dict[str, Any]) -> ResponseReturnValue:
    if account.id != current_user.id or not issuer.is_just_now(claims):
        return redirect(url_for("security.verify", problem="issuer"))
    session["fs_paa"] = time.time()
    return lead_on()


def _back(problem: str) -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("security.verify", problem=problem))
    return redirect(url_for("security.login", problem=problem, next=session.get("wanted")))
