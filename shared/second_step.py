"""The second step of a sign-in: the secret from which a phone makes codes, and the codes for when it is lost.

Every change is one statement or holds the account's row, so that two requests at once never use one code twice.
"""

import secrets
from typing import Any, Final

from passlib.totp import TOTP
from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from shared.db.accounts import TOTP_PURPOSE, Account
from shared.sealing import Sealer, derived_key

ISSUER: Final = "Suara Loket"
METHOD: Final = "authenticator"
RECOVERY_CODES: Final = 8


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


def use_code(session: Session, account_id: int, counter: int) -> bool:
    """Note that the code with this number was used; False when it or a later one was used already."""
    unused = or_(col(Account.totp_counter).is_(None), col(Account.totp_counter) < counter)
    return _changed(session, account_id, unused, totp_counter=counter)


def change_phone(
    session: Session, account_id: int, before: str | None, after: str | None, counter: int | None
) -> bool:
    """Let another phone make the codes, or none; False when it is not the phone `before` that makes them now.

    The recovery codes were for the phone before, and go with it; `counter` is the new phone's last code used.
    """
    known = col(Account.tf_totp_secret)
    return _changed(
        session,
        account_id,
        known.is_(None) if before is None else known == before,
        tf_totp_secret=after,
        tf_primary_method=METHOD if after else None,
        totp_counter=counter,
        mf_recovery_codes=None,
    )


def make_recovery_codes(session: Session, account_id: int, secret_key: str) -> list[str]:
    """Return new codes for a lost phone, of which only hashes are kept; those before are worth nothing any more."""
    codes = ["-".join(secrets.token_hex(2) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    kept = [_fingerprint(code, secret_key) for code in codes]
    session.execute(update(Account).where(col(Account.id) == account_id).values(mf_recovery_codes=kept))
    return codes


def use_recovery_code(session: Session, account_id: int, code: str, secret_key: str) -> bool:
    """Take one of the codes for a lost phone; False when it is none, or was taken already."""
    query = select(col(Account.mf_recovery_codes)).where(col(Account.id) == account_id).with_for_update()
    kept, used = session.scalar(query) or [], _fingerprint(code, secret_key)
    if used not in kept:
        return False
    left = [other for other in kept if other != used]
    session.execute(update(Account).where(col(Account.id) == account_id).values(mf_recovery_codes=left))
    return True


def _changed(session: Session, account_id: int, condition: Any, **values: Any) -> bool:
    statement = update(Account).where(col(Account.id) == account_id, col(Account.active), condition).values(**values)
    return session.scalar(statement.returning(col(Account.id))) is not None


def _fingerprint(code: str, secret_key: str) -> str:
    plain = "".join(char for char in code.lower() if char.isalnum())
    return Sealer(secret_key, "recovery code").fingerprint(plain).hex()


def _totp(secret_key: str) -> type[TOTP]:
    using: type[TOTP] = TOTP.using(issuer=ISSUER, secrets={"1": derived_key(secret_key, TOTP_PURPOSE).decode()})
    return using
