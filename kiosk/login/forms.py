"""The forms of signing in: one failure message for every failure, so that nobody learns which accounts exist."""

from typing import Any, Final

from flask import current_app
from flask_security import current_user
from flask_security.forms import ChangePasswordForm, LoginForm, TwoFactorRescueForm, TwoFactorSetupForm
from flask_security.password_util import PasswordUtil
from wtforms import RadioField, StringField

from kiosk.localisation import _
from kiosk.login.paths import own_path
from kiosk.login.portal import accounts, begin_anew
from shared.db.accounts import PASSWORD_LENGTH, PASSWORD_LONGEST, Account
from shared.domain.nip import is_nip
from shared.i18n import mark

FAILED: Final = mark("That user name and password do not match. Please check both and try again.")
TOO_SHORT: Final = mark("Use at least {length} letters or digits.")
TOO_LONG: Final = mark("Use at most {length} letters or digits.")
TOO_EASY: Final = mark("Do not use your user name, your officer code or a NIP: others know them.")


class Passwords(PasswordUtil):
    """Passwords as the library compares them; one that is longer than any is as wrong as none at all."""

    def normalize(self, password: str) -> str:
        """Return the password in normal form, nothing when it is longer than any."""
        normal: str = super().normalize(password)
        return normal if len(normal) <= PASSWORD_LONGEST else ""


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
        self.user = accounts().named(self.username.data or "")
        # Where there is no account the library hashes it all the same, to take as long; it cannot hash just anything.
        if len(self.password.data or "") > PASSWORD_LONGEST:
            self.password.data = ""
        if super().validate(**options):
            begin_anew()
            return True
        self.username.errors, self.password.errors = [], []
        self.form_errors = [_(FAILED)]
        return False


class NewPasswordForm(ChangePasswordForm):
    """Another password for whoever is signed in, by the same rules as their first."""

    def validate(self, **options: Any) -> bool:
        """Say whether the old password is right and the new one may be used."""
        problem = password_problem(self.new_password.data or "", current_user)
        valid = super().validate(**options)
        if valid or self.new_password.errors:
            self.new_password.errors = [problem] if problem else []
        return valid and problem is None


class PhoneForm(TwoFactorSetupForm):
    """How the second step is done: there is one way, so nothing to choose from."""

    setup = StringField()


class NoRescueForm(TwoFactorRescueForm):
    """The library's form for a lost phone, which our page replaces by a link; it must exist, and offer nothing."""

    help_setup = RadioField(choices=[], validate_choice=False)


def password_problem(password: str, account: Account) -> str | None:
    """Say what is wrong with a password somebody chose, or None."""
    rules: Passwords = current_app.extensions["security"].password_util
    if password and not rules.normalize(password):
        return _(TOO_LONG, length=PASSWORD_LONGEST)
    bad, _normal = rules.validate(password, True, user=account)
    if bad or len(password.strip()) < PASSWORD_LENGTH:
        return _(TOO_SHORT, length=PASSWORD_LENGTH)
    known = {account.username, (account.officer_code or account.username).lower()}
    return _(TOO_EASY) if password.strip().lower() in known or is_nip(password) else None
