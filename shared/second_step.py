"""Secrets from which a person's phone makes sign-in codes, sealed as the sign-in library keeps them."""

from passlib.totp import TOTP  # type: ignore[import-untyped]
from sqlmodel import Session

from shared.db.accounts import TOTP_PURPOSE, Account
from shared.sealing import derived_key

ISSUER = "Suara Loket"
METHOD = "authenticator"


def connect_phone(session: Session, account: Account, secret_key: str) -> str:
    """Give an account a second step without its phone, for a demo or a test; return the secret in base32."""
    totp = _totp(secret_key).new()
    account.tf_totp_secret, account.tf_primary_method = totp.to_json(encrypt=True), METHOD
    account.mf_recovery_codes = []
    session.add(account)
    return str(totp.base32_key)


def code_now(account: Account, secret_key: str, ahead: int = 0) -> str:
    """Return the code that the account's phone would show now, or so many seconds later."""
    totp = _totp(secret_key).from_source(account.tf_totp_secret)
    return str(totp.generate(totp.normalize_time(None) + ahead).token)


def _totp(secret_key: str) -> type[TOTP]:
    using: type[TOTP] = TOTP.using(issuer=ISSUER, secrets={"1": derived_key(secret_key, TOTP_PURPOSE).decode()})
    return using
