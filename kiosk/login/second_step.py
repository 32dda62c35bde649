"""The second step of a sign-in: codes from an app on the person's phone or from paper, each good once."""

from typing import Any

from flask import current_app, session
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch

from kiosk.context import services
from kiosk.login.sign_ins import acting_for
from kiosk.qr import qr_picture
from shared import second_step
from shared.db.accounts import Account, Accounts
from shared.db.audit import note
from shared.db.engine import writing


class PhoneChangedMeanwhile(Exception):
    """Another phone was connected while this one was being connected."""


def connects_a_phone() -> bool:
    """Say whether the code that is asked for is the first of a new phone."""
    return session.get("tf_state") == "validating_profile"


def key_of_new_phone(account: Account) -> dict[str, str]:
    """Return what a page shows of the key that a new phone is to keep."""
    codes: OneTimeCodes = current_app.extensions["security"].totp_factory
    secret = session["tf_totp_secret"]
    return {
        "authr_qrcode": codes.generate_qrcode(account.username, secret),
        "authr_key": codes.get_totp_pretty_key(secret),
        "authr_uri": codes.get_totp_uri(account.username, secret),
    }


class OneTimeCodes(Totp):
    """The library's codes, of which none is taken twice, not even by two requests at once."""

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Return the picture an app reads the secret from."""
        return qr_picture(self.get_totp_uri(username, totp))

    def get_last_counter(self, user: Any) -> int | None:
        """Return the number of the last code this account used; a new phone has used none."""
        return None if connects_a_phone() else user.totp_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Remember that this code was used; raise UsedTokenError when another request was faster."""
        if connects_a_phone():
            user.totp_counter = tmatch.counter  # stored with the phone
            return
        with writing(services().engine) as session_:
            if not second_step.use_code(session_, int(user.id), tmatch.counter):
                raise UsedTokenError


class RecoveryCodes(MfRecoveryCodesUtil):
    """Codes on paper for a lost phone: only their hashes are kept, and a code that is right is used up."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Use the code up; False when it is none, or was used already."""
        with acting_for(user) as session_:
            used = second_step.use_recovery_code(session_, int(user.id), code, str(current_app.secret_key))
            if used:
                note(session_, "recovery_code_used", "sign_in", user.username)
        return used

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Do nothing: whoever asked whether a code is right has used it."""
        return True


class SignInAccounts(Accounts):
    """The accounts as the sign-in library changes them; what it changes stands in the trail, or it is not changed."""

    def put(self, model: Account) -> Account:
        """Store what was changed in an account; a new password of the owner's makes every code by letter void."""
        with acting_for(model) as session_:
            if self.store(session_, model):
                note(session_, "password_changed", "sign_in", model.username)
        return model

    def tf_set(
        self, user: Any, primary_method: str, totp_secret: str | None = None, phone: str | None = None
    ) -> None:
        """Let a new phone make the codes; raise PhoneChangedMeanwhile when another one was connected meanwhile."""
        account: Account = user
        if totp_secret == account.tf_totp_secret:
            return
        with acting_for(account) as session_:
            done = second_step.change_phone(
                session_, int(account.id or 0), account.tf_totp_secret, totp_secret, account.totp_counter
            )
            if done:
                note(session_, "phone_connected", "sign_in", account.username)
        if not done:
            raise PhoneChangedMeanwhile
