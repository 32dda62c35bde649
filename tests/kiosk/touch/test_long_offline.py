"""What waits on the device outlives long failures, new versions of the page, and storage that is taken away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlmodel import Session, col

from kiosk.touch import views
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow
from shared.services import Services
from tests.factories import a_sent_rating
from tests.kiosk.conftest import bring_to_the_page
from tests.kiosk.touch.stage import (
    CODE,
    IN_A_BROWSER,
    Server,
    arrived,
    at,
    connect,
    keeps,
    kept,
    press,
    rate,
    renew,
)

pytestmark = IN_A_BROWSER

PRESSES = 200
PRESS_ALL = """async (count) => {
    const shown = (selector) => new Promise((resolve) => {
        const look = () => document.querySelector(selector) ? resolve(document.querySelector(selector)) : null;
        const watch = new MutationObserver(() => look() && watch.disconnect());
        watch.observe(document.body, { subtree: true, childList: true, attributes: true });
        if (look()) watch.disconnect();
    });
    for (let number = 0; number < count; number += 1) {
        (await shown("[data-screen=attract] [data-action=begin]")).click();
        (await shown(`[data-screen=question] [data-overall='${1 + (number % 4)}']`)).click();
        (await shown("[data-screen=second] [data-action=skip]")).click();
    }
    await shown("[data-screen=attract] [data-action=begin]");
}"""
FIRST_VERSION = """(rating) => new Promise((resolve) => {
    const opening = indexedDB.open("suara-loket-touch", 1);
    opening.onupgradeneeded = () => {
        opening.result.createObjectStore("drafts", { keyPath: "id" });
        opening.result.createObjectStore("outbox", { keyPath: "sequence" }).put(rating);
        opening.result.createObjectStore("refused", { keyPath: "rating.id" });
        opening.result.createObjectStore("device");
    };
    opening.onsuccess = () => { opening.result.close(); resolve(); };
})"""
LATER_VERSION = """() => new Promise((resolve) => {
    const opening = indexedDB.open("suara-loket-touch", 1000);
    opening.onupgradeneeded = () => opening.result.createObjectStore("what_nobody_knows_yet");
    opening.onsuccess = () => { opening.result.close(); resolve(); };
})"""


def test_all_that_was_pressed_while_the_server_was_down_is_recorded_once(
    timers: Callable[..., None], screen: Page, services: Services, server: Server, session: Session
) -> None:
    timers(thanks_seconds=0.01)
    renew(screen)
    server.stop()
    screen.evaluate(PRESS_ALL, PRESSES)
    keeps(screen, "outbox", PRESSES)
    server.start()
    connect(screen)
    arrived(services, PRESSES, screen)
    keeps(screen, "outbox", 0)
    bring_to_the_page(services)
    recorded = session.execute(
        select(col(RatingRow.sequence), col(RatingRow.overall)).order_by(col(RatingRow.sequence))
    ).all()
    assert [tuple(row) for row in recorded] == [(number + 1, 1 + number % 4) for number in range(PRESSES)]
    assert quarantined(session) == []


def test_what_was_pressed_without_network_counts_once_though_the_page_was_closed_and_opened(
    screen: Page, context: BrowserContext, services: Services, server: Server, session: Session
) -> None:
    server.stop()
    press(screen, 2)
    keeps(screen, "drafts", 1)
    screen.close()
    again = context.new_page()
    again.goto(server.page)
    at(again, "attract")
    keeps(again, "outbox", 1)
    server.start()
    connect(again)
    arrived(services, 1, again)
    keeps(again, "outbox", 0)
    again.reload()
    at(again, "attract")
    bring_to_the_page(services)
    assert [row.overall for row in session.scalars(select(RatingRow))] == [2]


def test_a_new_version_of_the_page_finds_all_that_waits(
    screen: Page, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.route("**/api/ratings", lambda route: route.abort())
    for overall in (4, 1):
        rate(screen, overall)
    before = keeps(screen, "outbox", 2)
    monkeypatch.setattr(views, "version", lambda: "a-later-one")
    screen.evaluate(
        "() => navigator.serviceWorker.getRegistration().then((worker) => worker.update().then(() => null))"
    )
    expect(screen.locator("#screen")).to_have_attribute("data-version", "a-later-one")
    at(screen, "attract")
    assert kept(screen, "outbox") == before
    screen.unroute("**/api/ratings")
    connect(screen)
    assert [str(rating.id) for rating in arrived(services, 2, screen)] == [rating["id"] for rating in before]


def test_what_waits_in_a_store_of_the_first_version_is_sent(
    server: Server, context: BrowserContext, services: Services, kiosk_id: int
) -> None:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/healthz")
    page.evaluate(FIRST_VERSION, {**a_sent_rating(overall=2), "sequence": 7})
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    (rating,) = arrived(services, 1, page)
    assert (rating.overall, rating.sequence) == (2, 7)


def test_a_page_set_back_to_an_earlier_version_goes_on_with_what_a_later_one_kept(
    screen: Page, services: Services, server: Server
) -> None:
    screen.evaluate(LATER_VERSION)
    server.stop()
    screen.reload()
    rate(screen, 3)
    keeps(screen, "outbox", 1)
    server.start()
    connect(screen)
    arrived(services, 1, screen)
    keeps(screen, "outbox", 0)


def test_storage_wiped_under_a_running_page_is_used_again(
    screen: Page, context: BrowserContext, services: Services, server: Server
) -> None:
    origin = {"origin": server.page.removesuffix("/touch"), "storageTypes": "indexeddb"}
    context.new_cdp_session(screen).send("Storage.clearDataForOrigin", origin)
    server.stop()
    rate(screen, 4)
    keeps(screen, "outbox", 1)
    server.start()
    connect(screen)
    arrived(services, 1, screen)


def test_a_full_device_thanks_only_for_what_the_server_has_and_goes_on_when_there_is_room(
    screen: Page, services: Services, server: Server
) -> None:
    screen.evaluate("""() => {
        const begun = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, ...options) {
            const transaction = begun.call(this, stores, mode, ...options);
            if (window.isFull && mode === "readwrite") transaction.abort();
            return transaction;
        };
        window.isFull = true;
    }""")
    rate(screen, 4)
    arrived(services, 1, screen)
    server.stop()
    press(screen, 3)
    screen.click("[data-action=send]")
    expect(screen.locator("h1")).to_contain_text("Maaf, penilaian Anda belum tersimpan.")
    expect(screen.locator("#staff")).to_be_visible()
    screen.evaluate("() => { window.isFull = false; }")
    at(screen, "attract")
    rate(screen, 2)
    keeps(screen, "outbox", 1)
    server.start()
    connect(screen)
    assert [rating.overall for rating in arrived(services, 3, screen)] == [4, 3, 2]
