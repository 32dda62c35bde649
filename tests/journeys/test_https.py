"""An office without a domain: `suara run --https`, as whoever trusts its authority meets it."""

import json
import ssl
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from tests.journeys.system import System


def test_whoever_trusts_the_authority_is_served_and_other_commands_know_of_it(tmp_path: Path) -> None:
    system = System(tmp_path, demo_data=False, options=("--https",))
    system.start()  # it has welcomed us: the watcher itself, which trusts nobody else, was answered
    trust = ssl.create_default_context(cafile=tmp_path / "var" / "https" / "authority.pem")
    address = f"https://localhost:{system.port}"
    cookies = CookieJar()
    browser = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor(cookies)
    )
    with browser.open(f"{address}/login", timeout=10) as response:
        assert response.headers["Strict-Transport-Security"] == "max-age=0"
    assert [(cookie.name, cookie.secure) for cookie in cookies] == [("__Secure-session", True)]
    with urllib.request.urlopen(f"http://127.0.0.1:{system.sms_port}/healthz", timeout=10) as response:
        assert json.load(response) == {"accepting": True}
    assert f"https://127.0.0.1:{system.port}" in system.suara("kiosk", "launcher")
    assert "BEGIN CERTIFICATE" in system.suara("kiosk", "launcher")
    system.stop()
