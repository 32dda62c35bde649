"""What supervisors and agencies read of their offices: what the officers see, and never a number less."""

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlmodel import Session

from kiosk import create_app
from shared import standings
from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import KioskRow, OfficeRow, OfficerRow, RegionRow
from shared.db.ratings import record
from shared.domain.people import Role
from shared.kiosk_contacts import note_contact
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE, OTHER_OFFICE, let_see
from tests.factories import NOON, SettableClock, a_message
from tests.pages import Page, Pages, led_by, let_lead, let_sign_in
from tests.statements import counted

FAR = "KFR"
"""An office below the cast's."""


@pytest.fixture
def supervisor(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))


@pytest.fixture
def agency(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "agency", Place(Role.AGENCY, region="SWL"))


def give(services: Services, *answers: int, **about: Any) -> None:
    with writing(services.engine) as session:
        record([a_message(overall=answer, **about) for answer in answers], session, services.clock())
    standings.refresh(services)
    let_see(services)


@contextmanager
def people(services: Services) -> Iterator[Session]:
    with writing(services.engine) as session:
        yield session
    services.directory.look_again()


def add_office(
    services: Services, code: str = FAR, name: str = "UPT Dukcapil Talawi", parent: str | None = OFFICE
) -> None:
    with people(services) as session:
        session.add(
            OfficeRow(
                code=code, region_code="SWL", name=name, kind="dukcapil", timezone="Asia/Jakarta", parent_code=parent
            )
        )


def line(page: Page, code: str) -> str:
    """Return the words of an officer's or an office's line."""
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", page.html, re.DOTALL) if code in row]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_a_leader_reads_what_the_officers_read_and_nothing_of_fewer_than_five(
    supervisor: Pages, services: Services
) -> None:
    give(services, 4, 4, 4, 4, 3, 3)
    give(services, 1, 1, 1, 1, officer=BILAL)
    page = supervisor.get("/office")
    assert "91,67 dari 6 penilaian" in line(page, ASHA)
    assert line(page, BILAL) == "Bilal DK8 belum cukup penilaian belum cukup penilaian"
    assert "1 dari 2 petugas sudah mempunyai hasil" in page.text


def test_a_leader_sees_a_month_move_only_when_the_officer_does(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    let_sign_in(services, "asha", ASHA)
    clock.advance(hours=8)
    officer, supervisor = Pages(app), led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    officer.sign_in("asha")
    with writing(services.engine) as session:
        record([a_message(overall=4) for _ in range(5)], session, services.clock())
    standings.refresh(services)
    assert "100,00" not in line(supervisor.get("/office"), ASHA)
    assert "100,00" not in officer.get("/me").text
    clock.advance(hours=5)  # past midnight in Sawahlunto
    with writing(services.engine) as session:
        record([a_message(overall=1) for _ in range(5)], session, services.clock())
    standings.refresh(services)
    assert "100,00 dari 5 penilaian" in line(supervisor.get("/office"), ASHA)
    assert "100,00" in officer.get("/me").text


def test_the_last_month_stands_beside_the_running_one(supervisor: Pages, services: Services) -> None:
    give(services, 3, 3, 3, 3, 3, given_at=NOON - timedelta(days=30))
    page = supervisor.get("/office")
    assert "75,00 dari 5 penilaian belum cukup penilaian" in line(page, ASHA)
    assert "Untuk bulan November 2026, belum ada petugas yang penilaiannya cukup" in page.text
    assert "Untuk bulan Oktober 2026: 1 dari 2." in page.text


def test_officers_stand_by_name_and_the_page_says_that_this_is_no_ranking(
    supervisor: Pages, services: Services
) -> None:
    give(services, 4, 4, 4, 4, 4, officer=BILAL)
    give(services, 1, 1, 1, 1, 1)
    page = supervisor.get("/office")
    assert page.text.index("Asha Pertiwi") < page.text.index("Bilal")
    assert "Urutan menurut nama: bukan peringkat." in page.text


def test_who_has_left_and_who_serves_elsewhere_is_left_out(supervisor: Pages, services: Services) -> None:
    with people(services) as session:
        session.get_one(OfficerRow, BILAL).left_on = NOON.date()
    page = supervisor.get("/office")
    assert "Bilal" not in page.text
    assert "Dev Lasut" not in page.text
    assert "Asha Pertiwi" in page.text


def test_an_office_without_officers_says_who_adds_them(supervisor: Pages, services: Services) -> None:
    add_office(services)
    page = supervisor.get(f"/office/{FAR}")
    assert "Belum ada petugas di kantor ini." in page.text
    assert "Kantor ini belum mempunyai layar." in page.text
    assert "Saat ini tidak ada yang menunggu keputusan Anda." in page.text


def heard(services: Services, kiosk: int, minutes: int) -> None:
    note_contact(services.redis, kiosk, {"at": (services.clock() - timedelta(minutes=minutes)).isoformat()})


def test_kiosks_stand_with_their_last_contact_in_words(
    supervisor: Pages, services: Services, clock: SettableClock
) -> None:
    clock.advance(hours=2)
    with people(services) as session:
        for name, minutes in (("Loket 5", 0), ("Loket 6", 0), ("Loket 8", 115), ("Loket 9", 20)):
            enrolled_at = NOON + timedelta(minutes=minutes)
            session.add(KioskRow(name=name, office_code=OFFICE, token_hash=name.encode(), enrolled_at=enrolled_at))
            session.flush()
        session.add(KioskRow(name="Loket 7", office_code=OFFICE))
    heard(services, 1, minutes=2)
    heard(services, 4, minutes=70)
    heard(services, 6, minutes=6)  # said by the device before the one of now
    heard(services, 7, minutes=101)  # likewise, and long ago
    text = supervisor.get("/office").text
    assert "Loket 3 terhubung" in text
    assert "Loket 5 tanpa kabar sejak 18 November 2026 12.50 WIB" in text
    for name in ("Loket 6", "Loket 8", "Loket 9"):
        assert f"{name} terdaftar, belum pernah ada kabar" in text
    assert "Loket 7 belum ada perangkatnya" in text
    assert "Loket 4 lama" not in text, "revoked"
    assert "Ruang 1" not in text, "of another office"
    assert "Layar tanpa kabar: 3." in text, "the one enrolled five minutes ago may still come"


def test_with_redis_away_nobody_is_called_silent(supervisor: Pages, services: Services) -> None:
    away = dataclasses.replace(services, redis=Redis(port=1, socket_connect_timeout=0.1))
    cookie = supervisor.client.get_cookie("session")
    assert cookie is not None
    pages = Pages(create_app(away))
    pages.client.set_cookie("session", cookie.value)
    text = pages.get("/office").text
    assert "Loket 3 sedang tidak diketahui" in text
    assert "Layar tanpa kabar" not in text


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(OTHER_OFFICE, id="an office of another region"),
        pytest.param("NONE", id="no office"),
        pytest.param("dsw", id="a code not as it is written"),
    ],
)
def test_an_office_outside_the_scope_does_not_exist(supervisor: Pages, agency: Pages, code: str) -> None:
    supervisor.get(f"/office/{code}", 404)
    agency.get(f"/office/{code}", 404)


def test_an_office_beside_ones_own_does_not_exist_for_a_supervisor(
    supervisor: Pages, agency: Pages, services: Services
) -> None:
    add_office(services, parent=None)
    supervisor.get(f"/office/{FAR}", 404)
    assert "UPT Dukcapil Talawi" not in supervisor.get("/office/all").text
    assert "UPT Dukcapil Talawi" in agency.get("/office").text
    agency.get(f"/office/{FAR}")


def test_a_supervisor_reads_the_offices_below_their_own(supervisor: Pages, services: Services) -> None:
    assert "Semua kantor Anda" not in supervisor.get("/office").text
    add_office(services)
    assert "Semua kantor Anda" in supervisor.get("/office").text
    page = supervisor.get("/office/all")
    assert page.text.index("Disdukcapil Sawahlunto") < page.text.index("UPT Dukcapil Talawi")
    assert supervisor.get(f"/office/{FAR}").h1 == ["UPT Dukcapil Talawi"]


def test_a_supervisor_is_led_to_the_roster_and_an_agency_not(supervisor: Pages, agency: Pages) -> None:
    path = f"/office/{OFFICE}"
    assert f'href="/roster/{OFFICE}"' in supervisor.get(path).html
    assert "/roster" not in agency.get(path).html


def test_an_agency_reads_the_offices_of_its_region(agency: Pages, services: Services) -> None:
    give(services, 4, 4, 4, 4, 3)
    add_office(services, parent=None)
    page = agency.get("/office")
    assert page.h1 == ["Kantor-kantor di Kota Sawahlunto"]
    assert "Ada 2 kantor, dengan 2 petugas." in page.text
    assert "1 dari 2" in line(page, f"/office/{OFFICE}")
    assert "belum ada petugas" in line(page, f"/office/{FAR}")
    assert "Puskesmas Sofifi" not in page.text
    assert agency.get(f"/office/{OFFICE}").h1 == ["Disdukcapil Sawahlunto"]


def test_an_agency_without_offices_is_told_so(app: Flask, services: Services) -> None:
    with people(services) as session:
        session.add(RegionRow(code="NEW", name="Kota Baru"))
    pages = led_by(app, services, "newagency", Place(Role.AGENCY, region="NEW"))
    assert "Belum ada kantor." in pages.get("/office").text


def test_long_lists_are_searched_and_cut_into_pages(agency: Pages, services: Services) -> None:
    for number in range(60):
        add_office(services, f"K{number}", f"Kelurahan {number:02}", parent=None)
    with people(services) as session:
        session.add_all(OfficerRow(code=f"Q{n}", name=f"Petugas {n:03}", office_code=OFFICE) for n in range(120))
    first, second = agency.get("/office"), agency.get("/office/all?page=2")
    assert "Kelurahan 48" in first.text
    assert "Kelurahan 49" not in first.text
    assert "Kelurahan 49" in second.text
    assert "Halaman 2 dari 2" in second.text
    assert "Kelurahan 07" in agency.get("/office/all?words=lurah+07").text
    assert "Tidak ada kantor dengan nama" in agency.get("/office/all?words=bank").text
    path = f"/office/{OFFICE}"
    assert "Petugas 119" in agency.get(f"{path}?page=3").text
    assert "Petugas 119" in agency.get(f"{path}?page=99").text, "the nearest page there is"
    assert "Asha Pertiwi" in agency.get(f"{path}?page=-1").text
    found = agency.get(f"{path}?words=q117")
    assert "Petugas 117" in found.text
    assert "Asha" not in found.text
    assert "0 dari 122" in found.text, "the sentence is about the office, not about what was looked for"
    assert "Tidak ada petugas di sini" in agency.get(f"{path}?words=%25").text


@pytest.mark.parametrize("path", ["/office", "/office/all"])
def test_two_hundred_officers_cost_no_more_questions_than_two(
    supervisor: Pages, services: Services, path: str
) -> None:
    supervisor.get(path)
    with counted(services) as few:
        supervisor.get(path)
    with people(services) as session:
        session.add_all(OfficerRow(code=f"Q{n}", name=f"Petugas {n:03}", office_code=OFFICE) for n in range(200))
        session.flush()
        ratings = [a_message(officer=f"Q{n}") for n in range(200) for _ in range(5)]
        record(ratings, session, services.clock())
    standings.refresh(services)
    let_see(services)
    supervisor.get(path)
    with counted(services) as many:
        page = supervisor.get(path)
    assert "200" in page.text
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        pytest.param("officer", Place(Role.OFFICER, officer=BILAL), id="an officer"),
        pytest.param("admin", Place(Role.ADMINISTRATOR), id="an administrator"),
        pytest.param("auditor", Place(Role.AUDITOR), id="an auditor"),
    ],
)
def test_nobody_else_reads_it(app: Flask, services: Services, role: str, place: Place) -> None:
    pages = led_by(app, services, role, place)
    for path in ("/office", "/office/all", f"/office/{OFFICE}"):
        pages.get(path, 403)
        assert Pages(app).redirect(path).startswith("/login")


def test_it_reads_in_english_too(app: Flask, services: Services) -> None:
    give(services, 4, 4, 4, 4, 3, 3)
    let_lead(services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    pages = Pages(app, "en")
    pages.lead(services, "supervisor")
    page = pages.get("/office")
    assert "91.67 from 6 ratings" in line(page, ASHA)
    assert "this is not a ranking" in page.text
    pages.get("/office/all")
