"""A server that can go away, and what a person, a clock and a look into the device do to a screen."""

import json
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Error, Page, expect
from werkzeug.http import http_date
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from shared import stream
from shared.domain.clock import Clock
from shared.domain.ratings import Rating
from shared.services import Services

CODE = "ABCD-2345"
IN_A_BROWSER = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    # A browser that leaves in the middle of a file leaves it open in Werkzeug's server.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Quiet(WSGIRequestHandler):
    """Serve without a line for every file, and with the test's clock in `Date`: the screen goes by it."""

    clock: Clock
    open_connections: set[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.open_connections.add(self.connection)

    def finish(self) -> None:
        self.open_connections.discard(self.connection)
        super().finish()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return http_date(self.clock())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Server:
    """The app on a port of its own, which can go away and come back.

    `told` is what the configuration says besides or instead, as of an office that has more to say than the cast's.
    While `loses_answers`, it takes what it is sent and hangs up before it has answered.
    """

    def __init__(self, app: Flask, clock: Clock, tls: ssl.SSLContext | None = None) -> None:
        self.app, self.tls = app, tls
        self.told: dict[str, Any] = {}
        self.loses_answers = False
        self.connections: set[socket.socket] = set()
        self.handler = type("Handler", (Quiet,), {"clock": staticmethod(clock), "open_connections": self.connections})
        self.port = 0
        self.start()

    def start(self) -> None:
        self.server: BaseWSGIServer = make_server(
            "127.0.0.1",
            self.port,
            self.answer,
            threaded=True,
            request_handler=self.handler,
            ssl_context=self.tls,
        )
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def answer(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer as the app does; the configuration says what is told as well."""
        if self.loses_answers:
            response = Response.from_app(self.app, environ)
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return response(environ, start_response)
        if not (self.told and environ["PATH_INFO"] == "/api/kiosk/config"):
            return self.app(environ, start_response)
        for header in ("HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING"):
            environ.pop(header, None)
        response = Response.from_app(self.app, environ)
        if response.is_json and response.status_code == HTTPStatus.OK:
            known = response.get_json()
            told = {**known, **self.told, "version": f"{known['version']}-{json.dumps(self.told)}"}
            response.set_data(json.dumps(told))
            response.headers.pop("Date", None)  # the handler gives the test's
        return response(environ, start_response)

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        # A connection the browser kept open would still be answered by its thread.
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.port}/touch"


def at(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-screen", name)


def press(page: Page, overall: int) -> None:
    page.click("[data-action=begin]")
    page.click(f"[data-overall='{overall}']")
    at(page, "second")


def taps_beneath(page: Page, button: str, apart: int) -> list[bool]:
    """Tap this button; say whether another tap there meets the screen so many milliseconds later, and after 700."""
    script = """([button, apart]) => new Promise((resolve) => {
        const { left, top, width, height } = document.querySelector(button).getBoundingClientRect();
        const beneath = () => document.elementFromPoint(left + width / 4, top + height / 2);
        const met = () => Boolean(beneath().closest("main"));
        document.querySelector(button).click();
        const early = apart ? new Promise((soon) => setTimeout(() => soon(met()), apart)) : met();
        setTimeout(async () => resolve([await early, met()]), 700);
    })"""
    found: list[bool] = page.evaluate(script, [button, apart])
    return found


@contextmanager
def thanked(page: Page) -> Iterator[None]:
    """Wait until whoever sends an answer in this block was thanked; the thanks themselves may be over by then."""
    page.evaluate("""() => {
        window.thanked = false;
        const look = () => { window.thanked ||= document.body.dataset.screen === "thanks"; };
        new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ["data-screen"] });
    }""")
    yield
    until(page, "window.thanked")


def rate(page: Page, overall: int) -> None:
    """Rate whoever is on duty and be gone."""
    press(page, overall)
    with thanked(page):
        page.click("[data-action=skip]")
    at(page, "attract")


def renew(page: Page) -> None:
    """Load the page again and wait until it goes by what the server says now."""
    with page.expect_request_finished(lambda request: request.url.endswith("/api/kiosk/config")):
        page.reload()
    at(page, "attract")


def tell(page: Page, server: Server, told: dict[str, Any]) -> None:
    """Let the configuration say this besides, and wait until the screen goes by it."""
    server.told = told
    page.reload()
    for _ in range(100):
        if any(known(told, one) for one in kept(page, "device")):
            break
        page.wait_for_timeout(50)
    at(page, "attract")


def until(page: Page, expression: str) -> None:
    """Wait until this holds on the page, whose policy lets nobody else's code ask there again and again."""
    for _ in range(200):
        with suppress(Error):  # between two pages there is nobody to ask
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def known(told: dict[str, Any], one: Any) -> bool:
    """Say whether this is a configuration that says so."""
    return isinstance(one, dict) and all(one.get(key) == value for key, value in told.items())


def connect(page: Page) -> None:
    """Let the page notice that the network is back."""
    page.evaluate("dispatchEvent(new Event('online'))")


def set_clock(page: Page, moment: datetime) -> None:
    """Set the device's clock; it goes on from there, and only this page sees it."""
    script = """(moment) => {
        const real = window.realDate || (window.realDate = Date);
        const ahead = moment - real.now();
        window.Date = class extends real {
            constructor(...given) { super(...(given.length ? given : [real.now() + ahead])); }
            static now() { return real.now() + ahead; }
        };
    }"""
    page.evaluate(script, moment.timestamp() * 1000)


def arrived(services: Services, count: int, page: Page) -> list[Rating]:
    """Wait until `count` ratings were accepted and return them."""
    for _ in range(400):
        if stream.length(services.redis) >= count:
            break
        page.wait_for_timeout(50)
    entries: Any = services.redis.xrange(stream.STREAM)
    ratings = [Rating.model_validate_json(fields[stream.FIELD]) for _, fields in entries]
    assert len(ratings) == count
    return ratings


def kept(page: Page, store: str) -> list[dict[str, Any]]:
    """Return what the device keeps in one of its stores."""
    script = """(store) => new Promise((resolve) => {
        const opening = indexedDB.open("suara-loket-touch");
        opening.onsuccess = () => {
            const asking = opening.result.transaction(store).objectStore(store).getAll();
            asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
        };
    })"""
    found: list[dict[str, Any]] = page.evaluate(script, store)
    return found


def keeps(page: Page, store: str, count: int) -> list[dict[str, Any]]:
    """Wait until the device keeps so many in one of its stores and return them."""
    for _ in range(100):
        found = kept(page, store)
        if len(found) == count:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"{store}: {found}")


def says_to_staff(page: Page, text: str) -> None:
    expect(page.locator("#staff")).to_have_attribute("aria-label", text)
