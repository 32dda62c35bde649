"""How a device changes its token: the new one is made known under the old, and takes its place when first used."""

from sqlalchemy import or_, select
from sqlmodel import Session, col

from shared.db.people import secret_hash
from shared.db.people_tables import KioskRow


class TokenTaken(Exception):
    """Another device has this token."""


def offer_token(session: Session, kiosk_id: int, token: str) -> None:
    """Let a kiosk's device be known by `token` too, instead of any it had offered before; the same one twice is one.

    Raises TokenTaken.
    """
    hashed = secret_hash(token)
    row = session.get_one(KioskRow, kiosk_id, with_for_update=True)
    if hashed in (row.token_hash, row.next_token_hash):
        return
    is_it = or_(col(KioskRow.token_hash) == hashed, col(KioskRow.next_token_hash) == hashed)
    if row.token_hash is None or session.scalars(select(KioskRow).where(is_it)).first() is not None:
        raise TokenTaken
    row.next_token_hash = hashed
    session.add(row)


def settle_token(session: Session, hashed: bytes) -> None:
    """Let the new token with this hash, now that it was used, be the only one of its device."""
    query = select(KioskRow).where(col(KioskRow.next_token_hash) == hashed).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is not None:
        row.token_hash, row.next_token_hash = hashed, None
        session.add(row)
