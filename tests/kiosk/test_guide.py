"""The first page of administration: it leads an empty database to a first rating, then says how things stand."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import delete
from sqlmodel import SQLModel

from kiosk import create_app
from kiosk.admin.guide import STEPS
from shared import intake, standings, stream
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import (
    CounterRow,
    KioskRow,
    OfficeRow,
    OfficerRow,
    PostingRow,
    RegionRow,
    ServiceRow,
)
from shared.db.quarantine import quarantine
from shared.db.ratings import record
from shared.domain.errors import QuarantineReason
from shared.domain.people import Role
from shared.kiosk_contacts import note_contact
from shared.services import Services
from tests.cast import OFFICE
from tests.factories import NOON, SettableClock, a_rating
from tests.kiosk.conftest import bring_to_the_page
from tests.pages import Page, Pages, led_by

TABLES = (PostingRow, KioskRow, ServiceRow, CounterRow, OfficerRow, OfficeRow, RegionRow)


@pytest.fixture
def nobody_there(services: Services) -> None:
    """Take the cast from the stage."""
    with writing(services.engine) as session:
        for table in TABLES:
            session.execute(delete(table))
    services.directory.look_again()


def add(services: Services, *rows: SQLModel) -> None:
    with writing(services.engine) as session:
        session.add_all(rows)
    services.directory.look_again()


def states(page: Page) -> list[str]:
    return re.findall(r'class="step (\w+)"', page.html)


def test_every_step_leads_to_a_page_there_is(app: Flask) -> None:
    assert len(STEPS) == 8
    assert [step.endpoint for step in STEPS if step.endpoint not in app.view_functions] == []


@pytest.mark.usefixtures("nobody_there")
def test_the_guide_leads_from_nothing_to_a_first_rating(admin: Pages, services: Services) -> None:
    office = OfficeRow(code="DSW", region_code="SWL", name="Disdukcapil", kind="dukcapil", timezone="Asia/Jakarta")
    kiosk = KioskRow(name="Loket 3", office_code="DSW", token_hash=b"t", enrolled_at=NOON)
    doing: list[tuple[str, SQLModel]] = [
        ("Pemerintah daerah", RegionRow(code="SWL", name="Kota Sawahlunto")),
        ("Kantor", office),
        ("Loket", CounterRow(code="DSL3", office_code="DSW", name="Loket 3")),
        ("Petugas", OfficerRow(code="DK7", name="Asha", office_code="DSW")),
        ("Layar", kiosk),
    ]
    for name, row in doing:
        page = admin.get("/admin")
        assert page.h1 == ["Delapan langkah sampai penilaian pertama"]
        assert f"{name} berikutnya" in page.text
        address = re.search(r'class="button primary" href="([^"]+)"', page.html)
        assert address, name
        admin.get(address[1])
        add(services, row)
    assert states(admin.get("/admin")) == ["done", "done", "done", "open", "done", "open", "done", "next"]
    intake.accept([a_rating(kiosk=None)], services)
    bring_to_the_page(services)
    page = admin.get("/admin")
    assert page.h1 == ["Pengelolaan"]
    assert "Penilaian hari ini: 1." in page.text


@pytest.mark.usefixtures("nobody_there")
def test_what_can_be_left_out_is_offered_in_its_turn_and_done_when_it_is_there(
    admin: Pages, services: Services
) -> None:
    assert states(admin.get("/admin")) == ["next"] + ["later"] * 7
    add(services, RegionRow(code="SWL", name="Kota Sawahlunto"))
    office = OfficeRow(code="DSW", region_code="SWL", name="Disdukcapil", kind="dukcapil", timezone="Asia/Jakarta")
    add(services, office)
    add(services, CounterRow(code="DSL3", office_code="DSW", name="Loket 3"))
    page = admin.get("/admin")
    assert states(page) == ["done", "done", "done", "open", "next", "later", "later", "later"]
    assert 'href="/admin/offices/DSW/services"' in page.html
    add(services, ServiceRow(office_code="DSW", code="KTP", name="KTP"))
    assert states(admin.get("/admin"))[3] == "done"


@pytest.mark.usefixtures("nobody_there")
def test_an_auditor_reads_the_guide_without_its_buttons(auditor: Pages) -> None:
    page = auditor.get("/admin")
    assert states(page)[0] == "next"
    assert 'class="button primary"' not in page.html


def test_a_device_that_is_not_enrolled_is_no_kiosk_yet(admin: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(delete(KioskRow))
    assert states(admin.get("/admin"))[6] == "next"
    add(services, KioskRow(name="Loket 3", office_code=OFFICE))
    assert states(admin.get("/admin"))[6] == "next"
    with writing(services.engine) as session:
        record([a_rating(kiosk=None)], session, NOON)
    page = admin.get("/admin")
    assert "Yang masih kurang" in page.text
    assert "Tambah layar" in page.text


def rated(services: Services, *ages: timedelta) -> None:
    with writing(services.engine) as session:
        record([a_rating(given_at=NOON - age) for age in ages], session, NOON)
    standings.refresh(services)
    standings.sweep(services)


def test_the_overview_says_what_there_is_and_what_came_in_today(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    clock.advance(hours=11, minutes=30)
    rated(services, timedelta(), timedelta(hours=11), timedelta(hours=13), timedelta(days=30))
    note_contact(services.redis, 1, {"at": services.clock().isoformat()})
    admin = led_by(app, services, "admin", Place(Role.ADMINISTRATOR))
    text = admin.get("/admin").text
    assert "Penilaian hari ini: 2." in text, "since midnight in Jakarta: the offices are in two zones"
    assert "Layar tanpa kabar: 1." in text
    assert "Kantor 2" in text
    assert "Petugas 3" in text
    assert "Layar terdaftar 2 di antaranya tanpa kabar: 1" in text
    assert "Menunggu dicatat 0" in text
    assert "Yang tertua sudah menunggu tidak ada yang menunggu" in text
    assert "Ditahan untuk diperiksa 0" in text
    assert "Hasil terakhir diperbarui 0 detik yang lalu" in text
    note_contact(services.redis, 2, {"at": services.clock().isoformat()})
    assert "Semua berjalan baik." in admin.get("/admin").text


def test_today_begins_at_midnight_even_on_the_first_of_a_month(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    clock.moment = NOON.replace(month=11, day=30, hour=16, minute=30)
    with writing(services.engine) as session:
        in_december = a_rating(office="PSF", officer="PS1", counter="PSL1", given_at=clock.moment)
        record([in_december, a_rating(given_at=clock.moment)], session, clock.moment)
    assert "Penilaian hari ini: 2." in led_by(app, services, "admin", Place(Role.ADMINISTRATOR)).get("/admin").text


def test_what_is_stuck_is_said_with_what_to_do(app: Flask, services: Services, clock: SettableClock) -> None:
    clock.moment = datetime.fromtimestamp(1_900_000_000, UTC)
    rated(services, timedelta())
    services.redis.xadd(stream.STREAM, {stream.FIELD: b"{}"}, id="1899999700000-0")
    services.redis.delete(standings.LAST_SWEEP)
    with writing(services.engine) as session:
        quarantine(session, QuarantineReason.UNREADABLE, b"{}", NOON)
    text = led_by(app, services, "admin", Place(Role.ADMINISTRATOR)).get("/admin").text
    assert "Ada yang perlu perhatian Anda" in text
    assert "Menunggu dicatat 1" in text
    assert "Yang tertua sudah menunggu 5 menit" in text
    assert "mohon pastikan pencatatnya (recorder) berjalan" in text
    assert "suara replay" in text
    assert "Hasil terakhir diperbarui belum pernah" in text


def test_with_redis_away_the_overview_says_so(admin: Pages, services: Services) -> None:
    rated(services, timedelta())
    cookie = admin.client.get_cookie("session")
    assert cookie is not None
    pages = Pages(create_app(dataclasses.replace(services, redis=Redis(port=1, socket_connect_timeout=0.1))))
    pages.client.set_cookie("session", cookie.value)
    text = pages.get("/admin").text
    assert "Redis tidak menjawab." in text
    assert "Menunggu dicatat" not in text
    assert "Ditahan untuk diperiksa 0" in text


def test_the_overview_tells_what_was_done_in_the_last_days(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    rated(services, timedelta())
    admin = led_by(app, services, "admin", Place(Role.ADMINISTRATOR))
    admin.sent("/admin/offices/regions", form="/admin/offices", name="Kota Baru", code="KBR")
    for page in (admin.get("/admin"), led_by(app, services, "auditor", Place(Role.AUDITOR)).get("/admin")):
        assert "Kota Baru" in page.text
    clock.advance(days=8)
    later = Pages(app)
    later.lead_again(services, "admin", "/admin")
    assert "Kota Baru" not in later.get("/admin").text


@pytest.mark.usefixtures("nobody_there")
def test_it_reads_in_english_too(app: Flask, services: Services) -> None:
    pages = led_by(app, services, "admin", Place(Role.ADMINISTRATOR), "en")
    assert pages.get("/admin").h1 == ["To the first rating in eight steps"]
