"""What a technician knows and does at a screen."""

from playwright.sync_api import Page
from sqlalchemy import update

from shared.db.engine import writing
from shared.db.people_tables import KioskRow
from shared.services import Services
from tests.kiosk.touch.stage import at

PIN = "482915"


def has_this_pin(services: Services) -> None:
    """Let the technician's PIN of every kiosk be the one that the tests know."""
    with writing(services.engine) as session:
        session.execute(update(KioskRow).values(pin=PIN))


def rest_a_finger(page: Page, x: int, y: int, seconds: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.wait_for_timeout(seconds * 1000)
    page.mouse.up()


def open_door(page: Page) -> None:
    """Hold the technician's key until the door stands there."""
    page.keyboard.down("F2")
    at(page, "pin")
    page.keyboard.up("F2")


def open_page(page: Page) -> None:
    open_door(page)
    page.keyboard.type(PIN)
    at(page, "technician")


def tells(page: Page) -> dict[str, str]:
    """Return what the page says of the device, once it says anything."""
    page.wait_for_selector(".fact")
    return dict(
        page.eval_on_selector_all(
            ".fact", "facts => facts.map(fact => [...fact.children].map(part => part.textContent))"
        )
    )
