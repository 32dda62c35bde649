"""A device changes its token: both are valid until the new one is used, and a revoked device has neither."""

import json

import pytest
from flask.testing import FlaskClient

from kiosk import create_app
from shared.db.engine import writing
from shared.db.kiosks import invite_device, revoke_kiosk
from shared.services import Services
from tests.cast import KIOSK_TOKEN, OTHER_KIOSK_TOKEN
from tests.factories import SettableClock
from tests.kiosk.conftest import Device

NEW = "n" * 43


def change(device: Device, token: object = NEW) -> int:
    return device.post("/api/kiosk/token", {"token": token}).status_code


def lets_in(client: FlaskClient, token: str) -> bool:
    return Device(client, token).get("/api/kiosk/config").status_code == 200


def test_both_are_valid_until_the_new_one_is_used(device: Device, client: FlaskClient) -> None:
    assert change(device) == 204
    assert change(device) == 204, "the answer was lost on the way"
    assert lets_in(client, KIOSK_TOKEN)
    assert lets_in(client, NEW)
    assert not lets_in(client, KIOSK_TOKEN)
    assert lets_in(client, NEW)
    assert change(Device(client, NEW)) == 204, "it is known by it already"
    assert lets_in(client, NEW)


def test_a_device_that_lost_its_new_token_offers_another(device: Device, client: FlaskClient) -> None:
    change(device)
    assert change(device, "m" * 43) == 204
    assert not lets_in(client, NEW)
    assert lets_in(client, "m" * 43)


def test_another_process_goes_by_it_too(device: Device, services: Services) -> None:
    elsewhere = Services.of(services.settings, services.clock)
    other = create_app(elsewhere).test_client()
    assert lets_in(other, KIOSK_TOKEN), "it has read who is"
    change(device)
    assert lets_in(other, NEW)
    assert not lets_in(other, KIOSK_TOKEN)
    elsewhere.close()


@pytest.mark.parametrize("used", [pytest.param(False, id="not used yet"), pytest.param(True, id="used")])
def test_a_revoked_device_is_shut_out_with_both(
    device: Device, client: FlaskClient, services: Services, clock: SettableClock, used: bool
) -> None:
    change(device)
    assert not used or lets_in(client, NEW)
    with writing(services.engine) as session:
        revoke_kiosk(session, 1, clock())
    services.directory.look_again()
    assert not lets_in(client, KIOSK_TOKEN)
    assert not lets_in(client, NEW)


def test_another_device_in_its_place_shuts_it_out_with_both(
    device: Device, client: FlaskClient, services: Services, clock: SettableClock
) -> None:
    change(device)
    with writing(services.engine) as session:
        invite_device(session, 1, "ABCD-2345", clock())
    services.directory.look_again()
    assert not lets_in(client, KIOSK_TOKEN)
    assert not lets_in(client, NEW)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("short", id="short"),
        pytest.param("n" * 44, id="long"),
        pytest.param("n" * 43 + "\n", id="with a line break"),
        pytest.param(None, id="none"),
        pytest.param(7, id="a number"),
    ],
)
def test_a_token_that_is_none_is_turned_away(device: Device, client: FlaskClient, token: object) -> None:
    assert change(device, token) == 400
    assert lets_in(client, KIOSK_TOKEN)


def test_nobody_takes_the_token_of_another_device(device: Device, client: FlaskClient) -> None:
    assert change(device, OTHER_KIOSK_TOKEN) == 409
    other = Device(client, OTHER_KIOSK_TOKEN).get("/api/kiosk/config").get_json()
    assert other["kiosk"]["name"] == "Ruang 1"
    assert "PSF" in json.dumps(other["office"])
