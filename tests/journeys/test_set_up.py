"""From an empty folder to a first rating that counts: the whole set-up, in a browser, by the guide."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from shared.db.engine import make_engine, reading
from shared.db.trail import Wanted, acts
from tests.journeys.system import System

PASSWORD = "satu-dua-tiga-loket"


@pytest.fixture(scope="module")
def empty_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Run an installation in which there is nothing yet."""
    system = System(tmp_path_factory.mktemp("empty"), demo_data=False).start()
    yield system
    system.stop()


def save(page: Page) -> None:
    page.locator("main button.primary").first.click()


def step(page: Page, system: System) -> None:
    """Go where the guide says comes next."""
    page.goto(f"{system.web}/admin")
    page.locator("[aria-current=step] a.button").click()


def the_first_administrator(page: Page, system: System) -> None:
    printed = system.suara("accounts", "add", "pengelola", "--name", "Pengelola Pertama", "--role", "administrator")
    code = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", printed)
    assert code
    page.goto(f"{system.web}/activate/{code[0]}")
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    save(page)
    page.fill("#username", "pengelola")
    page.fill("#password", PASSWORD)
    save(page)
    save(page)  # begin to connect the phone
    secret = page.locator("code.key").inner_text().replace("-", "").replace(" ", "")
    page.fill("#code", str(TOTP(key=secret).generate().token))
    save(page)
    save(page)  # make recovery codes
    expect(page.locator(".codes li")).to_have_count(8)
    page.locator("main a.primary").click()


def test_an_empty_installation_is_led_to_its_first_rating(empty_system: System, page: Page) -> None:
    system = empty_system
    the_first_administrator(page, system)

    step(page, system)
    page.fill("#name", "Kota Contoh")
    page.fill("#code", "KC")
    page.get_by_role("button", name="Tambah").click()
    step(page, system)
    page.fill("#name", "Dukcapil Kota Contoh")
    page.fill("#code", "DKC")
    page.select_option("#kind", "dukcapil")
    page.select_option("#timezone", "Asia/Jakarta")
    save(page)
    step(page, system)
    page.fill("#name", "Loket 1")
    page.fill("#code", "DKC1")
    save(page)
    page.goto(f"{system.web}/admin/officers/new")
    page.fill("#name", "Nur'aini, S.Sos.")
    page.fill("#code", "NA1")
    page.select_option("#office", "DKC")
    page.fill("#nip", "19860926 201505 1 001")
    save(page)
    page.goto(f"{system.web}/admin/kiosks/new?office=DKC")
    page.fill("#name", "Layar Loket 1")
    page.select_option("#counter", "DKC1")
    save(page)
    code = page.locator(".one-time")
    if not code.count():
        page.goto(f"{system.web}/admin/kiosks/1/invite")
        save(page)
    written = code.inner_text()

    browser = page.context.browser
    assert browser
    tablet = browser.new_context(locale="id", viewport={"width": 1280, "height": 800}).new_page()
    tablet.goto(f"{system.web}/touch#code={written}")
    tablet.click("[data-action=enrol]")
    tablet.click("[data-action=begin]")
    tablet.get_by_text("Nur'aini").first.click()
    tablet.click("[data-overall='4']")
    tablet.click("[data-action=skip]")
    system.wait_until(lambda: system.counted("NA1") == (1, 1), 60)
    tablet.context.close()

    page.goto(f"{system.web}/admin")
    expect(page.locator("h1")).to_have_text("Pengelolaan")
    assert the_trail(system.home) >= {
        ("suara", "added", "account", "pengelola"),
        ("pengelola", "signed_in", "sign_in", "pengelola"),
        ("pengelola", "added", "region", "KC"),
        ("pengelola", "added", "office", "DKC"),
        ("pengelola", "added", "counter", "DKC1"),
        ("pengelola", "added", "officer", "NA1"),
        ("pengelola", "added", "kiosk", "1"),
    }


def the_trail(home: Path) -> set[tuple[str, str, str, str]]:
    """Return who did what to which thing."""
    engine = make_engine(f"sqlite:///{home / 'var' / 'suara.sqlite3'}")
    with reading(engine) as session:
        found, _more = acts(session, Wanted(), limit=200)
    engine.dispose()
    return {(act.actor.name, act.verb, act.kind, act.subject) for act in found}
