"""What a visitor meets on their own phone after opening the link of a counter, or the one they were sent."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page

from shared.db.engine import writing
from shared.invitations import new_token
from shared.services import Services
from tests.journeys.system import System
from tests.messages import let_be_asked
from tests.screenshots.signing_in import Walk, fill, language_of, save
from tests.servers import settings_in


def choose_language(system: System, page: Page) -> Walk:
    """Let links speak as the browser does: to whoever has not chosen, they speak Indonesian."""
    page.goto(system.web)
    page.goto(f"{system.web}/r/DSL1?language={language_of(page)}")
    yield from ()


def rate_by_link(system: System, page: Page) -> Walk:
    """Press a poor face, look at all the questions, say something, and be thanked."""
    page.goto(f"{system.web}/r/DSL1?officer=DK1")  # whoever is on duty: at midnight there are two
    page.click("main [name=overall][value='2']")
    page.locator("[name=reason]").nth(1).check(force=True)
    yield "link-after-a-poor-answer"
    page.fill("#comment", "Nomor antrean tidak dipanggil berurutan.")
    page.click("[name=do][value=all]")
    yield "link-all-questions"
    save(page)
    yield "link-thanks"


def asked_by_message(system: System, page: Page) -> Walk:
    """Open an invitation about three officers, answer about the first, want no more, and come too late."""
    page.goto(f"{system.web}{_invitation(system, page, officers=['DK1', 'DK2', 'DK3'])}")
    yield "invited"
    page.click("main [name=overall][value='4']")
    save(page)
    yield "invited-thanks"
    page.goto(f"{system.web}{_invitation(system, page, officers=['DK4'])}")
    page.click("form.stop button")
    yield "invited-wants-no-more"
    page.goto(f"{system.web}{_invitation(system, page, officers=['DK5'], over=True)}")
    yield "invited-too-late"


def _invitation(system: System, page: Page, *, officers: list[str], over: bool = False) -> str:
    """Let somebody have been asked, and return the path of their link."""
    services, token = Services.of(settings_in(system.home)), new_token()
    now = services.clock()
    ended: dict[str, Any] = {"state": "expired", "ask_at": now - timedelta(days=9), "expires_at": now - timedelta(2)}
    with writing(services.engine) as session:
        let_be_asked(
            session, services, token, officers=officers, language=language_of(page), phone=f"+62813{token}",
            phone_shown="+62813•••552", served_at=now - timedelta(hours=2), **(ended if over else {}),
        )  # fmt: skip
    services.close()
    return f"/r/i/{token}"


def simulated_phone(system: System, page: Page) -> Walk:
    """Write to the demo's phone, be invited, and write by WhatsApp."""
    page.goto(f"{system.web}/simulator")
    for text in ("DSL1", "Terima kasih banyak, pelayanannya sangat baik 👍"):
        fill(page, text=text)
        page.locator(".composer button").click()
    page.locator("form[action$='/served'] button").click()
    yield "simulator-served"
    page.locator(".channels a").last.click()
    for chip in {"id": ("BANTUAN", "BERHENTI"), "en": ("HELP", "STOP")}[language_of(page)]:
        page.locator(f".chips button[value='{chip}']").click()
    yield "simulator-by-whatsapp"
