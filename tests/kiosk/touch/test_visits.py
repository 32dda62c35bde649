"""What a person touches, and what arrives of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER
from tests.kiosk.touch.stage import IN_A_BROWSER, arrived, at, kept, press, renew, taps_beneath

UUID7 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
pytestmark = IN_A_BROWSER


def test_a_press_with_all_the_rest_arrives_as_one_rating(screen: Page, services: Services, kiosk_id: int) -> None:
    screen.click("[data-action=begin]")
    expect(screen.locator("#served")).to_contain_text("Anda dilayani oleh Asha Pertiwi, S.Sos. Loket 3")
    expect(screen.locator("h1")).to_have_text("Bagaimana pelayanan petugas ini?")
    faces = screen.locator(".face")
    assert faces.all_inner_texts() == ["Sangat baik", "Baik", "Kurang baik", "Tidak baik"]
    assert len({face.bounding_box()["width"] for face in faces.all()}) == 1  # type: ignore[index]
    screen.click("[data-overall='2']")
    expect(screen.locator("h1")).to_have_text("Apa yang perlu diperbaiki?")
    screen.click("[data-reason=lama]")
    screen.click("[data-reason=kurang_ramah]")
    screen.click("[data-reason=kurang_ramah]")
    asked = screen.locator("[data-element][data-answer='3']")
    element = asked.first.get_attribute("data-element")
    asked.first.click()
    screen.fill("#comment", "  Antre dua jam. ")
    screen.click("[data-action=send]")
    expect(screen.locator("h1")).to_have_text("Terima kasih. Penilaian Anda sudah tercatat.")
    expect(screen.locator("#served")).to_contain_text("Asha Pertiwi")
    (rating,) = arrived(services, 1, screen)
    assert UUID7.match(str(rating.id))
    assert (rating.kiosk, rating.counter, rating.officer, rating.picked) == (kiosk_id, COUNTER, ASHA, False)
    assert (rating.overall, rating.reasons, rating.elements) == (2, ("lama",), {element: 3})
    assert (rating.comment, rating.language, rating.sequence) == ("Antre dua jam.", "id", 1)
    at(screen, "attract")
    assert kept(screen, "outbox") == kept(screen, "drafts") == []


def test_the_grid_is_for_another_officer_and_says_so(screen: Page, services: Services) -> None:
    screen.click("[data-action=begin]")
    screen.click("[data-action=not-this-officer]")
    expect(screen.locator("h1")).to_have_text("Siapa yang melayani Anda?")
    assert [button.get_attribute("data-officer") for button in screen.locator("[data-officer]").all()] == [
        ASHA,
        BILAL,
    ]
    screen.click(f"[data-officer={BILAL}]")
    expect(screen.locator("#served")).to_contain_text("Bilal")
    screen.click("[data-overall='4']")
    screen.click("[data-action=send]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.officer, rating.picked) == (BILAL, True)


def test_an_idle_screen_asks_and_then_returns_keeping_the_answer(
    screen: Page, services: Services, timers: Callable[..., None]
) -> None:
    timers(idle_seconds=2, countdown_seconds=1)
    renew(screen)
    screen.click("[data-action=begin]")
    expect(screen.locator("#idle")).to_contain_text("Masih di sana? Layar kembali ke awal dalam 1…")
    assert taps_beneath(screen, "#stay", 0) == [False, True], "the second tap of a double tap rates nobody"
    at(screen, "question")
    screen.click("[data-overall='1']")
    screen.click("[data-reason=lama]")
    at(screen, "attract")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons) == (1, ("lama",))


def test_english_lasts_for_one_visit(screen: Page, services: Services) -> None:
    screen.click("#language")
    expect(screen.locator("h1")).to_have_text("How was our service today?")
    expect(screen.locator("html")).to_have_attribute("lang", "en")
    screen.click("[data-action=begin]")
    assert screen.locator(".face").all_inner_texts() == ["Very good", "Good", "Poor", "Bad"]
    screen.click("[data-overall='4']")
    screen.click("[data-action=skip]")
    expect(screen.locator("h1")).to_have_text("Thank you. Your rating is recorded.")
    at(screen, "attract")
    expect(screen.locator("html")).to_have_attribute("lang", "id")
    (rating,) = arrived(services, 1, screen)
    assert rating.language == "en"


def test_nine_visits_ask_every_element_twice(screen: Page) -> None:
    press(screen, 4)
    shown = [chip.get_attribute("data-element") for chip in screen.locator("[data-answer='4']").all()]
    assert len(set(shown)) == 2
    asked = screen.evaluate("""async () => {
        const { twoOf } = await import("/static/touch/rotation.js");
        const elements = [0, 1, 2, 3, 4, 5, 6, 7, 8];
        return [0, 5].map((start) => elements.map((turn) => twoOf(elements, start + turn)));
    }""")
    for pairs in asked:
        flat = [element for pair in pairs for element in pair]
        assert {flat.count(element) for element in range(9)} == {2}
        assert all(first != second for first, second in pairs)


def test_skipping_sends_the_answer_and_nothing_that_was_tried_out(screen: Page, services: Services) -> None:
    press(screen, 1)
    screen.click("[data-reason=minta_biaya]")
    screen.locator("[data-element]").first.click()
    screen.fill("#comment", "jangan dikirim")
    screen.click("[data-action=skip]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons, rating.elements, rating.comment) == (1, (), {}, None)


def test_a_comment_nobody_sent_stays_behind_when_the_person_walks_away(
    timers: Callable[..., None], screen: Page, services: Services
) -> None:
    timers(idle_seconds=2, countdown_seconds=1)
    renew(screen)
    press(screen, 2)
    screen.click("[data-reason=lama]")
    screen.fill("#comment", "setengah kalim")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons, rating.comment) == (2, ("lama",), None)
