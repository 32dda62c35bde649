"""A one-time code makes a device a kiosk, once."""

import time
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from kiosk import create_app
from shared.db.engine import writing
from shared.db.kiosks import invite_device
from shared.services import Services
from tests.cast import OTHER_KIOSK_TOKEN
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

    def test_a_code_is_too_old_after_a_quarter_of_an_hour(self, client: FlaskClient, clock: SettableClock) -> None:
        clock.advance(minutes=15)
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

    def test_another_process_knows_the_device_from_its_first_request_on(
        self, client: FlaskClient, services: Services
    ) -> None:
        elsewhere = Services.of(services.settings, services.clock)
        other = create_app(elsewhere).test_client()
        assert Device(other, OTHER_KIOSK_TOKEN).get("/api/kiosk/config").status_code == 200, "it has read who is"
        assert self.enrol(client) == 201
        assert Device(other, self.TOKEN).give(a_sent_rating()).status_code == 202
        elsewhere.close()


def test_a_flood_of_wrong_tokens_asks_the_database_once_a_second(client: FlaskClient, services: Services) -> None:
    assert Device(client).give(a_sent_rating()).status_code == 202
    heard: list[str] = []
    event.listen(services.engine, "before_cursor_execute", lambda *facts: heard.append(facts[2]))
    began = time.monotonic()
    statuses = [Device(client, uuid.uuid4().hex).give(a_sent_rating()).status_code for _ in range(50)]
    # Once for the strangers and once for everybody in each second begun.
    looks = 2 * (int(time.monotonic() - began) + 2)
    assert set(statuses) == {401}
    assert len([statement for statement in heard if statement.startswith("SELECT")]) <= looks < 50
