"""Signing in with the issuer's word instead of a password; accounts are only found by it, never made."""

import time
from typing import Any, Final

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.proxies import _security
from flask_security.utils import login_user

from kiosk.addresses import public_address
from kiosk.context import services
from kiosk.login import issuer
from kiosk.login.issuer import NotSignedIn
from kiosk.login.portal import HALF_SINCE, accounts, begin_anew, lead_on, security, want
from kiosk.login.sign_ins import PROVED_BEFORE, note_failure
from shared.db.accounts import Account

AGAIN: Final = "issuer_again"
ANEW: Final = "issuer_anew"
"""In a session whose person was sent back to the issuer: that they were signed in there was not enough."""


@security.post("/login/issuer")
def oauthstart() -> ResponseReturnValue:
    """Send the browser to the issuer: to sign in, or to prove anew who is signed in."""
    again = bool(current_user.is_authenticated)
    want(request.form.get("next"))
    session[AGAIN] = again
    session.pop(ANEW, None)
    try:
        return _to_issuer(again=again)
    except NotSignedIn as refusal:
        return _back(refusal.problem)


@security.get("/login/issuer/answer")
def oauthresponse() -> ResponseReturnValue:
    """Take the issuer's answer; whoever it names is signed in when they have an account that is open."""
    again, anew = session.pop(AGAIN, False) and current_user.is_authenticated, session.pop(ANEW, False)
    try:
        claims = issuer.claims_of_answer()
        account = _account(claims)
        if again:
            return _proved(account, claims)
        if issuer.is_just_now(claims) or not _has_only_the_issuer(account):
            return _signed_in(account, claims)
        if anew:  # asked to prove it, the issuer did not say when they did
            raise NotSignedIn("issuer")
        session[ANEW] = True
        return _to_issuer(again=True)
    except NotSignedIn as refusal:
        return _back(refusal.problem)


def _to_issuer(*, again: bool) -> ResponseReturnValue:
    return issuer.send_to_issuer(public_address("security.oauthresponse"), again=again)


def _has_only_the_issuer(account: Account) -> bool:
    """Say whether a second step is needed that only the issuer can have seen, or a phone would be connected now.

    Then a browser left signed in at the issuer, perhaps hours ago, must not be enough.
    """
    return account.check_tf_required_setup() and account.tf_totp_secret is None


def _signed_in(account: Account, claims: dict[str, Any]) -> ResponseReturnValue:
    just_now = issuer.is_just_now(claims)
    begin_anew()
    session[PROVED_BEFORE] = not just_now
    if not (just_now and issuer.has_second_step(claims)):
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
        note_failure("sign_in_failed", account)
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
