"""An enrolled screen before a running server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kiosk import create_app
from kiosk.touch import configuration
from shared.db.engine import writing
from shared.db.kiosks import add_kiosk, invite_device
from shared.services import Services
from tests.cast import COUNTER, OFFICE
from tests.factories import NOON
from tests.kiosk.touch.stage import CODE, Server, at


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set how long the screen waits for what."""

    def set_timers(**seconds: float) -> None:
        for name, value in seconds.items():
            monkeypatch.setitem(configuration.TIMERS, name, value)

    set_timers(send_seconds=0.2, thanks_seconds=0.5)
    return set_timers


@pytest.fixture
def kiosk_id(services: Services) -> int:
    """Make a kiosk at Asha's counter known, with a code for its device."""
    with writing(services.engine) as session:
        kiosk = add_kiosk(session, "Layar Loket 3", OFFICE, COUNTER)
        invite_device(session, kiosk, CODE, NOON)
    services.directory.look_again()
    return kiosk


@pytest.fixture
def server(services: Services, timers: Callable[..., None]) -> Iterator[Server]:
    """Serve the app as a real server does."""
    server = Server(create_app(services), services.clock)
    yield server
    server.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh device, worked by hand."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", has_touch=True)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def screen(server: Server, context: BrowserContext, kiosk_id: int) -> Page:
    """An enrolled screen at its start, which works without network from now on."""
    page = context.new_page()
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    at(page, "attract")
    page.evaluate("""() => new Promise((resolve) => {
        const workers = navigator.serviceWorker;
        if (workers.controller) resolve();
        else workers.addEventListener("controllerchange", () => resolve());
    })""")
    return page
