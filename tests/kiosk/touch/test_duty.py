"""Who is shown without being asked for."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from shared.db.engine import writing
from shared.db.people_tables import PostingRow
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER
from tests.factories import NOON, SettableClock
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, renew, set_clock

pytestmark = IN_A_BROWSER


def test_two_officers_on_duty_or_none_are_asked_for(screen: Page, services: Services) -> None:
    with writing(services.engine) as session:
        session.add(
            PostingRow(officer_code=BILAL, counter_code=COUNTER, starts_at=NOON, ends_at=NOON.replace(hour=9))
        )
    services.directory.look_again()
    renew(screen)
    screen.click("[data-action=begin]")
    at(screen, "grid")


def test_at_the_minute_a_posting_ends_only_the_next_officer_is_on_duty(screen: Page) -> None:
    names = screen.evaluate("""async () => {
        const { officerOnDuty } = await import("/static/touch/duty.js");
        const noon = Date.parse("2026-11-18T12:00:00+07:00");
        const on = (officer, counter, from, until) =>
            ({ officer, counter, from: `2026-11-18T${from}:00+07:00`, until: `2026-11-18T${until}:00+07:00` });
        const config = {
            counter: { code: "L3" }, officers: [{ code: "A" }, { code: "B" }],
            postings: [
                on("A", "L3", "08:00", "12:00"), on("B", "L3", "12:00", "16:00"), on("B", "L4", "08:00", "12:00"),
            ],
        };
        const at = (now) => { const officer = officerOnDuty(config, now); return officer && officer.code; };
        return [at(noon - 1), at(noon), at(noon + 4 * 3600000)];
    }""")
    assert names == ["A", "B", None]


def test_whom_the_question_names_stays_when_the_posting_ends_in_the_middle(
    timers: Callable[..., None], screen: Page, services: Services, clock: SettableClock
) -> None:
    timers(config_seconds=0.2)
    renew(screen)
    screen.click("[data-action=begin]")
    expect(screen.locator("#served")).to_contain_text("Asha Pertiwi")
    clock.advance(hours=4)
    screen.wait_for_timeout(600)
    screen.click("[data-overall='3']")
    screen.click("[data-action=send]")
    (rating,) = arrived(services, 1, screen)
    assert (rating.officer, rating.picked) == (ASHA, False)
    at(screen, "attract")
    screen.click("[data-action=begin]")
    at(screen, "grid")


def test_who_is_on_duty_is_shown_though_the_clock_was_set_right_without_network(screen: Page, server: Server) -> None:
    server.stop()
    set_clock(screen, NOON)
    screen.click("[data-action=begin]")
    at(screen, "question")
