"""From an invitation to a counted rating, on the running system, by the phone on the screen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlmodel import col

from shared.db.engine import reading, writing
from shared.db.people_tables import OfficeRow
from shared.services import Services
from tests.journeys.system import System
from tests.journeys.test_running_system import count_on_page, sign_in
from tests.servers import settings_in
from tests.sms.working import let_it_be_noon
from workers.queues import ASK_PEOPLE, SEND_MESSAGES, QueueName, enqueue


@pytest.fixture
def at_noon(system: System) -> Iterator[Services]:
    """Let people be written to at whatever hour this runs, and the clock need not be waited for."""
    services = Services.of(settings_in(system.home))
    with reading(services.engine) as session:
        zones = {office.code: office.timezone for office in session.scalars(select(OfficeRow))}
    let_it_be_noon(services)
    yield services
    with writing(services.engine) as session:
        for code, zone in zones.items():
            session.execute(update(OfficeRow).where(col(OfficeRow.code) == code).values(timezone=zone))
    services.close()


def first_chip(page: Page, system: System) -> str:
    page.goto(f"{system.web}/simulator?phone=1&channel=whatsapp")
    return page.locator(".chips button").first.inner_text()


def test_a_person_is_invited_and_the_rating_is_counted(system: System, page: Page, at_noon: Services) -> None:
    assert f"Simulator ponsel: {system.web}/simulator" in system.log.read_text()
    system.wait_until(lambda: first_chip(page, system).startswith("NILAI DK"), 15)
    officer = first_chip(page, system).split()[1]
    officers_page = page.context.new_page()
    sign_in(officers_page, system, officer)
    before = count_on_page(officers_page, system)
    page.bring_to_front()
    page.reload()
    page.get_by_role("button", name=f"NILAI {officer} 4").click()
    expect(page.locator(".ours .bubble")).to_contain_text(re.compile(rf"sudah tercatat: .*\({officer}\)"))
    page.get_by_role("link", name="Nomor berakhiran").first.click()
    page.get_by_role("button", name="Saya baru dilayani").click()
    expect(page.locator("#standing")).to_contain_text("sudah dicatat")
    enqueue(QueueName.MESSAGES, ASK_PEOPLE, at_noon.redis)
    enqueue(QueueName.MESSAGES, SEND_MESSAGES, at_noon.redis)
    link = page.locator(".bubble a")
    expect(link).to_be_visible(timeout=20_000)
    with page.context.expect_page() as opening:
        link.click()
    asked = opening.value
    asked.get_by_role("button", name="Sangat baik").click()
    expect(asked.locator("main")).to_contain_text("Penilaian Anda sudah tercatat")
    page.bring_to_front()
    expect(page.locator("#standing")).to_contain_text("Diterima:", timeout=10_000)
    system.wait_until(lambda: count_on_page(officers_page, system) == before + 2, 15)
