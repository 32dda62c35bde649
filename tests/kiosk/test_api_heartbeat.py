"""What a device says of itself each minute, and what it is asked to do."""

from datetime import timedelta
from typing import Any

import pytest

from shared.kiosk_commands import ask_to_reload
from shared.kiosk_contacts import Contact, Visits, last_contacts
from shared.services import Services
from tests.factories import NOON
from tests.kiosk.conftest import Device
from tests.pages import Pages

BEAT = "/api/kiosk/heartbeat"
ALL: dict[str, Any] = {
    "outbox": 7, "held": 2, "refused": 1, "oldest": (NOON - timedelta(hours=2)).isoformat(), "sequence": 412,
    "version": "abc", "clock": (NOON + timedelta(minutes=3)).isoformat(), "battery": 0.5, "storage": "device",
    "visits": {"rated": 30, "skipped": 6, "timed_out": 4}, "persisted": False, "secure": True, "used": 95.5,
    "quota": 100, "voices": ["id-ID", "en-US"],
}  # fmt: skip


def contact(services: Services) -> Contact:
    contacts = last_contacts(services.redis)
    assert contacts
    return contacts[1]


def test_all_it_says_is_kept_with_its_clock_held_against_ours(device: Device, services: Services) -> None:
    assert device.post(BEAT, ALL).status_code == 200
    assert contact(services) == Contact(
        at=NOON, waiting=7, held=2, refused=1, oldest=NOON - timedelta(hours=2), sequence=412, version="abc",
        skew=timedelta(minutes=3), battery=0.5, storage_kept=True, visits=Visits(30, 6, 4), persisted=False,
        secure=True, used=95.5, quota=100, voices=("id-ID", "en-US"),
    )  # fmt: skip


def test_what_it_does_not_say_is_not_known(device: Device, services: Services) -> None:
    nothing = dict.fromkeys(
        ["sequence", "oldest", "clock", "battery", "persisted", "secure", "used", "quota", "voices"]
    )
    for told in ({"outbox": 0}, {"outbox": 0, **nothing}):
        assert device.post(BEAT, told).status_code == 200
        assert contact(services) == Contact(at=NOON, waiting=0, storage_kept=True)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"held": -1}, id="fewer than none"),
        pytest.param({"held": "2"}, id="a number in words"),
        pytest.param({"refused": True}, id="a number that is a truth"),
        pytest.param({"sequence": 2**60}, id="a number no browser counts to"),
        pytest.param({"persisted": "yes"}, id="a truth in words"),
        pytest.param({"secure": 1}, id="a truth that is a number"),
        pytest.param({"used": -5}, id="less storage than none"),
        pytest.param({"quota": float("nan")}, id="storage that is no number"),
        pytest.param({"battery": float("inf")}, id="an endless battery"),
        pytest.param({"voices": "id-ID"}, id="one voice alone"),
        pytest.param({"voices": ["x" * 65]}, id="an endless voice"),
        pytest.param({"voices": ["id"] * 201}, id="two hundred and one voices"),
        pytest.param({"done": ["x"] * 201}, id="more done than asked"),
        pytest.param({"clock": "0001-01-01T00:00:00+14:00"}, id="a clock before the calendar"),
        pytest.param({"clock": "2026-11-18T12:00:00"}, id="a clock without zone"),
        pytest.param({"visits": {"rated": -1}}, id="fewer visits than none"),
    ],
)
def test_what_cannot_be_is_turned_away_and_the_last_word_stands(
    device: Device, services: Services, odd: dict[str, Any]
) -> None:
    device.post(BEAT, ALL)
    assert device.post(BEAT, {"outbox": 0, **odd}).status_code == 400
    assert contact(services).waiting == 7


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"used": 10**15, "quota": 0}, id="no room at all"),
        pytest.param({"used": 10**15, "quota": 1}, id="more used than there is"),
        pytest.param({"clock": "9999-12-31T23:59:59+00:00"}, id="the last second there is"),
        pytest.param({"oldest": "1970-01-01T00:00:00+00:00"}, id="a rating of 1970"),
        pytest.param({"version": "<script>", "voices": ["<b>"]}, id="code for words"),
        pytest.param({"voices": []}, id="no voice"),
        pytest.param({"visits": {"skipped": 10**9}}, id="a thousand million visits and no rating"),
    ],
)
def test_a_lie_breaks_no_page(device: Device, admin: Pages, supervisor: Pages, lie: dict[str, Any]) -> None:
    assert device.post(BEAT, {"outbox": 1, **lie}).status_code == 200
    for path in ("/admin/kiosks", "/admin/kiosks/1", "/admin/kiosks/1/revoke"):
        assert "<script>" not in admin.get(path).html.replace("&lt;script&gt;", "")
    supervisor.get("/office")


def test_a_command_is_repeated_until_it_is_done(device: Device, services: Services) -> None:
    def commands(**told: Any) -> list[dict[str, str]]:
        answer: list[dict[str, str]] = device.post(BEAT, {"outbox": 0, **told}).get_json()["commands"]
        return answer

    assert commands() == []
    assert ask_to_reload(services.redis, 1, NOON)
    assert not ask_to_reload(services.redis, 1, NOON), "it was asked already"
    (first,) = commands()
    assert first["do"] == "reload"
    assert commands(done=["another"]) == [first]
    assert commands(done=[first["id"]]) == []
    assert commands(done=[first["id"]]) == [], "its answer was lost"
    ask_to_reload(services.redis, 1, NOON)
    (second,) = commands(done=[first["id"]])
    assert second["id"] != first["id"]
    assert Device(device.client, "o" * 43).post(BEAT, {"outbox": 0}).get_json()["commands"] == []
