"""A resident's phone, and an installation whose Redis is away."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared import stream
from shared.services import Services
from tests.factories import SettableClock
from tests.servers import settings_in
from tests.sms.outgoing import by_twilio
from tests.sms.stage import Phone
from tests.sms.twilio_server import TwilioServer, running_twilio


@pytest.fixture
def phone(services: Services) -> Phone:
    """A resident of Sawahlunto with a phone; both doors are open."""
    stream.open_group(services.redis)
    return Phone(services)


@pytest.fixture
def away(services: Services) -> Iterator[Services]:
    """The same installation with Redis away."""
    with stream.connect("unix:///nowhere/valkey.sock", 1) as redis:
        yield replace(services, redis=redis)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Phone]:
    """Somebody who is refused at the door, so that neither Redis nor a database is there."""
    services = Services.of(settings_in(tmp_path))
    yield Phone(services)
    services.redis.close()
    services.engine.dispose()


@pytest.fixture
def twilio(clock: SettableClock) -> Iterator[TwilioServer]:
    """Run a Twilio of this test alone, by the test's clock."""
    with running_twilio(clock) as server:
        yield server


@pytest.fixture
def sending(services: Services, twilio: TwilioServer) -> Services:
    """The installation, whose portals have an address and which sends by Twilio."""
    return by_twilio(services, twilio, public_url="https://loket.example.go.id")
