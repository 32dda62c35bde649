"""A client that looks at every page as a careful person would, whatever the test is about."""

import re
from functools import cache, cached_property
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Final

from flask import Flask
from flask_security.utils import login_user
from sqlmodel import Session
from werkzeug.test import TestResponse

from kiosk.context import services as services_of_request
from kiosk.headers import content_security_policy
from shared.db.accounts import Account, Place, account_of, hash_password, new_account
from shared.db.engine import reading, writing
from shared.domain.people import Role
from shared.i18n import Language, catalogue
from shared.second_step import code_now, connect_phone
from shared.services import Services

PASSWORD: Final = "loket-tiga-ramah"
VOID: Final = {"br", "hr", "img", "input", "link", "meta"}
OF_THE_OTHER: Final[dict[str, str]] = {
    "id": r"\b(the|and|of|your|with|this|rating|ratings)\b",
    "en": r"\b(yang|dan|untuk|tidak|dengan|pada|Anda|penilaian)\b",
}


def let_sign_in(services: Services, username: str, officer: str) -> None:
    """Give an officer an account with PASSWORD."""
    with writing(services.engine) as session:
        _account(session, username, Place(Role.OFFICER, officer=officer), services)


def let_lead(services: Services, username: str, place: Place) -> None:
    """Give somebody above officer an account with PASSWORD and a phone that makes codes."""
    with writing(services.engine) as session:
        account = _account(session, username, place, services)
        connect_phone(session, account, _secret_key(services))
        account.mf_recovery_codes = ["kept"]


def _account(session: Session, username: str, place: Place, services: Services) -> Account:
    known = account_of(session, username)
    if known is not None:
        return known
    account = new_account(username, username, place, services.clock())
    account.password = _hashed(PASSWORD)
    session.add(account)
    session.flush()
    return account


@cache
def _hashed(password: str) -> str:
    return hash_password(password)


def code_of(services: Services, username: str, ahead: int = 0) -> str:
    """Return the code that somebody's phone shows now, or so many seconds later."""
    with reading(services.engine) as session:
        account = account_of(session, username)
        assert account is not None
        return code_now(account, _secret_key(services), ahead)


def _secret_key(services: Services) -> str:
    key = services.settings.secret_key
    assert key is not None
    return key.get_secret_value()


@cache
def _sources(language: Language) -> list[str]:
    """Return the texts of the source language that are others in this one, but for the shortest."""
    return [text for text, own in catalogue(language).items() if len(text) > 12 and text != own]


class Page(HTMLParser):
    """A page as a person meets it: its words, its headings, its fields; and what must not be in it."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response, self.html = response, response.text
        self.language = self.title = ""
        self.h1: list[str] = []
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.fields: list[str | None] = []
        self.hidden: dict[str, str] = {}
        self.labelled: set[str | None] = set()
        self.forbidden: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._words: list[str] = []
        self.feed(self.html)

    @cached_property
    def text(self) -> str:
        """Return the visible words in the page's own language, spaces folded."""
        return " ".join(" ".join(self._words).split())

    @property
    def csrf_token(self) -> str:
        """Return the token of the page's forms."""
        return self.hidden.get("csrf_token", "")

    def value_of(self, name: str) -> str:
        """Return what a hidden field carries."""
        return self.hidden[name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says, and what it must not say."""
        values = dict(attrs)
        self._note_identity(tag, values)
        self.forbidden += [f"{name}=" for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values):
            self.forbidden.append(f"<{tag}>")
        if tag in {"input", "select", "textarea"} and values.get("type") != "hidden":
            self.fields.append(values.get("id"))
        if tag == "label":
            self.labelled.add(values.get("for"))
        if values.get("type") == "hidden":
            self.hidden[values.get("name") or ""] = values.get("value") or ""
        if tag not in VOID:
            self._open.append((tag, values.get("lang") or self._spoken()))

    def _note_identity(self, tag: str, values: dict[str, str | None]) -> None:
        if tag == "html":
            self.language = values.get("lang") or ""
        if tag == "h1":
            self.h1.append("")
        if "id" in values:
            self.ids.append(values["id"] or "")
        href = values.get("href") or ""
        if href.startswith("#"):
            self.references.add(href[1:])
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self.references.update((values.get(name) or "").split())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself, as drawings have them."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Leave the tag; a page that closes what it never opened is broken."""
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        """Collect the words."""
        inside = [tag for tag, _ in self._open]
        if "title" in inside:
            self.title += data.strip()
        elif self._spoken() == self.language:
            self._words.append(data)
        if "h1" in inside:
            self.h1[-1] += data

    def _spoken(self) -> str:
        return self._open[-1][1] if self._open else ""

    def check(self, language: Language) -> None:
        """Fail when the page breaks a promise every page makes."""
        assert not self._open, f"never closed: {self._open}"
        assert len(self.h1) == 1
        assert self.title.startswith(self.h1[0].strip())
        assert self.language == language
        assert len(self.ids) == len(set(self.ids)), "an id stands twice"
        assert self.references <= set(self.ids), "a reference leads nowhere"
        assert set(self.fields) <= self.labelled, "a field has no label"
        assert not self.forbidden, "inline script or style"
        assert not re.search(r"\bNone\b|\bUndefined\b|\{\w*\}", self.text)
        assert not re.search(OF_THE_OTHER[language], self.text), "words of the other language"
        if language != "en":
            words = self.text
            left = [text for text in _sources(language) if text in words]
            assert not left, f"not translated: {left}"


class Pages:
    """A browser without script, in one language; every page it opens is checked."""

    def __init__(self, app: Flask, language: Language = "id", address: str = "127.0.0.1") -> None:
        self.language = language
        self.client = app.test_client()
        self.client.set_cookie("language", language)
        self._address = {"REMOTE_ADDR": address}
        with app.app_context():
            self._policy = content_security_policy(services_of_request().settings.oidc_issuer)

    def get(self, path: str, status: int = 200) -> Page:
        """Open a page and look at it."""
        return self._page(self.client.get(path, environ_overrides=self._address), status)

    def redirect(self, path: str) -> str:
        """Open a page that leads elsewhere; return where."""
        return self._elsewhere(self.client.get(path, environ_overrides=self._address))

    def post(self, path: str, status: int, *, form: str, **fields: str) -> Page:
        """Send the form found on page `form`; look at the page that answers."""
        return self._page(self._sent(path, form, fields), status)

    def sent(self, path: str, *, form: str, **fields: str) -> str:
        """Send the form found on page `form`; return where it leads."""
        return self._elsewhere(self._sent(path, form, fields))

    def sign_in(self, username: str, password: str = PASSWORD, **fields: str) -> str:
        """Sign in; return where that leads."""
        return self.sent("/login", form="/login", username=username, password=password, **fields)

    def be(self, username: str) -> None:
        """Be signed in as after both steps, without taking them: three pages that other tests look at."""
        app = self.client.application
        with app.test_request_context("/login", environ_overrides=self._address):
            with reading(services_of_request().engine) as session:
                account = account_of(session, username)
            assert account is not None
            login_user(account, authn_via=["authenticator"])
            cookies = app.process_response(app.response_class()).headers.getlist("Set-Cookie")
        for name, kept in SimpleCookie("; ".join(one.partition(";")[0] for one in cookies)).items():
            self.client.set_cookie(name, kept.value)

    def lead(self, services: Services, username: str) -> str:
        """Sign in with the second step; return where that leads."""
        self.sign_in(username)
        path = "/login/second-step"
        return self.sent(path, form=path, code=code_of(services, username))

    def lead_again(self, services: Services, username: str, wanted: str) -> str:
        """Sign in with the second step a second time; a code is good once, so wait for the next on the phone."""
        self.sign_in(username, next=wanted)
        path = f"/login/second-step?next={wanted}"
        return self.sent(path, form=path, code=code_of(services, username, ahead=30))

    def _sent(self, path: str, form: str, fields: dict[str, str]) -> TestResponse:
        token = self.get(form).csrf_token
        return self.client.post(path, data={"csrf_token": token, **fields}, environ_overrides=self._address)

    def _page(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status
        self._check_headers(response)
        page = Page(response)
        page.check(self.language)
        return page

    def _elsewhere(self, response: TestResponse) -> str:
        assert response.status_code == 302
        self._check_headers(response)
        return response.headers["Location"]

    def _check_headers(self, response: TestResponse) -> None:
        assert response.headers["Content-Security-Policy"] == self._policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-store"


def led_by(app: Flask, services: Services, username: str, place: Place, language: Language = "id") -> Pages:
    """Give somebody above officer an account and be them, signed in."""
    let_lead(services, username, place)
    pages = Pages(app, language)
    pages.be(username)
    return pages
