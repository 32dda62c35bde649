"""The technician's page: reached by nobody by accident, and of use without network."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from shared.services import Services
from tests.cast import OFFICE
from tests.kiosk.touch.stage import IN_A_BROWSER, Server, arrived, at, connect, kept, press, rate, renew, tell, until
from tests.kiosk.touch.technician import PIN, has_this_pin, open_door, open_page, rest_a_finger, tells

pytestmark = IN_A_BROWSER

BROKEN = """() => {
    const whole = IDBObjectStore.prototype.getAll, one = IDBObjectStore.prototype.get;
    IDBObjectStore.prototype.getAll = function (...given) {
        if (this.name === "outbox") throw new DOMException("damaged", "UnknownError");
        return whole.apply(this, given);
    };
    IDBObjectStore.prototype.get = function (key) {
        if (this.name === "outbox" && key === 1) throw new DOMException("damaged", "UnknownError");
        return one.call(this, key);
    };
}"""


def exported(page: Page) -> dict[str, Any]:
    with page.expect_download() as download:
        page.click("[data-action=export]")
    found: dict[str, Any] = json.loads(Path(download.value.path()).read_text("utf-8"))
    return found


def test_a_technician_sees_prints_and_exports_what_waits_without_network(
    screen: Page, server: Server, services: Services
) -> None:
    has_this_pin(services)
    renew(screen)
    server.stop()
    press(screen, 2)
    screen.fill("#comment", "Rahasia saya.")
    screen.click("[data-action=send]")
    at(screen, "attract")
    rate(screen, 4)
    open_page(screen)
    told = tells(screen)
    assert (told["Menunggu dikirim"], told["Jaringan"], told["Ditolak server"]) == (
        "2",
        "server tidak dapat dihubungi",
        "0",
    )
    assert (told["Kantor"].endswith(f"({OFFICE})"), told["Sambungan aman (HTTPS)"]) == (True, "ya")
    screen.evaluate("window.print = () => { window.printed = document.getElementById('paper').textContent; }")
    screen.click("[data-action=print]")
    until(screen, "window.printed")
    printed = screen.evaluate("printed")
    assert "Asha Pertiwi, S.Sos." in printed
    for private in ("Rahasia", "Kurang baik", "Sangat baik"):
        assert private not in printed + screen.inner_text("main")
    file = exported(screen)
    assert (file["suara_loket"], file["office"], file["kiosk"]) == ("outbox", OFFICE, "Layar Loket 3")
    assert [(one["overall"], one.get("comment")) for one in file["ratings"]] == [(2, "Rahasia saya."), (4, None)]
    screen.evaluate(BROKEN)
    assert [one["overall"] for one in exported(screen)["ratings"]] == [4], (
        "what can be read is not lost with the rest"
    )
    expect(screen.locator(".said")).to_contain_text("Sebagian di perangkat ini tidak terbaca.")
    screen.reload()
    assert len(kept(screen, "outbox")) == 2
    server.start()
    connect(screen)
    assert len(arrived(services, 2, screen)) == 2


def test_nobody_comes_in_by_accident_or_by_trying(screen: Page, server: Server, services: Services) -> None:
    tell(screen, server, {"pin": None})
    rest_a_finger(screen, 600, 600, 3.3)
    at(screen, "question")
    screen.wait_for_timeout(400)
    rest_a_finger(screen, 30, 30, 3.3)
    at(screen, "question")
    screen.click("[data-action=back]")
    at(screen, "attract")
    rest_a_finger(screen, 30, 30, 3.3)
    expect(screen.locator("h1")).to_have_text("Layar ini belum mengetahui PIN-nya")
    screen.click("[data-action=leave]")
    at(screen, "attract")
    has_this_pin(services)
    tell(screen, server, {"pin": PIN})
    screen.clock.install()
    open_door(screen)
    for tries in range(5):
        screen.keyboard.type(f"00000{tries}")
    expect(screen.locator("#trouble")).to_contain_text("Silakan tunggu satu menit")
    screen.keyboard.type(PIN)
    at(screen, "pin")
    screen.reload()
    at(screen, "attract")
    open_door(screen)
    expect(screen.locator("[data-action=key-4]")).to_be_disabled()
    screen.clock.fast_forward(61_000)
    at(screen, "attract")  # whoever stands there and does nothing is no technician
    open_page(screen)
    screen.clock.fast_forward(119_000)
    at(screen, "technician")
    screen.clock.fast_forward(2_000)
    at(screen, "attract")


def test_a_screen_being_enrolled_anew_stays_what_it_is_until_it_is(screen: Page, services: Services) -> None:
    has_this_pin(services)
    renew(screen)
    open_page(screen)
    screen.click("[data-action=enrol]")
    at(screen, "enrol")
    screen.click("[data-action=keep]")
    at(screen, "attract")
    screen.click("[data-action=begin]")
    at(screen, "question")
