"""Signing in as the people of the demo do: with a password, and a code from a phone where there is one."""

import time
from collections.abc import Iterator
from typing import Any, Final

from passlib.totp import TOTP
from playwright.sync_api import Page

from tests.journeys.system import System

Walk = Iterator[str]
"""Leads a browser from screen to screen, and names each."""
CODE_LASTS = 30
PASSWORD: Final = "satu-dua-tiga-loket"


def language_of(page: Page) -> str:
    """Return the language of the page that is shown."""
    return str(page.locator("html").get_attribute("lang"))


def save(page: Page) -> None:
    """Press the button that the page is about."""
    page.locator("main button.primary").first.click()


def fill(page: Page, **fields: str) -> None:
    """Fill fields by their ids."""
    for field, value in fields.items():
        page.fill(f"#{field}", value)


def phone_code(key: str, ahead: int = 0) -> str:
    """Return the code that a phone with this key shows now, or so many seconds later."""
    return str(TOTP(key=key).generate(time.time() + ahead).token)


def account_of(system: System, username: str) -> Any:
    """Return what the demo's sheet says about an account."""
    return next(one for one in system.demo["accounts"] if one["username"] == username)


def sign_in(page: Page, system: System, username: str) -> None:
    """Sign in to the demo, on the page that asks for it now or on a new one."""
    account = account_of(system, username)
    if not page.url.startswith(f"{system.web}/login"):
        page.goto(f"{system.web}/login")
    fill(page, username=username, password=account["password"])
    save(page)
    # A code is good once: whoever signs in again within half a minute needs the next, and then has to wait.
    for wait, ahead in ((0, 0), (0, CODE_LASTS), (CODE_LASTS, CODE_LASTS)):
        if page.url.startswith(f"{system.web}/login/second-step"):
            page.wait_for_timeout(wait * 1000)
            fill(page, code=phone_code(account["totp"], ahead))
            save(page)
