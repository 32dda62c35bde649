"""What a machine can find of WCAG 2.2 AA on every page, for everybody, wide and narrow: nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.journeys.system import System
from tests.screenshots.pages import AT_AN_ADDRESS, walk
from tests.screenshots.touch import walk_to_the_thanks

DESKTOP, PHONE = (1440, 900), (390, 844)
KIOSK_SIZES = [(1080, 1920), (1280, 800), PHONE]
ZOOMED = (320, 640)
"""A narrow phone, or a window of 640 pixels at twice the size."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
CONTRAST_SEEN = {"rules": {"color-contrast": {"enabled": False}}}
"""Colours are the same at every size, and take longer to try than all the rest."""
RUN_AXE = """options => axe.run(options).then(found => found.violations.map(
    one => `${one.id} ${one.nodes[0].html.slice(0, 120)}`))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1).slice(-1)
    .map(one => `wider than the screen: ${one.outerHTML.slice(0, 120)}`)"""


@pytest.fixture(scope="module")
def empty_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Run an installation in which there is nothing yet."""
    system = System(tmp_path_factory.mktemp("nothing"), demo_data=False).start()
    yield system
    system.stop()


@pytest.fixture
def examined(page: Page) -> Page:
    """Open a window in which every page brings axe along: it is too long to be handed to each by hand."""
    page.context.add_init_script(AXE_SCRIPT)
    return page


def violations(page: Page, sizes: list[tuple[int, int]]) -> list[str]:
    page.wait_for_load_state()
    found, options = [], OPTIONS
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width}: {one}" for one in page.evaluate(RUN_AXE, options) + page.evaluate(TOO_WIDE)]
        options = {**OPTIONS, **CONTRAST_SEEN}
    return found


def too_wide(page: Page) -> list[str]:
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    return [f"{ZOOMED[0]}: {one}" for one in page.evaluate(TOO_WIDE)]


@pytest.mark.parametrize("whose", AT_AN_ADDRESS)
def test_nothing_is_in_the_way_on_any_page(whose: str, examined: Page, request: pytest.FixtureRequest) -> None:
    system = request.getfixturevalue("empty_system" if whose == "pengelola" else "system")
    page = examined
    found = {name: violations(page, [DESKTOP, PHONE]) + too_wide(page) for name in walk(system, page, whose)}
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_nothing_is_in_the_way_on_the_touch_screen(system: System, examined: Page) -> None:
    found = {name: violations(examined, KIOSK_SIZES) for name in walk_to_the_thanks(system, examined)}
    assert {name: problems for name, problems in found.items() if problems} == {}
