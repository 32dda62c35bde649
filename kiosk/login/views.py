"""Signing in and out: the sign-in library's own views, on a portal of ours."""

from math import ceil

from flask import Response, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, views

from kiosk.limits import Limit
from kiosk.login.forms import SignInForm
from kiosk.login.paths import own_path
from kiosk.portals import Audience, Portal
from shared.db.accounts import USERNAME_LENGTH
from shared.domain.people import Role

ATTEMPTS = "suara-sign-in-attempts"
ATTEMPTS_AT_ONCE = 10
SECONDS_PER_ATTEMPT = 60
ADDRESS_ATTEMPTS = "suara-sign-in-attempts-of-an-address"
ADDRESS_ATTEMPTS_AT_ONCE = 100
SECONDS_PER_ADDRESS_ATTEMPT = 2

# The library looks its views up by these names.
security = Portal("security", __name__, audience=Audience.PUBLIC)

PAGES = {Role.OFFICER.value: "officer.me"}


@security.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask who it is, and lead them to the page they wanted or to their own."""
    if request.is_json:  # the library would take it; we only offer the page
        abort(400)
    # Before anything is counted: a sign-in that happens now must be the only thing that clears a name's attempts.
    if current_user.is_authenticated:
        return redirect(own_path(request.values.get("next")) or url_for("security.start"))
    if request.method != "POST":
        return _library_login()
    # Counted per name and address: whoever guesses at an account shuts out themselves, not its owner elsewhere.
    attempts: Limit = current_app.extensions[ATTEMPTS]
    caller = (request.form.get("username", "").strip().lower()[:USERNAME_LENGTH], request.remote_addr)
    wait = attempts.wait_needed(caller) or current_app.extensions[ADDRESS_ATTEMPTS].wait_needed(request.remote_addr)
    if wait:
        return _too_many_attempts(wait)
    response = _library_login()
    if current_user.is_authenticated:
        attempts.forget(caller)
        return redirect(own_path(request.form.get("next")) or url_for("security.start"))
    return response


@security.post("/logout")
def logout() -> ResponseReturnValue:
    """End the sign-in, here and wherever a copy of its cookie is; nothing of it stays in the browser."""
    if current_user.is_authenticated:
        current_app.extensions["security"].datastore.end_sessions(current_user.id)
    response: ResponseReturnValue = views.logout()
    session.clear()
    return response


@security.get("/start")
def start() -> ResponseReturnValue:
    """Lead a person to their own page."""
    return redirect(url_for(PAGES.get(getattr(current_user, "role", ""), "public.home")))


def _library_login() -> ResponseReturnValue:
    response: ResponseReturnValue = views.login()
    return response


def _too_many_attempts(wait: float) -> Response:
    form = SignInForm(formdata=None)
    response = Response(render_template("login/login.html", login_user_form=form, wait=wait), 429)
    response.headers["Retry-After"] = str(ceil(wait))
    return response
