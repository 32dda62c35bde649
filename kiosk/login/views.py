"""Signing in and out, and the password: the sign-in library's own views, on a portal of ours."""

import time

from flask import abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, views

from kiosk.login import attempts
from kiosk.login.forms import SignInForm
from kiosk.login.paths import own_path
from kiosk.login.portal import HALF_SINCE, accounts, lead_on, security, too_many, want
from kiosk.login.sign_ins import current_sign_in, end_current, end_others, note_failure
from shared.db.accounts import USERNAME_LENGTH


@security.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask who it is, and lead them to the page they wanted or to their own."""
    if request.is_json:  # the library would take it; we only offer the page
        abort(400)
    # Before anything is counted: a sign-in that happens now must be the only thing that clears a name's attempts.
    if current_user.is_authenticated:
        return redirect(own_path(request.values.get("next")) or url_for("security.start"))
    if request.method != "POST":
        page: ResponseReturnValue = views.login()
        return page
    return _signed_in(request.form.get("username", "")[:USERNAME_LENGTH], own_path(request.form.get("next")))


def _signed_in(name: str, wish: str) -> ResponseReturnValue:
    account = accounts().named(name)
    wait = attempts.wait_for_password(account, name)
    if wait:
        form = SignInForm(formdata=None)
        form.username.data, form.next.data = name, wish
        return too_many("login/login.html", wait, login_user_form=form)
    response: ResponseReturnValue = views.login()
    half = "tf_user_id" in session
    if account is None or not (half or current_user.is_authenticated):
        note_failure("sign_in_failed", account)
        return response
    attempts.password_was_right(account, name)
    want(wish if half else "")
    if half:
        session[HALF_SINCE] = time.time()
        return response
    return redirect(wish or url_for("security.start"))


@security.post("/logout")
def logout() -> ResponseReturnValue:
    """End the sign-in, here and wherever a copy of its cookie is; nothing of it stays in the browser."""
    if current_user.is_authenticated:
        end_current()
    response: ResponseReturnValue = views.logout()
    session.clear()
    return response


@security.get("/start")
def start() -> ResponseReturnValue:
    """Lead a person to their own page, by way of the codes for a lost phone as long as they have none."""
    if not current_user.is_authenticated:
        return redirect(url_for("public.home"))
    later = request.args.get("codes") == "later"
    if current_user.tf_totp_secret and not current_user.mf_recovery_codes and not later:
        return redirect(url_for("security.mf_recovery_codes"))
    return lead_on()


@security.route("/login/again", methods=["GET", "POST"])
def verify() -> ResponseReturnValue:
    """Ask for the password once more before something is changed."""
    if current_user.is_authenticated and request.method == "POST":
        wait = attempts.wait_for_password_again(current_sign_in().id)
        if wait:
            return too_many("login/again.html", wait)
    before = session.get("fs_paa")
    response: ResponseReturnValue = views.verify()
    if current_user.is_authenticated and session.get("fs_paa") != before:
        return redirect(own_path(request.args.get("next")) or url_for("account.me"))
    return response


@security.route("/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Let a person choose another password; every other sign-in of theirs ends."""
    if not current_user.is_authenticated:
        page: ResponseReturnValue = views.change_password()
        return page
    before = current_user.password
    if request.method == "POST" and (wait := attempts.wait_for_password_again(current_sign_in().id)):
        return too_many("login/password.html", wait, active_password=bool(before))
    response: ResponseReturnValue = views.change_password()
    if current_user.password != before:
        end_others()
        return redirect(url_for("account.me", done="password"))
    return response
