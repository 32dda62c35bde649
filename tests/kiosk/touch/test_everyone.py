"""For every hand and eye: keyboard alone, large targets, high contrast, small and zoomed screens."""

from collections.abc import Callable, Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from shared.services import Services
from tests.factories import SettableClock
from tests.kiosk.touch.own_words import EVERYTHING, LONGEST, WEEKDAYS_ONLY
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, tell, thanked

pytestmark = IN_A_BROWSER
KIOSKS = [(1080, 1920), (1280, 800)]
SMALLER = [(800, 480), (390, 844), (640, 400), (320, 640)]
"""A small kiosk, a phone, and 1280 and 640 pixels at twice the size."""
TARGET = 96
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """tags => axe.run({ runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false })
    .then(found => found.violations.map(one => `${one.id} ${one.nodes[0].html.slice(0, 120)}`))"""
TOO_SMALL = """least => Array.from(document.querySelectorAll("button")).filter(one => one.offsetParent).map(one => {
    const { width, height } = one.getBoundingClientRect();
    const around = getComputedStyle(one, "::after");
    const beside = (side) => (around.content === "none" ? 0 : -parseFloat(around[side]));
    const target = [width + beside("left") + beside("right"), height + beside("top") + beside("bottom")];
    return Math.min(...target) < least ? `${one.textContent || one.id}: ${target}` : "";
}).filter(Boolean)"""
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
CUT_OR_COVERED = """Array.from(document.querySelectorAll(".slide, .actions .button, .actions .place")).filter(one => {
    if (one.matches(".slide")) return one.scrollHeight > one.clientHeight + 1;
    const dots = document.querySelector(".steps").getBoundingClientRect();
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return left < dots.right && right > dots.left && top < dots.bottom && bottom > dots.top;
}).map(one => one.className)"""
OUT_OF_SIGHT = """Array.from(document.querySelectorAll("main button, h1")).filter(one => {
    const { top, bottom } = one.getBoundingClientRect();
    return top < 0 || bottom > innerHeight;
}).map(one => one.textContent)"""


def walk(page: Page, server: Server, clock: SettableClock) -> Iterator[str]:
    """Lead an enrolled screen through all that a person may meet."""
    tell(page, server, LONGEST)
    page.locator(".wordy .slide").wait_for()
    yield "attract with the longest words"
    tell(page, server, EVERYTHING)
    page.locator(".slides").wait_for()
    yield "attract"
    page.click("[data-action=begin]")
    at(page, "question")
    yield "question"
    page.click("#contrast")
    yield "question in high contrast"
    page.click("[data-action=phone]")
    page.locator(".code svg").wait_for()
    yield "phone"
    page.click("[data-action=back]")
    page.click("[data-overall='1']")
    at(page, "second")
    page.locator("[data-reason]").first.click()
    yield "second in high contrast"
    page.click("#contrast")
    page.click("[data-action=form]")
    at(page, "form")
    page.locator("[data-answer]").first.click()
    yield "form"
    for _ in range(3):
        page.click("[data-action=forward]")
    page.click("[data-action=send]")
    at(page, "thanks")
    yield "thanks"
    page.click("[data-action=close]")
    tell(page, server, {"hours": WEEKDAYS_ONLY})
    page.locator(".night").wait_for()
    yield "night"


def look(page: Page, name: str) -> Iterator[str]:
    for number, (width, height) in enumerate(KIOSKS + SMALLER):
        page.set_viewport_size({"width": width, "height": height})
        found = [f"too wide {page.evaluate(TOO_WIDE)}"] if page.evaluate(TOO_WIDE) else []
        found += [f"cut or covered: {one}" for one in page.evaluate(CUT_OR_COVERED)]
        if not number:
            found += page.evaluate(RUN_AXE, TAGS)
        if (width, height) in KIOSKS:
            found += page.evaluate(TOO_SMALL, TARGET)
            found += [f"out of sight: {one}" for one in page.evaluate(OUT_OF_SIGHT)]
        yield from (f"{name} at {width}x{height}: {one}" for one in found)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_every_screen_is_for_everyone(
    screen: Page, server: Server, timers: Callable[..., None], clock: SettableClock
) -> None:
    timers(thanks_seconds=60, idle_seconds=300)
    screen.context.add_init_script(AXE_SCRIPT)
    assert [problem for name in walk(screen, server, clock) for problem in look(screen, name)] == []


def test_a_keyboard_is_enough(screen: Page, services: Services) -> None:
    def tab_to(selector: str) -> None:
        for _ in range(40):
            screen.keyboard.press("Tab")
            if screen.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(selector)

    def go(selector: str, then: str) -> None:
        tab_to(selector)
        screen.keyboard.press("Enter")
        at(screen, then)

    go("#contrast", "attract")
    expect(screen.locator("html")).to_have_attribute("data-contrast", "high")
    go("[data-action=begin]", "question")
    go("[data-overall='3']", "second")
    go("[data-action=form]", "form")
    go("[data-element=PERSYARATAN][data-answer='4']", "form")
    go("[data-action=back]", "second")
    go("[data-reason=jelas]", "second")
    tab_to("#comment")
    screen.keyboard.type("Ramah")
    with thanked(screen):
        tab_to("[data-action=send]")
        screen.keyboard.press("Enter")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.elements, rating.reasons) == (3, {"PERSYARATAN": 4}, ("jelas",))
    assert rating.comment == "Ramah"
    at(screen, "attract")
    expect(screen.locator("html")).to_have_attribute("data-contrast", "usual")
