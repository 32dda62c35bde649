"""Guardians of the demo's school: invented people with children in two classes, one of whom wants no messages."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from shared.consent_wording import GUARDIANS_CONSENT_VERSION
from shared.db.contacts import refuse
from shared.db.guardians import Guardian, GuardianFacts, put_guardians
from shared.domain.phones import masked_phone
from shared.domain.zones import zone
from shared.i18n import Language
from shared.phones import Phones
from shared.seed.offices import DemoOffice
from shared.simulator import GUARDIAN, OTHER_GUARDIANS

TEACHERS: Final = {"4A": ("SD1", "SD2"), "5B": ("SD2", "SD3")}
REFUSING: Final = OTHER_GUARDIANS[-1]
SOME: Final[tuple[tuple[str, str, Language, int], ...]] = (
    (GUARDIAN, "4A", "id", 96),
    (GUARDIAN, "5B", "id", 96),
    (OTHER_GUARDIANS[0], "4A", "id", 96),
    (OTHER_GUARDIANS[1], "4A", "en", 89),
    (OTHER_GUARDIANS[2], "5B", "id", 96),
    (OTHER_GUARDIANS[3], "5B", "id", 40),
    (REFUSING, "5B", "id", 89),
)
"""Number, class and language of each, and how many days ago they agreed to be asked."""


def plant_guardians(session: Session, office: DemoOffice, now: datetime, phones: Phones) -> None:
    """Add them: the same people every time."""
    today = now.astimezone(zone(office.timezone)).date()
    guardians = [
        Guardian(
            phones.hash(number),
            class_name,
            None if number == REFUSING else phones.seal(number),
            masked_phone(number),
            GUARDIANS_CONSENT_VERSION,
            GuardianFacts(language, today - timedelta(days=days), frozenset(TEACHERS[class_name])),
        )
        for number, class_name, language, days in SOME
    ]
    put_guardians(session, office.code, guardians, now)
    refuse(session, phones.hash(REFUSING), now)
