"""Servers that answer with anything but what was asked, or leave in the middle, and a storage that is cleared."""

from typing import Any

from playwright.sync_api import Page, Route

from shared.db.engine import writing
from shared.db.kiosks import revoke_kiosk
from shared.services import Services
from tests.factories import NOON
from tests.kiosk.touch.stage import IN_A_BROWSER, arrived, at, connect, keeps, kept, press, rate, thanked

pytestmark = IN_A_BROWSER

PAGE = "<!doctype html><title>Masuk ke Wi-Fi</title>"
ANSWERS: list[dict[str, Any]] = [
    {"status": 500, "json": {"title": "Something went wrong on our side", "status": 500}},
    {"status": 502, "body": PAGE, "content_type": "text/html"},
    {"status": 200, "body": PAGE, "content_type": "text/html"},
    {"status": 401, "body": PAGE, "content_type": "text/html"},
    {"status": 200, "body": ""},
    {"status": 202, "json": {"results": "all of them"}},
    {"status": 202, "json": {"results": [{"id": "another", "status": "accepted"}, None]}},
    {"status": 202, "body": "{", "content_type": "application/json"},
]


def test_whatever_else_answers_no_rating_is_lost_and_nobody_is_shut_out(screen: Page, services: Services) -> None:
    said: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        route.fulfill(**said[-1])

    for count, nonsense in enumerate(ANSWERS, start=1):
        said.append(nonsense)
        if count == 1:
            screen.route("**/api/**", answer)
        rate(screen, 1 + count % 4)
        connect(screen)
        screen.wait_for_timeout(150)
        keeps(screen, "outbox", count)
        at(screen, "attract")
    screen.unroute("**/api/**")
    connect(screen)
    ratings = arrived(services, len(ANSWERS), screen)
    assert [rating.sequence for rating in ratings] == list(range(1, len(ANSWERS) + 1))
    keeps(screen, "outbox", 0)


def test_a_token_revoked_in_the_middle_of_a_visit_costs_neither_the_thanks_nor_the_rating(
    screen: Page, services: Services, kiosk_id: int
) -> None:
    press(screen, 4)
    with writing(services.engine) as session:
        revoke_kiosk(session, kiosk_id, NOON)
    services.directory.look_again()
    screen.clock.install()
    screen.clock.fast_forward(60_000)  # past the grace of a device that has just been enrolled
    with thanked(screen):
        screen.click("[data-action=send]")
    at(screen, "revoked")
    assert [rating["overall"] for rating in kept(screen, "outbox")] == [4]


def test_a_screen_whose_storage_is_cleared_goes_on_as_the_kiosk_it_was(screen: Page, services: Services) -> None:
    rate(screen, 4)
    arrived(services, 1, screen)
    screen.evaluate("""() => new Promise((resolve) => {
        indexedDB.deleteDatabase("suara-loket-touch").onsuccess = resolve;
    })""")
    rate(screen, 3)
    assert [rating.overall for rating in arrived(services, 2, screen)] == [4, 3]
