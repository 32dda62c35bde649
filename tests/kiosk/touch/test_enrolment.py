"""How a device becomes a kiosk, and stops being one."""

from playwright.sync_api import BrowserContext, Page, expect

from shared.db.engine import writing
from shared.db.kiosks import add_kiosk, invite_device, revoke_kiosk
from shared.services import Services
from tests.cast import COUNTER, OFFICE
from tests.factories import NOON
from tests.kiosk.touch.stage import CODE, IN_A_BROWSER, Server, arrived, at, kept, press

pytestmark = IN_A_BROWSER


def test_a_revoked_screen_asks_nothing_and_keeps_its_outbox(
    screen: Page, services: Services, server: Server, kiosk_id: int
) -> None:
    server.stop()
    press(screen, 4)
    screen.click("[data-action=skip]")
    at(screen, "attract")
    with writing(services.engine) as session:
        revoke_kiosk(session, kiosk_id, NOON)
        again = add_kiosk(session, "Layar baru", OFFICE, COUNTER)
        invite_device(session, again, "WXYZ-6789", NOON)
    services.directory.look_again()
    screen.reload()  # still without network: the screen cannot know yet
    at(screen, "attract")
    server.start()
    screen.evaluate("dispatchEvent(new Event('online'))")
    expect(screen.locator("h1")).to_have_text("Layar ini belum terdaftar")
    assert len(kept(screen, "outbox")) == 1
    screen.reload()
    at(screen, "revoked")
    screen.click("[data-action=enrol-again]")
    screen.fill("#code", "wxyz6789")
    screen.click("[data-action=enrol]")
    at(screen, "attract")
    assert arrived(services, 1, screen)[0].kiosk == again


def test_a_wrong_code_is_explained_in_the_persons_language(server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{server.page}#code=QQQQ-2222")
    at(page, "enrol")
    assert "#" not in page.url
    page.click("#language")
    page.click("[data-action=enrol]")
    expect(page.locator("#trouble")).to_contain_text("Ask the administrator for a new one.")
    page.fill("#code", "QQ")
    page.click("[data-action=enrol]")
    expect(page.locator("#trouble")).to_contain_text("eight letters and digits")


def test_a_screen_that_never_had_its_configuration_waits_calmly(
    server: Server, context: BrowserContext, kiosk_id: int
) -> None:
    page = context.new_page()
    page.route("**/api/kiosk/config", lambda route: route.abort())
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    expect(page.locator("h1")).to_have_text("Layar sedang disiapkan")
