"""Regions and offices, set up in a browser."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow
from shared.db.ratings import record
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import OFFICE
from tests.factories import SettableClock, a_rating
from tests.pages import Pages, led_by

NEW = {"name": "Puskesmas Talawi", "code": "pkt", "region": "SWL", "kind": "puskesmas", "timezone": "Asia/Jakarta"}


def test_an_office_is_added_once_however_often_the_button_is_pressed(admin: Pages, session: Session) -> None:
    form = "/admin/offices/new"
    for _ in range(2):
        assert admin.sent(form, form=form, **NEW, opens_0="08.00", closes_0="15:00") == "/admin/offices/PKT"
    office = session.get_one(OfficeRow, "PKT")
    assert (office.name, office.timezone) == ("Puskesmas Talawi", "Asia/Jakarta")
    assert office.opening_hours == [["08:00", "15:00"], *([[]] * 6)]
    page = admin.get("/admin/offices")
    assert "Puskesmas Talawi" in page.text
    (act,) = acts_on(session, "office", "PKT")
    assert (act.actor.name, act.actor.role, act.verb) == ("admin", "administrator", "added")
    assert act.after["name"] == "Puskesmas Talawi"


def test_an_auditor_reads_days_and_hours_as_all_pages_write_them(admin: Pages, auditor: Pages) -> None:
    path = f"/admin/offices/{OFFICE}"
    assert "selalu buka" in auditor.get(path).text
    facts = {**NEW, "opens_0": "08:00", "closes_0": "15:30", "closed_on": "2027-01-04"}
    admin.sent(path, form=path, **facts, _seen=admin.get(path).value_of("_seen"))
    page = auditor.get(path)
    values = set(re.findall(r'type="text" value="([^"]+)"', page.html))
    assert values >= {"08.00", "15.30", "4\u00a0Januari\u00a02027"}
    assert "selalu buka" not in page.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("name", " ", "Bagian ini perlu diisi.", id="no name"),
        pytest.param("code", "P K T", "Pakai huruf, angka, dan tanda hubung saja", id="spaces in the code"),
        pytest.param("code", OFFICE, "Kode ini sudah dipakai.", id="a code in use"),
        pytest.param("kind", "bank", "Pilih salah satu.", id="another kind"),
        pytest.param("timezone", "", "Bagian ini perlu diisi.", id="zone not chosen"),
        pytest.param("timezone", "Mars/Base", "Pilih salah satu zona waktu.", id="no zone"),
        pytest.param("population", "banyak", "Tulis bilangan bulat.", id="no number"),
        pytest.param("population", "-3", "Angka ini terlalu kecil.", id="less than nobody"),
        pytest.param("opens_1", "08:00", "Isi jam buka dan jam tutup", id="half a day"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: Pages, field: str, value: str, words: str, session: Session
) -> None:
    before = session.scalars(select(col(OfficeRow.code))).all()
    page = admin.post("/admin/offices/new", 400, form="/admin/offices/new", **{**NEW, field: value})
    assert words in page.text
    assert 'value="Puskesmas Talawi"' in page.html or field == "name"
    assert re.findall(r'<(?:input|select) id="(\w+)"[^>]* autofocus', page.html) == [field], "there one goes on"
    session.rollback()
    assert session.scalars(select(col(OfficeRow.code))).all() == before


def test_two_administrators_do_not_write_over_each_other(admin: Pages, app: Flask, services: Services) -> None:
    other = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
    path = f"/admin/offices/{OFFICE}"
    seen = admin.get(path).value_of("_seen")
    known = {**NEW, "code": OFFICE, "kind": "dukcapil"}
    other.sent(path, form=path, **{**known, "name": "Nama dari yang lain"}, _seen=other.get(path).value_of("_seen"))
    page = admin.post(path, 409, form=path, **{**known, "name": "Nama dari saya"}, _seen=seen)
    assert "Ada orang lain yang mengubah data ini" in page.text
    assert 'value="Nama dari saya"' in page.html
    assert admin.sent(path, form=path, **{**known, "name": "Nama dari saya"}, _seen=page.value_of("_seen")) == path
    assert "Nama dari saya" in admin.get(path).text


@pytest.mark.parametrize(
    ("field", "first", "then"),
    [("timezone", "Asia/Jayapura", "Asia/Jakarta"), ("kind", "school", "puskesmas"), ("region", "TDK", "SWL")],
)
def test_what_ratings_were_counted_by_stays(
    admin: Pages, services: Services, session: Session, field: str, first: str, then: str
) -> None:
    path = f"/admin/offices/{OFFICE}"
    facts = {**NEW, "code": OFFICE, field: first}
    admin.sent(path, form=path, **facts, _seen=admin.get(path).value_of("_seen"))
    with writing(services.engine) as writer:
        record([a_rating()], writer, services.clock())
    page = admin.post(path, 400, form=path, **{**facts, field: then}, _seen="")
    assert "sudah punya penilaian" in page.text
    office = session.get_one(OfficeRow, OFFICE)
    assert {"timezone": office.timezone, "kind": office.kind, "region": office.region_code}[field] == first


def test_offices_come_in_pages_with_what_is_in_each(admin: Pages, services: Services) -> None:
    with writing(services.engine) as writer:
        for number in range(60):
            code = f"K{number:02}"
            writer.add(OfficeRow(code=code, region_code="SWL", name=code, kind="other", timezone="Asia/Jakarta"))
    services.directory.look_again()
    first, second = admin.get("/admin/offices").text, admin.get("/admin/offices?page=2").text
    assert "Halaman 1 dari 2" in first
    assert ("K48" in first, "K49" in first, "K49" in second) == (True, False, True)
    assert "Disdukcapil Sawahlunto DSW Kota Sawahlunto dinas kependudukan (Dukcapil) 2 2 2" in first


def test_an_office_in_use_is_closed_not_removed(admin: Pages, session: Session) -> None:
    path = f"/admin/offices/{OFFICE}"
    assert "tidak bisa dihapus" in admin.post(f"{path}/remove", 409, form=path).text
    admin.sent("/admin/offices/new", form="/admin/offices/new", **NEW)
    assert admin.sent("/admin/offices/PKT/remove", form="/admin/offices/PKT") == "/admin/offices"
    assert session.get(OfficeRow, "PKT") is None
    assert session.get(OfficeRow, OFFICE) is not None


def test_what_was_typed_survives_a_sign_in_that_ran_out(
    admin: Pages, services: Services, session: Session, clock: SettableClock
) -> None:
    form = admin.get("/admin/offices/new")
    clock.advance(hours=8)
    answer = admin.client.post(
        "/admin/offices/new", data={**NEW, "csrf_token": form.csrf_token}, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/account/go-on"
    assert session.get(OfficeRow, "PKT") is None
    admin.lead_again(services, "admin", "/account/go-on")
    page = admin.get("/account/go-on")
    assert "Puskesmas Talawi" in page.text
    assert admin.client.post("/admin/offices/new", data=page.hidden).headers["Location"] == "/admin/offices/PKT"
    session.rollback()
    assert session.get_one(OfficeRow, "PKT").name == "Puskesmas Talawi"


def test_a_form_of_another_site_is_never_kept_for_later(app: Flask, services: Services) -> None:
    client = app.test_client()
    answer = client.post("/admin/offices/new", data=NEW, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Location"] == "/login?next=/admin/offices/new"
    assert services.redis.keys("draft:*") == []


def test_a_password_of_long_ago_is_asked_for_again_before_a_change(admin: Pages, session: Session) -> None:
    with admin.client.session_transaction() as cookie:
        cookie["fs_paa"] = cookie["fs_gexp"] = 0
    form = "/admin/offices/new"
    assert admin.sent(form, form=form, **NEW) == "/login/again?next=/account/go-on"
    assert session.get(OfficeRow, "PKT") is None
    again = "/login/again?next=/account/go-on"
    assert admin.sent(again, form=again, password="loket-tiga-ramah") == "/account/go-on"
    page = admin.get("/account/go-on")
    assert admin.client.post(form, data=page.hidden).headers["Location"] == "/admin/offices/PKT"
