"""The sign-in form: one failure message for every failure, so that nobody learns which accounts exist."""

from typing import Any

from flask import current_app, session
from flask_security.forms import LoginForm, TwoFactorRescueForm
from wtforms import RadioField, StringField  # type: ignore[import-untyped]

from kiosk import drafts
from kiosk.localisation import _
from kiosk.login.paths import own_path
from shared.db.accounts import Accounts
from shared.i18n import mark

FAILED = mark("That user name and password do not match. Please check both and try again.")


class SignInForm(LoginForm):
    """Who signs in: by user name, officer code or NIP, with the password."""

    email = None
    remember = None
    username = StringField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Cleaned rather than refused: a person must not fail to sign in because of where a link wanted them.
        self.next.data = own_path(self.next.data)

    def validate(self, **options: Any) -> bool:
        """Say whether this person may sign in; nothing of the visitor's session before lives on."""
        self.ifield = self.username
        accounts: Accounts = current_app.extensions["security"].datastore
        self.user = accounts.named(self.username.data or "")
        if super().validate(**options):
            typed = session.get(drafts.IN_SESSION)
            session.clear()
            if typed:
                session[drafts.IN_SESSION] = typed
            return True
        self.username.errors, self.password.errors = [], []
        self.form_errors = [_(FAILED)]
        return False


class NoRescueForm(TwoFactorRescueForm):
    """The library's form for a lost phone, which our page replaces by a link; it must exist, and offer nothing."""

    help_setup = RadioField(choices=[], validate_choice=False)
