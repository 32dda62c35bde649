"""A stand-in for Twilio's API: its paths, form fields, paging and errors, over real HTTP on this machine.

It lists what it took, as Twilio does: a message that waits there has no date on which it was sent, and cannot be
found by one. What it does with the next requests is said by `plan`: answer an error, never answer (HANG), hang up
after it took the message (LOST) or before (GONE), say nothing of use (GARBLED), take it twice (TWICE), or what a
function says; None is as usual.
"""

import json
import threading
import uuid
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from shared.domain.clock import system_clock
from shared.domain.messages import segments_of
from tests.sms.stage import ACCOUNT, NUMBER, TOKEN

HANG: Final = "hang"
LOST: Final = "lost"
GONE: Final = "gone"
GARBLED: Final = "garbled"
TWICE: Final = "twice"
MESSAGES: Final = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
KNOWN: Final = f"Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}"
ERRORS: Final = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21211: (400, "The 'To' number {to} is not a valid phone number."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21610: (400, "Attempt to send to unsubscribed recipient {to}"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages."),
    21614: (400, "'To' number {to} is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    63016: (400, "Failed to send freeform message because you are outside the allowed window."),
}
Planned = int | str | None | Callable[[], str]


@dataclass
class TwilioServer:
    """What the stand-in has been asked and has taken."""

    clock: Callable[[], datetime] = system_clock
    plan: deque["Planned"] = field(default_factory=deque)
    retry_after: int | None = None
    taken: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    lists_read: int = 0
    address: str = ""
    going: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, form: dict[str, str], direction: str = "outbound-api") -> dict[str, Any]:
        """Take a message and return it as the API shows it: queued, not sent."""
        body = form.get("Body") or _filled(form)
        message = {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": body,
            "date_created": format_datetime(self.clock()),
            "date_sent": None,
            "date_updated": format_datetime(self.clock()),
            "direction": direction,
            "error_code": None,
            "error_message": None,
            "from": form.get("From"),
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(segments_of(body)),
            "price": None,
            "price_unit": None,
            "sid": f"SM{uuid.uuid4().hex}",
            "status": "queued",
            "to": form.get("To"),
        }
        with self._lock:
            self.taken.append(message)
        return message

    def write(self, text: str, sender: str, ago: timedelta = timedelta(0)) -> dict[str, Any]:
        """Let a person write to us, without any webhook."""
        to = f"whatsapp:{NUMBER}" if sender.startswith("whatsapp:") else NUMBER
        message = self.take({"From": sender, "To": to, "Body": text}, "inbound")
        moment = format_datetime(self.clock() - ago)
        message.update(status="received", date_sent=moment, date_created=moment)
        return message

    def fare(self, message: dict[str, Any], status: str, error_code: int | None = None) -> None:
        """Let a message of ours come so far; it has left then."""
        message.update(status=status, error_code=error_code, date_sent=format_datetime(self.clock()))

    def receipt(self, message: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """Return the path and the form of the webhook that tells of a message."""
        form = next(form for form, took in zip(self.forms, self.outbound, strict=False) if took is message)
        address = urlsplit(form["StatusCallback"])
        told = {"MessageSid": message["sid"], "AccountSid": ACCOUNT, "MessageStatus": message["status"]}
        if message["error_code"]:
            told["ErrorCode"] = str(message["error_code"])
        return f"{address.path}?{address.query}", told

    @property
    def outbound(self) -> list[dict[str, Any]]:
        """Return what it took of ours, first first."""
        return [message for message in self.taken if message["direction"] == "outbound-api"]

    def listed(self, query: dict[str, str]) -> dict[str, Any]:
        """Return one page of the list, latest first."""
        after = query.get("DateSent>", "")[:10]
        found = [
            message
            for message in reversed(self.taken)
            if query.get("To") in {None, message["to"]}
            and query.get("From") in {None, message["from"]}
            and (not after or (message["date_sent"] and _day(message["date_sent"]) >= after))
        ]
        size, page = min(int(query.get("PageSize", 50)), 1000), int(query.get("Page", 0))
        more = len(found) > size * (page + 1)
        following = urlencode({**query, "Page": page + 1, "PageToken": "PA" + uuid.uuid4().hex})
        self.lists_read += 1
        return {
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + len(found[page * size :][:size]) - 1,
            "uri": f"{MESSAGES}.json",
            "first_page_uri": f"{MESSAGES}.json?PageSize={size}&Page=0",
            "next_page_uri": f"{MESSAGES}.json?{following}" if more else None,
            "previous_page_uri": None,
            "messages": found[page * size :][:size],
        }


@contextmanager
def running_twilio(clock: Callable[[], datetime] = system_clock) -> Iterator[TwilioServer]:
    """Run the stand-in while the block lasts."""
    twilio = TwilioServer(clock)

    class Handler(_Handler):
        server_of = twilio

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        twilio.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield twilio
        finally:
            twilio.going.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_of: TwilioServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(parse_qsl(body))
        if self._is_known() and urlsplit(self.path).path == f"{MESSAGES}.json":
            self._create(form)

    def do_GET(self) -> None:
        if not self._is_known():
            return
        address = urlsplit(self.path)
        sid = address.path.removeprefix(f"{MESSAGES}/").removesuffix(".json")
        found = next((message for message in self.server_of.taken if message["sid"] == sid), None)
        if address.path == f"{MESSAGES}.json":
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            planned = self._planned()
            if isinstance(planned, int):
                self._refuse(planned, {})
            else:
                self._answer(200, self.server_of.listed(query))
        elif found:
            self._answer(200, found)
        else:
            self._refuse(20404, {})

    def _create(self, form: dict[str, str]) -> None:
        twilio = self.server_of
        planned = self._planned() or _problem(form)
        if isinstance(planned, int):
            self._refuse(planned, form)
            return
        if planned in {HANG, GONE}:
            twilio.going.wait(60 if planned == HANG else 0)
            self.close_connection = True
            return
        twilio.forms.append(form)
        message = twilio.take(form)
        if planned == TWICE:
            twilio.forms.append(form)
            twilio.take(form)
        if planned == LOST:
            self.close_connection = True
        else:
            self._answer(201, {} if planned == GARBLED else message)

    def _planned(self) -> int | str | None:
        planned = self.server_of.plan.popleft() if self.server_of.plan else None
        return planned() if callable(planned) else planned

    def _is_known(self) -> bool:
        if self.headers.get("Authorization") == KNOWN:
            return True
        self._refuse(20003, {})
        return False

    def _refuse(self, code: int, form: dict[str, str]) -> None:
        status, words = ERRORS[code]
        self.server_of.refused.append(code)
        more = f"https://www.twilio.com/docs/errors/{code}"
        message = words.format(to=form.get("To", ""))
        self._answer(status, {"code": code, "message": message, "more_info": more, "status": status})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if status == 429 and self.server_of.retry_after is not None:
            self.send_header("Retry-After", str(self.server_of.retry_after))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def _problem(form: dict[str, str]) -> int | None:
    if "To" not in form:
        return 21604
    if "From" not in form:
        return 21603
    if not form.get("Body") and "ContentSid" not in form:
        return 21602
    if len(form.get("Body", "")) > 1600:
        return 21617
    return None if form["To"].removeprefix("whatsapp:").startswith("+") else 21211


def _filled(form: dict[str, str]) -> str:
    """Return the words of a template with everything filled in."""
    variables = json.loads(form.get("ContentVariables", "{}"))
    return "Halo, " + " - ".join(variables.values())


def _day(moment: str) -> str:
    return f"{datetime.strptime(moment, '%a, %d %b %Y %H:%M:%S %z'):%Y-%m-%d}"
