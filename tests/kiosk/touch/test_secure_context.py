"""The screen under a name that is not localhost: by the launcher of a locked device, over HTTPS and plain HTTP."""

import base64
import os
import signal
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, TimeoutError

from kiosk import create_app
from shared.authority import prepare, read_certificate
from shared.domain.clock import system_clock
from shared.launcher import launcher_for
from shared.services import Services
from shared.settings import Settings
from tests.browser import certutil, chromium
from tests.kiosk.touch.stage import CODE, IN_A_BROWSER, Server, arrived, at, rate

pytestmark = IN_A_BROWSER

NAME = "suara.kantor.local"
RESOLVED = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
ABILITIES = """async () => ({
    secure: isSecureContext,
    offline: "serviceWorker" in navigator && Boolean(await navigator.serviceWorker.ready),
    lasting: Boolean(navigator.storage) && (await navigator.storage.persist()),
})"""
SECURE = {"secure": True, "offline": True, "lasting": True}
INSECURE = {"secure": False, "offline": False, "lasting": False}


@contextmanager
def serving(services: Services, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve the app while the block lasts."""
    server = Server(create_app(services), services.clock, tls)
    try:
        yield server
    finally:
        server.stop()


def encrypted(settings: Settings) -> ssl.SSLContext:
    """Return what a server speaks TLS with, by the authority of this installation."""
    prepare(settings, system_clock())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.server_certificate_path, settings.server_key_path)
    return context


@contextmanager
def locked(settings: Settings, address: str, home: Path, browser: Browser) -> Iterator[Page]:
    """Carry the launcher to a device, start it there, and look at what it opens."""
    script = home / "suara-layar.sh"
    script.write_text(launcher_for(settings))
    # The launcher asks by curl whether the server is there; curl too is told where the name leads.
    port = address.rpartition(":")[2]
    (home / ".curlrc").write_text(f'resolve = "{NAME}:{port}:127.0.0.1"\n')
    flags = ("--headless=new", "--no-sandbox", "--remote-debugging-port=0", RESOLVED, *trusting(settings))
    environment = {**os.environ, "HOME": str(home), "SUARA_BROWSER": chromium() or ""}
    with (home / "launcher.log").open("wb") as log:
        command = ["sh", str(script), address, *flags]
        launcher = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield opened(home / "suara-layar", launcher, browser)
    finally:
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(20)


def trusting(settings: Settings) -> list[str]:
    """Return nothing where the launcher can make Chromium trust the authority, else a flag that pretends it."""
    if not settings.https or certutil():
        return []
    key = read_certificate(settings.authority_path).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return [f"--ignore-certificate-errors-spki-list={base64.b64encode(sha256(info).digest()).decode()}"]


def opened(profile: Path, launcher: "subprocess.Popen[bytes]", browser: Browser) -> Page:
    """Return the one page of the browser that keeps its things in this folder."""
    port = profile / "DevToolsActivePort"
    for _ in range(1200):
        if launcher.poll() is not None or (port.exists() and "\n" in port.read_text()):
            break
        with pytest.raises(subprocess.TimeoutExpired):
            launcher.wait(0.05)
    address = f"http://127.0.0.1:{port.read_text().split()[0]}"
    for patience in (5_000, 10_000, 30_000):  # a browser that is just starting may never answer the first call
        with suppress(TimeoutError):
            found = browser.browser_type.connect_over_cdp(address, timeout=patience)
            break
    (page,) = found.contexts[0].pages
    page.set_default_timeout(20_000)
    return page


def enrol(page: Page) -> None:
    at(page, "enrol")
    page.fill("#code", CODE)
    page.click("[data-action=enrol]")
    at(page, "attract")


def test_trusting_our_authority_a_locked_screen_is_secure_under_the_servers_name(
    services: Services, kiosk_id: int, timers: Callable[..., None], browser: Browser, tmp_path: Path
) -> None:
    own = services.settings.model_copy(update={"https": True, "public_url": f"https://{NAME}"})
    services = replace(services, settings=own)
    with serving(services, encrypted(own)) as server:
        address = f"https://{NAME}:{server.port}"
        with locked(own, address, tmp_path, browser) as page:
            enrol(page)
            assert page.url == f"{address}/touch"
            assert page.evaluate(ABILITIES) == SECURE
            rate(page, 4)
            assert arrived(services, 1, page)[0].kiosk == kiosk_id


def test_over_plain_http_the_launcher_makes_this_one_address_secure(
    services: Services, kiosk_id: int, timers: Callable[..., None], browser: Browser, tmp_path: Path
) -> None:
    with serving(services) as server:
        address = f"http://{NAME}:{server.port}"
        with locked(services.settings, address, tmp_path, browser) as page:
            enrol(page)
            assert page.evaluate(ABILITIES) == SECURE
            rate(page, 3)
            assert arrived(services, 1, page)[0].kiosk == kiosk_id


def test_over_plain_http_without_it_the_screen_still_works_while_there_is_a_network(
    services: Services, kiosk_id: int, timers: Callable[..., None], browser: Browser
) -> None:
    device = browser.browser_type.launch(executable_path=chromium(), args=["--no-sandbox", RESOLVED])
    with serving(services) as server:
        page = device.new_page(reduced_motion="reduce")
        page.goto(f"http://{NAME}:{server.port}/touch")
        enrol(page)
        assert page.evaluate(ABILITIES) == INSECURE
        rate(page, 2)
        assert arrived(services, 1, page)[0].kiosk == kiosk_id
        device.close()
