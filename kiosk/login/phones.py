"""The second step of a sign-in and the phone that makes its codes, by the library's views on our portal."""

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, recovery_codes, views
from flask_security.tf_plugin import tf_clean_session

from kiosk.acting import acting
from kiosk.login import attempts
from kiosk.login.portal import half_signed_in, security, too_many
from kiosk.login.second_step import PhoneChangedMeanwhile, connects_a_phone, key_of_new_phone
from kiosk.login.sign_ins import end_others, note_failure
from kiosk.portals import current_account, just_gave_password
from shared import second_step
from shared.db.accounts import Account
from shared.db.audit import note

SET_UP = "login/second_step_setup.html"


@security.route("/login/second-step", methods=["GET", "POST"])
def two_factor_token_validation() -> ResponseReturnValue:
    """Ask for the code that the person's app shows: to sign in, or to see that a new phone is connected."""
    account, connects = _whose(), connects_a_phone()
    if account is None:
        return _from_the_start()
    page = SET_UP if connects else "login/second_step.html"
    key = key_of_new_phone(account) if connects else {}
    if request.method == "POST" and (wait := attempts.wait_for_code(account)):
        return too_many(page, wait, **key)
    try:
        response: ResponseReturnValue = views.two_factor_token_validation()
    except PhoneChangedMeanwhile:
        return _from_the_start()
    if request.method == "POST" and "tf_state" not in session:
        return _was_right(account, connects)
    if request.method == "POST" and not connects:
        note_failure("code_failed", account)
    return render_template(page, wrong=request.method == "POST", **key) if connects else response


@security.route("/login/second-step/new", methods=["GET", "POST"])
def two_factor_setup() -> ResponseReturnValue:
    """Connect an app on the person's phone; the one before makes the codes until the new one's first was right."""
    if current_user.is_authenticated and not just_gave_password():
        return redirect(url_for("security.verify", next=url_for("security.two_factor_setup")))
    account = current_account() if current_user.is_authenticated else half_signed_in()
    if account is None or _is_overtaken(account):
        return _from_the_start()
    if request.method == "GET" and connects_a_phone():
        return render_template(SET_UP, **key_of_new_phone(account))
    if request.method == "POST" and request.form.get("setup") != second_step.METHOD:
        abort(400)
    response: ResponseReturnValue = views.two_factor_setup()
    return render_template(SET_UP, **key_of_new_phone(account)) if connects_a_phone() else response


@security.get("/login/rescue")
def two_factor_rescue() -> ResponseReturnValue:
    """Lead to the codes for a lost phone: the library knows other ways, we have this one."""
    return redirect(url_for("security.mf_recovery"))


@security.route("/login/recovery", methods=["GET", "POST"])
def mf_recovery() -> ResponseReturnValue:
    """Take one of the codes that were written down for a lost phone."""
    account = None if current_user.is_authenticated or connects_a_phone() else half_signed_in()
    if account is None:
        return _from_the_start()
    if request.method == "POST" and (wait := attempts.wait_for_code(account)):
        return too_many("login/recovery.html", wait)
    response: ResponseReturnValue = recovery_codes.mf_recovery()
    if request.method == "GET":
        return response
    if current_user.is_authenticated:
        return _was_right(account, connects=False)
    note_failure("recovery_failed", account)
    return response


@security.route("/account/recovery-codes", methods=["GET", "POST"])
def mf_recovery_codes() -> ResponseReturnValue:
    """Make new codes for a lost phone and show them this once: only their hashes are kept."""
    own = url_for("security.mf_recovery_codes")
    if not current_user.is_authenticated:
        return redirect(url_for("security.login", next=own))
    account = current_account()
    if not account.tf_totp_secret:
        return redirect(url_for("account.me"))
    if not just_gave_password():
        return redirect(url_for("security.verify", next=own))
    codes: list[str] = []
    if request.method == "POST":
        with acting() as session_:
            codes = second_step.make_recovery_codes(session_, int(account.id or 0), str(current_app.secret_key))
            note(session_, "recovery_codes_made", "sign_in", account.username)
    left = len(account.mf_recovery_codes or ())
    return render_template("login/recovery_codes.html", recovery_codes=codes, left=left)


def _whose() -> Account | None:
    """Return the account that a code is asked for; None when this is not the moment to ask for one."""
    connects = connects_a_phone()
    if current_user.is_authenticated:
        return current_account() if connects else None
    account = half_signed_in()
    return None if account and connects and _is_overtaken(account) else account


def _is_overtaken(account: Account) -> bool:
    # Whoever has the password alone may begin to connect a phone as long as there is none; if the owner was faster,
    # theirs stays.
    return not current_user.is_authenticated and account.tf_totp_secret is not None


def _from_the_start() -> ResponseReturnValue:
    tf_clean_session()  # type: ignore[no-untyped-call]
    known = current_user.is_authenticated
    return redirect(url_for("account.me") if known else url_for("security.login", problem="late"))


def _was_right(account: Account, connects: bool) -> ResponseReturnValue:
    attempts.code_was_right(account)
    if connects:
        end_others()
    return redirect(url_for("security.start"))
