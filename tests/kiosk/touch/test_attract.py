"""The screen that waits: what the office says on it, the time on its wall, and its night."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from shared.services import Services
from tests.factories import SettableClock
from tests.kiosk.touch.own_words import EVERYTHING, WEEKDAYS_ONLY
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, rate, tell, until

pytestmark = IN_A_BROWSER

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
NIGHTS = [[["20:00", "06:00"]]] * 7
SPLIT = [[["08:00", "12:00"], ["13:00", "24:00"]]] * 7
ONCE = [[["08:00", "09:00"]], [], [], [], [], [], []]
NEVER: list[list[list[str]]] = [[]] * 7
CASES = {
    "before opening": (WEEKDAYS_ONLY, MONDAY, "07:59", [False, 0, MONDAY, "08:00"]),
    "at opening": (WEEKDAYS_ONLY, MONDAY, "08:00", [True]),
    "at closing": (WEEKDAYS_ONLY, MONDAY, "11:30", [False, 1, 1, "08:00"]),
    "before the weekend": (WEEKDAYS_ONLY, 4, "12:00", [False, 3, MONDAY, "08:00"]),
    "across midnight": (NIGHTS, 2, "23:59", [True]),
    "after midnight": (NIGHTS, 2, "05:59", [True]),
    "after Sunday's midnight": (NIGHTS, MONDAY, "00:00", [True]),
    "after the night": (NIGHTS, SUNDAY, "06:00", [False, 0, SUNDAY, "20:00"]),
    "at noon": (SPLIT, SATURDAY, "12:00", [False, 0, SATURDAY, "13:00"]),
    "until the end of the day": (SPLIT, SATURDAY, "23:59", [True]),
    "from the day's end": (SPLIT, SUNDAY, "00:00", [False, 0, SUNDAY, "08:00"]),
    "once a week": (ONCE, MONDAY, "09:00", [False, 7, MONDAY, "08:00"]),
    "never": (NEVER, MONDAY, "09:00", [False, None, None, None]),
    "not said": (None, MONDAY, "03:00", [True]),
}


def test_hours_are_read_as_they_hang_on_the_door(screen: Page) -> None:
    found = screen.evaluate(
        """async (cases) => {
            const { isOpen, nextOpening } = await import("/static/touch/hours.js");
            return cases.map(([hours, day, time]) => {
                const [hour, rest] = time.split(":").map(Number);
                const minute = (day * 24 + hour) * 60 + rest;
                if (isOpen(hours, minute)) return [true];
                const { days, weekday, time: at } = nextOpening(hours, minute) || {};
                return [false, days, weekday, at];
            });
        }""",
        [list(case[:3]) for case in CASES.values()],
    )
    assert dict(zip(CASES, found, strict=True)) == {name: expected for name, (*_, expected) in CASES.items()}
    walls = screen.evaluate(
        """async () => {
            const { wallTime } = await import("/static/touch/walltime.js");
            const moment = Date.parse("2026-11-18T15:00:00Z");
            return ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"].map((zone) => wallTime(moment, zone));
        }"""
    )
    assert [(wall["weekday"], wall["time"], wall["minute"]) for wall in walls] == [
        (2, "22:00", 2 * 1440 + 22 * 60),
        (2, "23:00", 2 * 1440 + 23 * 60),
        (3, "00:00", 3 * 1440),
    ]


def test_the_office_speaks_while_nobody_is_there(screen: Page, server: Server, timers: Callable[..., None]) -> None:
    timers(slide_seconds=0.3)
    tell(screen, server, EVERYTHING)
    # The device believes in another day and another zone.
    expect(screen.locator(".here")).to_have_text("Disdukcapil Sawahlunto, Loket 312.00 WIBRabu, 18 November 2026")
    expect(screen.locator(".sentence")).to_have_text("Selamat datang di Sawahlunto.")
    expect(screen.locator(".fair")).to_contain_text("kurang dari 10 detik")
    until(
        screen,
        """async () => {
            const kept = await (await caches.open("suara-loket-photos")).keys();
            return kept.some(({ url }) => url.endsWith(".svg"));
        }""",
    )
    shown = screen.locator(".slide-title")
    before = shown.inner_text()
    stop = screen.locator("[data-action=stop-slides]")
    expect(stop).to_have_attribute("aria-label", "Jalankan gambar")  # where movement is not wanted
    stop.click()
    expect(shown).not_to_have_text(before)
    stop.click()
    expect(stop).to_have_attribute("aria-label", "Jalankan gambar")
    at(screen, "attract")
    screen.emulate_media(reduced_motion="no-preference")
    screen.click("#language")
    expect(stop).to_have_attribute("aria-label", "Stop the pictures")
    expect(screen.locator(".sentence")).to_have_text("Welcome to Sawahlunto.")
    screen.locator(".slide-place").hover()
    screen.mouse.down()
    expect(shown).not_to_have_text(shown.inner_text())  # a slide that changes under the finger
    screen.mouse.up()
    at(screen, "question")


def test_a_closed_office_sleeps_and_wakes_by_its_own_clock(
    screen: Page, server: Server, services: Services, clock: SettableClock, timers: Callable[..., None]
) -> None:
    timers(config_seconds=0.2)
    tell(screen, server, {"hours": WEEKDAYS_ONLY})
    expect(screen.locator("body")).to_have_class("asleep")
    expect(screen.locator("main")).to_contain_text("Kantor sedang tutup")
    expect(screen.locator("main")).to_contain_text("Buka lagi besok pukul 08.00 WIB.")
    rate(screen, 3)
    assert len(arrived(services, 1, screen)) == 1
    expect(screen.locator("body")).to_have_class("asleep")
    clock.advance(hours=20)
    expect(screen.locator("body")).not_to_have_class("asleep")
    expect(screen.locator(".clock")).to_have_text("08.00 WIB")
