"""`make screenshots`: a picture of every screen, at the sizes it is made for, in both languages."""

import shutil
import sys
import tempfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import NOT_FOUND, chromium
from tests.journeys.system import System
from tests.screenshots.pages import AT_AN_ADDRESS, walk
from tests.screenshots.touch import (
    speak,
    walk_on_until_revoked,
    walk_past_the_offices_own_words,
    walk_to_the_thanks,
)

SIZES: Final = {
    "desktop": (1440, 900),
    "phone": (390, 844),
    "kiosk-portrait": (1080, 1920),
    "kiosk-landscape": (1280, 800),
    "kiosk-low": (800, 480),
    "paper": (794, 1123),
}
ON_DESKS: Final = ("desktop", "phone")
ON_KIOSKS: Final = ("kiosk-portrait", "kiosk-landscape", "kiosk-low", "phone")
SHOWN_ON_KIOSKS_TOO: Final = ("home", "how-scores-are-made")
PRINTED: Final = (
    "letter",
    "kiosk-code",
    "recovery-codes",
    "earlier-month",
    "how-scores-are-made",
    "for-officers",
    "survey",
)
FIRST_ADMINISTRATOR: Final = "pengelola"
FOLDER: Final = Path("screenshots")


class Album:
    """Takes pictures of the page a browser shows."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language, self.taken = page, language, 0

    def portal(self, whose: str, names: Iterable[str]) -> None:
        """Picture whole pages, on paper too where they are printed."""
        for number, name in enumerate(names, 1):
            sizes = SIZES if name in SHOWN_ON_KIOSKS_TOO else ON_DESKS
            for size in sizes:
                if size != "paper":
                    self._take(size, f"{whose}-{number:02}-{name}", whole=True)
            if name in PRINTED:
                self.page.emulate_media(media="print")
                self._take("paper", f"{whose}-{number:02}-{name}", whole=True)
                self.page.emulate_media(media="screen")

    def touch(self, names: Iterable[str]) -> None:
        """Picture the screens of a kiosk, each as much as fits."""
        for number, name in enumerate(names, 1):
            speak(self.page, self.language)
            for size in ON_KIOSKS:
                self._take(size, f"touch-{number:02}-{name}", whole=False)

    def _take(self, size: str, name: str, *, whole: bool) -> None:
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        path = FOLDER / size / f"{name}.{self.language}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=whole, animations="disabled")
        self.taken += 1


def picture(browser: Browser, systems: dict[str, System], whose: str, language: str) -> int:
    """Picture every page of one person, or the touch screen; return how many pictures that made."""
    context = browser.new_context(locale=language, reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    album = Album(context.new_page(), language)
    system = systems.get(whose, systems["demo"])
    if whose == "touch":
        album.touch(
            chain(
                walk_to_the_thanks(system, album.page),
                walk_past_the_offices_own_words(album.page),
                walk_on_until_revoked(system, album.page, language),
            )
        )
    else:
        album.portal(whose, walk(system, album.page, whose))
    context.close()
    return album.taken


def main(wanted: list[str]) -> int:
    """Take every picture, or those of the people named, and say how many."""
    path = chromium()
    if path is None:
        print(NOT_FOUND)
        return 1
    with (
        tempfile.TemporaryDirectory() as demo,
        tempfile.TemporaryDirectory() as empty,
        sync_playwright() as playwright,
    ):
        if not wanted:  # then all are taken anew, and none of a page that is no more stays behind
            shutil.rmtree(FOLDER, ignore_errors=True)
        systems = {
            "demo": System(Path(demo)).start(),
            FIRST_ADMINISTRATOR: System(Path(empty), demo_data=False).start(),
        }
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            everybody = [(whose, language) for whose in (*AT_AN_ADDRESS, "touch") for language in ("id", "en")]
            chosen = [one for one in everybody if not wanted or one[0] in wanted]
            taken = sum(picture(browser, systems, whose, language) for whose, language in chosen)
        finally:
            browser.close()
            for system in systems.values():
                system.stop()
    print(f"{taken} pictures in {FOLDER}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
