"""Sign-in by Flask-Security, reduced to what we use: no pages, messages, mails or tokens of its own."""

from typing import Final

from flask import Flask
from flask_login.utils import _user_context_processor
from flask_security import Security, current_user

from kiosk.context import services
from kiosk.login import activation, attempts, issuer, oidc, phones, sign_ins, views
from kiosk.login.forms import NewPasswordForm, NoRescueForm, Passwords, PhoneForm, SignInForm
from kiosk.login.portal import security
from kiosk.login.problems import told
from kiosk.login.second_step import OneTimeCodes, RecoveryCodes, SignInAccounts
from kiosk.portals import FRESH_FOR, may_change
from shared.db.accounts import ARGON2, NORMAL_FORM, PASSWORD_LENGTH, TOTP_PURPOSE
from shared.nips import nips
from shared.sealing import derived_key
from shared.second_step import ISSUER, METHOD

VIEWS: Final = (activation, oidc, phones, views)
"""What gives the portal its pages."""

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
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_LENGTH,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": [METHOD],
    "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "login/second_step_setup.html",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "login/second_step.html",
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "account.me",
    "SECURITY_TWO_FACTOR_ERROR_VIEW": "security.login",
    "SECURITY_TOTP_ISSUER": ISSUER,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "login/recovery.html",
    "SECURITY_VERIFY_TEMPLATE": "login/again.html",
    "SECURITY_FRESHNESS": FRESH_FOR,
    "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH_FOR,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_CHANGE_PASSWORD_TEMPLATE": "login/password.html",
    "SECURITY_POST_CHANGE_VIEW": "account.me",
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}


def install(app: Flask) -> None:
    """Let people with an account sign in."""
    key = str(app.config["SECRET_KEY"])
    with app.app_context():
        settings, engine = services().settings, services().engine
    app.config.update(
        OPTIONS | issuer.options(settings),
        SECURITY_TOTP_SECRETS={"1": derived_key(key, TOTP_PURPOSE).decode()},
    )
    accounts = SignInAccounts(engine, nips(settings))
    library = Security(
        app,
        accounts,
        register_blueprint=False,
        login_form=SignInForm,
        two_factor_rescue_form=NoRescueForm,
        two_factor_setup_form=PhoneForm,
        change_password_form=NewPasswordForm,
        password_util_cls=Passwords,
        totp_cls=OneTimeCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    issuer.install(app, library, settings)
    library.want_json(lambda _request: False)
    # A person is known by their session alone, never by a token in an address or a header.
    library.login_manager.request_loader(None)
    sign_ins.install(app, library.login_manager)
    # The libraries would ask who it is on every request, ratings and error pages included; we ask where we need to.
    app.before_request_funcs[None].remove(library.principal._on_before_request)
    app.after_request_funcs[None].remove(library.login_manager._update_remember_cookie)
    app.template_context_processors[None].remove(_user_context_processor)
    app.jinja_env.globals.update(current_user=current_user, may_change=may_change, told=told)
    attempts.install(app)
    app.register_blueprint(security)
