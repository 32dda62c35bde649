"""What a device may send, and what it is told: every bad input gets a clear answer and nothing else is lost."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from kiosk import create_app
from shared import stream
from shared.db.engine import writing
from shared.db.kiosks import revoke_kiosk
from shared.db.people_tables import KioskRow
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow
from shared.domain.errors import QuarantineReason
from shared.services import Services
from tests.cast import ASHA, DEV, OTHER_KIOSK_TOKEN, REVOKED_KIOSK_TOKEN
from tests.factories import NOON, SettableClock, a_sent_rating
from tests.kiosk.conftest import Device, bring_to_the_page


def rows(session: Session) -> list[RatingRow]:
    return list(session.scalars(select(RatingRow).order_by(col(RatingRow.given_at))))


def test_a_press_is_accepted_and_recorded_with_all_it_said(
    device: Device, services: Services, session: Session
) -> None:
    sent = a_sent_rating(
        overall=3,
        elements={"WAKTU": 2, "PERILAKU": 4},
        reasons=["ramah"],
        comment="  Terima kasih, Bu \u0007 ",
        service="KTP",
        sequence=12,
        picked=True,
        ticket="A-017",
        profile={"sex": "female", "age_band": "30_39"},
    )
    response = device.give(sent)
    assert response.status_code == 202
    assert response.get_json() == {
        "results": [{"id": sent["id"], "status": "accepted", "code": "accepted", "detail": ""}]
    }
    bring_to_the_page(services)
    (row,) = rows(session)
    assert (str(row.id), row.overall, row.waktu, row.perilaku, row.reasons) == (sent["id"], 3, 2, 4, ["ramah"])
    assert (row.comment, row.service_code, row.sequence, row.picked) == ("Terima kasih, Bu", "KTP", 12, True)
    assert (row.office_code, row.counter_code, row.kiosk_id, row.sex) == ("DSW", "DSL3", 1, "female")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"overall": 0}, "answer_out_of_range", id="answer 0"),
        pytest.param({"overall": 5}, "answer_out_of_range", id="answer 5"),
        pytest.param({"overall": "4"}, "answer_out_of_range", id="answer as text"),
        pytest.param({"overall": True}, "answer_out_of_range", id="answer as truth"),
        pytest.param({"overall": 3.5}, "answer_out_of_range", id="answer between"),
        pytest.param({"elements": {"WAKTU": 9}}, "answer_out_of_range", id="element 9"),
        pytest.param({"elements": {"U8": 3}}, "malformed", id="unknown element"),
        pytest.param({"elements": [1, 2]}, "malformed", id="elements as a list"),
        pytest.param({"overall": None}, "no_answer", id="no answer at all"),
        pytest.param({"officer": "XX9"}, "unknown_officer", id="unknown officer"),
        pytest.param({"officer": None}, "unknown_officer", id="rates nobody"),
        pytest.param({"officer": "'; DROP TABLE rating; --"}, "malformed", id="SQL as officer"),
        pytest.param({"officer": DEV}, "foreign_officer", id="officer of another office"),
        pytest.param({"counter": "PSL1"}, "unknown_counter", id="counter of another office"),
        pytest.param({"service": "SIM"}, "unknown_service", id="unknown service"),
        pytest.param({"reasons": ["bagus"]}, "malformed", id="unknown reason"),
        pytest.param({"reasons": ["ramah"] * 100}, "malformed", id="a hundred reasons"),
        pytest.param({"comment": "a" * 501}, "comment_too_long", id="comment of 501 characters"),
        pytest.param({"comment": "a" * 1_000_000}, "comment_too_long", id="comment of a megabyte"),
        pytest.param({"comment": 7}, "malformed", id="comment that is a number"),
        pytest.param({"comment": "\ud800"}, "malformed", id="half a character"),
        pytest.param({"comment": "baik \udc00"}, "malformed", id="the other half after words"),
        pytest.param({"id": "\ud800"}, "malformed", id="half a character for an id"),
        pytest.param({"\ud800": 4}, "malformed", id="half a character for a field"),
        pytest.param({"id": "7"}, "malformed", id="id that is none"),
        pytest.param({"id": None}, "malformed", id="no id"),
        pytest.param({"language": "fr"}, "malformed", id="unknown language"),
        pytest.param({"given_at": (NOON + timedelta(minutes=6)).isoformat()}, "given_in_future", id="the future"),
        pytest.param({"given_at": "1970-01-01T00:00:00Z"}, "given_too_long_ago", id="1970"),
        pytest.param({"given_at": "0001-01-01T00:00:00+14:00"}, "malformed", id="before the calendar"),
        pytest.param({"given_at": "2026-11-18T12:00:00"}, "malformed", id="a moment without zone"),
        pytest.param({"given_at": "tadi pagi"}, "malformed", id="a moment in words"),
        pytest.param({"sequence": -1}, "malformed", id="negative sequence"),
        pytest.param({"sequence": 2**60}, "malformed", id="sequence beyond what a browser counts"),
        pytest.param({"picked": "yes"}, "malformed", id="picked in words"),
        pytest.param({"ticket": "x" * 33}, "malformed", id="endless ticket"),
        pytest.param({"rater_key": "0" * 32}, "malformed", id="a field that is ours"),
        pytest.param({"office": "PSF"}, "malformed", id="another office claimed"),
        pytest.param({"profile": {"nik": "3201"}}, "malformed", id="a number of a person"),
    ],
)
def test_a_bad_rating_is_refused_in_words_and_its_neighbours_go_in(
    device: Device, services: Services, session: Session, change: dict[str, Any], code: str
) -> None:
    bad = a_sent_rating(**change)
    before, after = a_sent_rating(), a_sent_rating()
    response = device.give(before, bad, after)
    assert response.status_code == 202
    results = response.get_json()["results"]
    assert [result["status"] for result in results] == ["accepted", "refused", "accepted"]
    assert results[1]["code"] == code
    assert len(results[1]["detail"]) > 20
    bring_to_the_page(services)
    assert {str(row.id) for row in rows(session)} == {before["id"], after["id"]}


def test_a_refusal_speaks_the_language_of_the_rating(device: Device) -> None:
    result = device.give(a_sent_rating(overall=5, language="id"), a_sent_rating(overall=5, language="en"))
    details = [one["detail"] for one in result.get_json()["results"]]
    assert details[0] != details[1]
    assert details[1] == "An answer is a whole number from 1 to 4."


@pytest.mark.parametrize("sent", ["rating", 4, None, []])
def test_something_that_is_no_rating_is_refused_alone(device: Device, sent: Any) -> None:
    response = device.post("/api/ratings", {"ratings": [sent, a_sent_rating()]})
    assert [result["status"] for result in response.get_json()["results"]] == ["refused", "accepted"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="empty"),
        pytest.param(b"{", 400, id="cut off"),
        pytest.param(b"[]", 400, id="a list"),
        pytest.param(b'{"ratings": []}', 400, id="no ratings"),
        pytest.param(b'{"ratings": "x"}', 400, id="ratings as text"),
        pytest.param(b"[" * 100_000, 400, id="a hundred thousand brackets"),
        pytest.param(json.dumps({"ratings": [{}] * 501}).encode(), 400, id="501 ratings"),
        pytest.param(b'{"ratings": [{}], "sent_at": "kemarin"}', 400, id="unreadable sent_at"),
        pytest.param(b'{"ratings": [{}], "sent_at": "0001-01-01T00:00:00+14:00"}', 400, id="before the calendar"),
        pytest.param(b'{"ratings": [{"comment": "' + b"a" * (2 * 1024 * 1024) + b'"}]}', 413, id="2 MB comment"),
    ],
)
def test_an_unreadable_body_is_answered_with_problem_details(device: Device, body: bytes, status: int) -> None:
    response = device.client.post(
        "/api/ratings",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {device.token}", "Accept-Language": "en"},
    )
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert set(response.get_json()) == {"title", "status", "detail", "code"}


@pytest.mark.parametrize("token", ["", "x" * 43, REVOKED_KIOSK_TOKEN], ids=["none", "unknown", "revoked"])
def test_an_unknown_or_revoked_device_is_turned_away(client: FlaskClient, token: str) -> None:
    response = Device(client, token).give(a_sent_rating())
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"


def test_a_device_revoked_now_is_turned_away_a_second_later(
    device: Device, services: Services, clock: SettableClock
) -> None:
    assert device.give(a_sent_rating()).status_code == 202
    with writing(services.engine) as session:
        revoke_kiosk(session, 1, clock())
    time.sleep(1.1)
    assert device.give(a_sent_rating()).status_code == 401


def test_a_foreign_device_rates_only_for_its_own_office(client: FlaskClient) -> None:
    result = Device(client, OTHER_KIOSK_TOKEN).give(a_sent_rating(counter=None))
    assert result.get_json()["results"][0]["code"] == "foreign_officer"


def test_the_same_rating_sent_twice_counts_once_and_other_content_under_its_id_never(
    device: Device, services: Services, session: Session
) -> None:
    first = a_sent_rating(overall=4)
    assert device.give(first).get_json() == device.give(first).get_json()
    device.give({**first, "overall": 1})
    bring_to_the_page(services)
    assert [row.overall for row in rows(session)] == [4]
    assert [entry.reason for entry in quarantined(session)] == [QuarantineReason.SAME_ID_OTHER_CONTENT]


def test_where_no_counter_was_shown_none_is_kept_whatever_the_kiosk_has_now(
    device: Device, services: Services, session: Session
) -> None:
    """A rating from an office-wide kiosk, on its way while that kiosk was given a counter."""
    none, unsaid = a_sent_rating(counter=None), a_sent_rating()
    del unsaid["counter"]
    give_counter(services, None)
    device.give(none)
    give_counter(services, "DSL4")
    device.give(none, unsaid)
    bring_to_the_page(services)
    assert {str(row.id): row.counter_code for row in rows(session)} == {none["id"]: None, unsaid["id"]: "DSL4"}
    assert quarantined(session) == []


def give_counter(services: Services, counter: str | None) -> None:
    with writing(services.engine) as session:
        session.get_one(KioskRow, 1).counter_code = counter
    services.directory.look_again()


def test_a_runaway_device_is_slowed_down_and_others_are_not(services: Services) -> None:
    slow = Services.of(services.settings.model_copy(update={"device_requests_per_second": 0.3}), services.clock)
    app = create_app(slow)
    device, other = Device(app.test_client()), Device(app.test_client(), OTHER_KIOSK_TOKEN)
    assert [device.give(a_sent_rating()).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert device.give(a_sent_rating()).headers["Retry-After"].isdigit()
    assert other.get("/api/kiosk/config").status_code == 200
    slow.close()


def test_the_configuration_names_who_serves_and_is_sent_once(device: Device, clock: SettableClock) -> None:
    response = device.get("/api/kiosk/config")
    known = response.get_json()
    assert known["office"]["timezone_name"] == "WIB"
    assert known["counter"] == {"code": "DSL3", "name": "Loket 3"}
    assert [(posting["officer"], posting["counter"]) for posting in known["postings"]] == [(ASHA, "DSL3")]
    assert {officer["code"]: officer["initials"] for officer in known["officers"]} == {"DK7": "AP", "DK8": "B"}
    assert [len(known["elements"][language]) for language in ("id", "en")] == [9, 9]
    assert set(known["wording"]["id"]) == set(known["wording"]["en"])
    clock.advance(minutes=5)
    again = device.get("/api/kiosk/config", **{"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_heartbeat_is_answered_with_our_time(device: Device) -> None:
    response = device.post("/api/kiosk/heartbeat", {"outbox": 3, "version": "1", "visits": {"rated": 2}})
    assert response.get_json() == {"server_time": NOON.isoformat(), "commands": []}
    bad_beats: list[Any] = [{"outbox": -1}, {"outbox": 10**30}, {"outbox": 0, "visits": {"other": 1}}, []]
    for bad in bad_beats:
        assert device.post("/api/kiosk/heartbeat", bad).status_code == 400


@pytest.mark.parametrize("path", ["/api/kiosk/enrol", "/api/kiosk/heartbeat", "/api/ratings"])
def test_a_hundred_thousand_brackets_are_unreadable_everywhere(device: Device, path: str) -> None:
    headers = {"Authorization": f"Bearer {device.token}", "Content-Type": "application/json"}
    assert device.client.post(path, data="[" * 100_000, headers=headers).status_code == 400


def test_a_photo_is_asked_for_by_a_known_officer_only(client: FlaskClient) -> None:
    assert client.get("/touch/photos/%00/x.jpg").status_code == 404
    assert client.get("/touch/photos/DK7/0000000000000000.jpg").status_code == 404


def test_behind_a_proxy_the_caller_is_who_it_says(services: Services) -> None:
    behind = Services.of(services.settings.model_copy(update={"trusted_proxies": 1}), services.clock)
    client = create_app(behind).test_client()
    secure = client.get("/healthz", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"})
    assert "Strict-Transport-Security" in secure.headers
    codes = {"code": "ZZZZ-9999", "token": "n" * 43}
    for address, status in [("192.0.2.1", 429), ("192.0.2.2", 404)]:
        last = [
            client.post("/api/kiosk/enrol", json=codes, headers={"X-Forwarded-For": address}).status_code
            for _ in range(11 if status == 429 else 1)
        ][-1]
        assert last == status
    behind.close()


def test_the_stream_is_empty_when_everything_is_refused(device: Device, services: Services) -> None:
    device.give(a_sent_rating(overall=9))
    assert stream.length(services.redis) == 0
