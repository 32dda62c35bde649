"""What officers do on their pages: look back, object, leave a form open too long."""

from datetime import UTC

from playwright.sync_api import Page

from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.domain.periods import SEMESTER, YEAR, Period
from shared.domain.zones import zone
from tests.journeys.system import System
from tests.screenshots.signing_in import PASSWORD, Walk, fill, language_of, save


def earlier_month(system: System, page: Page) -> Walk:
    """Look at an earlier month."""
    page.goto(f"{system.web}/me")
    page.locator("a[href^='/me/2']").first.click()
    yield "earlier-month"


def periods(system: System, page: Page) -> Walk:
    """Look at a semester and a year."""
    last = Month.of(system_clock(), UTC).plus(-1)
    for name, length in (("semester", SEMESTER), ("year", YEAR)):
        page.goto(f"{system.web}/me/{Period.around(last, length)}")
        yield name


def objection(system: System, page: Page) -> Walk:
    """Object to a month."""
    back = {"id": 1, "en": 2}[language_of(page)]
    month = Month.of(system_clock(), zone("Asia/Jakarta")).plus(-back)
    page.goto(f"{system.web}/me/{month}/objection")
    yield "objection"
    fill(page, words="Dua hari itu saya dinas luar; yang melayani rekan saya.", first_day=f"{month}-14")
    save(page)
    yield "objection-wrong"
    fill(page, last_day=f"{month}-15")
    save(page)
    yield "objection-filed"


def forgets_the_form(system: System, page: Page) -> Walk:
    """Send a form that was open too long."""
    page.goto(f"{system.web}/account/password")
    page.locator("main [name=csrf_token]").evaluate("field => field.remove()")
    fill(page, password=PASSWORD, new_password=PASSWORD, new_password_confirm=PASSWORD)
    save(page)
    yield "form-too-old"
