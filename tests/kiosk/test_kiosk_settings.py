"""A kiosk is set from afar, and its device goes by it from its next configuration on."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from kiosk import create_app
from shared import standings
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.ratings import record
from shared.db.trail import acts_on
from shared.domain.months import Month
from shared.domain.people import Role
from shared.services import Services
from shared.stream import connect
from tests.cast import ASHA
from tests.factories import NOON, a_rating
from tests.kiosk.conftest import Device
from tests.pages import Pages, led_by, let_lead

PAGE = "/admin/kiosks/1"
SETTINGS = f"{PAGE}/settings"
SET = {"press_interval": "30", "idle_seconds": "45"}


def test_its_settings_and_pin_arrive_on_the_device(admin: Pages, device: Device, session: Session) -> None:
    before = device.get("/api/kiosk/config").get_json()
    assert (before["press_interval"], before["timers"]["idle_seconds"]) == (10, 15)
    assert len(before["pin"]) == 6
    assert before["pin"].isdigit()
    page = admin.get(PAGE)
    assert before["pin"] in page.text
    seen = page.value_of("_settings_seen")
    for _twice in range(2):
        assert admin.sent(SETTINGS, form=PAGE, **SET, _settings_seen=seen) == PAGE
    admin.sent(f"{PAGE}/pin", form=PAGE)
    after = device.get("/api/kiosk/config").get_json()
    assert (after["press_interval"], after["timers"]["idle_seconds"]) == (30, 45)
    assert after["timers"]["thanks_seconds"] == 4
    assert after["version"] != before["version"]
    assert after["pin"] in admin.get(PAGE).text
    pin, changed = acts_on(session, "kiosk", "1")
    assert (changed.before, changed.after) == (
        {"press_interval": 10, "idle_seconds": 15},
        {"press_interval": 30, "idle_seconds": 45},
    )
    assert before["pin"] not in json.dumps(pin.before)
    assert after["pin"] not in json.dumps(pin.after)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"press_interval": "0"}, "Angka ini terlalu kecil", id="no interval"),
        pytest.param({"press_interval": "61"}, "Angka ini terlalu besar", id="too long an interval"),
        pytest.param({"idle_seconds": "9"}, "Angka ini terlalu kecil", id="too short a wait"),
        pytest.param({"idle_seconds": "121"}, "Angka ini terlalu besar", id="too long a wait"),
        pytest.param({"idle_seconds": "sebentar"}, "Tulis bilangan bulat", id="words"),
        pytest.param({"idle_seconds": ""}, "Bagian ini perlu diisi", id="nothing"),
    ],
)
def test_a_problem_stands_beside_its_field(admin: Pages, device: Device, change: dict[str, str], words: str) -> None:
    seen = admin.get(PAGE).value_of("_settings_seen")
    page = admin.post(SETTINGS, 400, form=PAGE, **{**SET, **change}, _settings_seen=seen)
    assert words in page.text
    assert 'value="Loket 3"' in page.html
    assert device.get("/api/kiosk/config").get_json()["press_interval"] == 10


def test_two_administrators_do_not_write_over_each_other(admin: Pages, app: Flask, services: Services) -> None:
    other = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
    seen = admin.get(PAGE).value_of("_settings_seen")
    other.sent(SETTINGS, form=PAGE, press_interval="5", idle_seconds="15", _settings_seen=seen)
    page = admin.post(SETTINGS, 409, form=PAGE, **SET, _settings_seen=seen)
    assert "Ada orang lain yang mengubah data ini" in page.text
    assert 'value="30"' in page.html


def test_another_interval_is_public_and_screens_the_ratings_of_open_months(
    admin: Pages, app: Flask, services: Services
) -> None:
    assert "Loket 3, Disdukcapil" not in Pages(app).get("/how-scores-are-made").text
    with writing(services.engine) as session:
        record([a_rating(given_at=NOON - timedelta(seconds=20 * n)) for n in range(3)], session, NOON)
    standings.refresh(services)
    seen = admin.get(PAGE).value_of("_settings_seen")
    admin.sent(SETTINGS, form=PAGE, **SET, _settings_seen=seen)
    assert "Loket 3, Disdukcapil Sawahlunto: 30 detik" in Pages(app).get("/how-scores-are-made").text
    standings.refresh(services)
    score = standings.score_of(ASHA, Month(2026, 11), services)
    assert score
    assert score.tally.count == 1


def test_a_screen_is_asked_to_load_anew_until_it_has(admin: Pages, device: Device, session: Session) -> None:
    for _twice in range(2):
        assert admin.sent(f"{PAGE}/reload", form=PAGE) == PAGE
    assert "Permintaan muat ulang: 18 November 2026 12.00" in admin.get(PAGE).text
    (command,) = device.post("/api/kiosk/heartbeat", {"outbox": 0}).get_json()["commands"]
    device.post("/api/kiosk/heartbeat", {"outbox": 0, "done": [command["id"]]})
    assert "Permintaan muat ulang" not in admin.get(PAGE).text
    assert [act.verb for act in acts_on(session, "kiosk", "1")] == ["reload_asked"]
    admin.sent("/admin/kiosks/3/reload", form=PAGE)
    assert acts_on(session, "kiosk", "3") == [], "no device is there to do so"


def test_with_redis_away_nothing_is_asked_and_the_page_says_so(services: Services, session: Session) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    app = create_app(services)
    admin = Pages(app)
    admin.lead(services, "admin")
    app.extensions["suara-services"] = replace(services, redis=connect("unix:///nowhere/valkey.sock", 0.1))
    assert "Saat ini belum bisa" in admin.post(f"{PAGE}/reload", 503, form=PAGE).text
    assert acts_on(session, "kiosk", "1") == []


def test_an_auditor_sees_the_settings_but_neither_pin_nor_button(auditor: Pages, device: Device) -> None:
    pin = device.get("/api/kiosk/config").get_json()["pin"]
    page = auditor.get(PAGE)
    assert "Detik antara dua penilaian" in page.text
    assert pin not in page.html
    for path in (SETTINGS, f"{PAGE}/pin", f"{PAGE}/reload"):
        auditor.post(path, 403, form="/account")


@pytest.mark.parametrize("path", ["settings", "pin", "reload"])
def test_a_kiosk_that_is_none_is_not_set(admin: Pages, path: str) -> None:
    admin.post(f"/admin/kiosks/99/{path}", 404, form=PAGE)
