"""What guards a page that anybody can open: a cookie of the month, seals, limits; and what is kept when it fails."""

import re

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session, select

from kiosk import create_app
from kiosk.link.browser import COOKIE
from shared.db.engine import writing
from shared.db.tables import RatingRow
from shared.services import Services
from tests.factories import SettableClock
from tests.kiosk.conftest import bring_to_the_page
from tests.kiosk.link.phone import HERE, Phone, a_visit

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_the_cookie_is_random_and_ends_with_the_month(app: Flask) -> None:
    cookies = [app.test_client().get(HERE).headers["Set-Cookie"] for _ in range(2)]
    assert cookies[0] != cookies[1]
    assert re.match(rf"{COOKIE}=2026-11\.[\w-]{{22}};", cookies[0])
    assert "Expires=Mon, 30 Nov 2026 18:00:00 GMT; HttpOnly; Path=/r; SameSite=Lax" in cookies[0]
    assert "Set-Cookie" not in app.test_client().get(a_visit()).headers, "a visit needs none"


def test_a_phone_without_cookies_is_told_how_to_go_on(app: Flask, phone: Phone) -> None:
    page = phone.open(HERE)
    phone.client.delete_cookie(COOKIE, path="/r")
    assert "tidak menyimpan cookie" in phone.looked_at(phone.send(HERE, page, overall="4"), 400).text


def test_a_page_is_good_in_its_own_browser_for_its_own_link_and_for_hours(app: Flask, clock: SettableClock) -> None:
    phone, other = Phone(app), Phone(app)
    page = phone.open(HERE)
    other.open(HERE)
    assert "sekali lagi" in other.looked_at(other.send(HERE, page, overall="4"), 400).text
    assert phone.send("/r/DSL4", page, overall="4").status_code == 400
    clock.advance(hours=13)
    again = phone.looked_at(phone.send(HERE, page, overall="4"), 400)
    assert phone.send(HERE, again, overall="4").status_code == 303, "pressed once more it is taken"


@pytest.mark.parametrize("seal", [pytest.param({}, id="none"), pytest.param({"seal": "x"}, id="a forged one")])
@pytest.mark.parametrize("path", [pytest.param(HERE, id="of a counter"), pytest.param(a_visit(), id="of a visit")])
def test_a_form_that_is_not_ours_is_turned_away(phone: Phone, path: str, seal: dict[str, str]) -> None:
    response = phone.client.post(path, data={"officer": "DK7", "overall": "4", **seal})
    assert "Belum ada yang tercatat" in phone.looked_at(response, 400).text


@pytest.mark.parametrize("overall", ["", "0", "5", "4.0", "baik", "１"])
def test_no_face_is_asked_for_again(phone: Phone, overall: str) -> None:
    page = phone.looked_at(phone.send(HERE, phone.open(HERE), overall=overall), 400)
    assert "salah satu dari empat wajah" in page.text


def test_too_many_at_one_counter_wait_and_another_address_does_not(app: Flask) -> None:
    phones = [Phone(app, address="10.0.0.1") for _ in range(8)]
    answers = [phone.send(HERE, phone.open(HERE), overall="4") for phone in phones]
    assert [answer.status_code for answer in answers] == [303] * 6 + [429] * 2
    page = phones[-1].looked_at(answers[-1], 429)
    assert re.search(r"tekan lagi dalam \d+ detik", page.text)
    assert int(answers[-1].headers["Retry-After"]) > 60
    Phone(app, address="10.0.0.2").press(4)


def test_a_counter_has_a_limit_of_its_own(app: Flask) -> None:
    for number in range(20):
        Phone(app, address=f"10.0.1.{number}").press(4)
    phone = Phone(app, address="10.0.2.1")
    assert phone.send(HERE, phone.open(HERE), overall="4").status_code == 429


def test_pages_opened_without_end_are_refused(app: Flask) -> None:
    client = app.test_client()
    answers = [client.get("/r/NOBODY") for _ in range(70)]
    assert answers[-1].status_code == 429
    assert "Tunggu sebentar" in answers[-1].text


def test_with_both_doors_shut_nothing_is_lost(services: Services, session: Session) -> None:
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    phone = Phone(create_app(away))
    more = phone.press(4)
    page, second, visit = phone.open(HERE), phone.open(more), phone.open(a_visit())
    rename(services, "rating", "rating_away")
    refused = phone.send(HERE, page, overall="2")
    assert "sedang terganggu" in phone.looked_at(refused, 503).text
    assert int(refused.headers["Retry-After"]) > 0
    assert phone.send(a_visit(), visit, overall="2").status_code == 503
    kept = phone.looked_at(phone.send(more, second, do="send", comment="Bagus", reason=["ramah"]), 503)
    assert "Bagus</textarea>" in kept.html
    assert 'value="ramah" checked' in kept.html
    rename(services, "rating_away", "rating")
    assert phone.send(more, kept, do="send", comment="Bagus", reason=["ramah"]).status_code == 303
    assert phone.send(HERE, page, overall="2").status_code == 303
    bring_to_the_page(services)
    assert {(row.overall, row.comment) for row in session.scalars(select(RatingRow))} == {(4, "Bagus"), (2, None)}
    away.close()


def rename(services: Services, table: str, name: str) -> None:
    with writing(services.engine) as session:
        session.connection().execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


def test_nothing_can_be_added_an_hour_later(phone: Phone, clock: SettableClock) -> None:
    more = phone.press(3)
    page = phone.open(more)
    clock.advance(minutes=61)
    assert "sudah tercatat" in phone.open(more, 410).text
    assert phone.send(more, page, do="send", comment="Bagus").status_code == 410


def test_indonesian_comes_first_and_the_screens_language_second_to_the_end(
    app: Flask, services: Services, session: Session
) -> None:
    english = {"Accept-Language": "en-US,en;q=0.9"}
    assert '<html lang="id">' in app.test_client().get(HERE, headers=english).text
    phone = Phone(app, "en")
    phone.client.delete_cookie("language")
    more = phone.press(4, f"{a_visit()}?language=en")
    assert phone.open(more).h1 == ["What was best?"]
    bring_to_the_page(services)
    assert session.scalars(select(RatingRow)).one().language == "en"


def test_a_link_tells_nothing_about_anybody(phone: Phone) -> None:
    more = phone.press(4)
    for path in (HERE, f"{HERE}?officer=", a_visit(), more, f"{more}/thanks"):
        leads = re.findall(r'(?:href|action)="([^"#][^"]*)"', phone.open(path).html)
        assert all(lead.startswith(("/r/", "/language/", "/static/")) for lead in leads), leads


def test_the_sealed_page_fits_an_address_that_a_change_of_language_leads_back_to(phone: Phone) -> None:
    assert len(phone.press(4)) < 400
