"""Random keys under which phones become rater keys: one a month, one a semester for schools."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.tables import RaterSecretRow
from shared.db.upsert import upserting
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.privacy import rater_period


def rater_secrets(session: Session) -> dict[str, bytes]:
    """Return period -> key of all periods whose key was not destroyed."""
    rows = session.execute(select(col(RaterSecretRow.period), col(RaterSecretRow.secret)))
    return {row.period: row.secret for row in rows}


def prepare_rater_secrets(session: Session, now: datetime) -> None:
    """Make the keys of this month and the next ahead of time: then no message needs the database for one."""
    known, month = rater_secrets(session), Month(now.year, now.month)
    for period in {rater_period(month.plus(ahead), kind) for ahead in (0, 1) for kind in OfficeKind}:
        if period not in known:
            ensure_rater_secret(session, period)


def ensure_rater_secret(session: Session, period: str) -> bytes:
    """Return the key of a period, making it when it is the first to be asked for, whoever asks at the same time."""
    insert = upserting(session, RaterSecretRow).values(period=period, secret=secrets.token_bytes(32))
    session.execute(insert.on_conflict_do_nothing())
    return session.scalars(select(col(RaterSecretRow.secret)).where(col(RaterSecretRow.period) == period)).one()
