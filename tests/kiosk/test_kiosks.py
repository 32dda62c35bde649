"""Kiosks in administration: made known, given to a device, watched, shut out."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from kiosk import create_app
from shared.db import kiosks as stored
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.kiosks import KioskFacts, enrol
from shared.db.people_tables import CounterRow, KioskRow, OfficeRow
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.kiosk_contacts import note_contact
from shared.services import Services
from shared.settings import Settings
from shared.stream import connect
from tests.cast import COUNTER, KIOSK_TOKEN, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock, a_sent_rating
from tests.kiosk.conftest import Device
from tests.pages import Page, Pages, led_by, let_lead

LIST, FORM = "/admin/kiosks", f"/admin/kiosks/new?office={OFFICE}"
NEW = {"office": OFFICE, "name": "Loket 4", "counter": "DSL4"}


def kiosks(session: Session) -> list[KioskRow]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(KioskRow).order_by(col(KioskRow.id))))


def heard(services: Services, kiosk: int, at: datetime, **contact: Any) -> None:
    note_contact(services.redis, kiosk, {"at": at.isoformat(), "outbox": 0, "storage": "device", **contact})


def code_on(page: Page) -> str:
    (code,) = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page.text)
    return str(code)


class TestList:
    def test_it_says_in_words_who_is_silent_what_waits_and_what_is_not_kept(
        self, admin: Pages, services: Services, clock: SettableClock
    ) -> None:
        clock.advance(hours=3)
        heard(services, 1, clock() - timedelta(minutes=10), outbox=1234, storage="memory")
        heard(services, 2, clock() - timedelta(minutes=9, seconds=59))
        rows = dict(re.findall(r'kiosks/(\d)">(.*?)</tr>', admin.get(LIST).html.replace("\u00a0", " "), re.DOTALL))
        assert "tidak ada kabar selama 10 menit" in rows["1"]
        assert "1.234" in rows["1"]
        assert "tidak tersimpan: hilang jika perangkat dimulai ulang" in rows["1"]
        assert "terhubung" in rows["2"]
        assert "tersimpan" in rows["2"]
        assert "diblokir sejak 18 November 2026" in rows["3"]

    def test_a_kiosk_never_heard_of_is_silent_ten_minutes_after_it_was_enrolled(
        self, admin: Pages, clock: SettableClock
    ) -> None:
        clock.advance(minutes=9)
        assert "didaftarkan 9 menit lalu, belum memberi kabar" in admin.get(LIST).text
        clock.advance(minutes=1)
        assert "tidak ada kabar sejak didaftarkan 10 menit lalu" in admin.get(LIST).text

    def test_what_the_device_before_said_is_not_taken_for_the_new_one(self, admin: Pages, services: Services) -> None:
        heard(services, 1, NOON - timedelta(seconds=1), outbox=77)
        assert "77" not in admin.get(LIST).text

    def test_with_redis_away_nothing_is_claimed(self, services: Services, settings: Settings) -> None:
        let_lead(services, "auditor", Place(Role.AUDITOR))
        app = create_app(services)
        auditor = Pages(app)
        auditor.lead(services, "auditor")
        away = replace(services, redis=connect("unix:///nowhere/valkey.sock", 0.1))
        app.extensions["suara-services"] = away
        text = auditor.get(LIST).text
        assert "sedang tidak diketahui" in text
        assert "tidak ada kabar selama" not in text

    def test_it_is_searched_by_office_and_by_name(self, admin: Pages) -> None:
        page = admin.get(f"{LIST}?words=sofifi")
        assert "Ruang 1" in page.text
        assert "Loket 3" not in page.text
        assert "Tidak ada layar dengan nama" in admin.get(f"{LIST}?words=%25").text

    def test_a_long_one_is_cut_into_pages(self, admin: Pages, services: Services) -> None:
        with writing(services.engine) as session:
            session.add_all(KioskRow(name=f"Layar {number:02}", office_code=OFFICE) for number in range(60))
        page = admin.get(LIST)
        assert "Layar 00" in page.text
        assert "Layar 59" not in page.text
        assert f'href="{LIST}?page=2"' in page.html
        assert "Layar 59" in admin.get(f"{LIST}?page=2").text
        assert "Layar 59" in admin.get(f"{LIST}?page=999999999999999999999").text

    def test_an_auditor_reads_and_is_offered_nothing_to_press(self, app: Flask, services: Services) -> None:
        auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
        for path in (FORM, f"{LIST}/1", f"{LIST}/1/invite", f"{LIST}/1/revoke"):
            assert auditor.get(path).html.count("<button") == 1, "but to sign out"
        auditor.post(f"{LIST}/1/revoke", 403, form="/account")


class TestAdding:
    def test_it_is_added_once_however_often_the_button_is_pressed(self, admin: Pages, session: Session) -> None:
        assert {admin.sent(f"{LIST}/new", form=FORM, **NEW) for _ in range(2)} == {f"{LIST}/4"}
        assert [(one.name, one.counter_code) for one in kiosks(session)[3:]] == [("Loket 4", "DSL4")]
        page = admin.get(f"{LIST}/4")
        assert "belum ada perangkat" in page.text
        assert f"{LIST}/4/revoke" not in page.html, "there is nothing to block yet"
        assert "Perangkat tetap terdaftar" not in page.text
        assert f"{LIST}/1/revoke" in admin.get(f"{LIST}/1").html
        (act,) = acts_on(session, "kiosk", "4")
        assert (act.verb, act.after["name"]) == ("added", "Loket 4")

    def test_sent_twice_at_the_same_moment_it_is_one(self, services: Services, session: Session) -> None:
        facts = KioskFacts.model_validate(NEW)

        def put() -> int:
            with writing(services.engine) as other:
                return stored.put_kiosk(other, facts, date(2026, 11, 18))

        with ThreadPoolExecutor(1) as pool:
            with writing(services.engine) as one:
                first = stored.put_kiosk(one, facts, date(2026, 11, 18))
                second = pool.submit(put)
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.5)
            assert second.result(timeout=20) == first
        assert len(kiosks(session)) == 4

    def test_the_office_is_asked_for_first(self, admin: Pages) -> None:
        page = admin.get(f"{LIST}/new")
        assert "Untuk kantor yang mana?" in page.text
        assert "Loket 4" in admin.get(FORM).text
        assert "Ruang 1" not in admin.get(FORM).text
        admin.get(f"{LIST}/new?office=XX", status=404)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            pytest.param({"name": " "}, "Bagian ini perlu diisi", id="no name"),
            pytest.param({"name": "Loket 3"}, "sudah punya layar dengan nama itu", id="a name in use"),
            pytest.param({"counter": "PSL1"}, "tidak punya loket itu", id="counter of another office"),
            pytest.param({"counter": "XX1"}, "tidak punya loket itu", id="no such counter"),
            pytest.param({"counter": "'; --"}, "huruf, angka", id="no code"),
        ],
    )
    def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
        self, admin: Pages, session: Session, change: dict[str, str], words: str
    ) -> None:
        page = admin.post(f"{LIST}/new", 400, form=FORM, **{**NEW, **change})
        assert words in page.text
        assert f'value="{change.get("name", "Loket 4")}"' in page.html
        assert len(kiosks(session)) == 3

    def test_neither_a_closed_counter_nor_a_closed_office_gets_one(self, admin: Pages, services: Services) -> None:
        with writing(services.engine) as session:
            session.add(CounterRow(code="DSL5", office_code=OFFICE, name="Loket 5", closed_on=date(2026, 11, 18)))
            closed = session.get_one(OfficeRow, OTHER_OFFICE)
            closed.closed_on = date(2026, 11, 18)
            session.add(closed)
        services.directory.look_again()
        assert "Loket 5" not in admin.get(FORM).text
        admin.post(f"{LIST}/new", 400, form=FORM, **{**NEW, "counter": "DSL5"})
        other = {"office": OTHER_OFFICE, "name": "Layar", "counter": ""}
        assert "sudah ditutup" in admin.post(f"{LIST}/new", 400, form=FORM, **other).text
        assert "Disdukcapil" in admin.get(f"{LIST}/new").h1[0], "one open office is left: it is not asked for"

    def test_a_name_may_have_an_apostrophe_and_is_never_code(self, admin: Pages) -> None:
        name = "Ma'ruf <b>&amp; =1+1"
        path = admin.sent(f"{LIST}/new", form=FORM, **{**NEW, "name": name, "counter": ""})
        assert admin.get(path).h1 == [name]
        assert "<b>" not in admin.get(LIST).html


class TestChanging:
    def test_it_is_renamed_and_moved_and_its_device_goes_along(
        self, admin: Pages, device: Device, session: Session
    ) -> None:
        seen = admin.get(f"{LIST}/1").value_of("_seen")
        facts = {"name": "Pintu depan", "counter": "DSL4", "_seen": seen}
        for _ in range(2):
            assert admin.sent(f"{LIST}/1", form=LIST, **facts) == f"{LIST}/1"
        assert device.get("/api/kiosk/config").get_json()["counter"]["code"] == "DSL4"
        (act,) = acts_on(session, "kiosk", "1")
        assert (act.before, act.after) == (
            {"name": "Loket 3", "counter_code": COUNTER},
            {"name": "Pintu depan", "counter_code": "DSL4"},
        )

    def test_never_to_another_office(self, admin: Pages, session: Session) -> None:
        seen = admin.get(f"{LIST}/1").value_of("_seen")
        facts = {"name": "Loket 3", "counter": "PSL1", "office": OTHER_OFFICE, "_seen": seen}
        assert "tidak punya loket itu" in admin.post(f"{LIST}/1", 400, form=LIST, **facts).text
        assert kiosks(session)[0].office_code == OFFICE

    def test_two_administrators_do_not_write_over_each_other(
        self, admin: Pages, app: Flask, services: Services
    ) -> None:
        other = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
        seen = admin.get(f"{LIST}/1").value_of("_seen")
        other.sent(f"{LIST}/1", form=LIST, name="Dari yang lain", counter=COUNTER, _seen=seen)
        page = admin.post(f"{LIST}/1", 409, form=LIST, name="Dari saya", counter=COUNTER, _seen=seen)
        assert "Ada orang lain yang mengubah data ini" in page.text
        assert 'value="Dari saya"' in page.html

    @pytest.mark.parametrize("path", ["9", "0", "99999999999", "x"])
    @pytest.mark.parametrize("page", ["", "/invite", "/revoke"])
    def test_a_kiosk_that_is_none_is_not_there(self, admin: Pages, path: str, page: str) -> None:
        admin.get(f"{LIST}/{path}{page}", status=404)


class TestInvitation:
    def test_the_code_is_shown_once_and_makes_a_device_this_kiosk(
        self, admin: Pages, device: Device, services: Services, session: Session
    ) -> None:
        before = admin.get(f"{LIST}/1/invite")
        assert "langsung diblokir" in before.text
        page = admin.post(f"{LIST}/1/invite", 200, form=f"{LIST}/1/invite", known=before.value_of("known"))
        code = code_on(page)
        assert "18 November 2026 12.15" in page.text, "a quarter of an hour from now"
        assert "/touch" in page.text
        assert 'src="data:image/svg+xml;base64,' in page.html
        assert code not in admin.get(f"{LIST}/1").html
        assert code not in json.dumps([act.after for act in acts_on(session, "kiosk", "1")])
        assert device.give(a_sent_rating()).status_code == 401, "the device before is shut out"
        answer = device.client.post("/api/kiosk/enrol", json={"code": code, "token": "n" * 43})
        assert answer.status_code == 201
        assert Device(device.client, "n" * 43).give(a_sent_rating()).status_code == 202

    def test_pressed_twice_the_code_that_is_on_the_screen_is_the_valid_one(
        self, admin: Pages, services: Services
    ) -> None:
        path = f"{LIST}/1/invite"
        known = admin.get(path).value_of("known")
        first, second = (code_on(admin.post(path, 200, form=path, known=known)) for _ in range(2))
        with writing(services.engine) as session:
            assert enrol(session, first, "n" * 43, NOON) is None
            assert enrol(session, second, "n" * 43, NOON) is not None

    def test_a_device_enrolled_meanwhile_is_not_shut_out_unseen(
        self, admin: Pages, services: Services, device: Device, clock: SettableClock
    ) -> None:
        path = f"{LIST}/1/invite"
        known = admin.get(path).value_of("known")
        code = code_on(admin.post(path, 200, form=path, known=known))
        clock.advance(minutes=1)
        device.client.post("/api/kiosk/enrol", json={"code": code, "token": "n" * 43})
        page = admin.post(path, 409, form=path, known=known)
        assert "perangkat lain sudah didaftarkan" in page.text
        assert Device(device.client, "n" * 43).get("/api/kiosk/config").status_code == 200
        code_on(admin.post(path, 200, form=path, known=page.value_of("known")))

    def test_a_kiosk_shut_out_may_come_back(self, admin: Pages, session: Session) -> None:
        path = f"{LIST}/3/invite"
        before = admin.get(path)
        assert "Dengan kode baru, layar dapat dipakai lagi" in before.text
        code_on(admin.post(path, 200, form=path, known=before.value_of("known")))
        assert kiosks(session)[2].revoked_at is None
        assert "menunggu perangkat; kode berlaku sampai" in admin.get(f"{LIST}/3").text

    @pytest.mark.parametrize(
        ("host", "address", "hinted"),
        [
            pytest.param("suara.example", "http://suara.example/touch", False, id="its own name"),
            pytest.param("192.168.1.9:8000", "http://192.168.1.9:8000/touch", False, id="in the network"),
            pytest.param("localhost:8000", "http://127.0.0.1:8000/touch", True, id="on this machine alone"),
        ],
    )
    def test_the_address_is_one_a_device_can_reach_or_the_page_says_it_is_not(
        self, admin: Pages, host: str, address: str, hinted: bool
    ) -> None:
        path = f"{LIST}/1/invite"
        form = admin.get(path)
        data = {"csrf_token": form.csrf_token, "known": form.value_of("known")}
        signed_in = admin.client.get_cookie("session")
        assert signed_in is not None
        admin.client.set_cookie("session", signed_in.value, domain=host.partition(":")[0])
        page = Page(admin.client.post(path, data=data, headers={"Host": host}))
        assert address in page.text
        assert ("hanya berlaku di komputer ini" in page.text) is hinted


class TestRevoking:
    def test_the_page_says_what_happens_to_the_ratings_on_the_device(self, admin: Pages, services: Services) -> None:
        assert "Kami tidak tahu apakah masih ada penilaian" in admin.get(f"{LIST}/1/revoke").text
        heard(services, 1, NOON, outbox=12, storage="memory")
        text = admin.get(f"{LIST}/1/revoke").text
        assert "masih ada penilaian yang menunggu di perangkat itu: 12." in text
        assert "Jangan matikan sebelum semuanya terkirim" in text

    def test_the_device_is_shut_out_and_its_ratings_stay(
        self, admin: Pages, device: Device, session: Session
    ) -> None:
        assert device.give(a_sent_rating()).status_code == 202
        for _ in range(2):
            assert admin.sent(f"{LIST}/1/revoke", form=f"{LIST}/1") == f"{LIST}/1"
        assert device.give(a_sent_rating()).status_code == 401
        assert kiosks(session)[0].revoked_at == NOON
        assert [act.verb for act in acts_on(session, "kiosk", "1")] == ["changed"]
        page = admin.get(f"{LIST}/1")
        assert "diblokir sejak" in page.text
        assert f"{LIST}/1/revoke" not in page.html
        assert KIOSK_TOKEN not in page.html
