"""Activation: whoever holds the one-time code of an account chooses its password.

Nobody counts how often a code was wrong: with eighty bits there is nothing to guess, and a count would let one
visitor keep everybody at the same address from their own letter.
"""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from kiosk.acting import acting, current_actor
from kiosk.context import services
from kiosk.localisation import _
from kiosk.login.forms import password_problem
from kiosk.login.portal import security
from kiosk.login.sign_ins import end_current
from shared.db import sign_ins
from shared.db.accounts import Account, invited, set_password
from shared.db.audit import Actor
from shared.db.engine import reading
from shared.i18n import mark

NOT_THE_SAME = mark("The two passwords are not the same.")


@security.get("/activate")
def ask_activation_code() -> ResponseReturnValue:
    """Ask for the one-time code on the letter."""
    code = "".join(char for char in request.args.get("code", "") if char.isalnum() or char == "-")
    return redirect(url_for("security.activate", code=code)) if code else render_template("login/activation.html")


@security.route("/activate/<code>", methods=["GET", "POST"])
def activate(code: str) -> ResponseReturnValue:
    """Let whoever holds the one-time code choose the account's password."""
    with reading(services().engine) as session_:
        account = invited(session_, code, services().clock())
    if account is None:
        return _unknown()
    if request.method == "GET":
        return render_template("login/activate.html", account=account, code=code)
    password, again = request.form.get("password", ""), request.form.get("password_again", "")
    problem = password_problem(password, account)
    mismatch = _(NOT_THE_SAME) if password != again and not problem else None
    if problem or mismatch:
        page = render_template("login/activate.html", account=account, code=code, error=problem, mismatch=mismatch)
        return page, 400
    return _activated(account, code, password)


def _activated(known: Account, code: str, password: str) -> ResponseReturnValue:
    now = services().clock()
    with acting(Actor(known.username, known.role, current_actor().address)) as session_:
        account = invited(session_, code, now)
        if account is None:  # somebody used it a moment ago
            return _unknown()
        set_password(session_, account, password)
        sign_ins.end_all(session_, int(account.id or 0), now)
    _leave_to_the_newcomer()
    return redirect(url_for("security.login", done="activated"))


def _leave_to_the_newcomer() -> None:
    """Sign out whoever was signed in at this browser: it is somebody else who goes on now."""
    if current_user.is_authenticated:
        end_current()
    session.clear()


def _unknown() -> ResponseReturnValue:
    return render_template("login/activation.html", unknown=True), 404
