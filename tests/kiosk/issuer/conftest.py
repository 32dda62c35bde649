"""The kiosk app with an issuer of its region's, and a browser that goes there and back."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from kiosk import create_app
from shared.services import Services
from shared.settings import Settings
from tests.cast import ASHA
from tests.factories import SettableClock
from tests.oidc import CLIENT, SECRET, Issuer, running_issuer
from tests.pages import Pages, let_sign_in


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def services(settings: Settings, clock: SettableClock, issuer: Issuer) -> Iterator[Services]:
    known = {
        "oidc_issuer": issuer.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "SSO Kota",
    }
    services = Services.of(Settings.model_validate({**settings.model_dump(), **known}), clock)
    services.redis.flushall()
    yield services
    services.close()


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, "asha", ASHA)
    return create_app(services)


def to_issuer(pages: Pages, form: str = "/login", **fields: str) -> str:
    """Press the button; return where the issuer sends the browser back to."""
    asked = pages.sent("/login/issuer", form=form, **fields)
    answer = requests.get(asked, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "localhost"
    return f"{back.path}?{back.query}"


def sign_in(pages: Pages, **fields: str) -> str:
    """Sign in with the issuer; return where that leads."""
    return pages.redirect(to_issuer(pages, **fields))
