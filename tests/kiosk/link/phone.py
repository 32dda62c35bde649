"""A resident's phone: opens links, presses faces, sends forms; every page it meets is looked at."""

from datetime import timedelta
from typing import Any, Final

from flask import Flask
from werkzeug.test import TestResponse

from kiosk.link.seals import pressed_sealed
from shared.i18n import Language
from shared.links import PREFIX, Links, VisitLink
from tests.cast import ASHA, COUNTER, OFFICE
from tests.factories import NOON, a_rating
from tests.pages import Page, Pages

HERE: Final = f"{PREFIX}/{COUNTER}"


def a_visit(secret: str = "test-secret-key", **overrides: Any) -> str:
    """Return the path of a one-time link for a visit to Asha this noon, handed out by her kiosk."""
    values = {
        "visit": "kunjungan-1", "office": OFFICE, "officer": ASHA, "counter": COUNTER, "kiosk": 1,
        "until": NOON + timedelta(days=1),
    }  # fmt: skip
    return f"{PREFIX}/v/{Links(secret).token(VisitLink(**{**values, **overrides}))}"


def an_answer() -> str:
    """Return what the address of the second page carries after a good answer this noon."""
    bare = Flask(__name__)
    bare.secret_key = "test-secret-key"
    with bare.app_context():
        return pressed_sealed(a_rating(channel="link", kiosk=None, given_at=NOON))


class Phone:
    """A phone with a browser of its own, at some address."""

    def __init__(self, app: Flask, language: Language = "id", address: str = "127.0.0.1") -> None:
        self.pages = Pages(app, language, address)
        self.client = self.pages.client
        self.environment = {"REMOTE_ADDR": address}

    def open(self, path: str, status: int = 200) -> Page:
        """Open a page and look at it."""
        return self.pages.get(path, status)

    def send(self, path: str, page: Page, **fields: Any) -> TestResponse:
        """Send the form of a page."""
        return self.client.post(path, data={**page.hidden, **fields}, environ_overrides=self.environment)

    def press(self, overall: int, path: str = HERE) -> str:
        """Open a link and press a face; return the path of the page that follows."""
        response = self.send(path.partition("?")[0], self.open(path), overall=str(overall))
        assert response.status_code == 303, response.text
        return response.headers["Location"]

    def looked_at(self, response: TestResponse, status: int) -> Page:
        """Look at a page that answers a form."""
        assert response.status_code == status
        page = Page(response)
        page.check(self.pages.language)
        return page
