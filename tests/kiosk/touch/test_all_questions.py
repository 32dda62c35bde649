"""All the questions, for whoever chose to answer them, and what is left of them for the next person: nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from shared.services import Services
from tests.kiosk.touch.own_words import EVERYTHING
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, keeps, kept, press, renew, tell, thanked

pytestmark = IN_A_BROWSER
SECRET = "rahasia saya"
EVERYWHERE = """async () => {
    const bases = await indexedDB.databases();
    const stored = await Promise.all(bases.map(({ name }) => new Promise((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
            const base = opening.result;
            const stores = Array.from(base.objectStoreNames);
            Promise.all(stores.map((store) => new Promise((found) => {
                const asking = base.transaction(store).objectStore(store).getAll();
                asking.onsuccess = () => found(asking.result);
            }))).then((all) => { base.close(); resolve(all); });
        };
    })));
    const pages = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys())
        .map(({ url }) => url)));
    const fields = Array.from(document.querySelectorAll("input, textarea"), ({ value }) => value);
    return JSON.stringify([document.documentElement.outerHTML, document.title, location.href, history.state, fields,
        Object.assign({}, localStorage), Object.assign({}, sessionStorage), document.cookie, stored, pages]);
}"""


def test_all_that_was_answered_is_one_rating(screen: Page, server: Server) -> None:
    tell(screen, server, EVERYTHING)
    server.stop()
    press(screen, 3)
    screen.click("[data-reason=cepat]")
    screen.click("[data-action=form]")
    expect(screen.locator("h1")).to_have_text("Pertanyaan 1 sampai 3 dari 10")
    screen.click("[data-element=PROSEDUR][data-answer='4']")
    screen.click("[data-action=forward]")
    expect(screen.locator("h1")).to_have_text("Pertanyaan 4 sampai 6 dari 10")
    screen.click("[data-action=back]")
    expect(screen.locator("[data-element=PROSEDUR][data-answer='4']")).to_have_attribute("aria-pressed", "true")
    for first in (4, 7):
        screen.click("[data-action=forward]")
        expect(screen.locator("h1")).to_contain_text(f"Pertanyaan {first}")
    screen.click("[data-element=SARANA][data-answer='1']")
    screen.click("[data-element=PENGADUAN][data-answer='2']")
    screen.click("[data-element=PENGADUAN][data-answer='2']")
    screen.click("[data-action=forward]")
    expect(screen.locator("h1")).to_have_text("Pertanyaan 10 dari 10")
    screen.click("[data-extra=RUANG][data-answer='4']")
    with thanked(screen):
        screen.click("[data-action=send]")
    (rating,) = keeps(screen, "outbox", 1)
    assert (rating["overall"], rating["reasons"]) == (3, ["cepat"])
    assert rating["elements"] == {"PROSEDUR": 4, "SARANA": 1}
    assert rating["extras"] == {"RUANG": 4}
    assert kept(screen, "drafts") == []


def test_whoever_walks_away_leaves_the_answers_and_no_trace(
    screen: Page, services: Services, timers: Callable[..., None]
) -> None:
    timers(idle_seconds=2, countdown_seconds=1)
    renew(screen)
    screen.click("#contrast")
    screen.click("#language")
    press(screen, 2)
    screen.click("[data-reason=lama]")
    screen.fill("#comment", SECRET)
    screen.click("[data-action=form]")
    screen.click("[data-element=PROSEDUR][data-answer='1']")
    at(screen, "attract")
    (rating,) = arrived(services, 1, screen)
    assert (rating.overall, rating.reasons, rating.elements) == (2, ("lama",), {"PROSEDUR": 1})
    assert (rating.comment, rating.language) == (None, "en")
    keeps(screen, "outbox", 0)
    everything = screen.evaluate(EVERYWHERE)
    for trace in (SECRET, str(rating.id), "Asha", "given_at", 'aria-pressed=\\"true\\"', "/api/"):
        at_rest = everything.replace('"Asha Pertiwi, S.Sos."', "")  # the roster, which everybody sees
        assert trace not in at_rest, trace
    expect(screen.locator("html")).to_have_attribute("data-contrast", "usual")
    press(screen, 4)
    expect(screen.locator("#comment")).to_have_value("")
    expect(screen.locator("[aria-pressed=true]")).to_have_count(0)


def test_what_changed_is_told_and_haste_is_thanked_as_well(screen: Page, server: Server, services: Services) -> None:
    tell(screen, server, EVERYTHING)
    for _ in range(2):
        press(screen, 4)
        screen.click("[data-action=skip]")
        expect(screen.locator("main")).to_contain_text("Yang berubah berkat penilaian Anda")
        expect(screen.locator("main")).to_contain_text(EVERYTHING["screen"]["changed"]["id"])
        screen.click("[data-action=close]")
        at(screen, "attract")
    assert len(arrived(services, 2, screen)) == 2
