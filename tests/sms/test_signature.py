"""Who gets in: only what Twilio signed for the public address, and only as far as a message goes."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlmodel import Session

from shared.services import Services
from sms import create_app
from tests.sms.stage import PATH, PUBLIC, THANKED, Phone, a_form, recorded, reply_in, signature, without_database


class TestSignature:
    """Only what Twilio signed for the public address gets in."""

    @pytest.mark.parametrize(
        ("headers", "changed"),
        [
            pytest.param({}, {}, id="none"),
            pytest.param({"X-Twilio-Signature": ""}, {}, id="empty"),
            pytest.param({"X-Twilio-Signature": "é" * 28}, {}, id="not even text"),
            pytest.param({"X-Twilio-Signature": signature(a_form())}, {}, id="of another message"),
            pytest.param({}, {"Body": "NILAI DK7 1"}, id="changed text"),
            pytest.param({}, {"Extra": "1"}, id="added field"),
        ],
    )
    def test_refuses(self, stranger: Phone, headers: dict[str, str], changed: dict[str, str]) -> None:
        form = a_form()
        if changed:
            headers = {"X-Twilio-Signature": signature(form)}
        response = stranger.client.post(PATH, data={**form, **changed}, headers=headers)
        assert (response.status_code, response.data) == (403, b"")

    @pytest.mark.parametrize(
        ("address", "token"),
        [
            pytest.param(f"http://localhost{PATH}", "test-auth-token", id="for the local address"),
            pytest.param(f"{PUBLIC}{PATH}/status", "test-auth-token", id="for another path"),
            pytest.param(f"{PUBLIC}{PATH}?a=1", "test-auth-token", id="for another query"),
            pytest.param(f"{PUBLIC}{PATH}", "another-token", id="with another token"),
        ],
    )
    def test_refuses_one_made(self, stranger: Phone, address: str, token: str) -> None:
        form = a_form()
        headers = {"X-Twilio-Signature": signature(form, address, token)}
        assert stranger.client.post(PATH, data=form, headers=headers).status_code == 403

    def test_is_taken_over_the_public_address_behind_a_proxy(self, phone: Phone) -> None:
        form = a_form()
        response = phone.client.post(
            PATH, data=form, headers={"X-Twilio-Signature": signature(form)}, base_url="http://10.0.0.7:8001"
        )
        assert reply_in(response).startswith(THANKED)

    def test_covers_the_query_as_received(self, phone: Phone) -> None:
        assert reply_in(phone.deliver(a_form(), f"{PATH}?a=b%20c&d=")).startswith(THANKED)

    def test_covers_repeated_fields(self, phone: Phone) -> None:
        form = {**a_form(), "Tag": ["b", "a"]}
        address = f"{PUBLIC}{PATH}"
        flat = {name: value for name, value in form.items() if name != "Tag"}
        signed = signature({**flat, "Tag": "aTagb"}, address)
        assert phone.client.post(PATH, data=form, headers={"X-Twilio-Signature": signed}).status_code == 200

    def test_of_an_empty_body_is_right_but_the_body_is_no_message(self, stranger: Phone) -> None:
        headers = {"X-Twilio-Signature": signature({})}
        assert stranger.client.post(PATH, headers=headers).status_code == 400

    def test_replayed_brings_nothing_new(self, phone: Phone, services: Services, session: Session) -> None:
        form = a_form()
        headers = {"X-Twilio-Signature": signature(form)}
        replies = {reply_in(phone.client.post(PATH, data=form, headers=headers)) for _ in range(3)}
        assert len(replies) == 1
        assert len(recorded(services, session)) == 1

    @pytest.mark.parametrize("token", [None, ""])
    def test_is_refused_whatever_it_is_while_we_have_no_token(self, stranger: Phone, token: str | None) -> None:
        services = stranger.services
        settings = services.settings.model_copy(
            update={"twilio_auth_token": None if token is None else SecretStr(token)}
        )
        client = create_app(replace(services, settings=settings)).test_client()
        form = a_form()
        headers = {"X-Twilio-Signature": signature(form, token="")}
        assert client.post(PATH, data=form, headers=headers).status_code == 403


class TestDoor:
    """The app itself: small, closed, and silent about errors."""

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            pytest.param("GET", "/", 404, id="no front page"),
            pytest.param("GET", PATH, 405, id="no reading"),
            pytest.param("POST", "/sms/other", 404, id="no other provider"),
            pytest.param("GET", "/static/x.css", 404, id="no files"),
            pytest.param("POST", PATH, 403, id="unsigned"),
        ],
    )
    def test_answers_plainly_and_protected(self, stranger: Phone, method: str, path: str, status: int) -> None:
        response = stranger.client.open(path, method=method)
        assert (response.status_code, response.data) == (status, b"")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")

    def test_refuses_a_body_of_more_than_64_kilobytes(self, stranger: Phone) -> None:
        form = a_form("x" * 70_000)
        assert stranger.deliver(form).status_code == 413

    def test_is_well_while_one_door_is_open(self, away: Services, services: Services) -> None:
        response = create_app(services).test_client().get("/healthz")
        assert (response.status_code, response.json, response.headers["Cache-Control"]) == (
            200,
            {"accepting": True},
            "no-store",
        )
        assert create_app(away).test_client().get("/healthz").status_code == 200
        assert create_app(without_database(services)).test_client().get("/healthz").status_code == 200

    def test_is_not_well_while_both_doors_are_shut(self, away: Services) -> None:
        response = create_app(without_database(away)).test_client().get("/healthz")
        assert (response.status_code, response.json) == (503, {"accepting": False})
