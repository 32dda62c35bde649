"""A phone for the tests of links."""

import pytest
from flask import Flask

from tests.kiosk.link.phone import Phone


@pytest.fixture
def phone(app: Flask) -> Phone:
    """Be a resident with a phone."""
    return Phone(app)
