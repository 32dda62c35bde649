"""A device that may keep nothing."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect
from sqlalchemy import delete

from shared import stream
from shared.db.engine import writing
from shared.db.people_tables import OfficerRow, PostingRow
from shared.services import Services
from tests.cast import ASHA, OFFICE, OTHER_OFFICE
from tests.factories import NOON
from tests.kiosk.touch.stage import CODE, IN_A_BROWSER, Server, arrived, at, press, set_clock, thanked

pytestmark = IN_A_BROWSER


def test_without_storage_a_rating_is_thanked_for_only_when_the_server_has_it(
    server: Server, context: BrowserContext, services: Services, kiosk_id: int
) -> None:
    context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('forbidden'); };")
    page = context.new_page()
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    at(page, "attract")
    press(page, 4)
    with thanked(page):
        page.click("[data-action=send]")
    arrived(services, 1, page)
    at(page, "attract")
    server.stop()
    press(page, 3)
    page.click("[data-action=send]")
    expect(page.locator("h1")).to_contain_text("Maaf, penilaian Anda belum tersimpan.")
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    arrived(services, 2, page)


def test_without_storage_what_was_refused_goes_again_as_well(
    timers: Callable[..., None], server: Server, context: BrowserContext, services: Services, kiosk_id: int
) -> None:
    timers(config_seconds=0.3)
    context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('forbidden'); };")
    page = context.new_page()
    page.goto(f"{server.page}#code={CODE}")
    page.click("[data-action=enrol]")
    at(page, "attract")
    set_clock(page, NOON.replace(year=2019))
    page.click("[data-action=begin]")
    page.wait_for_timeout(400)
    page.click(f"[data-officer={ASHA}]")
    page.click("[data-overall='2']")
    at(page, "second")
    with writing(services.engine) as session:
        session.get_one(OfficerRow, ASHA).office_code = OTHER_OFFICE
        session.execute(delete(PostingRow))
    services.directory.look_again()
    page.click("[data-action=send]")
    page.wait_for_timeout(1000)
    assert stream.length(services.redis) == 0
    with writing(services.engine) as session:
        session.get_one(OfficerRow, ASHA).office_code = OFFICE
    services.directory.look_again()
    (rating,) = arrived(services, 1, page)
    assert (rating.officer, rating.overall) == (ASHA, 2)
