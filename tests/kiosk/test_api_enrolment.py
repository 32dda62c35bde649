"""A one-time code makes a device a kiosk, once."""

import uuid

import pytest
from flask.testing import FlaskClient

from shared.db.engine import writing
from shared.db.kiosks import invite_device
from shared.services import Services
from tests.factories import SettableClock, a_sent_rating
from tests.kiosk.conftest import Device


class TestEnrolment:
    """A one-time code makes a device a kiosk."""

    CODE, TOKEN = "ABCD-2345", "n" * 43

    @pytest.fixture(autouse=True)
    def _invited(self, services: Services, clock: SettableClock) -> None:
        with writing(services.engine) as session:
            invite_device(session, 1, self.CODE, clock())

    def enrol(self, client: FlaskClient, **change: str) -> int:
        body = {"code": self.CODE, "token": self.TOKEN, **change}
        return client.post("/api/kiosk/enrol", json=body).status_code

    def test_the_code_works_once_and_the_same_device_may_repeat_itself(self, client: FlaskClient) -> None:
        assert self.enrol(client, code="abcd2345") == 201
        assert self.enrol(client) == 201, "the answer was lost on the way"
        assert self.enrol(client, token="m" * 43) == 404, "another device"
        assert Device(client, self.TOKEN).give(a_sent_rating()).status_code == 202

    def test_the_device_before_is_shut_out(self, device: Device, client: FlaskClient) -> None:
        assert self.enrol(client) == 201
        assert device.give(a_sent_rating()).status_code == 401

    def test_a_code_is_too_old_after_a_day(self, client: FlaskClient, clock: SettableClock) -> None:
        clock.advance(hours=24)
        assert self.enrol(client) == 404

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            pytest.param({"code": "ZZZZ-9999"}, 404, id="unknown code"),
            pytest.param({"code": ""}, 404, id="empty code"),
            pytest.param({"token": "short"}, 400, id="weak token"),
            pytest.param({"code": "A" * 33}, 400, id="endless code"),
        ],
    )
    def test_a_wrong_wish_is_turned_away(self, client: FlaskClient, change: dict[str, str], status: int) -> None:
        assert self.enrol(client, **change) == status

    def test_guessing_is_slowed_down(self, client: FlaskClient) -> None:
        statuses = [self.enrol(client, code=uuid.uuid4().hex[:8]) for _ in range(12)]
        assert statuses[-1] == 429
