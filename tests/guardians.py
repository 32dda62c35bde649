"""Guardians and campaigns for tests."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from shared import campaigns
from shared.cli.start import operating
from shared.db.campaigns import Campaign, campaigns_of
from shared.db.engine import reading, writing
from shared.db.guardians import Guardian, GuardianFacts, put_guardians
from shared.domain.campaigns import month_asked
from shared.domain.phones import masked_phone
from shared.i18n import Language
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, OFFICE


def a_guardian(
    services: Services,
    phone: str,
    officers: Sequence[str] = (ASHA,),
    class_name: str = "7A",
    language: Language = "id",
) -> Guardian:
    """Return a guardian of a class who agreed in July."""
    phones, facts = Phones.of(services.settings), GuardianFacts(language, date(2026, 7, 14), frozenset(officers))
    return Guardian(phones.hash(phone), class_name, phones.seal(phone), masked_phone(phone), "2026-11-wali", facts)


def phone_number(number: int) -> str:
    """Return one of many numbers."""
    return f"+62813700{number:05}"


def let_agree(services: Services, guardians: Sequence[Guardian], office: str = OFFICE) -> None:
    """Let guardians of an office be known."""
    with writing(services.engine) as session:
        put_guardians(session, office, guardians, services.clock())


def let_start(services: Services, office: str = OFFICE, period: str = "2026-11") -> UUID:
    """Start a campaign and return its id."""
    with operating(services) as session:
        return campaigns.start(office, month_asked(period), "suara", session, services).id


def campaign_now(services: Services, office: str = OFFICE) -> Campaign:
    """Return the newest campaign of an office as it stands."""
    with reading(services.engine) as session:
        return campaigns_of(session, office)[0]
