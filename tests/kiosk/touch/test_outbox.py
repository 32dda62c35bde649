"""What waits on the device, and leaves it once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.people_tables import KioskRow
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow
from shared.kiosk_contacts import KEY
from shared.services import Services
from tests.cast import ASHA, COUNTER
from tests.factories import SettableClock, a_sent_rating
from tests.kiosk.conftest import bring_to_the_page
from tests.kiosk.touch.stage import (
    IN_A_BROWSER,
    Server,
    arrived,
    at,
    connect,
    keeps,
    kept,
    press,
    rate,
    says_to_staff,
)

pytestmark = IN_A_BROWSER


def test_ratings_given_without_network_wait_and_arrive_in_order(
    screen: Page, services: Services, server: Server
) -> None:
    server.stop()
    screen.reload()
    at(screen, "attract")
    for overall in (4, 3, 1):
        press(screen, overall)
        screen.click("[data-action=skip]")
        expect(screen.locator("h1")).to_have_text("Terima kasih. Penilaian Anda sudah tercatat.")
        at(screen, "attract")
    assert [rating["overall"] for rating in kept(screen, "outbox")] == [4, 3, 1]
    expect(screen.locator("#staff")).to_be_visible()
    server.start()
    screen.evaluate("dispatchEvent(new Event('online'))")
    ratings = arrived(services, 3, screen)
    assert [(rating.overall, rating.sequence) for rating in ratings] == [(4, 1), (3, 2), (1, 3)]
    expect(screen.locator("#staff")).to_be_hidden()
    assert kept(screen, "outbox") == []


def test_a_screen_that_dies_on_the_second_screen_keeps_what_was_pressed(screen: Page, services: Services) -> None:
    press(screen, 4)
    screen.click("[data-reason=ramah]")
    screen.wait_for_timeout(100)
    (draft,) = kept(screen, "drafts")
    screen.reload()
    at(screen, "attract")
    (rating,) = arrived(services, 1, screen)
    assert (str(rating.id), rating.overall, rating.reasons) == (draft["id"], 4, ())


def test_the_heartbeat_tells_how_visits_ended(
    screen: Page, services: Services, timers: Callable[..., None], kiosk_id: int
) -> None:
    press(screen, 4)
    screen.click("[data-action=send]")
    at(screen, "attract")
    screen.click("[data-action=begin]")
    screen.click("[data-action=back]")
    at(screen, "attract")
    screen.reload()
    at(screen, "attract")
    contact: dict[str, Any] = {"visits": {"rated": 0}}
    for _ in range(100):
        if contact["visits"]["rated"]:
            break
        screen.wait_for_timeout(50)
        contact = json.loads(services.redis.hget(KEY, str(kiosk_id)) or "null") or contact
    assert contact["visits"] == {"rated": 1, "skipped": 1, "timed_out": 0}
    assert (contact["outbox"], contact["refused"], len(contact["version"])) == (0, 0, 12)


def test_an_answer_of_the_server_that_is_lost_on_the_way_changes_nothing(
    screen: Page, server: Server, services: Services, session: Session
) -> None:
    server.loses_answers = True
    rate(screen, 3)
    arrived(services, 1, screen)
    says_to_staff(screen, "Tanpa jaringan. Penilaian yang tersimpan di layar ini: 1")
    server.loses_answers = False
    connect(screen)
    keeps(screen, "outbox", 0)
    bring_to_the_page(services)
    assert [row.overall for row in session.scalars(select(RatingRow))] == [3]
    assert quarantined(session) == []


def test_what_a_version_before_left_behind_is_sent_as_it_was(
    screen: Page, services: Services, clock: SettableClock
) -> None:
    screen.evaluate(
        """(rating) => new Promise((resolve) => {
            const opening = indexedDB.open("suara-loket-touch");
            opening.onsuccess = () => {
                const transaction = opening.result.transaction("outbox", "readwrite");
                transaction.objectStore("outbox").put(rating);
                transaction.oncomplete = () => { opening.result.close(); resolve(); };
            };
        })""",
        {**a_sent_rating(overall=2, given_at=datetime.now(UTC).isoformat()), "sequence": 7},
    )
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.sequence, rating.counter) == (2, 7, COUNTER)
    assert abs(rating.given_at - clock()) < timedelta(minutes=1), "by the device's clock, which the server corrects"


def test_a_rating_given_where_no_counter_was_shown_stays_without_one(
    screen: Page, server: Server, services: Services, kiosk_id: int
) -> None:
    give_counter(services, kiosk_id, None)
    screen.reload()
    screen.wait_for_timeout(500)
    server.stop()
    screen.click("[data-action=begin]")
    screen.click(f"[data-officer={ASHA}]")
    screen.click("[data-overall='4']")
    screen.click("[data-action=skip]")
    at(screen, "attract")
    give_counter(services, kiosk_id, "DSL4")
    server.start()
    connect(screen)
    (rating,) = arrived(services, 1, screen)
    assert rating.counter is None


def give_counter(services: Services, kiosk: int, counter: str | None) -> None:
    with writing(services.engine) as session:
        session.get_one(KioskRow, kiosk).counter_code = counter
    services.directory.look_again()
