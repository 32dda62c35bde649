"""What the server refuses moves aside, and goes again when people and places have changed."""

from collections.abc import Callable

from playwright.sync_api import Page

from shared.db.engine import writing
from shared.db.kiosks import add_kiosk, invite_device, revoke_kiosk
from shared.db.people_tables import OfficerRow
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import NOON
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, connect, keeps, kept, press, renew

pytestmark = IN_A_BROWSER


def test_a_refused_rating_moves_aside_and_holds_back_no_other(
    screen: Page, services: Services, server: Server
) -> None:
    server.stop()
    screen.click("[data-action=begin]")
    screen.click("[data-action=not-this-officer]")
    screen.click(f"[data-officer={BILAL}]")
    screen.click("[data-overall='3']")
    screen.click("[data-action=skip]")
    at(screen, "attract")
    press(screen, 4)
    screen.click("[data-action=skip]")
    at(screen, "attract")
    with writing(services.engine) as session:
        session.delete(session.get_one(OfficerRow, BILAL))
    services.directory.look_again()
    server.start()
    screen.evaluate("dispatchEvent(new Event('online'))")
    (rating,) = arrived(services, 1, screen)
    assert rating.officer == ASHA
    (refusal,) = keeps(screen, "refused", 1)
    assert (refusal["rating"]["officer"], bool(refusal["code"])) == (BILAL, True)
    keeps(screen, "outbox", 0)


def rate_bilal(screen: Page) -> None:
    screen.click("[data-action=begin]")
    screen.click("[data-action=not-this-officer]")
    screen.click(f"[data-officer={BILAL}]")
    screen.click("[data-overall='3']")
    screen.click("[data-action=skip]")
    at(screen, "attract")


def remove_bilal(services: Services) -> None:
    with writing(services.engine) as session:
        session.delete(session.get_one(OfficerRow, BILAL))
    services.directory.look_again()


def restore_bilal(services: Services) -> None:
    with writing(services.engine) as session:
        session.add(OfficerRow(code=BILAL, name="Bilal", office_code=OFFICE))
    services.directory.look_again()


def is_refused(screen: Page, services: Services, server: Server) -> None:
    """Give a rating of Bilal that arrives when nobody knows him any more."""
    server.stop()
    rate_bilal(screen)
    remove_bilal(services)
    server.start()
    connect(screen)
    keeps(screen, "refused", 1)


def test_what_was_refused_arrives_once_the_officer_is_back(
    timers: Callable[..., None], screen: Page, services: Services, server: Server
) -> None:
    timers(config_seconds=0.3)
    renew(screen)
    is_refused(screen, services, server)
    screen.wait_for_timeout(2000)  # by then the screen has seen that he is gone
    restore_bilal(services)
    (rating,) = arrived(services, 1, screen)
    assert rating.officer == BILAL
    keeps(screen, "refused", 0)


def test_it_arrives_as_well_when_the_screen_never_saw_the_officer_gone(
    screen: Page, services: Services, server: Server
) -> None:
    is_refused(screen, services, server)
    screen.wait_for_timeout(500)
    restore_bilal(services)
    screen.reload()
    (rating,) = arrived(services, 1, screen)
    assert rating.officer == BILAL


def test_it_arrives_after_the_device_was_enrolled_again(
    screen: Page, services: Services, server: Server, kiosk_id: int
) -> None:
    is_refused(screen, services, server)
    screen.wait_for_timeout(500)
    restore_bilal(services)
    with writing(services.engine) as session:
        revoke_kiosk(session, kiosk_id, NOON)
        again = add_kiosk(session, "Layar baru", OFFICE, COUNTER)
        invite_device(session, again, "WXYZ-6789", NOON)
    services.directory.look_again()
    screen.reload()
    at(screen, "revoked")
    screen.click("[data-action=enrol-again]")
    screen.fill("#code", "wxyz6789")
    screen.click("[data-action=enrol]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.officer, rating.kiosk) == (BILAL, again)


def test_it_is_not_sent_again_and_again(
    timers: Callable[..., None], screen: Page, services: Services, server: Server
) -> None:
    timers(config_seconds=0.2)
    renew(screen)
    sent: list[str] = []
    screen.on("request", lambda request: sent.append(request.url) if request.url.endswith("/api/ratings") else None)
    is_refused(screen, services, server)
    screen.wait_for_timeout(2000)
    assert len(kept(screen, "refused")) == 1
    assert 1 <= len([url for url in sent if url]) <= 5


def test_while_the_database_is_away_nobody_is_taken_for_unknown(
    screen: Page, services: Services, server: Server
) -> None:
    server.stop()
    rate_bilal(screen)
    remove_bilal(services)
    rename(services, "directory_version", "away")
    services.directory.look_again()
    server.start()
    connect(screen)
    screen.wait_for_timeout(1000)
    assert kept(screen, "refused") == []
    rename(services, "away", "directory_version")
    restore_bilal(services)
    connect(screen)
    (rating,) = arrived(services, 1, screen)
    assert rating.officer == BILAL


def rename(services: Services, table: str, name: str) -> None:
    with services.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")
