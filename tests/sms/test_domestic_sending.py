"""A domestic gateway gets a signed message under its own names, and is believed as far as it can be."""

import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import Session

from shared.domain.outreach import MessageState
from shared.services import Services
from sms.gateways.domestic_receipts import parse_receipt
from sms.gateways.gateway import Receipt
from sms.reconciling import follow_up
from sms.sending import send_due
from sms.signature import GATEWAY_HEADER, GATEWAY_MOMENT
from tests.factories import NOON, SettableClock
from tests.sms.outgoing import WORDS, message, put_message, states
from tests.sms.stage import PHONE
from tests.sms.test_gateway import deliver

SECRET = "domestic-secret"
OURS = "0" * 32 + "-1"
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Relay:
    """What a relay was given, and what it answers: a status, or nothing at all."""

    answer: int | None = 200
    headers: dict[str, str] = field(default_factory=dict)
    given: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Run a relay of this test alone."""
    relay = Relay()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            relay.given.append((dict(self.headers), body))
            if relay.answer is not None:
                self.send_response(relay.answer)
                for name, value in relay.headers.items():
                    self.send_header(name, value)
                self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        relay.address = f"http://127.0.0.1:{server.server_port}/kirim"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield relay
        server.shutdown()
        thread.join()


def by_relay(services: Services, relay: Relay) -> Services:
    """Return the same installation, which sends by this relay."""
    settings = {
        "sms_by": "gateway",
        "gateway_url": relay.address,
        "gateway_secret": SecretStr(SECRET),
        "gateway_fields": "id=ref to=msisdn text=message",
    }
    return replace(services, settings=services.settings.model_copy(update=settings))


@SQLITE
def test_it_gets_our_message_under_its_names_signed_with_the_moment(
    services: Services, relay: Relay, session: Session
) -> None:
    key = put_message(services, gateway="gateway")
    assert send_due(by_relay(services, relay)) == {"sent": 1}
    ((headers, body),) = relay.given
    assert json.loads(body) == {"ref": f"{key.hex}-1", "msisdn": PHONE, "message": WORDS}
    moment = str(int(NOON.timestamp()))
    assert headers[GATEWAY_MOMENT] == moment
    assert headers[GATEWAY_HEADER] == hmac.new(SECRET.encode(), moment.encode() + b"." + body, "sha256").hexdigest()
    row = message(session, key)
    assert (row.state, row.provider_id, row.cost) == ("sent", f"{key.hex}-1", 400)


@SQLITE
@pytest.mark.parametrize(
    ("answer", "headers", "state", "alone"),
    [
        pytest.param(202, {}, "sent", 0, id="taken for later"),
        pytest.param(400, {}, "failed", 0, id="refused"),
        pytest.param(422, {}, "failed", 0, id="not understood"),
        pytest.param(429, {"Retry-After": "90"}, "waiting", 90, id="too fast"),
        pytest.param(503, {"Retry-After": "99999999999999999999"}, "waiting", 3600, id="away for ever"),
        pytest.param(503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "waiting", 30, id="away until a date"),
        pytest.param(401, {}, "waiting", 600, id="another secret"),
        pytest.param(302, {"Location": "http://127.0.0.1:9/"}, "waiting", 600, id="moved"),
        pytest.param(500, {}, "sending", 30, id="broken: nobody knows"),
        pytest.param(None, {}, "sending", 30, id="no answer: nobody knows"),
    ],
)
def test_its_answer_decides(
    answer: int | None,
    headers: dict[str, str],
    state: str,
    alone: int,
    services: Services,
    relay: Relay,
    session: Session,
) -> None:
    relay.answer, relay.headers = answer, headers
    put_message(services, gateway="gateway")
    send_due(by_relay(services, relay))
    send_due(by_relay(services, relay))
    assert (len(relay.given), states(session)) == (1, [state])
    left: Any = services.redis.pttl("messages:resting:gateway")
    assert max(left, 0) / 1000 == pytest.approx(alone, abs=5)


@SQLITE
def test_one_that_is_not_set_up_keeps_messages_waiting(services: Services, session: Session) -> None:
    put_message(services, gateway="gateway")
    send_due(services)
    assert states(session) == ["waiting"]


@pytest.mark.parametrize(
    ("fields", "receipt"),
    [
        pytest.param(
            {"ref": OURS, "stat": " Delivered "}, Receipt(OURS, MessageState.DELIVERED, None), id="delivered"
        ),
        pytest.param(
            {"ref": OURS, "stat": "UNDELIV", "error": 11}, Receipt(OURS, MessageState.FAILED, "11"), id="not"
        ),
        pytest.param({"ref": OURS, "stat": "ENROUTE"}, Receipt(OURS, MessageState.SENT, None), id="under way"),
        pytest.param({"ref": OURS, "stat": "???", "error": "x" * 99}, Receipt(OURS, None, None), id="unknown"),
        pytest.param({"ref": "17", "text": "halo", "stat": "received"}, None, id="a person's message"),
        pytest.param({"stat": "delivered"}, None, id="of no message"),
        pytest.param({"ref": ["a"], "stat": {"b": 1}}, None, id="no words at all"),
    ],
)
def test_its_words_are_read_under_its_names(fields: dict[str, Any], receipt: Receipt | None) -> None:
    assert parse_receipt(fields, {"id": "ref", "status": "stat"}) == receipt


@SQLITE
def test_one_that_confirms_what_was_given_up_is_believed(
    services: Services, relay: Relay, session: Session, clock: SettableClock
) -> None:
    sending = by_relay(services, relay)
    relay.answer = None
    key = put_message(services, gateway="gateway")
    send_due(sending)
    clock.advance(minutes=3)
    follow_up(sending)
    assert message(session, key).state == "unconfirmed"
    told = json.dumps({"ref": f"{key.hex}-1", "status": "DELIVRD"}).encode()
    assert deliver(sending, told, secret=SECRET).status_code == 204
    assert deliver(sending, told, secret="another").status_code == 403
    assert (message(session, key).state, message(session, key).cost) == ("delivered", 400)
