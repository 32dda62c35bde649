"""What is amiss with a kiosk is said in words with what to do, to whoever can do something about it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from kiosk.alarms import ADVICE, TITLES, Alarm, raised
from kiosk.touch.views import version
from shared.db.engine import writing
from shared.db.people_tables import KioskRow, OfficeRow
from shared.db.ratings import record
from shared.kiosk_contacts import Contact, Standing, note_contact
from shared.lost_ratings import count_lost
from shared.services import Services
from shared.state import state_of
from tests.cast import OFFICE
from tests.factories import NOON, a_rating
from tests.pages import Pages

NO_TIME = timedelta()


def amiss(standing: Standing | None = Standing.HEARD, lost: int = 0, **told: Any) -> list[Alarm]:
    known = Contact(**{"at": NOON, "waiting": 0, "storage_kept": True, "version": "now", **told})
    return [one.alarm for one in raised(standing, known, NO_TIME, lost, "now")]


@pytest.mark.parametrize(
    ("told", "alarms"),
    [
        pytest.param({}, [], id="all is well"),
        pytest.param({"skew": timedelta(seconds=119)}, [], id="a clock a little ahead"),
        pytest.param({"skew": timedelta(minutes=2)}, [Alarm.CLOCK], id="a clock ahead"),
        pytest.param({"skew": timedelta(minutes=-2)}, [Alarm.CLOCK], id="a clock behind"),
        pytest.param({"used": 89, "quota": 100}, [], id="storage that has room"),
        pytest.param({"used": 90, "quota": 100}, [Alarm.NEARLY_FULL], id="storage nearly full"),
        pytest.param({"used": 5, "quota": 0}, [], id="storage it does not know"),
        pytest.param({"persisted": False}, [Alarm.NOT_PERSISTED], id="storage not promised"),
        pytest.param({"persisted": False, "secure": False}, [Alarm.INSECURE], id="not secure, and so not promised"),
        pytest.param({"persisted": True, "secure": True}, [], id="both"),
        pytest.param({"storage_kept": False}, [Alarm.NOT_KEPT], id="storage in memory"),
        pytest.param({"version": "before"}, [Alarm.OLD_VERSION], id="an older version"),
        pytest.param({"version": ""}, [], id="a version it does not say"),
        pytest.param({"version": "before", "standing": Standing.RESTING}, [], id="an older version, switched off"),
        pytest.param({"refused": 1, "held": 1, "lost": 1}, [Alarm.LOST, Alarm.REFUSED, Alarm.HELD], id="ratings"),
        pytest.param({"standing": Standing.SILENT, "refused": 1}, [Alarm.SILENT, Alarm.REFUSED], id="silent"),
        pytest.param({"standing": Standing.UNKNOWN}, [], id="not known"),
        pytest.param({"standing": None, "refused": 1}, [], id="no device"),
    ],
)
def test_an_alarm_is_raised_where_something_is_amiss_and_the_gravest_comes_first(
    told: dict[str, Any], alarms: list[Alarm]
) -> None:
    assert amiss(**told) == alarms


def test_a_device_that_was_never_heard_of_is_silent() -> None:
    assert [one.alarm for one in raised(Standing.NEVER_HEARD, None, NO_TIME, 0, "now")] == [Alarm.SILENT]
    assert raised(Standing.ENROLLED, None, NO_TIME, 0, "now") == []


def test_each_has_a_title_and_says_what_to_do() -> None:
    assert set(TITLES) == set(ADVICE) == set(Alarm)


def heard(services: Services, kiosk: int, **contact: Any) -> None:
    note_contact(services.redis, kiosk, {"at": services.clock().isoformat(), "outbox": 0, **contact})


def test_the_list_begins_with_what_is_amiss_and_the_kiosks_it_is_about(
    admin: Pages, app: Flask, services: Services
) -> None:
    with app.test_request_context():
        served = version()
    heard(services, 1, version=served)
    heard(services, 2, version="before", skew=-7200)
    text = admin.get("/admin/kiosks").text
    assert "Perlu perhatian 1 dari 3 layar" in text
    assert "Jamnya terlambat 2 jam." in text
    assert "Layar masih memakai versi lama." in text
    assert text.index("Betulkan jam perangkat") < text.index("Semua layar")
    rows = text[text.index("Semua layar") :]
    assert rows.index("Ruang 1") < rows.index("Loket 3"), "what is amiss comes first"
    page = admin.get("/admin/kiosks/2").text
    assert page.index("Jamnya terlambat 2 jam.") < page.index("Betulkan jam perangkat") < page.index("Keadaan")
    assert "Perlu perhatian" not in admin.get("/admin/kiosks/1").text


def test_numbers_that_never_came_in_are_told(admin: Pages, services: Services) -> None:
    heard(services, 1, sequence=9)
    with writing(services.engine) as session:
        record([a_rating(sequence=number, given_at=NOON) for number in (1, 5)], session, NOON)
    count_lost(services)
    assert "Penilaian yang tidak pernah sampai: 3." in admin.get("/admin/kiosks/1").text


def test_a_page_tells_what_the_device_says_and_the_share_that_answered(admin: Pages, services: Services) -> None:
    visits = {"rated": 30, "skipped": 6, "timed_out": 4}
    heard(services, 1, visits=visits, used=30, quota=120, battery=0.42, voices=["id-ID"], persisted=True, secure=True)
    text = admin.get("/admin/kiosks/1").text
    assert "40; menilai 75 %" in text
    assert "menilai 30, dilewati 6, ditinggalkan 4" in text
    assert "terisi 25 %" in text
    assert "Baterai 42 %" in text
    assert "id-ID" in text


def test_a_supervisor_reads_what_is_amiss_with_their_kiosks_and_no_others(
    supervisor: Pages, services: Services
) -> None:
    heard(services, 1, refused=2)
    heard(services, 2, held=77)
    text = supervisor.get("/office").text
    assert "Penilaian yang ditolak: 2." in text
    assert "Kembalikan petugas, jadwal, atau loketnya" in text
    assert "77" not in text


@pytest.mark.parametrize(
    ("today", "state", "silent"),
    [
        pytest.param(["12:00", "15:00"], "sedang tutup atau baru buka", False, id="as the office opens"),
        pytest.param(["11:50", "15:00"], "tidak ada kabar", True, id="ten minutes later"),
        pytest.param(["08:00", "12:01"], "tidak ada kabar", True, id="before it closes"),
        pytest.param(["08:00", "12:00"], "sedang tutup atau baru buka", False, id="once it has closed"),
        pytest.param([], "sedang tutup atau baru buka", False, id="on a day when it is closed"),
    ],
)
def test_outside_opening_hours_silence_is_no_alarm(
    admin: Pages, supervisor: Pages, services: Services, today: list[str], state: str, silent: bool
) -> None:
    with writing(services.engine) as session:
        session.get_one(OfficeRow, OFFICE).opening_hours = [[], [], today, [], [], [], []]
        session.get_one(KioskRow, 1).enrolled_at = NOON - timedelta(days=1)
    services.directory.look_again()
    heard(services, 2)
    assert state in admin.get("/admin/kiosks/1").text
    assert ("Periksa apakah layar menyala" in admin.get("/admin/kiosks").text) is silent
    assert ("Layar tanpa kabar: 1." in supervisor.get("/office").text) is silent
    queue = state_of(services).queue
    assert queue
    assert queue.silent == ({1} if silent else set())
