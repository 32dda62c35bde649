"""A domestic gateway brings messages: signed, fresh, in its own words, and answered in them."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlmodel import Session
from werkzeug.test import TestResponse

from shared import stream
from shared.services import Services
from sms import create_app
from sms.signature import gateway_signature
from tests.sms.stage import THANKED, Phone, recorded

SECRET = "gateway-secret"
PATH = "/sms/gateway/relay"
HOW = "Untuk menilai petugas, kirim: NILAI KODE 1-4."


@pytest.fixture
def relay(services: Services) -> Services:
    """An installation with a gateway that names its fields in its own way."""
    stream.open_group(services.redis)
    chosen = {"gateway_secret": SecretStr(SECRET), "gateway_fields": "id=msgid from=msisdn to=tujuan text=pesan"}
    return replace(services, settings=services.settings.model_copy(update=chosen))


def deliver(
    services: Services,
    body: bytes,
    *,
    path: str = PATH,
    secret: str = SECRET,
    kind: str = "application/json",
    **late: float,
) -> TestResponse:
    moment = str(int((services.clock() - timedelta(**late)).timestamp()))
    client: FlaskClient = create_app(services).test_client()
    headers = {
        "X-Suara-Timestamp": moment,
        "X-Suara-Signature": gateway_signature(secret, moment, body),
        "Content-Type": kind,
    }
    return client.post(path, data=body, headers=headers)


def a_body(**overrides: Any) -> bytes:
    return json.dumps({"msgid": "m-1", "msisdn": "081234567890", "pesan": "NILAI DK7 4 ramah", **overrides}).encode()


def test_a_message_is_a_rating_and_the_reply_stands_in_the_answer(relay: Services, session: Session) -> None:
    response = deliver(relay, a_body())
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.get_json()["tujuan"] == "+6281234567890"
    assert response.get_json()["pesan"].startswith(THANKED)
    (row,) = recorded(relay, session)
    assert (row.officer_code, row.overall, row.comment, row.channel) == ("DK7", 4, "ramah", "sms")


def test_a_form_is_read_as_well(relay: Services) -> None:
    form = b"msgid=7&msisdn=%2B62812+3456+7890&pesan=DK7"
    response = deliver(relay, form, kind="application/x-www-form-urlencoded")
    assert response.get_json()["pesan"].startswith("Bagaimana pelayanan Asha Pertiwi (DK7)?")


def test_the_same_message_again_is_answered_the_same_and_counts_once(relay: Services, session: Session) -> None:
    assert deliver(relay, a_body()).data == deliver(relay, a_body(), minutes=2).data
    assert len(recorded(relay, session)) == 1


def test_two_gateways_may_give_the_same_id(relay: Services, session: Session) -> None:
    deliver(relay, a_body())
    deliver(relay, a_body(pesan="DK8 1"), path="/sms/gateway/other")
    assert len(recorded(relay, session)) == 2


def test_a_gateway_and_twilio_are_one_conversation(relay: Services) -> None:
    deliver(relay, a_body(pesan="DK7"))
    assert Phone(relay).say("4").startswith(THANKED)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"secret": "another"}, 403, id="another secret"),
        pytest.param({"minutes": 5.1}, 403, id="stale"),
        pytest.param({"minutes": -5.1}, 403, id="from the future"),
        pytest.param({"path": "/sms/gateway/twilio"}, 404, id="the name that is Twilio's"),
        pytest.param({"path": "/sms/gateway/No_Name"}, 404, id="no name"),
        pytest.param({"body": b"{"}, 400, id="no JSON"),
        pytest.param({"body": b"[1]"}, 400, id="no object"),
        pytest.param({"body": b""}, 400, id="nothing"),
        pytest.param({"body": a_body(msgid="")}, 400, id="no id"),
        pytest.param({"body": a_body(msgid=[1])}, 400, id="a list for an id"),
        pytest.param({"body": a_body(msisdn=None)}, 400, id="no sender"),
        pytest.param({"body": b" " * 70_000}, 413, id="too much"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_not_signed_now_by_our_gateway_or_no_message_is_refused(
    relay: Services, change: dict[str, Any], status: int
) -> None:
    assert deliver(relay, **{"body": a_body(), **change}).status_code == status
    assert stream.length(relay.redis) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_secret_or_headers_nobody_is_let_in(relay: Services, services: Services) -> None:
    assert deliver(services, a_body(), secret="").status_code == 403
    client = create_app(relay).test_client()
    assert client.post(PATH, data=a_body()).status_code == 403
    odd = {"X-Suara-Timestamp": "9" * 30, "X-Suara-Signature": "é"}
    assert client.post(PATH, data=a_body(), headers=odd).status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_empty_text_and_a_number_for_a_sender_are_answered(relay: Services) -> None:
    response = deliver(relay, a_body(pesan="", msisdn=6281234567890, msgid=12))
    assert response.get_json()["pesan"].startswith(HOW)
