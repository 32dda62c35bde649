"""Sign-in by Flask-Security, reduced to what we use: no pages, messages, mails or tokens of its own."""

from typing import Final

from flask import Flask
from flask_login.utils import _user_context_processor  # type: ignore[import-untyped]
from flask_security import Security, current_user

from kiosk.context import services
from kiosk.limits import Limit
from kiosk.login.forms import SignInForm
from kiosk.login.views import (
    ADDRESS_ATTEMPTS,
    ADDRESS_ATTEMPTS_AT_ONCE,
    ATTEMPTS,
    ATTEMPTS_AT_ONCE,
    SECONDS_PER_ADDRESS_ATTEMPT,
    SECONDS_PER_ATTEMPT,
    security,
)
from shared.db.accounts import ARGON2, NORMAL_FORM, Accounts

OPTIONS: Final = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {f"argon2__{name}": value for name, value in ARGON2.items()},
    "SECURITY_PASSWORD_NORMALIZE_FORM": NORMAL_FORM,
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [],
    "SECURITY_LOGIN_USER_TEMPLATE": "login/login.html",
    "SECURITY_POST_LOGIN_VIEW": "security.start",
    "SECURITY_POST_LOGOUT_VIEW": "public.home",
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}


def install(app: Flask) -> None:
    """Let people with an account sign in, and let no form be sent by another site."""
    app.config.update(OPTIONS)
    with app.app_context():
        accounts = Accounts(services().engine)
    library = Security(app, accounts, register_blueprint=False, login_form=SignInForm)
    library.want_json(lambda _request: False)
    # A person is known by their session alone, never by a token in an address or a header.
    library.login_manager.request_loader(None)
    # The libraries would ask who it is on every request, ratings and error pages included; we ask where we need to.
    app.before_request_funcs[None].remove(library.principal._on_before_request)
    app.after_request_funcs[None].remove(library.login_manager._update_remember_cookie)
    app.template_context_processors[None].remove(_user_context_processor)
    app.jinja_env.globals["current_user"] = current_user
    app.extensions[ATTEMPTS] = Limit(rate=1 / SECONDS_PER_ATTEMPT, burst=ATTEMPTS_AT_ONCE)
    app.extensions[ADDRESS_ATTEMPTS] = Limit(rate=1 / SECONDS_PER_ADDRESS_ATTEMPT, burst=ADDRESS_ATTEMPTS_AT_ONCE)
    app.register_blueprint(security)
