"""Commands are tried on the installation of the test that asks for them."""

import pytest

from shared.services import Services
from tests.shell import Shell


@pytest.fixture
def suara(services: Services, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Run commands on this test's installation."""
    return Shell(services.settings, monkeypatch)
