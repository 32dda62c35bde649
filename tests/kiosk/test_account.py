"""One's own account: where one is signed in, ending that, and another password."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlmodel import Session, col

from kiosk import create_app
from kiosk.account.devices import device_name
from kiosk.login.attempts import RATES
from shared.db.accounts import Account, Place, account_of
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.people_tables import OfficerRow
from shared.domain.people import Role
from shared.i18n import Language
from shared.nips import nips
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import SettableClock
from tests.pages import PASSWORD, Pages, let_lead, let_sign_in

CHOSEN = "kebun-teh-pagi"
OUT = "/login?next=/me"


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, "asha", ASHA)
    let_sign_in(services, "bilal", BILAL)
    return create_app(services)


@pytest.fixture
def pages(app: Flask) -> Pages:
    pages = Pages(app)
    pages.sign_in("asha")
    return pages


def others(pages: Pages) -> list[str]:
    """Return the addresses that end the sign-ins in other browsers."""
    return re.findall(r'action="(/account/sign-ins/\d+/end)"', pages.get("/account").html)


def verbs(session: Session, subject: str = "asha") -> list[str]:
    session.rollback()
    told = select(col(AuditRow.verb)).where(col(AuditRow.subject) == subject)
    return list(session.scalars(told.order_by(col(AuditRow.id))))


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_role_sees_its_own_account(app: Flask, services: Services, language: Language) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    let_lead(services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    for username in ("asha", "admin", "supervisor"):
        pages = Pages(app, language)
        if username == "asha":
            pages.sign_in(username)
        else:
            pages.lead(services, username)
        assert username in pages.get("/account").text


def test_a_sign_in_elsewhere_is_ended_from_here_at_once(pages: Pages, app: Flask, session: Session) -> None:
    elsewhere = Pages(app)
    elsewhere.sign_in("asha")
    (end,) = others(pages)
    assert pages.sent(end, form="/account") == "/account"
    assert elsewhere.redirect("/me") == OUT
    assert others(pages) == []
    assert pages.post(end, 404, form="/account").h1, "ended already"
    assert verbs(session) == ["signed_in", "signed_in", "sign_in_ended"]


def test_all_others_are_ended_and_this_one_stays(pages: Pages, app: Flask) -> None:
    elsewhere = [Pages(app), Pages(app)]
    for one in elsewhere:
        one.sign_in("asha")
    assert pages.sent("/account/sign-ins/end-others", form="/account") == "/account?done=sign_ins"
    assert [one.redirect("/me") for one in elsewhere] == [OUT, OUT]
    pages.get("/me")


def test_nobody_ends_the_sign_in_of_another(pages: Pages, app: Flask) -> None:
    bilal = Pages(app)
    bilal.sign_in("bilal")
    Pages(app).sign_in("asha")
    (end,) = others(pages)
    bilal.post(end, 404, form="/account")
    assert others(pages) == [end]


def test_a_sign_in_is_over_after_eight_hours(pages: Pages, clock: SettableClock) -> None:
    clock.advance(hours=7, minutes=59)
    pages.get("/me")
    clock.advance(minutes=1)
    assert pages.redirect("/me") == OUT
    assert pages.sent("/logout", form="/login") == "/", "to sign out then is no error"


def test_another_password_ends_every_other_sign_in(pages: Pages, app: Flask, session: Session) -> None:
    elsewhere = Pages(app)
    elsewhere.sign_in("asha")
    copied = pages.client.get_cookie("session")
    assert copied is not None
    form = "/account/password"
    fields = {"password": PASSWORD, "new_password": CHOSEN, "new_password_confirm": CHOSEN}
    assert pages.sent(form, form=form, **fields) == "/account?done=password"
    assert "Kata sandi Anda sudah diganti." in pages.get("/account?done=password").text
    assert elsewhere.redirect("/me") == OUT
    assert others(pages) == [], "nothing is listed that has ended"
    stolen = Pages(app)
    stolen.client.set_cookie("session", copied.value)
    assert stolen.redirect("/me") == OUT, "also a copy of this browser's cookie of before"
    assert "tidak cocok" in Pages(app).post("/login", 200, form="/login", username="asha", password=PASSWORD).text
    assert Pages(app).sign_in("asha", CHOSEN) == "/start"
    assert verbs(session)[:3] == ["signed_in", "signed_in", "password_changed"]
    trail = session.scalars(select(AuditRow)).all()
    assert not any(word in str((row.before, row.after)) for row in trail for word in (PASSWORD, CHOSEN))


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        pytest.param("wrong", CHOSEN, CHOSEN, "Kata sandi ini salah, atau sama dengan yang baru.", id="wrong"),
        pytest.param(
            PASSWORD, PASSWORD, PASSWORD, "Kata sandi ini salah, atau sama dengan yang baru.", id="the same"
        ),
        pytest.param(PASSWORD, "pendek", "pendek", "Pakai paling sedikit 10 huruf atau angka.", id="too short"),
        pytest.param(PASSWORD, CHOSEN, "lain-lagi-lagi", "Kedua kata sandi tidak sama.", id="not the same twice"),
        pytest.param(PASSWORD, "198609262015051001", "198609262015051001", "Jangan pakai", id="a NIP"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(
    pages: Pages, old: str, new: str, again: str, words: str
) -> None:
    form = "/account/password"
    page = pages.post(form, 200, form=form, password=old, new_password=new, new_password_confirm=again)
    assert words in page.text
    assert new not in page.html
    assert Pages(pages.client.application).sign_in("asha") == "/start"


@pytest.mark.parametrize("path", ["/login/again", "/account/password"])
def test_guessing_the_password_from_a_sign_in_left_open_ends_soon(pages: Pages, app: Flask, path: str) -> None:
    fields = {"new_password": CHOSEN, "new_password_confirm": CHOSEN}
    for _ in range(int(RATES["again"][1])):
        pages.post(path, 200, form=path, password="wrong", **fields)
    pages.post(path, 429, form=path, password=PASSWORD, **fields)
    elsewhere = Pages(app)
    elsewhere.sign_in("asha")
    fields["password"] = PASSWORD
    assert elsewhere.sent(path, form=path, **fields).startswith("/account"), "the owner elsewhere goes on"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"active": False}, id="shut"),
        pytest.param({"role": "supervisor", "officer_code": None, "office_code": OFFICE}, id="another role"),
        pytest.param({"officer_code": "DK9"}, id="another officer"),
    ],
)
def test_an_account_for_something_else_is_signed_in_nowhere(
    pages: Pages, services: Services, change: dict[str, object]
) -> None:
    with writing(services.engine) as session:
        session.add(OfficerRow(code="DK9", name="Chandra", office_code=OFFICE))
        session.flush()
        account = account_of(session, "asha")
        assert account is not None
        for name, value in change.items():
            setattr(account, name, value)
    assert pages.redirect("/account") == "/login?next=/account"


def test_the_library_never_undoes_what_an_administrator_did_meanwhile(app: Flask, services: Services) -> None:
    accounts = app.extensions["security"].datastore
    known = accounts.named("asha")
    with writing(services.engine) as session:
        session.execute(update(Account).values(active=False))
    known.fs_uniquifier = "f" * 32
    with app.test_request_context():
        accounts.put(known)
    found = accounts.named("asha")
    assert (found.active, found.fs_uniquifier) == (False, "f" * 32)


NIP = "198609262015051001"


@pytest.mark.parametrize(
    "typed",
    [NIP, "19860926 201505 1 001", "19860926.201505.1.001", " 19860926-201505-1-001 ", "19860926\u00a0201505 1 001"],
)
def test_a_nip_signs_in_however_it_is_written(app: Flask, services: Services, typed: str) -> None:
    sealer = nips(services.settings)
    with writing(services.engine) as session:
        values = {"nip_sealed": sealer.seal(NIP), "nip_hash": sealer.fingerprint(NIP)}
        session.execute(update(OfficerRow).where(col(OfficerRow.code) == ASHA).values(**values))
    assert Pages(app).sign_in(typed) == "/start"
    assert "tidak cocok" in Pages(app).post("/login", 200, form="/login", username=typed, password="wrong").text


def test_one_name_has_the_same_attempts_however_it_is_written(app: Flask, services: Services) -> None:
    names = ["asha", "ASHA", " asha", " Asha "]
    guesser = Pages(app)
    for number in range(int(RATES["name"][1])):
        guesser.post("/login", 200, form="/login", username=names[number % 4], password="wrong")
    for name in names:
        guesser.post("/login", 429, form="/login", username=name, password=PASSWORD)


def test_an_owner_comes_in_where_they_came_in_before_whatever_a_stranger_tries(app: Flask) -> None:
    owner, stranger = Pages(app), Pages(app)
    owner.sign_in("asha")
    owner.sent("/logout", form="/account")
    for username in ("asha", "bilal"):
        for _ in range(int(RATES["name"][1])):
            stranger.post("/login", 200, form="/login", username=username, password="wrong")
        stranger.post("/login", 429, form="/login", username=username, password=PASSWORD)
    owner.post("/login", 429, form="/login", username="bilal", password=PASSWORD)
    assert owner.sign_in("asha") == "/start", "at the same address, in a browser that the account knows"


def test_too_many_attempts_keep_the_page_that_was_wanted(app: Flask) -> None:
    pages = Pages(app)
    for _ in range(int(RATES["name"][1])):
        pages.post("/login", 200, form="/login", username="asha", password="wrong")
    page = pages.post("/login", 429, form="/login", username="asha", password="x", next="/me/2026-11")
    assert page.value_of("next") == "/me/2026-11"
    assert 'value="asha"' in page.html


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_sign_in_page_left_open_too_long_is_opened_anew(app: Flask, language: Language) -> None:
    pages = Pages(app, language)
    answer = pages.client.post("/login", data={"username": "asha", "password": PASSWORD, "next": "/me/2026-11"})
    assert answer.headers["Location"] == "/login?problem=stale&next=/me/2026-11"
    page = pages.get(answer.headers["Location"])
    assert ("terbuka terlalu lama" if language == "id" else "open too long") in page.text
    assert page.value_of("next") == "/me/2026-11"


def test_signing_out_after_the_sign_in_ran_out_is_no_error(app: Flask) -> None:
    assert app.test_client().post("/logout").headers["Location"] == "/login"


def test_what_is_typed_as_a_name_is_written_down_nowhere(
    app: Flask, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    for typed in (PASSWORD, "rahasia sekali"):
        Pages(app).post("/login", 200, form="/login", username=typed, password="also secret")
    rows = session.scalars(select(AuditRow)).all()
    assert [(row.actor, row.verb, row.subject) for row in rows] == [("-", "sign_in_failed", "-")] * 2
    told = str([(row.before, row.after) for row in rows]) + "".join(capsys.readouterr())
    assert not any(word in told for word in (PASSWORD, "rahasia", "also secret"))


def test_a_long_address_from_a_proxy_fits(app: Flask) -> None:
    assert Pages(app, address="x" * 300).sign_in("asha") == "/start"


def test_an_endless_wish_does_not_burst_the_cookie(app: Flask, services: Services) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    pages = Pages(app)
    pages.sign_in("admin", next="/admin?" + "a" * 5000)
    cookie = pages.client.get_cookie("session")
    assert cookie is not None
    assert len(cookie.value) < 2000


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/27.0 Chrome/125 Mobile Safari", "Samsung Internet, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8", "–"),
        ("", "–"),
    ],
)
def test_a_person_recognises_their_browser(told: str, name: str) -> None:
    assert device_name(told) == name
