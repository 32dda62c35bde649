"""Whoever guesses waits, whatever they write; and learns nothing from how long."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlmodel import Session, col

from kiosk import create_app
from kiosk.login.attempts import RATES
from shared.db.accounts import PASSWORD_LONGEST, Place
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.people_tables import OfficerRow
from shared.domain.people import Role
from shared.nips import nips
from shared.services import Services
from tests.cast import ASHA
from tests.pages import PASSWORD, Pages, let_lead, let_sign_in

AT_ONCE = int(RATES["name"][1])
FAILED = "Nama pengguna dan kata sandi tidak cocok."
NIP, ANOTHER_NIP = "198503152010012001", "198503162010012001"
TOO_LONG = "x" * 5000


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, "asha", ASHA)
    sealer = nips(services.settings)
    with writing(services.engine) as session:
        values = {"nip_sealed": sealer.seal(NIP), "nip_hash": sealer.fingerprint(NIP)}
        session.execute(update(OfficerRow).where(col(OfficerRow.code) == ASHA).values(**values))
    return create_app(services)


def statuses(app: Flask, names: list[str], address: str = "127.0.0.1") -> list[int]:
    """Guess with each of these names; return what each is answered."""
    pages = Pages(app, address=address)
    token = pages.get("/login").csrf_token
    sent = [{"csrf_token": token, "username": name, "password": "wrong-as-can-be"} for name in names]
    here = {"REMOTE_ADDR": address}
    return [pages.client.post("/login", data=form, environ_overrides=here).status_code for form in sent]


def spaced(nip: str) -> str:
    return f"{nip[:8]} {nip[8:14]}.{nip[14:]}"


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        pytest.param([NIP] * AT_ONCE + [spaced(NIP)], [ANOTHER_NIP] * AT_ONCE + [spaced(ANOTHER_NIP)], id="spelling"),
        pytest.param([ASHA] * AT_ONCE + [NIP], [ASHA] * AT_ONCE + [ANOTHER_NIP], id="whose NIP it is"),
        pytest.param([ASHA] * AT_ONCE + ["asha"], [ASHA] * AT_ONCE + ["siapa"], id="whose user name it is"),
    ],
)
def test_how_long_one_waits_tells_nothing_about_who_exists(app: Flask, known: list[str], unknown: list[str]) -> None:
    assert statuses(app, known, "192.0.2.1") == statuses(app, unknown, "192.0.2.2")


def test_a_nip_has_the_same_attempts_however_it_is_written(app: Flask) -> None:
    assert statuses(app, [NIP, spaced(NIP)] * (AT_ONCE // 2) + [NIP, spaced(NIP)])[-3:] == [200, 429, 429]


@pytest.mark.parametrize(
    ("another", "status"),
    [
        pytest.param("2001:db8:0:1:ffff::9", 429, id="another address of the same subscriber"),
        pytest.param("2001:db8:0:2::1", 200, id="another subscriber"),
        pytest.param("::ffff:192.0.2.7", 200, id="IPv4 written as IPv6"),
        pytest.param("unknown", 200, id="what a proxy made up"),
    ],
)
def test_all_addresses_of_one_subscriber_are_one_caller(app: Flask, another: str, status: int) -> None:
    assert statuses(app, ["asha"] * AT_ONCE, "2001:db8:0:1::1") == [200] * AT_ONCE
    assert statuses(app, ["asha"], another) == [status]


def test_ipv4_is_the_same_caller_also_when_it_is_written_as_ipv6(app: Flask) -> None:
    statuses(app, ["asha"] * AT_ONCE, "192.0.2.7")
    assert statuses(app, ["asha"], "::ffff:192.0.2.7") == [429]
    assert statuses(app, ["asha"], "192.0.2.8") == [200]


def test_codes_for_devices_are_guessed_by_subscriber_too(app: Flask) -> None:
    answers = [
        app.test_client().post(
            "/api/kiosk/enrol",
            json={"code": "AAAA-2345", "token": "n" * 43},
            environ_overrides={"REMOTE_ADDR": f"2001:db8::{number:x}"},
        )
        for number in range(12)
    ]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429


@pytest.mark.parametrize(
    "password", [TOO_LONG, "\ufdfa" * (PASSWORD_LONGEST // 4)], ids=["long", "long when unfolded"]
)
@pytest.mark.parametrize("name", ["asha", "siapa"])
def test_a_password_longer_than_any_is_a_wrong_one(app: Flask, session: Session, name: str, password: str) -> None:
    assert FAILED in Pages(app).post("/login", 200, form="/login", username=name, password=password).text
    (verb,) = session.scalars(select(col(AuditRow.verb))).all()
    assert verb == "sign_in_failed"


def test_nor_is_it_right_when_the_password_is_asked_for_once_more(app: Flask) -> None:
    pages = Pages(app)
    pages.sign_in("asha")
    pages.post("/login/again", 200, form="/login/again", password=TOO_LONG)
    own = "/account/password"
    new = {"new_password": "kebun-teh-pagi", "new_password_confirm": "kebun-teh-pagi"}
    assert "Kata sandi ini salah" in pages.post(own, 200, form=own, password=TOO_LONG, **new).text
    endless = {"new_password": TOO_LONG, "new_password_confirm": TOO_LONG}
    assert "paling banyak 128 huruf" in pages.post(own, 200, form=own, password=PASSWORD, **endless).text
    assert Pages(app).sign_in("asha") == "/start"


def test_the_longest_password_there_may_be_works(app: Flask, services: Services) -> None:
    pages, longest = Pages(app), "x" * PASSWORD_LONGEST
    pages.sign_in("asha")
    new = {"password": PASSWORD, "new_password": longest, "new_password_confirm": longest}
    pages.sent("/account/password", form="/account/password", **new)
    assert Pages(app).sign_in("asha", longest) == "/start"


def test_nobody_learns_who_leads_from_a_password_longer_than_any(app: Flask, services: Services) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    page = Pages(app).post("/login", 200, form="/login", username="admin", password=TOO_LONG)
    assert FAILED in page.text
