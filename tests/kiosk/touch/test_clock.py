"""A device whose clock is wrong, set right, or lost between the press and the sending."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page

from shared.services import Services
from tests.cast import ASHA
from tests.factories import NOON, SettableClock
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, connect, keeps, kept, set_clock, thanked

pytestmark = IN_A_BROWSER


def connected_by(screen: Page, services: Services, moment: datetime) -> None:
    """Let the device's clock show this moment, and the device talk to the server since."""
    set_clock(screen, moment)
    rate_whoever(screen)
    arrived(services, 1, screen)
    keeps(screen, "outbox", 0)


def rate_whoever(screen: Page) -> None:
    screen.click("[data-action=begin]")
    screen.wait_for_timeout(400)
    if screen.locator(f"[data-officer={ASHA}]").count():
        screen.click(f"[data-officer={ASHA}]")
        screen.wait_for_timeout(400)
    screen.click("[data-overall='4']")
    with thanked(screen):
        screen.click("[data-action=skip]")
    at(screen, "attract")


AHEAD, BEHIND, YEARS_BEHIND = timedelta(hours=2), timedelta(days=-20), timedelta(days=-2500)


@pytest.mark.parametrize("wrong", [AHEAD, BEHIND, YEARS_BEHIND], ids=["ahead", "behind", "years behind"])
def test_what_was_given_before_a_wrong_clock_was_set_right_has_its_true_moment(
    screen: Page, services: Services, server: Server, clock: SettableClock, wrong: timedelta
) -> None:
    connected_by(screen, services, NOON + wrong)
    server.stop()
    rate_whoever(screen)
    set_clock(screen, NOON)
    clock.advance(minutes=30)
    server.start()
    connect(screen)
    _, rating = arrived(services, 2, screen)
    assert abs(rating.given_at - NOON) < timedelta(minutes=1)
    assert rating.clock_shift == 0


def test_what_was_given_before_the_clock_was_lost_has_its_true_moment(
    screen: Page, services: Services, server: Server, clock: SettableClock
) -> None:
    connected_by(screen, services, NOON)
    server.stop()
    rate_whoever(screen)
    set_clock(screen, NOON.replace(year=2020))
    clock.advance(minutes=30)
    server.start()
    connect(screen)
    _, rating = arrived(services, 2, screen)
    assert abs(rating.given_at - NOON) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at_the_press", "at_the_sending"),
    [
        pytest.param(AHEAD, timedelta(), id="set right from the future"),
        pytest.param(YEARS_BEHIND, timedelta(), id="set right from years ago"),
        pytest.param(timedelta(hours=-3), YEARS_BEHIND, id="lost"),
    ],
)
def test_a_moment_nobody_knows_any_more_costs_no_rating(
    screen: Page, services: Services, server: Server, at_the_press: timedelta, at_the_sending: timedelta
) -> None:
    server.stop()
    set_clock(screen, NOON + at_the_press)
    rate_whoever(screen)
    set_clock(screen, NOON + at_the_sending)
    server.start()
    connect(screen)
    (rating,) = arrived(services, 1, screen)
    assert abs(rating.given_at - NOON) <= timedelta(seconds=1), "when we accepted it"
    assert rating.clock_shift != 0
    keeps(screen, "outbox", 0)
    assert kept(screen, "refused") == []


def test_a_wrong_clock_that_stays_wrong_is_corrected_by_the_server(
    screen: Page, services: Services, server: Server
) -> None:
    server.stop()
    set_clock(screen, NOON + YEARS_BEHIND)
    rate_whoever(screen)
    server.start()
    connect(screen)
    (rating,) = arrived(services, 1, screen)
    assert abs(rating.given_at - NOON) < timedelta(minutes=1)
    assert kept(screen, "refused") == []
