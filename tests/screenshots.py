"""`make screenshots`: a picture of every screen, at every size, in both languages, from the running demo."""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import NOT_FOUND, chromium
from tests.journeys.system import System

SIZES = {
    "kiosk-portrait": (1080, 1920),
    "kiosk-landscape": (1280, 800),
    "phone": (390, 844),
    "desktop": (1440, 900),
}
FOLDER = Path("screenshots")


class Album:
    """Takes pictures of the page a browser shows, at every size."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.taken = 0

    def take(self, name: str, *, whole: bool = False) -> None:
        """Picture the present screen at every size; `whole` for a page that scrolls."""
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(150)
            path = FOLDER / size / f"{name}.{self.language}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=path, full_page=whole, animations="disabled")
            self.taken += 1


@contextmanager
def a_page(browser: Browser, language: str) -> Iterator[Page]:
    """Open a fresh device or browser that prefers this language."""
    context = browser.new_context(locale=language, reduced_motion="reduce", viewport={"width": 1080, "height": 1920})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def new_code(system: System) -> tuple[str, str]:
    """Make a kiosk known and return its number and one-time code."""
    code = re.findall(
        r"[A-Z0-9]{4}-[A-Z0-9]{4}",
        system.suara("kiosk", "add", "Layar gambar", "--office", "DSW", "--counter", "DSL1"),
    )
    numbers = re.findall(r"│\s+(\d+)\s+│ Layar gambar", system.suara("kiosk", "list"))
    return numbers[-1], code[0]


def touch_screens(system: System, browser: Browser, language: str) -> int:
    """Picture the touch screen from enrolment to thanks."""
    number, code = new_code(system)
    with a_page(browser, language) as page:
        album = Album(page, language)
        page.goto(f"{system.web}/touch")
        speak(page, language)
        album.take("01-enrol")
        page.get_by_role("textbox").fill("AAAA-9999")
        page.click("[data-action=enrol]")
        page.locator("[role=alert]").filter(has_text=re.compile(r"\w")).first.wait_for()
        album.take("02-enrol-error")
        page.get_by_role("textbox").fill(code)
        page.click("[data-action=enrol]")
        page.wait_for_selector("[data-screen=attract]")
        speak(page, language)
        album.take("03-attract")
        page.click("[data-action=begin]")
        album.take("04-question")
        page.click("[data-action=not-this-officer]")
        album.take("05-officers")
        page.click("[data-officer]")
        for overall, name in ((4, "06-after-a-good-answer"), (1, "07-after-a-poor-answer")):
            page.click(f"[data-overall='{overall}']")
            page.wait_for_selector("[data-screen=second]")
            page.locator("[data-reason]").first.click()
            album.take(name)
            page.click("[data-action=send]")
            page.wait_for_selector("[data-screen=thanks]")
            if overall == 4:
                album.take("08-thanks")
            page.wait_for_selector("[data-screen=attract]")
            speak(page, language)
            page.click("[data-action=begin]")
        page.wait_for_timeout(20_500)
        album.take("09-still-there")
        system.suara("kiosk", "revoke", number)
        page.wait_for_selector("[data-screen=attract]")
        page.click("[data-action=begin]")
        page.click("[data-overall='3']")
        page.wait_for_selector("[data-screen=revoked]", timeout=90_000)
        speak(page, language)
        album.take("10-revoked")
    return album.taken


def speak(page: Page, language: str) -> None:
    """Switch the touch screen to this language."""
    if page.locator("html").get_attribute("lang") != language:
        page.click("#language")


def portals(system: System, browser: Browser, language: str) -> int:
    """Picture the public pages, the sign-in and the officer's page."""
    with a_page(browser, language) as page:
        album = Album(page, language)
        for name, path in (
            ("20-home", "/"),
            ("21-how-scores-are-made", "/how-scores-are-made"),
            ("22-no-such-page", "/x"),
            ("23-sign-in", "/login"),
        ):
            page.goto(f"{system.web}{path}")
            album.take(name, whole=True)
        sign_in(page, system, "DK1", wrong=True)
        album.take("24-sign-in-error", whole=True)
        month = earlier_month(page, system, "DK1")
        album.take("25-officer", whole=True)
        page.goto(month)
        album.take("26-officer-earlier-month", whole=True)
        page.context.clear_cookies()
        sign_in(page, system, "DK5")
        album.take("27-officer-too-few", whole=True)
    return album.taken


def sign_in(page: Page, system: System, officer: str, *, wrong: bool = False) -> None:
    """Sign in as this officer, or fail to."""
    account = next(one for one in system.demo["accounts"] if one["officer"] == officer)
    page.goto(f"{system.web}/login")
    page.fill("[name=username]", account["username"])
    page.fill("[name=password]", "salah" if wrong else account["password"])
    page.locator("main form button[type=submit], main form input[type=submit]").first.click()


def earlier_month(page: Page, system: System, officer: str) -> str:
    """Sign in and return the address of the month before this one."""
    sign_in(page, system, officer)
    link = page.locator("a[href^='/me/2']").first.get_attribute("href")
    return f"{system.web}{link}"


def main() -> int:
    """Take every picture and say how many."""
    path = chromium()
    if path is None:
        print(NOT_FOUND)
        return 1
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        system = System(Path(home)).start()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            taken = sum(
                part(system, browser, language) for language in ("id", "en") for part in (touch_screens, portals)
            )
        finally:
            browser.close()
            system.stop()
    print(f"{taken} pictures in {FOLDER}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
