"""What a machine can find of WCAG 2.2 AA on every page, at kiosk and phone size: nothing."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.system import System
from tests.screenshots import sign_in

SIZES = [(1080, 1920), (1280, 800), (390, 844)]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def violations(page: Page) -> list[str]:
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        results = Axe().run(page, options=RULES)
        found += [f"{width}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in results.response["violations"]]
    return found


@pytest.mark.parametrize("path", ["/", "/how-scores-are-made", "/login", "/nowhere"])
def test_nothing_is_in_the_way_on_a_public_page(system: System, page: Page, path: str) -> None:
    page.goto(f"{system.web}{path}")
    assert violations(page) == []


@pytest.mark.parametrize("officer", ["DK1", "DK5"], ids=["a full month", "too few ratings"])
def test_nothing_is_in_the_way_on_the_officers_page(system: System, page: Page, officer: str) -> None:
    sign_in(page, system, officer)
    assert page.url.endswith("/me")
    assert violations(page) == []


def test_nothing_is_in_the_way_on_the_touch_screen(system: System, page: Page) -> None:
    code = re.findall(
        r"[A-Z0-9]{4}-[A-Z0-9]{4}", system.suara("kiosk", "add", "Akses", "--office", "PSF", "--counter", "PSL1")
    )[0]
    page.goto(f"{system.web}/touch")
    found = {"enrol": violations(page)}
    page.get_by_role("textbox").fill(code)
    page.click("[data-action=enrol]")
    page.wait_for_selector("[data-screen=attract]")
    found["attract"] = violations(page)
    page.click("[data-action=begin]")
    found["question"] = violations(page)
    page.click("[data-action=not-this-officer]")
    found["grid"] = violations(page)
    page.click("[data-officer]")
    page.click("[data-overall='2']")
    page.wait_for_selector("[data-screen=second]")
    found["second"] = violations(page)
    page.click("[data-action=skip]")
    page.wait_for_selector("[data-screen=thanks]")
    assert {screen: problems for screen, problems in found.items() if problems} == {}
