"""The sign-in form: one failure message for every failure, so that nobody learns which accounts exist."""

from typing import Any

from flask import current_app, session
from flask_security.forms import LoginForm
from wtforms import StringField  # type: ignore[import-untyped]

from kiosk.localisation import _
from kiosk.login.paths import own_path
from shared.db.accounts import Accounts
from shared.i18n import mark

FAILED = mark("That user name and password do not fit together. Please check both and try again.")


class SignInForm(LoginForm):
    """Who signs in: by user name or officer code, with the password."""

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
            session.clear()
            return True
        self.username.errors, self.password.errors = [], []
        self.form_errors = [_(FAILED)]
        return False
