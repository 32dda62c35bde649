"""The certificate of our own authority: offered to devices where the installation runs on it, and nowhere else."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from kiosk import create_app
from shared.authority import prepare
from shared.db.accounts import Place
from shared.domain.people import Role
from shared.services import Services
from shared.settings import Settings
from tests.factories import NOON, SettableClock
from tests.pages import Pages, led_by

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FILE = "/certificate/suara-loket.crt"
OVER_TLS = "https://layar.local:8000"


@pytest.fixture
def plain(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def own(settings: Settings, services: Services, clock: SettableClock) -> Iterator[Flask]:
    """Serve an installation that runs on its own authority."""
    encrypted = Services.of(settings.model_copy(update={"https": True}), clock)
    prepare(encrypted.settings, NOON)
    yield create_app(encrypted)
    encrypted.close()


def fingerprint_in(html: str) -> str:
    """Return the fingerprint a page shows, in the form programs print it."""
    found = re.search(r'class="fingerprint">(.*?)</code>', html, re.DOTALL)
    assert found
    return re.sub(r"<br>|:", "", found[1]).lower()


def test_the_fingerprint_on_the_page_is_that_of_the_file(own: Flask) -> None:
    page = Pages(own).get("/certificate")
    file = own.test_client().get(FILE)
    assert file.mimetype == "application/x-x509-ca-cert"
    assert "suara-loket.crt" in file.headers["Content-Disposition"]
    assert hashlib.sha256(file.data).hexdigest() == fingerprint_in(page.html)
    assert FILE in page.html


def test_the_page_with_the_code_says_how_the_device_trusts_the_server(own: Flask, services: Services) -> None:
    admin = led_by(own, services, "esha", Place(Role.ADMINISTRATOR))
    path = "/admin/kiosks/1/invite"
    page = admin.post(path, 200, form=path, known=admin.get(path).value_of("known"))
    assert fingerprint_in(page.html) == fingerprint_in(admin.get("/certificate").html)
    assert "/certificate" in page.text
    assert 'data-certificate="/certificate"' in own.test_client().get("/touch").text


def test_without_an_authority_of_ours_nothing_is_offered(plain: Flask, services: Services) -> None:
    client = plain.test_client()
    assert client.get("/certificate").status_code == 404
    assert client.get(FILE).status_code == 404
    assert "data-certificate" not in client.get("/touch").text
    admin = led_by(plain, services, "esha", Place(Role.ADMINISTRATOR))
    path = "/admin/kiosks/1/invite"
    page = admin.post(path, 200, form=path, known=admin.get(path).value_of("known"))
    assert "fingerprint" not in page.html


def test_a_lost_authority_is_not_found_rather_than_a_failure(own: Flask, settings: Settings) -> None:
    settings.authority_path.write_bytes(b"")
    assert own.test_client().get("/certificate").status_code == 404
    assert own.test_client().get("/touch").status_code == 200


@pytest.mark.parametrize(("path", "name"), [("/login", "session"), ("/language/en", "language")])
def test_a_cookie_for_https_never_stands_in_the_way_of_one_for_plain_http(
    own: Flask, plain: Flask, path: str, name: str
) -> None:
    encrypted = own.test_client().get(path, base_url=OVER_TLS).headers["Set-Cookie"]
    assert encrypted.startswith(f"__Secure-{name}=")
    assert "Secure;" in encrypted
    back = plain.test_client().get(path).headers["Set-Cookie"]
    assert back.startswith(f"{name}=")
    assert "Secure" not in back


def test_who_chose_a_language_over_https_reads_it_there(own: Flask) -> None:
    client = own.test_client()
    client.get("/language/en", base_url=OVER_TLS)
    assert "Trust this server" in client.get("/certificate", base_url=OVER_TLS).text


@pytest.mark.parametrize(
    ("settled", "wanted"),
    [
        pytest.param({"https": True}, "max-age=0", id="our own authority can be lost"),
        pytest.param({"https": True, "secure_cookies": True}, "max-age=31536000", id="the operator says for good"),
        pytest.param({}, "max-age=31536000", id="behind a proxy"),
    ],
)
def test_a_browser_is_held_to_https_only_where_there_is_no_way_back(
    settings: Settings, clock: SettableClock, settled: dict[str, bool], wanted: str
) -> None:
    services = Services.of(settings.model_copy(update=settled), clock)
    response = create_app(services).test_client().get("/healthz", base_url=OVER_TLS)
    assert response.headers["Strict-Transport-Security"] == wanted
    services.close()
