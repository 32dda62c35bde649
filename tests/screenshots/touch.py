"""Every screen of the kiosk, from enrolment to thanks."""

import re
from typing import Any, Final

from playwright.sync_api import Page, Route

from shared.qr import qr_drawing
from tests.journeys.system import System
from tests.screenshots.signing_in import Walk

PIN = """() => new Promise((resolve) => {
    const opening = indexedDB.open("suara-loket-touch");
    opening.onsuccess = () => {
        const asking = opening.result.transaction("device").objectStore("device").get("config");
        asking.onsuccess = () => { opening.result.close(); resolve(asking.result.pin || ""); };
    };
})"""
"""What the technician would know from the administrator's page, and the screen knows as well."""
CLOSED: Final[list[list[str]]] = [[] for _ in range(7)]
WORDS: Final = {
    "sentence": "Selamat datang. Semua layanan di sini gratis.",
    "changed": "Sejak Oktober loket buka sampai pukul 16.00, karena banyak yang menulis antreannya panjang.",
    "title": "Akta kelahiran",
    "text": "Bawa surat keterangan lahir, KTP kedua orang tua, dan kartu keluarga.",
}
WORDS_IN_ENGLISH: Final = {
    "sentence": "Welcome. Every service here is free of charge.",
    "changed": "Since October the counters stay open until 16:00, for many of you wrote that the queue was long.",
    "title": "Birth certificates",
    "text": "Please bring the letter of birth, both parents’ identity cards and the family card.",
}


def walk_to_the_thanks(system: System, page: Page) -> Walk:
    """Lead a new kiosk from its enrolment to the first thanks."""
    page.goto(f"{system.web}/touch")
    yield "enrol"
    page.get_by_role("textbox").fill("AAAA-9999")
    page.click("[data-action=enrol]")
    page.locator("[role=alert]").filter(has_text=re.compile(r"\w")).first.wait_for()
    yield "enrol-error"
    page.get_by_role("textbox").fill(_new_kiosk(system))
    page.click("[data-action=enrol]")
    page.wait_for_selector("[data-screen=attract]")
    yield "attract"
    page.click("[data-action=begin]")
    yield "question"
    page.click("[data-action=not-this-officer]")
    yield "officers"
    page.click("[data-officer]")
    yield from _rate(page, 4, "after-a-good-answer")
    yield "thanks"
    page.wait_for_selector("[data-screen=attract]")
    yield from _look_behind(page)
    page.wait_for_selector("[data-screen=attract]")
    page.click("[data-action=begin]")
    yield from _rate(page, 1, "after-a-poor-answer")


def walk_past_the_offices_own_words(page: Page) -> Walk:
    """Lead the same kiosk through what an office may add: its words, its link, and the night."""
    page.wait_for_selector("[data-screen=attract]")
    _tell(page, _own_words())
    page.locator(".slides").wait_for()
    yield "attract-with-words"
    page.click("[data-action=begin]")
    page.click("[data-action=phone]")
    page.locator(".code svg").wait_for()
    yield "on-to-the-phone"
    page.click("[data-action=back]")
    page.click("#contrast")
    yield "question-in-high-contrast"
    page.click("[data-overall='2']")
    page.wait_for_selector("[data-screen=second]")
    yield "second-in-high-contrast"
    page.click("#contrast")
    page.click("[data-action=form]")
    page.locator("[data-answer='3']").first.click()
    yield "all-questions"
    for _ in range(2):
        page.click("[data-action=forward]")
    page.click("[data-action=send]")
    page.wait_for_selector("[data-screen=thanks]")
    yield "thanks-with-what-changed"
    page.click("[data-action=close]")
    _tell(page, {"hours": [[["00:00", "00:01"]], *CLOSED[1:]]})
    page.locator(".night").wait_for()
    yield "asleep"
    page.unroute("**/api/kiosk/config")
    page.reload()


def walk_on_until_revoked(system: System, page: Page, language: str) -> Walk:
    """Lead the same kiosk on, left alone by its resident and shut out by the office."""
    page.wait_for_selector("[data-screen=attract]")
    page.click("[data-action=begin]")
    speak(page, language)  # while the question stands over the screen, its buttons cannot be touched
    page.locator("#idle").wait_for(timeout=60_000)
    yield "still-there"
    newest = max(map(int, re.findall(r"│\s+(\d+)\s+│", system.suara("kiosk", "list"))))
    system.suara("kiosk", "revoke", str(newest))
    page.wait_for_selector("[data-screen=attract]")
    page.click("[data-action=begin]")
    page.click("[data-overall='3']")
    page.wait_for_selector("[data-screen=revoked]", timeout=90_000)
    yield "revoked"


def _look_behind(page: Page) -> Walk:
    """Come in as the technician, as far as the server lets one."""
    page.keyboard.down("F2")
    page.wait_for_selector("[data-screen=pin]", timeout=10_000)
    page.keyboard.up("F2")
    yield "technicians-door"
    pin = page.evaluate(PIN)
    if pin:
        page.keyboard.type(pin)
        page.wait_for_selector("[data-screen=technician] .fact")
        yield "technician"
    page.click("[data-action=leave]")


def _tell(page: Page, said: dict[str, Any]) -> None:
    """Let the configuration say this besides, as of an office that has more to say than the demo's."""

    def answer(route: Route) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name != "if-none-match"}
        response = route.fetch(headers=headers)
        known = response.json()
        version = f"{known['version']}-{sorted(said)}"
        route.fulfill(response=response, json={**known, **said, "version": version})

    page.unroute("**/api/kiosk/config")
    page.route("**/api/kiosk/config", answer)
    page.reload()


def _own_words() -> dict[str, Any]:
    said = {name: {"id": text, "en": WORDS_IN_ENGLISH[name]} for name, text in WORDS.items()}
    slide = {"title": said["title"], "text": said["text"], "picture": None}
    address = "https://suara.contoh.go.id/r/DSL1"
    drawing = qr_drawing(address, 0)
    size = int(re.findall(r'viewBox="0 0 (\d+)', drawing)[0])
    path = re.findall(r' d="([^"]+)"', drawing)[-1]
    return {
        "press_interval": 10,
        "link": {"address": address, "picture": {"size": size, "path": path}},
        "screen": {"sentence": said["sentence"], "changed": said["changed"], "slides": [slide, slide]},
    }


def _rate(page: Page, overall: int, name: str) -> Walk:
    page.click(f"[data-overall='{overall}']")
    page.wait_for_selector("[data-screen=second]")
    page.locator("[data-reason]").first.click()
    yield name
    page.click("[data-action=send]")
    page.wait_for_selector("[data-screen=thanks]")


def speak(page: Page, language: str) -> None:
    """Switch the touch screen to this language."""
    if page.locator("html").get_attribute("lang") != language and page.locator("#language").is_visible():
        page.click("#language")


def _new_kiosk(system: System) -> str:
    """Make a kiosk known and return its one-time code."""
    added = system.suara("kiosk", "add", "Layar gambar", "--office", "DSW", "--counter", "DSL1")
    return str(re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", added)[0])
