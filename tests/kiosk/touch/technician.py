"""What a technician does at a screen, and a server that knows the screen's PIN."""

from importlib import import_module
from typing import Any

import pytest
from playwright.sync_api import Page

from kiosk.touch.configuration import configuration
from shared.domain.people import Kiosk
from shared.services import Services
from tests.kiosk.touch.stage import at

PIN = "482915"


def knows_its_pin(monkeypatch: pytest.MonkeyPatch, pin: Any = PIN) -> None:
    """Let the server tell every screen this PIN."""

    def with_pin(kiosk: Kiosk, services: Services) -> dict[str, Any]:
        told = configuration(kiosk, services)
        return {**told, "pin": pin, "version": f"{told['version']}-{pin}"}

    monkeypatch.setattr(import_module("kiosk.touch.api"), "configuration", with_pin)


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
