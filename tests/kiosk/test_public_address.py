"""Where people and devices are sent: to the address in the settings, whatever host a request names."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from kiosk import create_app
from shared.db.accounts import Place
from shared.domain.people import Role
from shared.services import Services
from shared.settings import Settings
from tests.factories import SettableClock
from tests.oidc import CLIENT, SECRET, running_issuer
from tests.pages import Pages, let_lead

PUBLIC = "https://loket.example.go.id"
EVIL = "http://evil.example"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def known(settings: Settings, clock: SettableClock) -> Iterator[Services]:
    with running_issuer() as issuer:
        values = {
            "public_url": f"{PUBLIC}/",
            "oidc_issuer": issuer.address,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "SSO Kota",
        }
        services = Services.of(Settings.model_validate({**settings.model_dump(), **values}), clock)
        services.redis.flushall()
        yield services
        services.close()


def signed_in(app: Flask, services: Services) -> Pages:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    let_lead(services, "other", Place(Role.ADMINISTRATOR))
    pages = Pages(app)
    pages.lead(services, "admin")
    return pages


def sent_to_host(app: Flask, pages: Pages, path: str, form: str, host: str = EVIL, **fields: str) -> str:
    """Send a form as somebody does who names another host; return what answers."""
    cookie = pages.client.get_cookie("session")
    assert cookie is not None
    client = app.test_client(use_cookies=False)
    body = {"csrf_token": pages.get(form).csrf_token, **fields}
    answer = client.post(path, base_url=host, data=body, headers={"Cookie": f"session={cookie.value}"})
    assert answer.status_code in {200, 302}
    return answer.headers.get("Location") or answer.text


def test_letters_invitations_and_the_issuer_are_told_the_public_address(known: Services) -> None:
    app = create_app(known)
    pages = signed_in(app, known)
    letter = sent_to_host(app, pages, "/admin/accounts/2/code", "/admin/accounts/2")
    invitation = sent_to_host(app, pages, "/admin/kiosks/2/invite", "/admin/kiosks/2/invite", known=_enrolled(pages))
    assert f"{PUBLIC}/activate" in letter
    assert f"{PUBLIC}/touch" in invitation
    assert "evil.example" not in letter + invitation
    stranger = Pages(app)
    stranger.get("/login")
    issuer = sent_to_host(app, stranger, "/login/issuer", "/login")
    assert "redirect_uri=https%3A%2F%2Floket.example.go.id%2Flogin%2Fissuer%2Fanswer" in issuer


def _enrolled(pages: Pages) -> str:
    return pages.get("/admin/kiosks/2/invite").hidden["known"]


def test_who_comes_by_another_address_is_served_all_the_same(known: Services) -> None:
    app = create_app(known)
    for host in ("http://127.0.0.1:8000", "http://192.168.1.5:8000", PUBLIC):
        assert app.test_client().get("/healthz", base_url=host).status_code == 200
        assert app.test_client().get("/touch", base_url=host).status_code == 200


def test_without_the_setting_the_address_in_use_is_printed(services: Services) -> None:
    app = create_app(services)
    pages = signed_in(app, services)
    letter = sent_to_host(app, pages, "/admin/accounts/2/code", "/admin/accounts/2", host="http://192.168.1.5:8000")
    assert re.search(r"http://192\.168\.1\.5:8000/activate\b", letter)


@pytest.mark.parametrize(
    "written",
    [
        "loket.example.go.id",
        "ftp://loket.example",
        "https://",
        "https://a/b",
        "https://a?b",
        "https://u:p@a",
        "https://a b",
    ],
)
def test_an_address_nobody_could_open_is_refused_at_the_start(settings: Settings, written: str) -> None:
    with pytest.raises(ValueError, match="without a path"):
        Settings.model_validate({**settings.model_dump(), "public_url": written})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", None),
        ("https://Loket.Example.go.id/", PUBLIC),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000"),
    ],
)
def test_an_address_is_kept_without_its_closing_slash(settings: Settings, written: str, kept: str | None) -> None:
    known = Settings.model_validate({**settings.model_dump(), "public_url": written})
    assert known.public_url == kept
    assert known.web_address == (kept or f"http://127.0.0.1:{known.port}"), "the command line prints it too"
