"""What administration sets on a kiosk: how soon one press may follow another, how long it waits, its PIN."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field
from sqlalchemy import insert, select
from sqlmodel import Session, col

from shared.db import records
from shared.db.people_tables import KioskRow, new_pin
from shared.db.tables import RatingRow, StaleMonthRow
from shared.domain.facts import Facts
from shared.domain.months import Month

COLUMNS: Final = ("idle_seconds", "press_interval")


class KioskSettings(Facts):
    """What an administrator sets on a kiosk, in seconds."""

    press_interval: Annotated[int, Field(ge=1, le=60)]
    idle_seconds: Annotated[int, Field(ge=10, le=120)]


@dataclass(frozen=True, slots=True)
class KeptSettings:
    """A kiosk's settings with the mark of having seen them, and its PIN."""

    facts: KioskSettings
    seen: str
    pin: str | None


def settings_of(session: Session, kiosk_id: int) -> KeptSettings:
    """Return the settings of a kiosk there is."""
    row = session.get_one(KioskRow, kiosk_id)
    facts = KioskSettings(press_interval=row.press_interval, idle_seconds=row.idle_seconds)
    return KeptSettings(facts, records.seen(row, COLUMNS), row.pin)


def change_settings(session: Session, kiosk_id: int, facts: KioskSettings, seen: str, since: Month) -> None:
    """Set a kiosk; with another interval, the months from `since` on are screened anew. Raises ChangedMeanwhile."""
    before = session.get_one(KioskRow, kiosk_id, with_for_update=True).press_interval
    records.change(session, KioskRow, kiosk_id, facts.model_dump(), seen)
    if facts.press_interval != before:
        _screen_anew(session, kiosk_id, since)


def make_pin(session: Session, kiosk_id: int) -> None:
    """Give a kiosk another PIN; the device asks for it from its next configuration on."""
    row = session.get_one(KioskRow, kiosk_id)
    row.pin = new_pin()
    session.add(row)


def _screen_anew(session: Session, kiosk_id: int, since: Month) -> None:
    rating = RatingRow
    pressed = (
        select(col(rating.officer_code), col(rating.month))
        .join(KioskRow, col(rating.kiosk_id) == col(KioskRow.id))
        .where(
            # By index first: a kiosk's ratings are those of its office.
            col(rating.office_code) == col(KioskRow.office_code),
            col(rating.month) >= str(since),
            col(KioskRow.id) == kiosk_id,
            col(rating.officer_code).is_not(None),
        )
        .distinct()
    )
    session.execute(insert(StaleMonthRow).from_select(["officer_code", "month"], pressed))
