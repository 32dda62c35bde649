"""The touch screen in a real browser before the real app: what people touch, what is kept, what arrives."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.http import http_date
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from kiosk import create_app
from kiosk.touch import configuration
from shared import stream
from shared.db.engine import writing
from shared.db.kiosks import add_kiosk, invite_device, revoke_kiosk
from shared.db.people_tables import OfficerRow, PostingRow
from shared.domain.clock import Clock
from shared.domain.ratings import Rating
from shared.kiosk_contacts import KEY
from shared.services import Services
from tests.browser import NOT_FOUND, chromium
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import NOON

CODE = "ABCD-2345"
UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    # A browser that leaves in the middle of a file leaves it open in Werkzeug's server.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one Chromium for this module."""
    path = chromium()
    if path is None:
        pytest.skip(NOT_FOUND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    """Serve without a line for every file, and with the test's clock in `Date`: the screen goes by it."""

    clock: Clock
    open_connections: set[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.open_connections.add(self.connection)

    def finish(self) -> None:
        self.open_connections.discard(self.connection)
        super().finish()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return http_date(self.clock())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server:
    """The app on a port of its own, which can go away and come back."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app = app
        self.connections: set[socket.socket] = set()
        self.handler = type("Handler", (Quiet,), {"clock": staticmethod(clock), "open_connections": self.connections})
        self.port = 0
        self.start()

    def start(self) -> None:
        self.server: BaseWSGIServer = make_server(
            "127.0.0.1", self.port, self.app, threaded=True, request_handler=self.handler
        )
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        # A connection the browser kept open would still be answered by its thread.
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.port}/touch"


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set how long the screen waits for what."""

    def set_timers(**seconds: float) -> None:
        for name, value in seconds.items():
            monkeypatch.setitem(configuration.TIMERS, name, value)

    set_timers(send_seconds=0.2, thanks_seconds=0.5)
    return set_timers


@pytest.fixture
def kiosk_id(services: Services) -> int:
    """Make a kiosk at Asha's counter known, with a code for its device."""
    with writing(services.engine) as session:
        kiosk = add_kiosk(session, "Layar Loket 3", OFFICE, COUNTER)
        invite_device(session, kiosk, CODE, NOON)
    services.directory.look_again()
    return kiosk


@pytest.fixture
def server(services: Services, timers: Callable[..., None]) -> Iterator[Server]:
    """Serve the app as a real server does."""
    server = Server(create_app(services), services.clock)
    yield server
    server.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh device."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def screen(server: Server, context: BrowserContext, kiosk_id: int) -> Page:
    """An enrolled screen at its start."""
    page = context.new_page()
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    at(page, "attract")
    works_offline(page)
    return page


def at(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-screen", name)


def works_offline(page: Page) -> None:
    """Wait until the service worker has taken the page over."""
    page.evaluate("""() => new Promise((resolve) => {
        const workers = navigator.serviceWorker;
        if (workers.controller) resolve();
        else workers.addEventListener("controllerchange", () => resolve());
    })""")


def press(page: Page, overall: int) -> None:
    page.click("[data-action=begin]")
    page.click(f"[data-overall='{overall}']")
    at(page, "second")


def arrived(services: Services, count: int, page: Page) -> list[Rating]:
    """Wait until `count` ratings were accepted and return them."""
    for _ in range(100):
        if stream.length(services.redis) >= count:
            break
        page.wait_for_timeout(50)
    entries: Any = services.redis.xrange(stream.STREAM)
    ratings = [Rating.model_validate_json(fields[stream.FIELD]) for _, fields in entries]
    assert len(ratings) == count
    return ratings


def kept(page: Page, store: str) -> list[dict[str, Any]]:
    """Return what the device keeps in one of its stores."""
    script = """(store) => new Promise((resolve) => {
        const opening = indexedDB.open("suara-loket-touch");
        opening.onsuccess = () => {
            const asking = opening.result.transaction(store).objectStore(store).getAll();
            asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
        };
    })"""
    found: list[dict[str, Any]] = page.evaluate(script, store)
    return found


def test_a_press_with_all_the_rest_arrives_as_one_rating(screen: Page, services: Services, kiosk_id: int) -> None:
    screen.click("[data-action=begin]")
    expect(screen.locator("#served")).to_contain_text("Anda dilayani oleh Asha Pertiwi, S.Sos. Loket 3")
    expect(screen.locator("h1")).to_have_text("Bagaimana pelayanan petugas ini?")
    faces = screen.locator(".face")
    assert faces.all_inner_texts() == ["Sangat baik", "Baik", "Kurang baik", "Tidak baik"]
    assert len({face.bounding_box()["width"] for face in faces.all()}) == 1  # type: ignore[index]
    screen.click("[data-overall='2']")
    expect(screen.locator("h1")).to_have_text("Apa yang perlu diperbaiki?")
    screen.click("[data-reason=lama]")
    screen.click("[data-reason=kurang_ramah]")
    screen.click("[data-reason=kurang_ramah]")
    asked = screen.locator("[data-element][data-answer='3']")
    element = asked.first.get_attribute("data-element")
    asked.first.click()
    screen.fill("#comment", "  Antre dua jam. ")
    screen.click("[data-action=send]")
    expect(screen.locator("h1")).to_have_text("Terima kasih. Penilaian Anda sudah tercatat.")
    expect(screen.locator("#served")).to_contain_text("Asha Pertiwi")
    (rating,) = arrived(services, 1, screen)
    assert UUID7.match(str(rating.id))
    assert (rating.kiosk, rating.counter, rating.officer, rating.picked) == (kiosk_id, COUNTER, ASHA, False)
    assert (rating.overall, rating.reasons, rating.elements) == (2, ("lama",), {element: 3})
    assert (rating.comment, rating.language, rating.sequence) == ("Antre dua jam.", "id", 1)
    at(screen, "attract")
    assert kept(screen, "outbox") == kept(screen, "drafts") == []


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


def test_a_second_tab_never_sends_other_content_under_the_same_id(
    screen: Page, services: Services, context: BrowserContext, server: Server
) -> None:
    press(screen, 3)
    screen.wait_for_timeout(100)
    other = context.new_page()
    other.goto(server.page)
    at(other, "attract")
    arrived(services, 1, screen)
    screen.click("[data-reason=jelas]")
    screen.click("[data-action=send]")
    at(screen, "thanks")
    at(screen, "attract")
    (rating,) = arrived(services, 1, screen)
    assert rating.reasons == ()


def test_a_refused_rating_moves_aside_and_holds_back_no_other(
    screen: Page, services: Services, server: Server
) -> None:
    server.stop()
    screen.click("[data-action=begin]")
    screen.click("[data-action=not-this-officer]")
    screen.click(f"[data-officer={BILAL}]")
    screen.click("[data-overall='3']")
    screen.click("[data-action=skip]")
    at(screen, "attract")
    press(screen, 4)
    screen.click("[data-action=skip]")
    at(screen, "attract")
    with writing(services.engine) as session:
        session.delete(session.get_one(OfficerRow, BILAL))
    services.directory.look_again()
    server.start()
    screen.evaluate("dispatchEvent(new Event('online'))")
    (rating,) = arrived(services, 1, screen)
    assert rating.officer == ASHA
    screen.wait_for_timeout(300)
    (refusal,) = kept(screen, "refused")
    assert (refusal["rating"]["officer"], bool(refusal["code"])) == (BILAL, True)
    assert kept(screen, "outbox") == []


def test_the_grid_is_for_another_officer_and_says_so(screen: Page, services: Services) -> None:
    screen.click("[data-action=begin]")
    screen.click("[data-action=not-this-officer]")
    expect(screen.locator("h1")).to_have_text("Siapa yang melayani Anda?")
    assert [button.get_attribute("data-officer") for button in screen.locator("[data-officer]").all()] == [
        ASHA,
        BILAL,
    ]
    screen.click(f"[data-officer={BILAL}]")
    expect(screen.locator("#served")).to_contain_text("Bilal")
    screen.click("[data-overall='4']")
    screen.click("[data-action=send]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.officer, rating.picked) == (BILAL, True)


def test_two_officers_on_duty_or_none_are_asked_for(screen: Page, services: Services) -> None:
    with writing(services.engine) as session:
        session.add(
            PostingRow(officer_code=BILAL, counter_code=COUNTER, starts_at=NOON, ends_at=NOON.replace(hour=9))
        )
    services.directory.look_again()
    screen.reload()
    screen.wait_for_timeout(500)
    screen.click("[data-action=begin]")
    at(screen, "grid")


def test_at_the_minute_a_posting_ends_only_the_next_officer_is_on_duty(screen: Page) -> None:
    names = screen.evaluate("""async () => {
        const { officerOnDuty } = await import("/static/touch/duty.js");
        const noon = Date.parse("2026-11-18T12:00:00+07:00");
        const on = (officer, counter, from, until) =>
            ({ officer, counter, from: `2026-11-18T${from}:00+07:00`, until: `2026-11-18T${until}:00+07:00` });
        const config = {
            counter: { code: "L3" }, officers: [{ code: "A" }, { code: "B" }],
            postings: [
                on("A", "L3", "08:00", "12:00"), on("B", "L3", "12:00", "16:00"), on("B", "L4", "08:00", "12:00"),
            ],
        };
        const at = (now) => { const officer = officerOnDuty(config, now); return officer && officer.code; };
        return [at(noon - 1), at(noon), at(noon + 4 * 3600000)];
    }""")
    assert names == ["A", "B", None]


def test_an_idle_screen_asks_and_then_returns_keeping_the_answer(
    screen: Page, services: Services, timers: Callable[..., None]
) -> None:
    timers(idle_seconds=0.6, countdown_seconds=1)
    screen.reload()
    screen.wait_for_timeout(500)
    screen.click("[data-action=begin]")
    expect(screen.locator("#idle")).to_contain_text("Masih di sana? Layar kembali ke awal dalam 1…")
    screen.click("#stay")
    at(screen, "question")
    screen.click("[data-overall='1']")
    screen.click("[data-reason=lama]")
    at(screen, "attract")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons) == (1, ("lama",))


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


def test_english_lasts_for_one_visit(screen: Page, services: Services) -> None:
    screen.click("#language")
    expect(screen.locator("h1")).to_have_text("How was our service today?")
    expect(screen.locator("html")).to_have_attribute("lang", "en")
    screen.click("[data-action=begin]")
    assert screen.locator(".face").all_inner_texts() == ["Very good", "Good", "Poor", "Bad"]
    screen.click("[data-overall='4']")
    screen.click("[data-action=skip]")
    expect(screen.locator("h1")).to_have_text("Thank you. Your rating is recorded.")
    at(screen, "attract")
    expect(screen.locator("html")).to_have_attribute("lang", "id")
    (rating,) = arrived(services, 1, screen)
    assert rating.language == "en"


def test_nine_visits_ask_every_element_twice(screen: Page) -> None:
    press(screen, 4)
    shown = [chip.get_attribute("data-element") for chip in screen.locator("[data-answer='4']").all()]
    assert len(set(shown)) == 2
    asked = screen.evaluate("""async () => {
        const { twoOf } = await import("/static/touch/rotation.js");
        const elements = [0, 1, 2, 3, 4, 5, 6, 7, 8];
        return [0, 5].map((start) => elements.map((turn) => twoOf(elements, start + turn)));
    }""")
    for pairs in asked:
        flat = [element for pair in pairs for element in pair]
        assert {flat.count(element) for element in range(9)} == {2}
        assert all(first != second for first, second in pairs)


def test_a_revoked_screen_asks_nothing_and_keeps_its_outbox(
    screen: Page, services: Services, server: Server, kiosk_id: int
) -> None:
    server.stop()
    press(screen, 4)
    screen.click("[data-action=skip]")
    at(screen, "attract")
    with writing(services.engine) as session:
        revoke_kiosk(session, kiosk_id, NOON)
        again = add_kiosk(session, "Layar baru", OFFICE, COUNTER)
        invite_device(session, again, "WXYZ-6789", NOON)
    services.directory.look_again()
    screen.reload()  # still without network: the screen cannot know yet
    at(screen, "attract")
    server.start()
    screen.evaluate("dispatchEvent(new Event('online'))")
    expect(screen.locator("h1")).to_have_text("Layar ini belum terdaftar")
    assert len(kept(screen, "outbox")) == 1
    screen.reload()
    at(screen, "revoked")
    screen.click("[data-action=enrol-again]")
    screen.fill("#code", "wxyz6789")
    screen.click("[data-action=enrol]")
    at(screen, "attract")
    assert arrived(services, 1, screen)[0].kiosk == again


def test_a_wrong_code_is_explained_in_the_persons_language(server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{server.page}#code=QQQQ-2222")
    at(page, "enrol")
    assert "#" not in page.url
    page.click("#language")
    page.click("[data-action=enrol]")
    expect(page.locator("#trouble")).to_contain_text("Ask the administrator for a new one.")
    page.fill("#code", "QQ")
    page.click("[data-action=enrol]")
    expect(page.locator("#trouble")).to_contain_text("eight letters and digits")


def test_without_storage_a_rating_is_thanked_for_only_when_the_server_has_it(
    server: Server, context: BrowserContext, services: Services, kiosk_id: int
) -> None:
    context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('forbidden'); };")
    page = context.new_page()
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    at(page, "attract")
    press(page, 4)
    page.click("[data-action=send]")
    at(page, "thanks")
    arrived(services, 1, page)
    at(page, "attract")
    server.stop()
    press(page, 3)
    page.click("[data-action=send]")
    expect(page.locator("h1")).to_contain_text("Maaf, penilaian Anda belum tersimpan.")
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    arrived(services, 2, page)


def test_a_screen_that_never_had_its_configuration_waits_calmly(
    server: Server, context: BrowserContext, kiosk_id: int
) -> None:
    page = context.new_page()
    page.route("**/api/kiosk/config", lambda route: route.abort())
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    expect(page.locator("h1")).to_have_text("Layar sedang disiapkan")


def test_skipping_sends_the_answer_and_nothing_that_was_tried_out(screen: Page, services: Services) -> None:
    press(screen, 1)
    screen.click("[data-reason=minta_biaya]")
    screen.locator("[data-element]").first.click()
    screen.fill("#comment", "jangan dikirim")
    screen.click("[data-action=skip]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons, rating.elements, rating.comment) == (1, (), {}, None)


def test_a_comment_nobody_sent_stays_behind_when_the_person_walks_away(
    timers: Callable[..., None], screen: Page, services: Services
) -> None:
    timers(idle_seconds=0.5, countdown_seconds=1)
    screen.reload()
    at(screen, "attract")
    press(screen, 2)
    screen.click("[data-reason=lama]")
    screen.fill("#comment", "setengah kalim")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons, rating.comment) == (2, ("lama",), None)
