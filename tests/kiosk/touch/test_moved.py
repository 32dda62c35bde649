"""A device that becomes a kiosk of another office, and comes back."""

import json

from playwright.sync_api import Page, expect

from shared.db.engine import writing
from shared.db.kiosks import add_kiosk, invite_device, revoke_kiosk
from shared.kiosk_contacts import KEY
from shared.services import Services
from tests.cast import COUNTER, OFFICE, OTHER_OFFICE
from tests.factories import NOON
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, keeps, kept, rate, says_to_staff

pytestmark = IN_A_BROWSER


HELD = (
    "Penilaian untuk kantor lain yang tersimpan di layar ini: {count}."
    " Semuanya dikirim setelah layar didaftarkan lagi di kantor itu."
)


def enrol_at(screen: Page, services: Services, before: int, office: str, counter: str, code: str) -> int:
    """Shut the kiosk out and make its device one of this office."""
    with writing(services.engine) as session:
        revoke_kiosk(session, before, NOON)
        kiosk = add_kiosk(session, f"Layar {code}", office, counter)
        invite_device(session, kiosk, code, NOON)
    services.directory.look_again()
    screen.reload()
    at(screen, "revoked")
    expect(screen.locator("main")).to_contain_text("Penilaian yang tersimpan di layar ini: 2")
    screen.click("[data-action=enrol-again]")
    screen.fill("#code", code)
    screen.click("[data-action=enrol]")
    at(screen, "attract")
    return kiosk


def test_what_was_given_in_one_office_is_held_back_in_another_and_leaves_when_it_is_back(
    screen: Page, services: Services, server: Server, kiosk_id: int
) -> None:
    server.stop()
    rate(screen, 4)
    rate(screen, 2)
    # Not one second online as a kiosk that is known, or they would leave at once.
    with writing(services.engine) as session:
        revoke_kiosk(session, kiosk_id, NOON)
    services.directory.look_again()
    server.start()
    there = enrol_at(screen, services, kiosk_id, OTHER_OFFICE, "PSL1", "EFGH-2345")
    says_to_staff(screen, HELD.format(count=2))
    screen.click("[data-action=begin]")
    screen.click("[data-officer], [data-overall]")
    screen.click("[data-overall='3']")
    screen.click("[data-action=skip]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.office, rating.overall) == (OTHER_OFFICE, 3), "what is given here is not held up"
    at(screen, "attract")
    screen.reload()
    says_to_staff(screen, HELD.format(count=2))
    assert [rating["overall"] for rating in kept(screen, "outbox")] == [4, 2]
    assert kept(screen, "refused") == []
    contact = json.loads(services.redis.hget(KEY, str(there)) or "{}")
    assert contact["outbox"] == 2
    enrol_at(screen, services, there, OFFICE, COUNTER, "JKLM-2345")
    ratings = arrived(services, 3, screen)[1:]
    assert [(rating.office, rating.overall, rating.counter) for rating in ratings] == [
        (OFFICE, 4, COUNTER),
        (OFFICE, 2, COUNTER),
    ]
    expect(screen.locator("#staff")).to_be_hidden()
    assert keeps(screen, "outbox", 0) == []
