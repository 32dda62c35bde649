"""Signing in and out: the sign-in library's own views, on a portal of ours."""

from math import ceil

from flask import Response, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, recovery_codes, views

from kiosk.acting import acting
from kiosk.context import services
from kiosk.localisation import _
from kiosk.login import attempts
from kiosk.login.forms import SignInForm
from kiosk.login.paths import own_path
from kiosk.login.sign_ins import end_current, note_act
from kiosk.portals import Audience, Portal
from shared.db.accounts import PASSWORD_LENGTH, USERNAME_LENGTH, Account, Accounts, invited, set_password
from shared.db.audit import Actor
from shared.db.engine import reading
from shared.domain.people import Role
from shared.i18n import mark

# The library looks its views up by these names.
security = Portal("security", __name__, audience=Audience.PUBLIC)

PAGES = {
    Role.OFFICER: "officer.me",
    Role.SUPERVISOR: "leaders.overview",
    Role.AGENCY: "leaders.overview",
    Role.ADMINISTRATOR: "admin.overview",
    Role.AUDITOR: "admin.overview",
}
TOO_SHORT = mark("Use at least {length} letters or digits, and not your user name.")
NOT_THE_SAME = mark("The two passwords are not the same.")


@security.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask who it is, and lead them to the page they wanted or to their own."""
    if request.is_json:  # the library would take it; we only offer the page
        abort(400)
    # Before anything is counted: a sign-in that happens now must be the only thing that clears a name's attempts.
    if current_user.is_authenticated:
        return redirect(own_path(request.values.get("next")) or url_for("security.start"))
    if request.method != "POST":
        return views.login()  # type: ignore[no-any-return]
    name = request.form.get("username", "")[:USERNAME_LENGTH]
    wait = attempts.wait_for_password(name)
    if wait:
        return _too_many("login/login.html", wait, login_user_form=SignInForm(formdata=None))
    response: ResponseReturnValue = views.login()
    if current_user.is_authenticated:
        attempts.password_was_right(name)
        return redirect(own_path(request.form.get("next")) or url_for("security.start"))
    if "tf_user_id" in session:
        attempts.password_was_right(name)
    else:
        note_act("sign_in_failed", _accounts().named(name))
    return response


@security.post("/logout")
def logout() -> ResponseReturnValue:
    """End the sign-in, here and wherever a copy of its cookie is; nothing of it stays in the browser."""
    if current_user.is_authenticated:
        note_act("signed_out", current_user)
        end_current()
    response: ResponseReturnValue = views.logout()
    session.clear()
    return response


@security.get("/start")
def start() -> ResponseReturnValue:
    """Lead a person to their own page; on the first time by way of the codes for when their phone is lost."""
    if not current_user.is_authenticated:
        return redirect(url_for("public.home"))
    if current_user.tf_totp_secret and not current_user.mf_recovery_codes:
        return redirect(url_for("security.mf_recovery_codes"))
    return redirect(url_for(PAGES[Role(current_user.role)]))


@security.route("/login/second-step", methods=["GET", "POST"])
def two_factor_token_validation() -> ResponseReturnValue:
    """Ask for the code that the person's app shows."""
    return _with_code(views.two_factor_token_validation, "code_failed")


@security.route("/login/second-step/new", methods=["GET", "POST"])
def two_factor_setup() -> ResponseReturnValue:
    """Connect an app on the person's phone."""
    return views.two_factor_setup()  # type: ignore[no-any-return]


@security.get("/login/rescue")
def two_factor_rescue() -> ResponseReturnValue:
    """Lead to the codes for a lost phone: the library knows other ways, we have this one."""
    return redirect(url_for("security.mf_recovery"))


@security.route("/login/recovery", methods=["GET", "POST"])
def mf_recovery() -> ResponseReturnValue:
    """Take one of the codes that were written down for a lost phone."""
    return _with_code(recovery_codes.mf_recovery, "recovery_failed")


@security.route("/account/recovery-codes", methods=["GET", "POST"])
def mf_recovery_codes() -> ResponseReturnValue:
    """Make new codes for a lost phone and show them once."""
    if current_user.is_authenticated and request.method == "POST":
        note_act("recovery_codes_made", current_user)
    response: ResponseReturnValue = recovery_codes.mf_recovery_codes()
    return response


@security.route("/login/again", methods=["GET", "POST"])
def verify() -> ResponseReturnValue:
    """Ask for the password once more before something is changed."""
    if current_user.is_authenticated and request.method == "POST":
        wait = attempts.wait_for_code(current_user.id)
        if wait:
            return _too_many("login/again.html", wait)
    return views.verify()  # type: ignore[no-any-return]


@security.route("/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """Let a person choose another password; every other sign-in of theirs ends."""
    before = getattr(current_user, "password", None)
    if before and request.method == "POST" and (wait := attempts.wait_for_code(current_user.id)):
        return _too_many("login/password.html", wait)
    response: ResponseReturnValue = views.change_password()
    if before and current_user.password != before:
        note_act("password_changed", current_user)
    return response


@security.route("/activate", methods=["GET"])
def ask_activation_code() -> ResponseReturnValue:
    """Ask for the one-time code on the letter."""
    code = request.args.get("code", "").strip()
    return redirect(url_for("security.activate", code=code)) if code else render_template("login/activation.html")


@security.route("/activate/<code>", methods=["GET", "POST"])
def activate(code: str) -> ResponseReturnValue:
    """Let whoever holds the one-time code choose the account's password."""
    wait = attempts.wait_for_code("activation") if request.method == "POST" else 0
    with reading(services().engine) as session_:
        account = invited(session_, code, services().clock())
    if account is None:
        return render_template("login/activation.html", unknown=True), 404
    if wait:
        return _too_many("login/activate.html", wait, account=account, code=code)
    if request.method == "GET":
        return render_template("login/activate.html", account=account, code=code)
    password, again = request.form.get("password", ""), request.form.get("password_again", "")
    error = _password_error(password, again, account)
    if error:
        return render_template("login/activate.html", account=account, code=code, error=error), 400
    return _activated(code, password)


def _activated(code: str, password: str) -> ResponseReturnValue:
    now = services().clock()
    with reading(services().engine) as session_:
        known = invited(session_, code, now)
    with acting(Actor(known.username, known.role, request.remote_addr) if known else None) as session_:
        account = invited(session_, code, now)
        if account is None:  # somebody used it a moment ago
            return render_template("login/activation.html", unknown=True), 404
        set_password(session_, account, password)
    return redirect(url_for("security.login", activated=1))


def _password_error(password: str, again: str, account: Account) -> str | None:
    bad, _normal = current_app.extensions["security"].password_util.validate(password, True, user=account)
    if bad or len(password) < PASSWORD_LENGTH or password.lower() == account.username:
        return _(TOO_SHORT, length=PASSWORD_LENGTH)
    return _(NOT_THE_SAME) if password != again else None


def _with_code(view: object, failed: str) -> ResponseReturnValue:
    whose = session.get("tf_user_id") or getattr(current_user, "fs_uniquifier", None)
    if request.method == "POST" and whose:
        wait = attempts.wait_for_code(whose)
        if wait:
            return _too_many("login/second_step.html", wait)
    was_signed_in = current_user.is_authenticated
    response: ResponseReturnValue = view()  # type: ignore[operator]
    if request.method == "POST" and whose and not was_signed_in and not current_user.is_authenticated:
        note_act(failed, _accounts().find_user(fs_uniquifier=whose))
    return response


def _too_many(template: str, wait: float, **facts: object) -> Response:
    response = Response(render_template(template, wait=wait, **facts), 429)
    response.headers["Retry-After"] = str(ceil(wait))
    return response


def _accounts() -> Accounts:
    accounts: Accounts = current_app.extensions["security"].datastore
    return accounts
