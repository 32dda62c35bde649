"""What administrators do: the first one's sign-in, offices, officers, kiosks, keys, letters, imports."""

import re
from typing import Final

from playwright.sync_api import Page

from tests.journeys.system import System
from tests.screenshots.files import officers_table, portrait, ratings_table
from tests.screenshots.signing_in import PASSWORD, Walk, fill, language_of, phone_code, save

KIOSKS: Final = {"id": "Pintu masuk", "en": "Ruang tunggu"}
AUDITORS: Final = {"id": ("nuraini", "Nur'aini Sa'diyah, S.Kep., Ns."), "en": ("wulan", "Wulan Sari, S.E.")}
ADMINISTRATORS: Final = {"id": ("ratna", "Ratna Dewi"), "en": ("hasan", "Hasan Basri")}
"""What is made in each language, for no two may be called the same."""


def wrong_office(system: System, page: Page) -> Walk:
    """Add an office that cannot be."""
    page.goto(f"{system.web}/admin/offices/new")
    fill(page, name="Puskesmas Contoh", code="DSW", population="banyak", opens_0="08:00")
    save(page)
    yield "office-wrong"


def new_key(system: System, page: Page) -> Walk:
    """Make a key."""
    page.goto(f"{system.web}/admin/keys")
    fill(page, name=KIOSKS[language_of(page)])
    page.select_option("#office", "PSF")
    save(page)
    yield "api-key"


def photo_and_move(system: System, page: Page) -> Walk:
    """Give an officer a photo, and move them."""
    page.goto(f"{system.web}/admin/officers/DK5")
    yield "officer-without-photo"
    page.set_input_files("#photo", {"name": "foto.png", "mimeType": "image/png", "buffer": portrait()})
    page.locator("#photo-heading ~ .portrait form.fields button").click()
    page.locator("#photo-heading ~ .portrait img").wait_for()
    page.select_option("#to", "CAM")
    fill(page, moves_on="2027-01-04")
    page.locator("#moves-heading ~ form.fields button").click()
    yield "officer"
    page.locator("#moves-heading ~ .entries form button").click()
    page.locator("#photo-heading ~ .portrait button.plain").click()


def new_kiosk(system: System, page: Page) -> Walk:
    """Add a kiosk and invite a device."""
    page.goto(f"{system.web}/admin/kiosks/new?office=PSF")
    yield "kiosk-new"
    fill(page, name=KIOSKS[language_of(page)])
    save(page)
    yield "kiosk-without-a-device"
    page.locator("main a.primary").click()
    save(page)
    yield "kiosk-code"


def letters(system: System, page: Page) -> Walk:
    """Invite somebody by letter."""
    page.goto(f"{system.web}/admin/accounts/new")
    page.select_option("#role", "auditor")
    username, name = AUDITORS[language_of(page)]
    fill(page, name=name, username="dk1")
    save(page)
    yield "account-wrong"
    fill(page, username=username)
    save(page)
    yield "letter"
    page.goto(f"{system.web}/admin/accounts?words={username}")
    page.locator("tbody th a").first.click()
    yield "account-waiting"


def imports(system: System, page: Page) -> Walk:
    """Bring in officers and ratings."""
    page.goto(f"{system.web}/admin/imports/new")
    language = language_of(page)
    yield "import-new"
    yield from _import(system, page, "officers", "petugas.csv", officers_table(language))
    page.locator(".choices form button").last.click()
    _until_still(page)
    yield "import-undone"
    page.goto(f"{system.web}/admin/imports/new")
    yield from _import(system, page, "ratings", "penilaian.csv", ratings_table(language))
    page.goto(f"{system.web}/admin/imports")
    yield "imports"
    page.goto(f"{system.web}/audit")
    yield "trail"
    page.goto(f"{system.web}/audit?words=tidak+ada")
    yield "trail-empty"


def _import(system: System, page: Page, kind: str, name: str, content: bytes) -> Walk:
    page.check(f"#kind_{kind}")
    page.select_option("#office", "DSW")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    save(page)
    if kind == "ratings":  # of which there are enough to see them being checked
        page.goto(f"{page.url}?still=yes")
        yield "import-uploaded"
    _until_still(page)
    yield f"import-{kind}-checked"
    save(page)
    if kind == "ratings":
        page.goto(f"{page.url}?still=yes")
        yield "import-running"
    _until_still(page)
    yield f"import-{kind}-done"


def _until_still(page: Page) -> None:
    """Wait until the worker has done what it was asked for."""
    page.goto(page.url.partition("?")[0])
    page.locator("main:not(:has(progress))").wait_for(timeout=60_000)


def first_administrator(system: System, page: Page) -> Walk:
    """Be the first to sign in to an empty installation."""
    page.goto(system.web)
    username, name = ADMINISTRATORS[language_of(page)]
    printed = system.suara("accounts", "add", username, "--name", name, "--role", "administrator")
    code = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", printed)
    assert code
    page.goto(f"{system.web}/activate/{code[0]}")
    yield "activate"
    fill(page, password=PASSWORD, password_again="lain")
    save(page)
    yield "activate-not-the-same"
    fill(page, password=PASSWORD, password_again=PASSWORD)
    save(page)
    yield "activated"
    fill(page, username=username, password=PASSWORD)
    save(page)
    yield "second-step-begin"
    save(page)
    yield "second-step-connect"
    key = page.locator("code.key").inner_text().replace("-", "").replace(" ", "")
    fill(page, code=phone_code(key))
    save(page)
    yield "recovery-codes-begin"
    save(page)
    yield "recovery-codes"
    page.context.clear_cookies(name="session")
    page.goto(f"{system.web}/login")
    fill(page, username=username, password=PASSWORD)
    save(page)
    yield "second-step"
    page.goto(f"{system.web}/login/recovery")
    yield "recovery"
    page.goto(f"{system.web}/login/second-step")
    fill(page, code="000000")
    save(page)
    yield "second-step-wrong"
    fill(page, code=phone_code(key, ahead=30))
    save(page)
