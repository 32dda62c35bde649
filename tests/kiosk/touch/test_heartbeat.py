"""What a screen tells of itself, and does as the server wishes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from shared.services import Services
from tests.kiosk.touch.stage import IN_A_BROWSER, arrived, at, kept, rate, renew, until
from tests.kiosk.touch.token_door import TokenDoor

pytestmark = IN_A_BROWSER


class Server:
    """Answers heartbeats with these commands, and remembers what was told."""

    def __init__(self, page: Page) -> None:
        self.commands: list[Any] = []
        self.told: list[dict[str, Any]] = []
        page.route("**/api/kiosk/heartbeat", self._answer)
        self.page = page

    def _answer(self, route: Route) -> None:
        self.told.append(json.loads(route.request.post_data or "{}"))
        route.fulfill(json={"server_time": "2026-11-18T05:00:00+00:00", "commands": self.commands})

    def next(self) -> dict[str, Any]:
        """Wait for the next heartbeat and return what it told."""
        before = len(self.told)
        for _ in range(100):
            if len(self.told) > before:
                break
            self.page.wait_for_timeout(50)
        return self.told[-1]


def test_a_screen_tells_how_it_is_and_loads_anew_once_when_nobody_stands_before_it(
    screen: Page, services: Services, timers: Callable[..., None]
) -> None:
    timers(heartbeat_seconds=0.3)
    renew(screen)
    screen.reload()  # the first heartbeat after a start goes by what was known before it
    at(screen, "attract")
    rate(screen, 4)
    server = Server(screen)
    told = server.next()
    assert (told["outbox"], told["held"], told["sequence"], told["secure"], told["done"]) == (0, 0, 1, True, [])
    assert isinstance(told["persisted"], bool)
    assert 0 < told["used"] < told["quota"]
    assert set(told["voices"]) <= {"id", "en"}
    assert told["visits"] == server.next()["visits"] == {"rated": 1, "skipped": 0, "timed_out": 0}
    screen.evaluate("window.sameAsBefore = true")
    screen.click("[data-action=begin]")
    server.commands = [{"id": "a", "do": "reload"}, {"id": "b", "do": "dance"}, None, {"do": "reload"}]
    server.next()
    server.next()
    assert screen.evaluate("window.sameAsBefore"), "somebody stands before it"
    screen.click("[data-action=back]")
    until(screen, "!window.sameAsBefore")
    at(screen, "attract")
    screen.evaluate("window.sameAsBefore = true")
    assert server.next()["done"] == ["a"]
    assert server.next()["done"] == ["a"], "until the server has heard it"
    server.commands = []
    server.next()
    server.next()
    assert server.next()["done"] == []
    assert screen.evaluate("window.sameAsBefore")


@pytest.mark.parametrize(
    ("first", "back"),
    [
        pytest.param("lose the question", False, id="before the server heard of the new token"),
        pytest.param("lose the answer", False, id="before the device heard that it was taken"),
        pytest.param("take it", True, id="before the disk had it for good"),
    ],
)
def test_a_device_that_dies_while_it_renews_its_token_is_not_shut_out(
    screen: Page, services: Services, timers: Callable[..., None], first: str, back: bool
) -> None:
    timers(heartbeat_seconds=0.2)
    renew(screen)
    door = TokenDoor(screen.context)
    door.mode = first
    before = door.kept(screen)
    door.make_old(screen)
    screen.reload()
    door.waits_for(1, screen)
    if back:  # a disk that says it has written, and has not
        door.knows_only(door.asked[0], screen)
        door.keep(screen, {"token": before["token"], "next": door.valid, "token_since": 0})
    door.mode = "take it"
    screen.reload()
    at(screen, "attract")
    rate(screen, 4)
    arrived(services, 1, screen)
    door.knows_only(door.asked[0], screen)
    now = door.kept(screen)
    assert (now["token"], now["next"]) == (door.asked[0], None), "the same one was asked for again"
    at(screen, "attract")


def test_a_second_page_learns_the_token_that_the_first_has_renewed(
    screen: Page, services: Services, timers: Callable[..., None]
) -> None:
    timers(heartbeat_seconds=0.2)
    door = TokenDoor(screen.context)
    renew(screen)
    other = screen.context.new_page()
    other.goto(screen.url)
    at(other, "attract")
    other.wait_for_timeout(500)
    door.make_old(screen)
    screen.reload()
    door.waits_for(1, screen)
    door.knows_only(door.asked[0], screen)
    other.bring_to_front()
    rate(other, 3)
    (rating,) = arrived(services, 1, other)
    assert rating.overall == 3
    assert kept(other, "outbox") == []
    at(screen, "attract")
