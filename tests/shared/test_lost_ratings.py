"""Numbers that a device gave and that never came in are noticed, and nothing that is still on its way is."""

from datetime import datetime, timedelta
from typing import Any

from shared.db.engine import writing
from shared.db.people_tables import KioskRow
from shared.db.ratings import record
from shared.kiosk_contacts import last_contacts, note_contact
from shared.lost_ratings import count_lost, last_counted, lost_on
from shared.services import Services
from tests.factories import NOON, SettableClock, a_rating


def came(services: Services, *numbers: int, given_at: datetime | None = None, **about: Any) -> None:
    ratings = [
        a_rating(sequence=number, given_at=given_at or NOON + timedelta(minutes=number), **about)
        for number in numbers
    ]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())


def says(services: Services, kiosk: int = 1, **contact: int) -> None:
    note_contact(services.redis, kiosk, {"at": services.clock().isoformat(), "outbox": 0, **contact})


def lost(services: Services, kiosk: int = 1) -> int:
    contact = (last_contacts(services.redis) or {}).get(kiosk)
    return lost_on(last_counted(services.redis), kiosk, contact)


def test_what_is_missing_between_the_first_and_the_last_is_lost(services: Services) -> None:
    says(services)
    came(services, 4, 5, 8, 9)
    assert count_lost(services) == 1
    assert lost(services) == 2
    came(services, 7, 6)
    assert count_lost(services) == 0
    assert lost(services) == 0


def test_what_a_device_says_is_still_on_it_is_not_lost(services: Services) -> None:
    came(services, 1, 7)
    says(services, outbox=2, held=1, refused=1)
    count_lost(services)
    assert lost(services) == 2, "what is held is among what waits"
    says(services)
    assert lost(services) == 2, "they have left it, and may have come in since we counted"
    says(services, outbox=5)
    assert lost(services) == 0


def test_without_a_word_of_the_device_nothing_is_called_lost(services: Services) -> None:
    came(services, 1, 7)
    assert count_lost(services) == 0
    assert lost(services) == 0


def test_of_the_device_before_nothing_is_counted(services: Services, clock: SettableClock) -> None:
    came(services, 1, 90)
    with writing(services.engine) as session:
        session.get_one(KioskRow, 1).enrolled_at = NOON + timedelta(days=1)
    clock.advance(days=2)
    says(services)
    came(services, 91, 92, given_at=NOON + timedelta(hours=1), accepted_at=clock())  # from a file of the dead tablet
    came(services, 1, 2, 4, given_at=clock(), accepted_at=clock())
    count_lost(services)
    assert lost(services) == 1


def test_a_number_given_under_a_wrong_clock_is_not_lost(services: Services) -> None:
    says(services)
    came(services, 1, 3)
    came(services, 2, given_at=NOON - timedelta(days=365))
    count_lost(services)
    assert lost(services) == 0


def test_a_number_no_device_counts_to_breaks_nothing(services: Services) -> None:
    says(services)
    says(services, kiosk=2)
    came(services, 1, 2**53 - 1, given_at=NOON)
    came(services, 3, 5, office="PSF", officer="PS1", counter="PSL1", kiosk=2)
    assert count_lost(services) == 2
    assert lost(services) == 2**53 - 3
    assert lost(services, 2) == 1
