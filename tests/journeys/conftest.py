"""One running system for all journeys, and a window to walk through it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.system import System


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the journeys, for they take longest, and keep those together that share a running system.

    Whoever only looks at pages has one of their own: there nobody kills a process meanwhile.
    """
    for item in items:
        if "journeys" in item.path.parts:
            only_looks = item.path.stem == "test_accessibility"
            item.add_marker(pytest.mark.xdist_group("looking around" if only_looks else "running system"))
    items.sort(key=lambda item: "journeys" not in item.path.parts)


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
