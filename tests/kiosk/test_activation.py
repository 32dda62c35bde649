"""Activation: the one-time code on a letter, good once, for a week, for whoever holds it."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from kiosk import create_app
from shared.db.accounts import Account, Place, account_of, create_account, invite, new_account
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, BILAL
from tests.factories import SettableClock
from tests.pages import Pages, let_sign_in

CODE = "ABCD-EFGH-JKLM-NPQR"
CHOSEN = "kebun-teh-pagi"
UNKNOWN = "Kode ini tidak dikenal, sudah dipakai, atau sudah lewat seminggu."


@pytest.fixture
def app(services: Services) -> Flask:
    with writing(services.engine) as session:
        account = new_account("asha", "Asha Pertiwi", Place(Role.OFFICER, officer=ASHA), services.clock())
        invite(session, account, CODE, services.clock())
    return create_app(services)


def activate(pages: Pages, code: str = CODE, password: str = CHOSEN) -> str:
    """Choose a password with the code; return where that leads."""
    path = f"/activate/{code}"
    return pages.sent(path, form=path, password=password, password_again=password)


@pytest.mark.parametrize("written", [CODE, CODE.lower(), "abcdefghjklmnpqr", " abcd efgh jklm npqr "])
def test_a_code_from_the_letter_is_typed_as_people_type(app: Flask, written: str) -> None:
    pages = Pages(app)
    page = pages.redirect(f"/activate?code={written}")
    assert "Asha Pertiwi" in pages.get(page).text
    assert activate(pages) == "/login?done=activated"
    assert "Kata sandi Anda sudah disimpan." in pages.get("/login?done=activated").text
    assert pages.sign_in("asha", CHOSEN) == "/start"


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA-AAAA", "x", "-", "a" * 3000])
def test_an_unknown_code_opens_nothing_and_says_what_to_do(app: Flask, code: str) -> None:
    assert UNKNOWN in Pages(app).get(f"/activate/{code}", 404).text


def test_a_code_is_good_once(app: Flask) -> None:
    activate(Pages(app))
    assert UNKNOWN in Pages(app).get(f"/activate/{CODE}", 404).text


def test_a_code_is_good_for_a_week(app: Flask, clock: SettableClock) -> None:
    clock.advance(days=6, hours=23)
    Pages(app).get(f"/activate/{CODE}")
    clock.advance(hours=1)
    assert UNKNOWN in Pages(app).get(f"/activate/{CODE}", 404).text


def test_a_code_of_a_shut_account_opens_nothing(app: Flask, services: Services, session: Session) -> None:
    pages = Pages(app)
    form = f"/activate/{CODE}"
    token = pages.get(form).csrf_token
    with writing(services.engine) as writes:
        account = account_of(writes, "asha")
        assert account is not None
        account.active = False
    pages.get(form, 404)
    sent = {"csrf_token": token, "password": CHOSEN, "password_again": CHOSEN}
    assert pages.client.post(form, data=sent).status_code == 404
    assert session.scalars(select(col(Account.password))).one() is None


def test_of_two_browsers_at_once_one_sets_the_password(app: Flask, session: Session) -> None:
    path, answers = f"/activate/{CODE}", dict[str, int]()
    together = threading.Barrier(2)

    def choose(password: str) -> None:
        pages = Pages(app)
        form = {"csrf_token": pages.get(path).csrf_token, "password": password, "password_again": password}
        together.wait()
        answers[password] = pages.client.post(path, data=form).status_code

    threads = [threading.Thread(target=choose, args=(f"kata-sandi-{name}",)) for name in ("satu", "dua")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [302, 404]
    (chosen,) = [password for password, status in answers.items() if status == 302]
    assert Pages(app).sign_in("asha", chosen) == "/start"


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        pytest.param("pendek", "pendek", "Pakai paling sedikit 10 huruf atau angka.", id="too short"),
        pytest.param(" " * 12, " " * 12, "Pakai paling sedikit 10 huruf atau angka.", id="nothing but spaces"),
        pytest.param(CHOSEN, "kebun-teh-sore", "Kedua kata sandi tidak sama.", id="not the same"),
        pytest.param("x" * 129, "x" * 129, "Pakai paling banyak 128 huruf atau angka.", id="too long"),
        pytest.param("198609262015051001", "198609262015051001", "Jangan pakai nama pengguna", id="a NIP"),
        pytest.param(
            "19860926 201505 1 001", "19860926 201505 1 001", "Jangan pakai nama pengguna", id="a NIP in parts"
        ),
    ],
)
def test_a_password_others_could_guess_is_not_taken(
    app: Flask, session: Session, password: str, again: str, words: str
) -> None:
    path = f"/activate/{CODE}"
    page = Pages(app).post(path, 400, form=path, password=password, password_again=again)
    assert words in page.text
    assert password.strip() == "" or password not in page.html
    assert session.scalars(select(col(Account.password))).one() is None


def test_a_user_name_is_no_password(services: Services, app: Flask) -> None:
    with writing(services.engine) as session:
        account = new_account("bilal.siregar", "Bilal", Place(Role.OFFICER, officer=BILAL), services.clock())
        invite(session, account, "STUV-WXYZ-2345-6789", services.clock())
    path = "/activate/STUV-WXYZ-2345-6789"
    chosen = {"password": "Bilal.Siregar", "password_again": "Bilal.Siregar"}
    assert "Jangan pakai nama pengguna" in Pages(app).post(path, 400, form=path, **chosen).text


def test_a_guesser_shuts_out_nobody_not_even_at_the_same_address(app: Flask) -> None:
    guesser = Pages(app)
    for number in range(60):
        guesser.post(f"/activate/AAAA-AAAA-AAAA-{number:04d}", 404, form="/login", password="x", password_again="x")
    assert activate(Pages(app)) == "/login?done=activated"


def test_a_code_is_void_once_its_owner_chose_a_password_otherwise(app: Flask, services: Services) -> None:
    activate(Pages(app))
    with writing(services.engine) as session:
        account = account_of(session, "asha")
        assert account is not None
        invite(session, account, "STUV-WXYZ-2345-6789", services.clock())
    owner = Pages(app)
    owner.sign_in("asha", CHOSEN)
    owner.get("/activate/STUV-WXYZ-2345-6789")
    new = {"password": CHOSEN, "new_password": "teh-poci-hangat", "new_password_confirm": "teh-poci-hangat"}
    owner.sent("/account/password", form="/account/password", **new)
    assert UNKNOWN in Pages(app).get("/activate/STUV-WXYZ-2345-6789", 404).text


def test_activating_signs_out_whoever_was_signed_in_at_that_desk(app: Flask, services: Services) -> None:
    let_sign_in(services, "bilal", BILAL)
    pages = Pages(app)
    pages.sign_in("bilal")
    cookie = pages.client.get_cookie("session")
    assert cookie is not None
    activate(pages)
    assert pages.redirect("/me") == "/login?next=/me"
    pages.client.set_cookie("session", cookie.value)
    assert pages.redirect("/me") == "/login?next=/me"


def test_a_new_password_by_letter_ends_every_sign_in_with_the_old_one(app: Flask, services: Services) -> None:
    activate(Pages(app))
    pages = Pages(app)
    pages.sign_in("asha", CHOSEN)
    with writing(services.engine) as session:
        account = account_of(session, "asha")
        assert account is not None
        invite(session, account, "STUV-WXYZ-2345-6789", services.clock())
    pages.get("/me")
    assert activate(Pages(app), "STUV-WXYZ-2345-6789", "teh-poci-hangat") == "/login?done=activated"
    assert pages.redirect("/me") == "/login?next=/me"
    pages.sign_in("asha", "teh-poci-hangat")
    assert pages.get("/account").text.count("sejak") == 1, "those of before are not listed"


def test_the_trail_says_who_chose_a_password_and_never_which(app: Flask, session: Session) -> None:
    activate(Pages(app))
    rows = session.scalars(select(AuditRow)).all()
    assert {(row.actor, row.verb, row.subject) for row in rows} == {("asha", "changed", "asha")}
    assert CHOSEN not in str([(row.before, row.after) for row in rows])
    assert "argon2" not in str([(row.before, row.after) for row in rows])


def test_both_languages_ask_for_the_code(app: Flask) -> None:
    assert Pages(app).get("/activate").h1 == ["Aktifkan akun Anda"]
    assert Pages(app, "en").get("/activate").h1 == ["Activate your account"]
    assert "older than a week" in Pages(app, "en").get("/activate/x", 404).text


def test_an_account_without_a_password_cannot_sign_in_with_none(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        create_account(session, "bilal", "something-else", Place(Role.OFFICER, officer=BILAL), services.clock())
    assert "tidak cocok" in Pages(app).post("/login", 200, form="/login", username="asha", password="").text
