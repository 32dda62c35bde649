"""One-time links: one visit, one rating, for a day; handed out by kiosks, and dead with them."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session

from kiosk import create_app
from shared.db.engine import writing
from shared.db.kiosks import revoke_kiosk
from shared.db.people_tables import CounterRow, OfficeRow
from shared.db.tables import QuarantineRow, RatingRow
from shared.links import place_address
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, DEV, OFFICE, REVOKED_KIOSK_TOKEN
from tests.factories import NOON, SettableClock
from tests.kiosk.conftest import Device, bring_to_the_page, fresh
from tests.kiosk.link.phone import HERE, Phone, a_visit
from tests.kiosk.test_cards import dark_squares, squares_of

ROOT = "https://loket.example.go.id"
ASKED = {"officer": ASHA, "language": "id"}
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_link_is_for_one_rating(app: Flask, services: Services, session: Session) -> None:
    path, phone = a_visit(), Phone(app)
    page = phone.open(path)
    assert page.h1 == ["Bagaimana pelayanan petugas ini?"]
    answers = [phone.send(path, page, overall="4").status_code for _ in range(2)]
    more = phone.press(4, path)
    bring_to_the_page(services)
    answers.append(phone.send(path, page, overall="4").status_code)
    assert answers == [303, 303, 303], "sent twice, it is the same rating"
    phone.send(more, phone.open(more), do="send", comment="Bagus")
    bring_to_the_page(services)
    for other in ({"overall": "1"}, {"overall": "4", "officer": BILAL}):
        used = phone.looked_at(Phone(app).send(path, page, **other), 410)
        assert "sudah dipakai" in used.text
    assert "sudah tercatat" in Phone(app).open(path, 410).text
    (row,) = fresh(session).scalars(select(RatingRow))
    assert (row.overall, row.officer_code, row.comment, row.rater_key) == (4, ASHA, "Bagus", None)
    assert session.scalars(select(QuarantineRow)).all() == []


@on_sqlite
@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param(a_visit(until=NOON - timedelta(minutes=1)), 410, id="its day has passed"),
        pytest.param(a_visit(kiosk=3), 410, id="its kiosk is revoked"),
        pytest.param(a_visit(kiosk=2), 410, id="its kiosk is another office's"),
        pytest.param(a_visit(secret="another-secret"), 404, id="another installation's"),
        pytest.param(a_visit()[:-1], 404, id="cut short"),
        pytest.param(a_visit().replace(ASHA, BILAL), 404, id="another officer written into it"),
        pytest.param("/r/v/x", 404, id="no link at all"),
        pytest.param("/r/v/é.ü", 404, id="letters no link has"),
        pytest.param(a_visit(office="GONE", counter=None), 410, id="its office is gone"),
        pytest.param(a_visit(counter="GONE"), 410, id="its counter is gone"),
        pytest.param("/r/NOBODY", 404, id="a place nobody knows"),
        pytest.param("/r/m/x", 404, id="a second page nobody sealed"),
    ],
)
def test_a_link_that_leads_nowhere_says_so(phone: Phone, path: str, status: int) -> None:
    page = phone.open(path, status)
    assert page.text.count("Silakan pindai") + page.text.count("berlaku") + page.text.count("ditutup")
    seal = phone.open(HERE).value_of("seal")
    assert phone.client.post(path, data={"seal": seal, "overall": "4"}).status_code == status


@on_sqlite
def test_a_kiosk_that_is_shut_out_takes_its_links_with_it(phone: Phone, services: Services) -> None:
    path = a_visit()
    page = phone.open(path)
    with writing(services.engine) as session:
        revoke_kiosk(session, 1, NOON)
    services.directory.look_again()
    assert phone.send(path, page, overall="4").status_code == 410
    assert phone.open(a_visit(kiosk=None)), "one that no kiosk has handed out lives on"


@on_sqlite
@pytest.mark.parametrize("what", [pytest.param(OfficeRow, id="office"), pytest.param(CounterRow, id="counter")])
def test_a_place_that_closed_takes_no_more(
    phone: Phone, services: Services, clock: SettableClock, what: type[OfficeRow | CounterRow]
) -> None:
    path, code = a_visit(until=NOON + timedelta(days=3)), OFFICE if what is OfficeRow else COUNTER
    pages = [(where, phone.open(where)) for where in (path, HERE)]
    with writing(services.engine) as session:
        session.get_one(what, code).closed_on = NOON.date() + timedelta(days=1)
    services.directory.look_again()
    clock.advance(days=1)
    for where, page in pages:
        assert "sudah ditutup" in phone.open(where, 410).text
        assert phone.send(where, page, overall="4").status_code == 410


@on_sqlite
def test_an_officer_who_is_not_there_any_more_is_chosen_anew(phone: Phone) -> None:
    assert phone.open(a_visit(officer="GONE")).h1 == ["Siapa yang melayani Anda?"]


@on_sqlite
def test_a_kiosk_hands_out_a_link_that_opens_the_question(services: Services, session: Session) -> None:
    app = create_app(reachable(services))
    device, phone = Device(app.test_client()), Phone(app, "en")
    response = device.post("/api/kiosk/link", ASKED | {"language": "en"})
    told = response.get_json()
    assert (response.status_code, told["until"]) == (201, (NOON + timedelta(days=1)).isoformat())
    assert told["address"].startswith(f"{ROOT}/r/v/")
    assert told["address"].endswith("?language=en")
    drawn = dark_squares(f'<path d="{told["picture"]["path"]}"/>')
    assert drawn == squares_of(told["address"], border=0)
    assert told["picture"]["size"] == max(x for x, _ in drawn) + 1
    phone.press(3, urlsplit(told["address"]).path)
    bring_to_the_page(services)
    assert session.scalars(select(RatingRow)).one().counter_code == COUNTER
    assert device.post("/api/kiosk/link", ASKED).get_json()["address"] != told["address"]


def reachable(services: Services) -> Services:
    return Services.of(services.settings.model_copy(update={"public_url": ROOT}), services.clock)


@on_sqlite
def test_a_kiosk_is_told_what_is_wrong_with_its_wish(services: Services, device: Device) -> None:
    away = device.post("/api/kiosk/link", ASKED)
    assert (away.status_code, away.get_json()["code"]) == (409, "no_public_address")
    app = create_app(reachable(services))
    device = Device(app.test_client())
    for wish, status, code in (
        ({}, 400, "bad_request"),
        ({"officer": "Ж"}, 400, "bad_request"),
        ({"officer": "GONE"}, 422, "unknown_officer"),
        ({"officer": DEV}, 422, "foreign_officer"),
    ):
        response = device.post("/api/kiosk/link", wish)
        assert (response.status_code, response.get_json()["code"]) == (status, code)
    assert Device(app.test_client(), REVOKED_KIOSK_TOKEN).post("/api/kiosk/link", ASKED).status_code == 401
    many = [device.post("/api/kiosk/link", ASKED) for _ in range(25)]
    assert many[-1].status_code == 429
    assert int(many[-1].headers["Retry-After"]) > 0


@on_sqlite
def test_a_kiosk_knows_the_link_of_its_counter_when_phones_can_reach_it(services: Services, device: Device) -> None:
    assert device.get("/api/kiosk/config").get_json()["link"] is None
    device = Device(create_app(reachable(services)).test_client())
    link = device.get("/api/kiosk/config").get_json()["link"]
    assert link["address"] == place_address(ROOT, COUNTER) == f"{ROOT}{HERE}"
    assert dark_squares(f'<path d="{link["picture"]["path"]}"/>') == squares_of(link["address"], border=0)
