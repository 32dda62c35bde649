"""Two pages on one device."""

from playwright.sync_api import BrowserContext, Page

from shared.services import Services
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, keeps, press

pytestmark = IN_A_BROWSER


def test_a_second_tab_leaves_a_visit_in_the_first_alone(
    screen: Page, services: Services, context: BrowserContext, server: Server
) -> None:
    press(screen, 3)
    other = context.new_page()
    other.goto(server.page)
    at(other, "attract")
    other.wait_for_timeout(1000)
    screen.bring_to_front()
    screen.click("[data-reason=jelas]")
    screen.fill("#comment", "Terima kasih.")
    screen.click("[data-action=send]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.reasons, rating.comment) == (("jelas",), "Terima kasih.")
    screen.wait_for_timeout(500)
    assert len(arrived(services, 1, screen)) == 1


def test_what_was_pressed_in_a_tab_that_is_closed_is_sent_by_the_other(
    screen: Page, services: Services, context: BrowserContext, server: Server
) -> None:
    other = context.new_page()
    other.goto(server.page)
    at(other, "attract")
    screen.bring_to_front()
    press(screen, 1)
    keeps(screen, "drafts", 1)
    screen.close()
    (rating,) = arrived(services, 1, other)
    assert rating.overall == 1
    keeps(other, "drafts", 0)
