"""What supervisors do: plan a week, write their own words, write a visit down, come back after signing out."""

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page

from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.domain.zones import zone
from tests.journeys.system import System
from tests.screenshots.files import counter, roster_table
from tests.screenshots.signing_in import Walk, fill, language_of, save, sign_in


def posting(system: System, page: Page) -> Walk:
    """Look at one posting."""
    page.goto(f"{system.web}/roster/DSW")
    page.locator(".week td a[href*='/postings/'], .week td li a").first.click()
    yield "posting"


def wrong_posting(system: System, page: Page) -> Walk:
    """Plan what cannot be, and copy a week."""
    page.goto(f"{system.web}/roster/DSW")
    page.select_option("#officer", "DK1")
    fill(page, begins="08:00", until="08:00")
    page.locator(".posting button.primary").click()
    yield "posting-wrong"
    monday = _planned_week(system, page)
    page.goto(f"{system.web}/roster/DSW/{monday + timedelta(days=7)}")
    page.locator(".copying button").click()
    yield "week-copied"


def _planned_week(system: System, page: Page) -> date:
    """Plan a week of which the demo plans nothing; return its Monday."""
    weeks = {"id": 12, "en": 15}[language_of(page)]
    today = system_clock().date()
    monday = today + timedelta(weeks=weeks, days=-today.weekday())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "jadwal.csv"
        file.write_text(roster_table(monday))
        system.suara("import", "roster", str(file))
    return monday


def signed_out_meanwhile(system: System, page: Page) -> Walk:
    """Save what was typed after being signed out."""
    page.goto(f"{system.web}/roster/DSW")
    page.select_option("#officer", "DK1")
    fill(page, begins="16:00", until="17:00")
    system.suara("accounts", "shut", "atasan")
    system.suara("accounts", "open", "atasan")
    page.locator(".posting button.primary").click()
    yield "signed-out-meanwhile"
    sign_in(page, system, "atasan")
    page.get_by_role("link", name=re.compile("Nanti saja|Not now")).click()
    yield "nothing-is-lost"


def own_words(system: System, page: Page) -> Walk:
    """Write what the kiosks say, and add a picture."""
    page.goto(f"{system.web}/own-words/DSW")
    page.fill("#changed_on", "2099-01-01")
    save(page)
    yield "words-wrong"
    page.goto(f"{system.web}/own-words/DSW/slides/new")
    fill(page, title="Loket 4 kini buka", text="Mulai bulan ini ada satu loket lagi, di sebelah kiri pintu masuk.")
    save(page)
    page.set_input_files("#picture", {"name": "loket.png", "mimeType": "image/png", "buffer": counter()})
    page.locator("#picture-heading ~ form.fields button").click()
    page.locator(".screen img").wait_for()
    yield "slide"
    page.set_input_files("#picture", {"name": "loket.png", "mimeType": "image/png", "buffer": b"bukan gambar"})
    page.locator("#picture-heading ~ form.fields button").click()
    yield "slide-no-picture"
    page.goto(f"{system.web}/own-words/DSW")
    yield "words-with-a-picture"
    page.locator(".acts form:last-child button").last.click()


def wrong_visit(system: System, page: Page) -> Walk:
    """Write a visit down with a number that is none."""
    page.goto(f"{system.web}/visits/DSW/new")
    page.select_option("#officer", "DK1")
    fill(page, phone="0812")
    page.check("#consent")
    save(page)
    yield "visit-wrong"


def earlier_messages(system: System, page: Page) -> Walk:
    """Look at a month of messages whose answers may be told."""
    page.goto(f"{system.web}/messages/DSW?month={Month.of(system_clock(), zone('Asia/Jakarta')).plus(-2)}")
    yield "messages-of-a-month-that-is-over"
