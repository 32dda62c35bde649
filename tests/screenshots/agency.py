"""What leaders decide, and what an agency brings in: reviews, forms on paper, reports."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.domain.zones import zone
from tests.journeys.system import System
from tests.screenshots.files import fees_table, forms_table
from tests.screenshots.signing_in import Walk, fill, save


def decision(system: System, page: Page) -> Walk:
    """Say the first word about a review."""
    page.goto(f"{system.web}/reviews")
    yield "reviews"
    waiting = page.locator("section[aria-labelledby=waiting] .entry a")
    if not waiting.count():
        return
    waiting.first.click()
    yield "review"
    page.check("#outcome_stands")
    fill(page, reason="Menurut jadwal dan daftar hadir, ia bertugas pada kedua hari itu.")
    save(page)
    yield "review-said"


def survey_on_paper(system: System, page: Page) -> Walk:
    """Bring in forms on paper, and look at the survey."""
    year = system_clock().year - 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kertas.csv"
        file.write_text(forms_table(year))
        system.suara("import", "ratings", str(file), "--office", "DSW")
    page.goto(f"{system.web}/skm/DSW?from={year}-01&to={year}-12")
    yield "survey-on-paper"


def reports(system: System, page: Page) -> Walk:
    """Bring in reports of unofficial fees, and look at them."""
    last_month = Month.of(system_clock(), zone("Asia/Jakarta")).plus(-1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "biaya.csv"
        file.write_text(fees_table(last_month))
        system.suara("import", "ratings", str(file), "--office", "DSW")
    page.goto(f"{system.web}/reports")
    yield "reports"
