"""What hasty, playful or heavy hands do to a screen."""

import pytest
from playwright.sync_api import Page

from shared.services import Services
from tests.kiosk.touch.stage import IN_A_BROWSER, arrived, at, kept, press, taps_beneath, thanked, until

pytestmark = IN_A_BROWSER


def test_two_fingers_on_two_faces_give_one_answer(screen: Page, services: Services) -> None:
    screen.click("[data-action=begin]")
    at(screen, "question")
    until(screen, "!document.querySelector('.arriving')")
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
    with thanked(screen):
        screen.evaluate("""() => {
            const button = document.querySelector("[data-action=send]");
            for (let time = 0; time < 10; time += 1) button.click();
        }""")
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


def test_thirty_presses_a_second_on_one_spot_give_one_answer(screen: Page, services: Services) -> None:
    assert taps_beneath(screen, "[data-action=begin]", 500) == [False, True], (
        "the second tap of a slow hand rates nobody"
    )
    at(screen, "question")
    screen.evaluate("""() => new Promise((resolve) => {
        const { x, y, width, height } = document.querySelector("[data-overall='3']").getBoundingClientRect();
        let left = 60;
        const timer = setInterval(() => {
            const hit = document.elementFromPoint(x + width / 2, y + height / 2);
            if (hit) hit.dispatchEvent(new MouseEvent("click", { bubbles: true }));
            left -= 1;
            if (left === 0) resolve(clearInterval(timer));
        }, 33);
    })""")
    at(screen, "second")
    assert len(kept(screen, "drafts")) == 1
    screen.click("[data-action=skip]")
    at(screen, "attract")
    assert [rating.overall for rating in arrived(services, 1, screen)] == [3]


def test_the_way_back_of_the_browser_leads_to_the_screen_before(screen: Page, services: Services) -> None:
    screen.click("[data-action=begin]")
    at(screen, "question")
    screen.click("[data-action=not-this-officer]")
    at(screen, "grid")
    screen.evaluate("history.back()")
    at(screen, "question")
    screen.click("[data-overall='2']")
    at(screen, "second")
    screen.evaluate("history.back()")
    screen.wait_for_timeout(200)
    at(screen, "second")
    screen.click("[data-action=send]")
    assert len(arrived(services, 1, screen)) == 1


def test_pinch_and_long_press_change_nothing(screen: Page) -> None:
    fingers = screen.context.new_cdp_session(screen)
    fingers.send("Input.synthesizePinchGesture", {"x": 600, "y": 400, "scaleFactor": 3, "gestureSourceType": "touch"})
    assert screen.evaluate("visualViewport.scale") == 1
    wanted = 'document.body.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }))'
    assert screen.evaluate(wanted) is False
