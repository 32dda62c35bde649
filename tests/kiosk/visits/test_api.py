"""A queue system tells of visits: told twice is one, and it never learns who wants no messages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from kiosk.context import keep_services
from kiosk.limits import Limit
from kiosk.visits.api import LIMIT
from shared.consent_wording import CONSENT_VERSION
from shared.db.api_keys import revoke_key
from shared.db.engine import writing
from shared.db.message_tables import ApiKeyRow, ConsentRow, ContactRow, InvitationOfficerRow, InvitationRow
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, KIOSK_TOKEN, OTHER_OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import PHONE, SECRET, a_told_visit, let_refuse, let_tell, rows
from tests.sms.stage import without_database

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def key(services: Services) -> int:
    return let_tell(services)


def tell(client: FlaskClient, visit: Any, secret: str = SECRET) -> TestResponse:
    return client.post("/api/visits", json=visit, headers={"Authorization": f"Bearer {secret}"})


def test_a_visit_becomes_an_invitation_with_the_consent_it_rests_on(
    client: FlaskClient, services: Services, session: Session
) -> None:
    response = tell(client, a_told_visit())
    assert response.status_code == 201, response.text
    (invitation,) = rows(session, InvitationRow)
    assert response.get_json() == {"id": str(invitation.id), "wording": CONSENT_VERSION}
    assert (invitation.state, invitation.counter_code, invitation.service_code) == ("waiting", "DSL3", "KTP")
    assert invitation.ask_at == NOON + timedelta(minutes=30), "an hour after the visit"
    assert invitation.expires_at == invitation.ask_at + timedelta(days=7)
    assert invitation.phone_shown == "+62813•••234"
    assert [row.officer_code for row in rows(session, InvitationOfficerRow)] == [ASHA]
    (contact,) = rows(session, ContactRow)
    phones = Phones.of(services.settings)
    assert contact.phone_hash == phones.hash(PHONE)
    assert contact.phone is not None
    assert phones.open(contact.phone) == PHONE
    (consent,) = rows(session, ConsentRow)
    assert (consent.wording, consent.source, consent.told_by) == (CONSENT_VERSION, "queue_system", "1 Antrean")
    (key,) = rows(session, ApiKeyRow)
    assert key.last_used_on is not None


def test_a_visit_told_twice_is_one_however_its_phone_is_written(app: Flask, session: Session) -> None:
    written = ("0813-7000-1234", "+62 813 7000 1234", "6281370001234", "81370001234")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda phone: tell(app.test_client(), a_told_visit(phone=phone)), written))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert len(rows(session, InvitationRow)) == len(rows(session, ConsentRow)) == len(rows(session, ContactRow)) == 1
    assert tell(app.test_client(), a_told_visit(officer=BILAL)).get_json() != answers[0].get_json()
    assert len(rows(session, InvitationRow)) == 2


def test_nobody_learns_here_who_wants_no_messages(client: FlaskClient, services: Services, session: Session) -> None:
    willing = tell(client, a_told_visit())
    let_refuse(services, "+6281299998888")
    refusing = [tell(client, a_told_visit(phone="0812-9999-8888")) for _ in range(2)]
    assert {answer.status_code for answer in refusing} == {201}
    assert [*refusing[0].get_json()] == [*willing.get_json()]
    assert refusing[0].text == refusing[1].text
    open_ones = {row.phone_shown: row for row in rows(session, InvitationRow)}
    of_refusing = open_ones["+62812•••888"]
    assert (of_refusing.state, of_refusing.phone_hash) == ("withdrawn", None)
    assert len(rows(session, ConsentRow)) == 1
    assert [row.phone for row in rows(session, ContactRow) if row.refused_at] == [None], "the number is not kept anew"


@on_sqlite
@pytest.mark.parametrize(
    ("overrides", "status", "code"),
    [
        pytest.param({"consent": False}, 422, "no_consent", id="has not agreed"),
        pytest.param({"consent": "true"}, 400, "malformed", id="agreed in a word"),
        pytest.param({"consent": None}, 400, "malformed", id="nothing about agreeing"),
        pytest.param({"phone": "12"}, 422, "not_a_phone", id="no phone"),
        pytest.param({"phone": "+6221-3456789"}, 201, "", id="a fixed line is a telephone too"),
        pytest.param({"phone": 6281234567890}, 400, "malformed", id="a phone as a number"),
        pytest.param({"phone": "8" * 5000}, 400, "malformed", id="a phone without end"),
        pytest.param({"officer": "XX1"}, 422, "unknown_officer", id="an officer nobody knows"),
        pytest.param({"officer": DEV}, 422, "foreign_officer", id="an officer of another office"),
        pytest.param({"counter": "PSL1"}, 422, "unknown_counter", id="a counter of another office"),
        pytest.param({"counter": "", "service": None}, 201, "", id="neither counter nor service"),
        pytest.param({"service": "KK"}, 422, "unknown_service", id="a service nobody knows"),
        pytest.param({"language": "nl"}, 400, "malformed", id="a language we do not speak"),
        pytest.param({"served_at": "2026-11-18T12:00:00"}, 400, "malformed", id="a time without a zone"),
        pytest.param({"served_at": "2026-11-18T12:00:00Z"}, 422, "served_in_future", id="local time called UTC"),
        pytest.param({"served_at": "2026-11-10T05:00:00Z"}, 422, "served_too_long_ago", id="last week's"),
        pytest.param({"served_at": "2026-11-18T11:59:00+07:00", "more": 1}, 201, "", id="a field we do not know"),
    ],
)
def test_a_visit_that_cannot_be_asked_about_is_refused_and_leaves_nothing(
    client: FlaskClient, session: Session, overrides: dict[str, Any], status: int, code: str
) -> None:
    response = tell(client, a_told_visit(**overrides))
    assert response.status_code == status, response.text
    if status != 201:
        told = response.get_json()
        assert response.content_type == "application/problem+json"
        assert told["code"] == code
        assert "{" not in told["detail"]
        assert "7000" not in response.text
        assert not [*rows(session, ContactRow), *rows(session, InvitationRow), *rows(session, ConsentRow)]


@on_sqlite
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000], ids="abcdef")
def test_what_is_no_visit_is_unreadable(client: FlaskClient, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    assert client.post("/api/visits", data=body, headers=headers).status_code == 400


@on_sqlite
def test_only_a_key_that_is_not_revoked_may_tell(client: FlaskClient, services: Services, key: int) -> None:
    for secret in ("", "x", KIOSK_TOKEN, SECRET[:-1], SECRET.upper(), "é"):
        response = tell(client, a_told_visit(), secret)
        assert (response.status_code, response.get_json()["code"]) == (401, "unknown_key")
    assert client.get("/api/kiosk/config", headers={"Authorization": f"Bearer {SECRET}"}).status_code == 401
    with writing(services.engine) as session:
        revoke_key(session, key, NOON)
    assert tell(client, a_told_visit()).status_code == 401


@on_sqlite
def test_a_key_speaks_for_its_own_office(client: FlaskClient, services: Services, session: Session) -> None:
    other = SECRET.replace("q", "p")
    let_tell(services, OTHER_OFFICE, other)
    assert tell(client, a_told_visit(), other).get_json()["code"] == "foreign_officer"
    evening = {"officer": DEV, "counter": "PSL1", "service": None, "served_at": "2026-11-18T10:30:00Z"}
    assert isinstance(services.clock, SettableClock)
    services.clock.moment = NOON + timedelta(hours=5, minutes=40)
    assert tell(client, a_told_visit(**evening), other).status_code == 201
    (invitation,) = rows(session, InvitationRow)
    assert invitation.ask_at.isoformat() == "2026-11-18T23:00:00+00:00", "at eight in the morning in the east"


@on_sqlite
def test_the_words_that_people_agree_to_are_told_with_their_version(client: FlaskClient) -> None:
    told = client.get("/api/visits/consent", headers={"Authorization": f"Bearer {SECRET}"}).get_json()
    assert told["wording"] == CONSENT_VERSION
    assert "pengingat" in told["text"]["id"]
    assert "reminder" in told["text"]["en"]


@on_sqlite
def test_while_the_database_is_away_a_visit_is_to_be_told_again(app: Flask, services: Services) -> None:
    keep_services(app, without_database(services))
    response = tell(app.test_client(), a_told_visit())
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


@on_sqlite
def test_a_key_that_tells_too_fast_waits(app: Flask, client: FlaskClient) -> None:
    app.extensions[LIMIT] = Limit(rate=0.001, burst=2)
    answers = [tell(client, a_told_visit()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) > 1
