"""A touch screen in a real Chromium whose processor is slowed to that of an old tablet, with a stopwatch inside."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page, Request, ViewportSize, expect, sync_playwright

from tests.bench.harness import NotMeasurable
from tests.browser import NOT_FOUND, chromium

SLOWER: Final = 4
PATIENCE: Final = 60_000
VIEWPORT: Final[ViewportSize] = {"width": 1280, "height": 800}

STOPWATCH: Final = """(() => {
    let touched = null;
    window.took = {};
    addEventListener("pointerup", (event) => { touched = event.timeStamp; }, true);
    new MutationObserver(() => {
        if (touched === null) return;
        const began = touched, screen = document.body.dataset.screen;
        touched = null;
        requestAnimationFrame(() => setTimeout(() => { window.took[screen] = performance.now() - began; }));
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-screen"] });
})()"""
"""From the finger on the glass to the frame in which the next screen is painted."""

HASTY: Final = """(() => {
    const reach = (selector) => {
        const button = document.querySelector(selector);
        if (!button) return null;
        const { left, top, width, height } = button.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        return there && button.contains(there) ? button : null;
    };
    const look = () => {
        const face = reach("[data-overall='4']");
        const next = face || reach("[data-action=begin]");
        if (next) next.click();
        if (face && face.classList.contains("pressed")) window.reacted = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})()"""
"""A person who presses whatever a finger can reach, as soon as it can: `reacted` is when the first face did.

It contains the 0.6 s for which faces wait for the second tap of a double tap."""

FILL: Final = """async ({ count, days, officer, office, counter, elements }) => {
    const modules = ["outbox", "storage", "tab", "uuid7"].map((name) => import(`/static/touch/${name}.js`));
    const [{ Outbox }, { Storage }, { Tab }, { uuid7 }] = await Promise.all(modules);
    const tab = new Tab();
    await tab.open();
    const outbox = new Outbox(new Storage(), tab, () => office);
    const whole = days * 86400000, began = Date.now() - whole;
    const give = async (number) => {
        const given = new Date(began + Math.floor((number * whole) / count));
        const rating = {
            id: uuid7(given.getTime()), officer, overall: 1 + (number * 7) % 4, given_at: given.toISOString(),
            language: "id", counter,
            // On the first day the page still knew the server's time; it has been started anew since.
            local: { office, offset: number * days < count ? 0 : null },
        };
        const chosen = {
            elements: { [elements[number % 9]]: 1 + number % 4, [elements[(number + 4) % 9]]: 4 },
            reasons: number % 3 ? [] : ["ramah"],
            comment: number % 10 ? "" : "Pelayanannya ramah dan cepat, terima kasih.",
            extras: {},
        };
        await outbox.hold(rating);
        await outbox.release(rating.id, chosen);
    };
    const started = performance.now();
    for (let number = 0; number < count; number += 100) {
        await Promise.all(Array.from({ length: Math.min(100, count - number) }, (_, ahead) => give(number + ahead)));
    }
    if (outbox.failing || outbox.unkept.size) throw new Error("The device did not keep every rating");
    return performance.now() - started;
}"""

HURRY: Final = """() => new Promise((resolve) => {
    const opening = indexedDB.open("suara-loket-touch");
    opening.onsuccess = () => {
        const device = opening.result.transaction("device", "readwrite").objectStore("device");
        device.get("config").onsuccess = ({ target }) => {
            const config = target.result;
            device.put({ ...config, timers: { ...config.timers, thanks_seconds: 0.2 } }, "config");
        };
        device.transaction.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""
"""Thirty visits must not wait for thirty thank-yous."""

ASK: Final = """([store, ask, key]) => new Promise((resolve, reject) => {
    const opening = indexedDB.open("suara-loket-touch");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const asking = opening.result.transaction(store).objectStore(store)[ask](...(key ? [key] : []));
        asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
    };
})"""


@dataclass
class Screen:
    """One device, and the page that is open on it."""

    context: BrowserContext
    address: str

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.loaded: list[Request] = []
        self.context.on("requestfinished", lambda request: self.loaded.append(request))
        self.page = self._open(STOPWATCH)

    def enrol(self, code: str) -> None:
        """Visit the page for the first time, make the device a kiosk, and wait until it works without network."""
        self.page.goto(f"{self.address}#code={code}")
        self.page.click("[data-action=enrol]")
        self._at("attract")
        _until(self.page, "() => Boolean(navigator.serviceWorker.controller)")

    def hurry(self) -> None:
        """Let thank-yous be short from now on, by the configuration the device keeps."""
        self.page.evaluate(HURRY)
        self.page.reload()
        self._at("attract")

    def start(self, *, cold: bool) -> float:
        """Open the page anew, or as nobody ever opened it here; return the milliseconds until a face reacts."""
        self.page.close()
        page = self._open(HASTY)
        if cold:
            self.tools.send("Network.clearBrowserCache")
            wiped = {"origin": self.address.rpartition("/")[0], "storageTypes": "service_workers,cache_storage"}
            self.tools.send("Storage.clearDataForOrigin", wiped)
        page.goto(self.address)
        took = _until(page, "() => window.reacted")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
        page.close()
        self.page = self._open(STOPWATCH)
        self.page.goto(self.address)
        self._at("attract")
        return float(took)

    def visit(self) -> dict[str, float]:
        """Rate whoever is on duty; return by screen the milliseconds from the touch that led there."""
        for screen, selector in (
            ("question", "[data-action=begin]"),
            ("second", "[data-overall='4']"),
            ("thanks", "[data-action=skip]"),
        ):
            self.page.tap(selector)
            self.page.wait_for_timeout(150)  # asking meanwhile would cost the page time
            _until(self.page, "(screen) => screen in window.took", screen)
        self._at("attract")
        took: dict[str, float] = self.page.evaluate(
            "() => { const took = window.took; window.took = {}; return took; }"
        )
        return took

    def fill(self, **facts: object) -> float:
        """Put ratings into the page's own outbox as if they were pressed; return the milliseconds it took."""
        self.tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        took = float(self.page.evaluate(FILL, facts))
        self.tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return took

    def ask(self, store: str, ask: str, key: str = "") -> Any:
        """Return what one of the device's stores answers."""
        return self.page.evaluate(ASK, [store, ask, key])

    def weights(self) -> dict[str, int]:
        """Return by address the bytes that came over the wire so far: headers, and what the service worker fetched.

        Of the worker's own script, some two kilobytes, Chromium tells only the headers.
        """
        weights: dict[str, int] = {}
        for request in self.loaded:
            sizes = request.sizes()
            came = sizes["responseHeadersSize"] + sizes["responseBodySize"]
            weights[request.url] = weights.get(request.url, 0) + came
        return weights

    def _open(self, script: str) -> Page:
        page = self.context.new_page()
        page.add_init_script(script)
        self.tools = self.context.new_cdp_session(page)
        self.tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        return page

    def _at(self, screen: str) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-screen", screen, timeout=PATIENCE)


@contextmanager
def screens(port: int, profile: Path) -> Iterator[Screen]:
    """Give a device that was never enrolled, before the server at `port`."""
    path = chromium()
    if path is None:
        raise NotMeasurable(NOT_FOUND)
    with sync_playwright() as playwright:
        # A profile of its own on the disk: what a private window keeps is only in memory.
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, args=["--no-sandbox"], viewport=VIEWPORT, has_touch=True
        )
        try:
            yield Screen(context, f"http://127.0.0.1:{port}/touch")
        finally:
            context.close()


def _until(page: Page, script: str, fact: object = None) -> Any:
    """Ask the page again and again; its policy forbids Playwright's own way, which evaluates inside the page."""
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        found = page.evaluate(script, fact)
        if found:
            return found
        page.wait_for_timeout(50)
    raise TimeoutError(script)
