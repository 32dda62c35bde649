"""The page of an office's messages: its month in words, for everybody who looks after the office."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from shared.db.accounts import Place
from shared.domain.people import Role
from shared.services import Services
from tests.cast import OFFICE, OTHER_OFFICE
from tests.factories import SettableClock
from tests.pages import Pages, led_by
from tests.sent import MORNING, sent

PAGE = f"/messages/{OFFICE}"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_month_reads_like_a_letter_with_its_answers_once_they_may_be_told(
    app: Flask, supervisor: Pages, services: Services, clock: SettableClock
) -> None:
    sent(services, 42, answers=17)
    sent(services, 6, state="failed", error_code="30005")
    open_month = supervisor.get(PAGE).text
    assert "sekitar 45 pesan" in open_month
    assert "Sekitar 40 dipastikan sampai" in open_month
    assert "nomornya tidak ada, atau tidak dapat menerima pesan" in open_month
    assert "ditampilkan mulai 9 Desember 2026" in open_month.replace("\xa0", " ")
    assert "dari 10" not in open_month
    assert "undangan bulan ini dijawab" not in open_month
    clock.moment = datetime(2026, 12, 9, 2, tzinfo=UTC)
    another = led_by(app, services, "chitra", Place(Role.SUPERVISOR, office=OFFICE))
    told = another.get(f"{PAGE}?month=2026-11").text.replace("\xa0", " ")
    assert "Sekitar 15 undangan bulan ini dijawab" in told
    assert "4 dari 10" in told, "at nine"
    assert "Rp 18.000" in told
    assert "Rp 400" in told
    assert "Rp 1.200" in told
    assert "Desember 2026, kurang dari lima pesan" in another.get(PAGE).text
    assert "Desember 2026, kurang dari lima" in another.get(f"{PAGE}?month=x").text


def test_nothing_of_one_message_is_on_the_page(supervisor: Pages, services: Services) -> None:
    empty = supervisor.get(PAGE)
    assert "kurang dari lima pesan" in empty.text
    assert "kurang dari 5" not in empty.text, "no table of nothing"
    sent(services, 4, answers=4)
    page = supervisor.get(PAGE)
    assert page.text == empty.text
    assert "+62" not in page.html


def test_the_agency_of_the_region_sees_it_and_no_other(app: Flask, services: Services) -> None:
    agency = led_by(app, services, "bkpsdm", Place(Role.AGENCY, region="SWL"))
    assert agency.redirect("/messages").endswith(PAGE)
    agency.get(PAGE)
    agency.get(f"/messages/{OTHER_OFFICE}", 404)
    assert PAGE in agency.get(f"/office/{OFFICE}").html


def test_a_month_begins_when_it_does_at_the_office(admin: Pages, services: Services, clock: SettableClock) -> None:
    sent(services, 5, at=datetime(2026, 10, 31, 17, 30, tzinfo=UTC))
    sent(services, 10, at=datetime(2026, 10, 31, 16, 30, tzinfo=UTC))
    assert "November 2026, sekitar 5 pesan" in admin.get(PAGE).text
    assert "Oktober 2026, sekitar 10 pesan" in admin.get(f"{PAGE}?month=2026-10").text
    assert clock.moment > MORNING
