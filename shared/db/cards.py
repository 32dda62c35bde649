"""The photos that desk cards carry."""

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.people_tables import OfficerRow


def photos_in(session: Session, office: str) -> dict[str, bytes]:
    """Return officer code -> photo as JPEG, for the officers of an office who have one."""
    query = select(col(OfficerRow.code), col(OfficerRow.photo)).where(
        col(OfficerRow.office_code) == office, col(OfficerRow.photo).is_not(None)
    )
    return {code: photo for code, photo in session.execute(query) if photo is not None}
