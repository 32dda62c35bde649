"""Quarantine: accepted ratings that could not be recorded, with the reason, until somebody replays them."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from shared.db.tables import QuarantineRow
from shared.db.upsert import upserting
from shared.domain.errors import QuarantineReason


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One rating that waits: its body as it travelled, and why it is here."""

    id: int
    reason: QuarantineReason
    body: bytes
    rating_id: UUID | None


def quarantine(
    session: Session,
    reason: QuarantineReason,
    body: bytes,
    quarantined_at: datetime,
    rating_id: UUID | None = None,
    digest: str | None = None,
) -> None:
    """Keep `body` with its reason; the same content for the same reason is kept once, however often it comes."""
    content = f"{rating_id}{digest}".encode() if digest else body
    values = {
        "fingerprint": _fingerprint(reason, content),
        "rating_id": rating_id,
        "reason": reason.value,
        "body": body,
        "quarantined_at": quarantined_at,
    }
    session.execute(upserting(session, QuarantineRow).values(values).on_conflict_do_nothing())


def unquarantine(session: Session, reason: QuarantineReason, body: bytes) -> None:
    """Forget what was kept with this reason and body."""
    session.execute(delete(QuarantineRow).where(col(QuarantineRow.fingerprint) == _fingerprint(reason, body)))


def _fingerprint(reason: QuarantineReason, content: bytes) -> str:
    return blake2b(reason.value.encode() + content, digest_size=16).hexdigest()


def quarantined(session: Session) -> list[Quarantined]:
    """Return everything in quarantine, oldest first."""
    rows = session.execute(select(QuarantineRow).order_by(col(QuarantineRow.id))).scalars()
    return [Quarantined(row.id or 0, QuarantineReason(row.reason), row.body, row.rating_id) for row in rows]


def quarantined_count(session: Session) -> int:
    """Return how many ratings are in quarantine."""
    return session.scalars(select(func.count(col(QuarantineRow.id)))).one()


def release(session: Session, row_id: int) -> None:
    """Forget one quarantined rating, once it is recorded."""
    session.execute(delete(QuarantineRow).where(col(QuarantineRow.id) == row_id))
