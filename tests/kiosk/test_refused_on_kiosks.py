"""Ratings a kiosk could not hand in, as administration is told of them."""

import re

from shared.kiosk_contacts import note_contact
from shared.services import Services
from shared.state import state_of
from tests.factories import NOON
from tests.pages import Pages

WHAT_TO_DO = "Kembalikan petugas, jadwal, atau loketnya"


def heard(services: Services, kiosk: int, refused: int) -> None:
    note_contact(services.redis, kiosk, {"at": NOON.isoformat(), "outbox": 0, "refused": refused})


def test_the_list_and_the_page_of_a_kiosk_say_how_many_and_what_to_do(admin: Pages, services: Services) -> None:
    heard(services, 1, 1234)
    heard(services, 2, 0)
    page = admin.get("/admin/kiosks")
    rows = dict(re.findall(r'kiosks/(\d)">(.*?)</tr>', page.html, re.DOTALL))
    assert "1.234 ditolak" in rows["1"]
    assert "ditolak" not in rows["2"] + rows["3"]
    assert WHAT_TO_DO in page.text
    page = admin.get("/admin/kiosks/1")
    assert "1.234 ditolak" in page.text
    assert WHAT_TO_DO in page.text


def test_where_nothing_was_refused_nothing_is_said_of_it(admin: Pages, services: Services) -> None:
    heard(services, 1, 0)
    for address in ("/admin/kiosks", "/admin/kiosks/1", "/admin/kiosks/3"):
        assert "ditolak" not in admin.get(address).text


def test_the_state_counts_them_on_all_enrolled_kiosks(services: Services) -> None:
    heard(services, 1, 2)
    heard(services, 2, 3)
    heard(services, 3, 100)
    queue = state_of(services).queue
    assert queue
    assert queue.refused == 5, "the third is shut out"
