"""What an office says on its own screens: written by its supervisor, told to its kiosks, nobody else's to write."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.own_words import own_words
from shared.db.people_tables import OfficeRow, RegionRow
from shared.db.trail import acts_on
from shared.domain.own_words import OwnWordsFacts
from shared.domain.people import Role
from shared.services import Services
from tests.cast import OFFICE, OTHER_KIOSK_TOKEN, OTHER_OFFICE
from tests.factories import SettableClock
from tests.kiosk.conftest import Device
from tests.pages import Pages, led_by

PAGE = f"/own-words/{OFFICE}"
SAID = {
    "sentence": "Ambil nomor antrean di pintu masuk.",
    "changed_text": "Formulir kini tersedia di meja depan.",
    "changed_on": "2026-11-02",
}
DAY = "(2\u00a0November\u00a02026)"


def write(pages: Pages, **fields: str) -> str:
    return pages.sent(PAGE, form=PAGE, **{**SAID, "_seen": pages.get(PAGE).value_of("_seen"), **fields})


def told(device: Device) -> dict[str, Any]:
    configuration: dict[str, Any] = device.get("/api/kiosk/config").get_json()
    return {key: configuration[key] for key in ("hours", "screen")}


def test_what_a_supervisor_writes_reaches_the_kiosks_of_the_office_alone(
    supervisor: Pages, device: Device, session: Session
) -> None:
    nothing: dict[str, Any] = {"hours": None, "screen": {"sentence": None, "changed": None, "slides": []}}
    assert told(device) == nothing
    before = device.get("/api/kiosk/config").headers["ETag"]
    for _ in range(2):
        assert write(supervisor, sentence_en="Counter 3 is open during lunch too.") == PAGE
    assert told(device)["screen"] == {
        "sentence": {"id": SAID["sentence"], "en": "Counter 3 is open during lunch too."},
        "changed": {
            "id": f"{SAID['changed_text']} {DAY}",
            "en": f"{SAID['changed_text']} {DAY}",
        },
        "slides": [],
    }
    assert device.get("/api/kiosk/config").headers["ETag"] != before
    assert told(Device(device.client, OTHER_KIOSK_TOKEN)) == nothing
    page = supervisor.get(PAGE).text
    assert "Counter 3 is open" not in page, "in its own language, which is not the page's"
    assert f"{SAID['changed_text']} (2 November 2026)" in page
    (act,) = acts_on(session, "own_words", OFFICE)
    assert (act.actor.name, act.verb, act.after["sentence"]) == ("atasan", "added", SAID["sentence"])


def test_emptied_it_is_taken_off_again(supervisor: Pages, auditor: Pages, device: Device) -> None:
    write(supervisor)
    write(supervisor, sentence="", changed_text="")
    assert told(device)["screen"] == {"sentence": None, "changed": None, "slides": []}
    history = auditor.get("/audit").text
    assert f"atasan mengubah tulisan di layar DSW: kalimat “{SAID['sentence']}” → kosong; yang berubah" in history
    assert "sejak 2 November 2026 → kosong" in history


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("sentence", "x" * 121, "Paling banyak 120 karakter; ini 121.", id="too long"),
        pytest.param("changed_text_en", "x" * 241, "Paling banyak 240 karakter; ini 241.", id="too long in English"),
        pytest.param("changed_on", "", "Bagian ini perlu diisi.", id="no day"),
        pytest.param("changed_on", "2026-11-19", "Tanggal ini belum tiba.", id="tomorrow"),
        pytest.param("changed_on", "0000-00-00", "Tulis tanggal, misalnya", id="no such day"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
    supervisor: Pages, session: Session, field: str, value: str, words: str
) -> None:
    page = supervisor.post(PAGE, 400, form=PAGE, **{**SAID, field: value})
    assert words in page.text
    assert page.html.count(SAID["sentence"]) == (0 if field == "sentence" else 1)
    assert re.findall(r'<(?:input|textarea) id="(\w+)"[^>]* autofocus', page.html) == [field]
    assert own_words(session, OFFICE)[0] == OwnWordsFacts()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_english_alone_is_refused(supervisor: Pages) -> None:
    page = supervisor.post(PAGE, 400, form=PAGE, sentence="", sentence_en="Please take a number.")
    assert "Tulis juga dalam bahasa Indonesia" in page.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_today_is_the_offices_own(app: Flask, services: Services, clock: SettableClock) -> None:
    clock.advance(hours=13)  # one in the morning of the 19th in Sawahlunto, still the 18th in Greenwich
    supervisor = led_by(app, services, "atasan", Place(Role.SUPERVISOR, office=OFFICE))
    assert write(supervisor, changed_on="2026-11-19") == PAGE


@pytest.mark.parametrize("known", [True, False], ids=["over words there were", "over words there were not yet"])
def test_two_people_do_not_write_over_each_other(
    supervisor: Pages, app: Flask, services: Services, known: bool
) -> None:
    if known:
        write(supervisor)
    seen = supervisor.get(PAGE).value_of("_seen")
    other = led_by(app, services, "atasan2", Place(Role.SUPERVISOR, office=OFFICE))
    write(other, sentence="Kalimat dari yang lain.")
    page = supervisor.post(PAGE, 409, form=PAGE, **{**SAID, "sentence": "Kalimat dari saya."}, _seen=seen)
    assert "Ada orang lain yang mengubah data ini" in page.text
    assert "Kalimat dari saya.</textarea>" in page.html
    assert "Kalimat dari yang lain." in page.text, "as it reads now"
    sent = supervisor.sent(
        PAGE, form=PAGE, **{**SAID, "sentence": "Kalimat dari saya."}, _seen=page.value_of("_seen")
    )
    assert sent == PAGE
    assert "Kalimat dari saya." in supervisor.get(PAGE).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_supervisor_writes_for_the_offices_below_and_for_no_other(
    app: Flask, services: Services, supervisor: Pages
) -> None:
    supervisor.get(f"/own-words/{OTHER_OFFICE}", 404)
    sent = supervisor.client.post(
        f"/own-words/{OTHER_OFFICE}", data={**SAID, "csrf_token": supervisor.get(PAGE).csrf_token}
    )
    assert sent.status_code == 404
    with writing(services.engine) as session:
        session.get_one(OfficeRow, OTHER_OFFICE).parent_code = OFFICE
    services.directory.look_again()
    below = f"/own-words/{OTHER_OFFICE}"
    assert supervisor.sent(below, form=below, **SAID) == below


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_is_linked_from_the_offices_page(supervisor: Pages, admin: Pages) -> None:
    assert f'href="{PAGE}"' in supervisor.get("/office").html
    assert f'href="{PAGE}"' in admin.get(f"/admin/offices/{OFFICE}").html


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_auditor_reads_what_is_written_and_is_offered_no_day(supervisor: Pages, auditor: Pages) -> None:
    assert 'value="2026-11-18"' in supervisor.get(PAGE).html
    assert 'value="2026-11-18"' not in auditor.get(PAGE).html
    write(supervisor)
    page = auditor.get(PAGE)
    assert SAID["sentence"] in page.text
    assert f'type="text" value="{DAY.strip("()")}"' in page.html


def test_a_kiosk_is_told_the_hours_of_its_office_unless_it_is_of_the_demo(services: Services, device: Device) -> None:
    with writing(services.engine) as session:
        session.get_one(OfficeRow, OFFICE).opening_hours = [["08:00", "15:00"], ["20:00", "06:00"], *([[]] * 5)]
    week = [[["08:00", "15:00"]], [["20:00", "24:00"]], [["00:00", "06:00"]], [], [], [], []]
    assert told(device)["hours"] == week
    with writing(services.engine) as session:
        session.get_one(RegionRow, "SWL").demo = True
    services.directory.look_again()
    assert told(device)["hours"] is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_office_that_was_never_used_is_removed_with_its_words(admin: Pages, session: Session) -> None:
    new = {
        "name": "Puskesmas Talawi",
        "code": "PKT",
        "region": "SWL",
        "kind": "puskesmas",
        "timezone": "Asia/Jakarta",
    }
    admin.sent("/admin/offices/new", form="/admin/offices/new", **new)
    words = "/own-words/PKT"
    admin.sent(words, form=words, **SAID)
    admin.sent(f"{words}/slides/new", form=f"{words}/slides/new", title="Judul", text="Isi.")
    assert admin.sent("/admin/offices/PKT/remove", form="/admin/offices/PKT") == "/admin/offices"
    assert session.get(OfficeRow, "PKT") is None


def test_what_was_typed_survives_a_sign_in_that_ran_out(
    supervisor: Pages, services: Services, clock: SettableClock, device: Device
) -> None:
    clock.advance(hours=9)
    typed = {**SAID, "csrf_token": "old", "_seen": supervisor.get("/login").csrf_token}
    supervisor.client.post(PAGE, data=typed, headers={"Origin": "http://localhost"})
    supervisor.lead_again(services, "atasan", "/account/go-on")
    page = supervisor.get("/account/go-on")
    assert f"Kalimat di layar awal {SAID['sentence']}" in page.text
    assert "Sejak tanggal 2 November 2026" in page.text
    assert supervisor.client.post(PAGE, data=page.hidden).headers["Location"] == PAGE
    assert told(device)["screen"]["sentence"]["id"] == SAID["sentence"]
