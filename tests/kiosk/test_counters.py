"""Counters and services of an office, set up in a browser."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.accounts import Place
from shared.db.people_tables import CounterRow, ServiceRow
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, COUNTER, OFFICE, OTHER_OFFICE
from tests.factories import SettableClock, a_sent_rating
from tests.kiosk.conftest import Device, fresh
from tests.pages import Pages, led_by

COUNTERS = f"/admin/offices/{OFFICE}/counters"
SERVICES = f"/admin/offices/{OFFICE}/services"


def test_an_office_leads_to_its_counters_and_services(admin: Pages) -> None:
    office = admin.get(f"/admin/offices/{OFFICE}")
    for path, known in [(COUNTERS, "Loket 3"), (SERVICES, "KTP elektronik")]:
        assert f'href="{path}"' in office.html
        page = admin.get(path)
        assert known in page.text
        assert "Ruang 1" not in page.text


def test_a_counter_is_added_once_however_often_the_button_is_pressed(admin: Pages, session: Session) -> None:
    for _ in range(2):
        assert admin.sent(COUNTERS, form=COUNTERS, name="Loket  5", code="dsl5") == COUNTERS
    counter = session.get_one(CounterRow, "DSL5")
    assert (counter.name, counter.office_code) == ("Loket 5", OFFICE)
    assert "Loket 5" in admin.get(COUNTERS).text
    (act,) = acts_on(session, "counter", "DSL5")
    assert (act.actor.name, act.verb) == ("admin", "added")


def test_two_offices_may_give_a_service_of_the_same_code(admin: Pages, session: Session) -> None:
    path = f"/admin/offices/{OTHER_OFFICE}/services"
    assert admin.sent(path, form=path, name="Cetak KTP", code="KTP") == path
    names = session.scalars(select(col(ServiceRow.name)).where(col(ServiceRow.code) == "KTP")).all()
    assert sorted(names) == ["Cetak KTP", "KTP elektronik"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "field", "value", "words"),
    [
        pytest.param(COUNTERS, "name", " ", "Bagian ini perlu diisi.", id="no name"),
        pytest.param(COUNTERS, "code", "DS 5", "Pakai huruf, angka, dan tanda hubung saja", id="a space in the code"),
        pytest.param(COUNTERS, "code", "PSL1", "Kode ini sudah dipakai.", id="a counter of another office"),
        pytest.param(COUNTERS, "code", ASHA, "Kode ini sudah dipakai.", id="the code of an officer"),
        pytest.param(SERVICES, "code", "KTP", "Kode ini sudah dipakai.", id="a service of this office"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: Pages, session: Session, path: str, field: str, value: str, words: str
) -> None:
    typed = {"name": "Pojok baru", "code": "BARU", field: value}
    page = admin.post(path, 400, form=path, **typed)
    assert words in page.text
    assert f'value="{typed["name"] if field == "code" else typed["code"]}"' in page.html
    assert fresh(session).scalar(select(CounterRow).where(col(CounterRow.name) == "Pojok baru")) is None


def test_a_counter_is_renamed_but_never_over_what_somebody_else_wrote(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    other = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
    path = f"{COUNTERS}/{COUNTER}"
    seen = admin.get(path).value_of("_seen")
    assert other.sent(path, form=path, name="Loket 3 (lansia)", _seen=seen) == COUNTERS
    page = admin.post(path, 409, form=path, name="Loket tiga", _seen=seen)
    assert "Ada orang lain yang mengubah data ini" in page.text
    assert 'value="Loket tiga"' in page.html
    assert fresh(session).get_one(CounterRow, COUNTER).name == "Loket 3 (lansia)"
    assert admin.sent(path, form=path, name="Loket tiga", _seen=page.value_of("_seen")) == COUNTERS
    assert fresh(session).get_one(CounterRow, COUNTER).name == "Loket tiga"


def test_what_is_closed_is_not_offered_from_its_day_on(admin: Pages, device: Device, clock: SettableClock) -> None:
    for path, name in [(f"{COUNTERS}/DSL4", "Loket 4"), (f"{SERVICES}/KTP", "KTP elektronik")]:
        seen = admin.get(path).value_of("_seen")
        admin.sent(path, form=path, name=name, closed_on="2026-11-20", _seen=seen)
    assert "tutup mulai 20 November 2026" in admin.get(COUNTERS).text

    def offered() -> tuple[list[str], list[str]]:
        known = device.get("/api/kiosk/config").get_json()
        return [counter["code"] for counter in known["counters"]], [service["code"] for service in known["services"]]

    clock.advance(hours=35, minutes=59)
    assert offered() == (["DSL3", "DSL4"], ["KTP"])
    clock.advance(minutes=1)
    assert offered() == (["DSL3"], []), "it is the twentieth in Sawahlunto"
    given = (clock() - timedelta(days=1)).isoformat()
    result = device.give(a_sent_rating(counter="DSL4", service="KTP", given_at=given)).get_json()["results"][0]
    assert result["status"] == "accepted", "it was given while the counter was open"


def test_only_what_was_never_used_can_be_removed(admin: Pages, session: Session) -> None:
    used = f"{COUNTERS}/{COUNTER}"
    page = admin.post(f"{used}/remove", 409, form=used)
    assert "tidak bisa dihapus" in page.text
    assert fresh(session).get(CounterRow, COUNTER) is not None
    for path in (f"{SERVICES}/KTP", COUNTERS):
        admin.sent(f"{SERVICES}/KTP/remove", form=path)  # the second time it is gone already
    assert fresh(session).get(ServiceRow, (OFFICE, "KTP")) is None


def test_what_is_not_of_this_office_is_not_there(admin: Pages) -> None:
    nowhere = "/admin/offices/NONE/counters"
    for path in (nowhere, f"{COUNTERS}/PSL1", f"{COUNTERS}/NONE", f"{SERVICES}/{COUNTER}", f"{COUNTERS}/%00"):
        admin.get(path, 404)
        admin.post(path, 404, form=COUNTERS, name="X", code="X")


def test_a_counter_of_another_office_is_not_removed(admin: Pages, session: Session) -> None:
    admin.post(f"{COUNTERS}/PSL1/remove", 404, form=COUNTERS)
    assert fresh(session).get(CounterRow, "PSL1") is not None


def test_an_auditor_reads_and_finds_no_button(app: Flask, services: Services) -> None:
    auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
    for path in (COUNTERS, f"{COUNTERS}/{COUNTER}", SERVICES, f"{SERVICES}/KTP"):
        page = auditor.get(path)
        assert page.html.count("<button") == 1, "only the one that signs out"
    auditor.post(COUNTERS, 403, form=COUNTERS, name="X", code="X")
