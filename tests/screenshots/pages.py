"""Every page of the portals, for everybody who may see it: those an address leads to, and those an act does."""

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.domain.periods import SEMESTER, YEAR, Period
from shared.domain.zones import zone
from tests.journeys.system import System
from tests.screenshots.files import (
    counter,
    fees_table,
    forms_table,
    officers_table,
    portrait,
    ratings_table,
    roster_table,
)
from tests.screenshots.link import rate_by_link
from tests.screenshots.signing_in import fill, phone_code, save, sign_in

Walk = Iterator[str]
"""Leads a browser from screen to screen, and names each."""
PASSWORD: Final = "satu-dua-tiga-loket"
KIOSKS: Final = {"id": "Pintu masuk", "en": "Ruang tunggu"}
AUDITORS: Final = {"id": ("nuraini", "Nur'aini Sa'diyah, S.Kep., Ns."), "en": ("wulan", "Wulan Sari, S.E.")}
ADMINISTRATORS: Final = {"id": ("ratna", "Ratna Dewi"), "en": ("hasan", "Hasan Basri")}
"""What is made in each language, for no two may be called the same."""
NOBODY: Final = "nobody"
VISITOR: Final = "visitor"
AT_AN_ADDRESS: Final[dict[str, dict[str, str]]] = {
    NOBODY: {
        "home": "/",
        "how-scores-are-made": "/how-scores-are-made",
        "for-officers": "/for-officers",
        "no-such-page": "/x",
        "activation": "/activate",
        "activation-unknown": "/activate/AAAA-BBBB-CCCC-DDDD",
        "sign-in": "/login",
    },
    VISITOR: {"simulator": "/simulator", "link": "/r/DSL1", "link-of-an-office": "/r/DSW", "link-unknown": "/r/X"},
    "dk1": {
        "my-ratings": "/me",
        "account": "/account",
        "change-password": "/account/password",
        "password-again": "/login/again",
        "connect-a-phone": "/login/second-step/new",
        "not-for-you": "/admin",
    },
    "dk5": {"too-few": "/me"},
    "atasan": {
        "office": "/office/DSW",
        "roster": "/roster/DSW",
        "not-theirs": "/office/PSF",
        "survey": "/skm",
        "survey-wrong": "/skm/DSW?from=x",
        "words": "/own-words/DSW",
        "slide-new": "/own-words/DSW/slides/new",
        "invitations": "/visits/DSW",
        "visit": "/visits/DSW/new",
        "wishes": "/wishes/DSW",
        "account": "/account",
    },
    "bkpsdm": {
        "offices": "/office",
        "office": "/office/DSW",
        "empty-office": "/office/CAM",
        "survey-of-nobody": "/skm/CAM",
        "reports-none": "/reports",
    },
    "admin": {
        "overview": "/admin",
        "offices": "/admin/offices",
        "offices-not-found": "/admin/offices?words=tidak+ada",
        "office": "/admin/offices/DSW",
        "office-new": "/admin/offices/new",
        "counters": "/admin/offices/DSW/counters",
        "counter": "/admin/offices/DSW/counters/DSL1",
        "services": "/admin/offices/DSW/services",
        "additional-elements": "/admin/offices/DSW/elements",
        "officers": "/admin/officers",
        "officer-new": "/admin/officers/new",
        "rosters": "/roster",
        "roster": "/roster/DSW",
        "roster-of-an-empty-office": "/roster/CAM",
        "words-none": "/own-words/PSF",
        "kiosks": "/admin/kiosks",
        "kiosk": "/admin/kiosks/1",
        "kiosk-office": "/admin/kiosks/new",
        "kiosk-invite": "/admin/kiosks/1/invite",
        "kiosk-revoke": "/admin/kiosks/1/revoke",
        "invitations-offices": "/visits",
        "invitations-none": "/visits/PSF",
        "asking-guardians-none": "/visits/SDA/campaigns",
        "api-keys": "/admin/keys",
        "accounts": "/admin/accounts",
        "account": "/admin/accounts/1",
        "account-own": "/admin/accounts/13",
        "account-new": "/admin/accounts/new",
        "accounts-of-officers": "/admin/accounts/officers?office=DSW",
    },
    "auditor": {
        "overview": "/admin",
        "officer": "/admin/officers/DK1",
        "roster": "/roster/DSW",
        "words": "/own-words/DSW",
        "account": "/admin/accounts/1",
        "surveys": "/skm",
        "survey": "/skm/PSF",
        "reports": "/reports",
    },
    "pengelola": {
        "guide": "/admin",
        "offices": "/admin/offices",
        "officers": "/admin/officers",
        "rosters": "/roster",
        "kiosks": "/admin/kiosks",
        "imports": "/admin/imports",
        "account": "/account",
    },
}
"""Whose page, its name, its address; `pengelola` is the first administrator of an empty installation."""

REFUSED: Final = {"no-such-page", "link-unknown", "activation-unknown", "not-for-you", "not-theirs", "survey-wrong"}


def walk(system: System, page: Page, username: str) -> Walk:
    """Lead through every page of one person."""
    if username in BEFORE:
        yield from BEFORE[username](system, page)
    elif username not in {NOBODY, VISITOR}:
        sign_in(page, system, username)
    for name, path in AT_AN_ADDRESS[username].items():
        response = page.goto(f"{system.web}{path}")
        assert response
        assert (response.status >= HTTPStatus.BAD_REQUEST) == (name in REFUSED), (path, response.status)
        yield name
    for act in ACTS.get(username, ()):
        yield from act(system, page)


def _fails_to_sign_in(system: System, page: Page) -> Walk:
    fill(page, username="dk1", password="salah")
    save(page)
    yield "sign-in-wrong"


def _earlier_month(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/me")
    page.locator("a[href^='/me/2']").first.click()
    yield "earlier-month"


def _periods(system: System, page: Page) -> Walk:
    last = Month.of(system_clock(), UTC).plus(-1)
    for name, length in (("semester", SEMESTER), ("year", YEAR)):
        page.goto(f"{system.web}/me/{Period.around(last, length)}")
        yield name


def _forgets_the_form(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/account/password")
    page.locator("main [name=csrf_token]").evaluate("field => field.remove()")
    fill(page, password=PASSWORD, new_password=PASSWORD, new_password_confirm=PASSWORD)
    save(page)
    yield "form-too-old"


def _posting(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/roster/DSW")
    page.locator(".week td a[href*='/postings/'], .week td li a").first.click()
    yield "posting"


def _wrong_posting(system: System, page: Page) -> Walk:
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
    weeks = {"id": 12, "en": 15}[_language(page)]
    today = system_clock().date()
    monday = today + timedelta(weeks=weeks, days=-today.weekday())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "jadwal.csv"
        file.write_text(roster_table(monday))
        system.suara("import", "roster", str(file))
    return monday


def _signed_out_meanwhile(system: System, page: Page) -> Walk:
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


def _own_words(system: System, page: Page) -> Walk:
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


def _objection(system: System, page: Page) -> Walk:
    back = {"id": 1, "en": 2}[_language(page)]
    month = Month.of(system_clock(), zone("Asia/Jakarta")).plus(-back)
    page.goto(f"{system.web}/me/{month}/objection")
    yield "objection"
    fill(page, words="Dua hari itu saya dinas luar; yang melayani rekan saya.", first_day=f"{month}-14")
    save(page)
    yield "objection-wrong"
    fill(page, last_day=f"{month}-15")
    save(page)
    yield "objection-filed"


def _decision(system: System, page: Page) -> Walk:
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


def _survey_on_paper(system: System, page: Page) -> Walk:
    year = system_clock().year - 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kertas.csv"
        file.write_text(forms_table(year))
        system.suara("import", "ratings", str(file), "--office", "DSW")
    page.goto(f"{system.web}/skm/DSW?from={year}-01&to={year}-12")
    yield "survey-on-paper"


def _reports(system: System, page: Page) -> Walk:
    last_month = Month.of(system_clock(), zone("Asia/Jakarta")).plus(-1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "biaya.csv"
        file.write_text(fees_table(last_month))
        system.suara("import", "ratings", str(file), "--office", "DSW")
    page.goto(f"{system.web}/reports")
    yield "reports"


def _simulated_phone(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/simulator")
    for text in ("DSL1", "Terima kasih banyak, pelayanannya sangat baik 👍"):
        fill(page, text=text)
        page.locator(".composer button").click()
    page.locator("form[action$='/served'] button").click()
    yield "simulator-served"
    page.locator(".channels a").last.click()
    for chip in ("BANTUAN", "BERHENTI"):
        page.locator(f".chips button[value='{chip}']").click()
    yield "simulator-by-whatsapp"


def _wrong_office(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/admin/offices/new")
    fill(page, name="Puskesmas Contoh", code="DSW", population="banyak", opens_0="08:00")
    save(page)
    yield "office-wrong"


def _wrong_visit(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/visits/DSW/new")
    page.select_option("#officer", "DK1")
    fill(page, phone="0812")
    page.check("#consent")
    save(page)
    yield "visit-wrong"


def _new_key(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/admin/keys")
    fill(page, name=KIOSKS[_language(page)])
    page.select_option("#office", "PSF")
    save(page)
    yield "api-key"


def _officer(system: System, page: Page) -> Walk:
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


def _new_kiosk(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/admin/kiosks/new?office=PSF")
    yield "kiosk-new"
    fill(page, name=KIOSKS[_language(page)])
    save(page)
    yield "kiosk-without-a-device"
    page.locator("main a.primary").click()
    save(page)
    yield "kiosk-code"


def _letters(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/admin/accounts/new")
    page.select_option("#role", "auditor")
    username, name = AUDITORS[_language(page)]
    fill(page, name=name, username="dk1")
    save(page)
    yield "account-wrong"
    fill(page, username=username)
    save(page)
    yield "letter"
    page.goto(f"{system.web}/admin/accounts?words={username}")
    page.locator("tbody th a").first.click()
    yield "account-waiting"


def _imports(system: System, page: Page) -> Walk:
    page.goto(f"{system.web}/admin/imports/new")
    language = _language(page)
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


def _language(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


def _until_still(page: Page) -> None:
    """Wait until the worker has done what it was asked for."""
    page.goto(page.url.partition("?")[0])
    page.locator("main:not(:has(progress))").wait_for(timeout=60_000)


def _first_administrator(system: System, page: Page) -> Walk:
    page.goto(system.web)
    username, name = ADMINISTRATORS[_language(page)]
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


BEFORE: Final[dict[str, Callable[[System, Page], Walk]]] = {"pengelola": _first_administrator}
ACTS: Final[dict[str, tuple[Callable[[System, Page], Walk], ...]]] = {
    NOBODY: (_fails_to_sign_in,),
    VISITOR: (rate_by_link, _simulated_phone),
    "dk1": (_earlier_month, _periods, _objection, _forgets_the_form),
    "atasan": (_decision, _own_words, _wrong_visit, _posting, _wrong_posting, _signed_out_meanwhile),
    "bkpsdm": (_decision, _survey_on_paper, _reports),
    "admin": (_wrong_office, _officer, _new_kiosk, _new_key, _letters, _imports),
}
