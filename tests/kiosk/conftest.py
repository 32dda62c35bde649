"""The kiosk app on this test's services, and a device that talks to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from kiosk import create_app
from shared import standings, stream
from shared.db.accounts import Place
from shared.domain.people import Role
from shared.services import Services
from tests.cast import KIOSK_TOKEN, OFFICE
from tests.pages import Pages, led_by
from workers.recorder import record_batch

HERE: Final = Path(__file__).parent
DATABASES: Final = 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Try what pages show on one of the two databases, by turns; over all tests of a page its queries run on both.

    What is accepted, recorded and scored is tried on both each time, and so is a test that is asked for by its name.
    """
    alike: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.path.parent == HERE and not item.path.stem.startswith("test_api"):
            alike[item.nodeid.replace("postgresql", "").replace("sqlite", "")].append(item)
    left_out = [both[crc32(name.encode()) % 2] for name, both in alike.items() if len(both) == DATABASES]
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


@pytest.fixture
def app(services: Services) -> Flask:
    """Build the app as the server does."""
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Be a browser without a session."""
    return app.test_client()


@pytest.fixture
def admin(app: Flask, services: Services) -> Pages:
    """Be the administrator, signed in."""
    return led_by(app, services, "admin", Place(Role.ADMINISTRATOR))


@pytest.fixture
def auditor(app: Flask, services: Services) -> Pages:
    """Be the auditor, signed in."""
    return led_by(app, services, "auditor", Place(Role.AUDITOR))


@pytest.fixture
def supervisor(app: Flask, services: Services) -> Pages:
    """Be the supervisor of Asha's office, signed in."""
    return led_by(app, services, "atasan", Place(Role.SUPERVISOR, office=OFFICE))


@dataclass
class Device:
    """A kiosk with its token."""

    client: FlaskClient
    token: str = KIOSK_TOKEN

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Send JSON as the kiosk does."""
        return self.client.post(path, json=body, headers={"Authorization": f"Bearer {self.token}", **headers})

    def get(self, path: str, **headers: str) -> TestResponse:
        """Fetch as the kiosk does."""
        return self.client.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})

    def give(self, *ratings: dict[str, Any], **batch: Any) -> TestResponse:
        """Hand in ratings."""
        return self.post("/api/ratings", {"ratings": list(ratings), **batch})


@pytest.fixture
def device(client: FlaskClient) -> Device:
    """Be the enrolled kiosk at Asha's counter."""
    return Device(client)


def fresh(session: Session) -> Session:
    """Look again: see what happened since this session first read."""
    session.rollback()
    return session


def bring_to_the_page(services: Services) -> None:
    """Record and score everything that was accepted, as recorder and worker would."""
    stream.open_group(services.redis)
    while record_batch(services, "test", timedelta(milliseconds=1)):
        pass
    standings.refresh(services)
