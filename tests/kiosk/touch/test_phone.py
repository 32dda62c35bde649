"""On to the person's own phone."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from shared.services import Services
from tests.cast import ASHA
from tests.kiosk.touch.own_words import LINK, ONE_TIME
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, kept, tell

pytestmark = IN_A_BROWSER
HELD = {"address": "https://lain.contoh.go.id/r/y", "picture": {"size": 25, "path": "M9 9h1v1h-1z"}}


def open_phone(page: Page) -> None:
    page.dispatch_event("[data-action=phone]", "click")  # at once: an impatient test's screen falls idle
    at(page, "phone")


def test_the_phone_gets_a_link_of_this_visit_and_nobody_elses(screen: Page, server: Server) -> None:
    asked: list[Route] = []
    screen.context.route("**/api/kiosk/link", lambda route: asked.append(route))
    tell(screen, server, {"link": LINK})
    screen.click("[data-action=begin]")
    open_phone(screen)
    expect(screen.locator("main")).to_contain_text("Sebentar…")
    screen.click("[data-action=back]")
    at(screen, "question")
    open_phone(screen)
    while len(asked) < 2:
        screen.wait_for_timeout(20)
    assert asked[1].request.post_data_json == {"officer": ASHA, "language": "id"}
    asked[1].fulfill(status=201, json=ONE_TIME)
    code = screen.locator(".code svg")
    expect(code).to_have_attribute("aria-label", "Kode QR menuju sekali.contoh.go.id")
    expect(screen.locator("main")).to_contain_text("Kode ini hanya untuk satu penilaian.")
    asked[0].fulfill(status=201, json=HELD)
    screen.wait_for_timeout(200)
    expect(code.locator("path")).to_have_attribute("d", ONE_TIME["picture"]["path"])
    screen.click("[data-action=done]")
    at(screen, "attract")
    assert ONE_TIME["address"] not in screen.content()


def test_without_network_the_counters_own_link_stands_in(
    screen: Page, server: Server, services: Services, timers: Callable[..., None]
) -> None:
    timers(idle_seconds=1, countdown_seconds=1)
    tell(screen, server, {"link": LINK})
    server.stop()
    screen.click("[data-action=begin]")
    open_phone(screen)
    expect(screen.locator(".code path")).to_have_attribute("d", LINK["picture"]["path"])
    expect(screen.locator("main")).to_contain_text("suara.contoh.go.id")
    at(screen, "attract")
    assert kept(screen, "drafts") == kept(screen, "outbox") == []
    assert {"rated": 0, "skipped": 1, "timed_out": 0} in kept(screen, "device")
    server.start()
    assert arrived(services, 0, screen) == []
