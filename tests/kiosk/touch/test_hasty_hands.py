"""What hasty, playful or heavy hands do to a screen."""

import pytest
from playwright.sync_api import Page

from shared.services import Services
from tests.kiosk.touch.stage import IN_A_BROWSER, arrived, at, kept, press

pytestmark = IN_A_BROWSER


def test_two_fingers_on_two_faces_give_one_answer(screen: Page, services: Services) -> None:
    screen.click("[data-action=begin]")
    at(screen, "question")
    screen.wait_for_timeout(400)
    points = []
    for overall in (4, 1):
        box = screen.locator(f"[data-overall='{overall}']").bounding_box()
        assert box
        points.append({"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "id": overall})
    fingers = screen.context.new_cdp_session(screen)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    screen.evaluate("document.querySelectorAll('[data-overall]').forEach((face) => face.click())")
    at(screen, "second")
    screen.click("[data-action=send]")
    at(screen, "attract")
    assert len(arrived(services, 1, screen)) == 1


def test_pressing_send_ten_times_sends_once(screen: Page, services: Services) -> None:
    press(screen, 4)
    screen.wait_for_timeout(400)
    screen.evaluate("""() => {
        const button = document.querySelector("[data-action=send]");
        for (let time = 0; time < 10; time += 1) button.click();
    }""")
    at(screen, "thanks")
    at(screen, "attract")
    assert len(arrived(services, 1, screen)) == 1
    assert kept(screen, "drafts") == kept(screen, "outbox") == []


@pytest.mark.parametrize("before", ["", "a"], ids=["whole", "cut in the middle of one"])
def test_five_thousand_emoji_are_cut_and_sent(screen: Page, services: Services, before: str) -> None:
    press(screen, 2)
    screen.wait_for_timeout(400)
    screen.focus("#comment")
    screen.keyboard.insert_text(before + "🙏" * 5000)
    screen.evaluate("""() => {
        const field = document.getElementById("comment");
        field.value = field.value + "🙏".repeat(300);
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    screen.click("[data-action=send]")
    (rating,) = arrived(services, 1, screen)
    assert rating.comment is not None
    assert set(rating.comment) <= {"🙏", "a"}
    assert 200 < len(rating.comment) <= 500
    assert kept(screen, "refused") == []
