"""What a visitor meets on their own phone after opening the link of a counter."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys.system import System
from tests.screenshots.signing_in import save


def rate_by_link(system: System, page: Page) -> Iterator[str]:
    """Press a poor face, look at all the questions, say something, and be thanked."""
    page.goto(f"{system.web}/r/DSL1?officer=DK1")  # whoever is on duty: at midnight there are two
    page.click("main [name=overall][value='2']")
    page.locator("[name=reason]").nth(1).check(force=True)
    yield "link-after-a-poor-answer"
    page.fill("#comment", "Nomor antrean tidak dipanggil berurutan.")
    page.click("[name=do][value=all]")
    yield "link-all-questions"
    save(page)
    yield "link-thanks"
