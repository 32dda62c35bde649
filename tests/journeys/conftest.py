"""One running system for all journeys, and a window to walk through it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.system import System


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys on one worker: they share the running system."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("running system"))


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Start the system as an operator does; stop it when the journeys are over."""
    system = System(tmp_path_factory.mktemp("home")).start()
    yield system
    system.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh window."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="id", bypass_csp=True
    )
    yield context.new_page()
    context.close()
