"""Random keys under which phones become rater keys: one a month, one a semester for schools."""

import secrets

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.tables import RaterSecretRow
from shared.db.upsert import upserting


def rater_secrets(session: Session) -> dict[str, bytes]:
    """Return period -> key of all periods whose key was not destroyed."""
    rows = session.execute(select(col(RaterSecretRow.period), col(RaterSecretRow.secret)))
    return {row.period: row.secret for row in rows}


def ensure_rater_secret(session: Session, period: str) -> bytes:
    """Return the key of a period, making it when it is the first to be asked for, whoever asks at the same time."""
    insert = upserting(session, RaterSecretRow).values(period=period, secret=secrets.token_bytes(32))
    session.execute(insert.on_conflict_do_nothing())
    return session.scalars(select(col(RaterSecretRow.secret)).where(col(RaterSecretRow.period) == period)).one()
