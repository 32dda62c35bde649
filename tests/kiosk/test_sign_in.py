"""Signing in: those who may, nobody else, and no word about who exists."""

from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlmodel import Session, col

from kiosk import create_app
from kiosk.login.attempts import RATES
from shared.db.accounts import Account, Place, create_account, hash_password
from shared.db.engine import writing
from shared.domain.people import Role
from shared.services import Services
from shared.settings import Settings
from tests.cast import ASHA, BILAL, KIOSK_TOKEN
from tests.factories import NOON, SettableClock, a_sent_rating
from tests.pages import PASSWORD, Pages, let_sign_in

ATTEMPTS_AT_ONCE = RATES["name"][1]
SECONDS_PER_ATTEMPT = round(1 / RATES["name"][0])
FAILED = "Nama pengguna dan kata sandi tidak cocok."


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, "asha", ASHA)
    return create_app(services)


def deactivate(services: Services, username: str) -> None:
    with writing(services.engine) as session:
        session.execute(update(Account).where(col(Account.username) == username).values(active=False))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("asha", id="user name"),
        pytest.param(" ASHA ", id="user name in capitals with spaces"),
        pytest.param("DK7", id="officer code"),
        pytest.param("dk7", id="officer code in small letters"),
    ],
)
def test_an_officer_signs_in_and_reaches_their_page(app: Flask, name: str) -> None:
    pages = Pages(app)
    assert pages.sign_in(name) == "/start"
    assert pages.redirect("/start") == "/me"
    assert "Asha Pertiwi" in pages.get("/me").text
    assert pages.redirect("/login") == "/start", "who is signed in need not sign in"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        pytest.param("asha", "salah", id="wrong password"),
        pytest.param("asha", PASSWORD.upper(), id="other case"),
        pytest.param("siapa", PASSWORD, id="unknown name"),
        pytest.param("inactive", PASSWORD, id="inactive account"),
        pytest.param("", "", id="nothing"),
        pytest.param("asha", "", id="no password"),
        pytest.param("a" * 5000, PASSWORD, id="a name longer than any"),
    ],
)
def test_every_failure_reads_the_same(app: Flask, services: Services, name: str, password: str) -> None:
    let_sign_in(services, "inactive", BILAL)
    deactivate(services, "inactive")
    pages = Pages(app)
    expected = pages.post("/login", 200, form="/login", username="nobody", password="wrong").text
    assert FAILED in expected
    assert pages.post("/login", 200, form="/login", username=name, password=password).text == expected
    assert pages.redirect("/me") == "/login?next=/me"


def test_failures_are_worded_in_english_too(app: Flask) -> None:
    page = Pages(app, "en").post("/login", 200, form="/login", username="asha", password="wrong")
    assert "do not match" in page.text


def test_guessing_ends_after_ten_tries_and_shuts_out_nobody_else(app: Flask, services: Services) -> None:
    let_sign_in(services, "bilal", BILAL)
    guesser = Pages(app)
    for _ in range(ATTEMPTS_AT_ONCE):
        assert FAILED in guesser.post("/login", 200, form="/login", username="asha", password="wrong").text
    page = guesser.post("/login", 429, form="/login", username="Asha", password=PASSWORD)
    seconds = int(page.response.headers["Retry-After"])
    assert 0 < seconds <= SECONDS_PER_ATTEMPT
    assert f"Mohon tunggu {seconds} detik" in page.text
    assert Pages(app).sign_in("bilal") == "/start"
    assert Pages(app, address="192.0.2.7").sign_in("asha") == "/start"


def test_somebody_who_is_signed_in_does_not_clear_anothers_attempts(app: Flask, services: Services) -> None:
    let_sign_in(services, "bilal", BILAL)
    bilal = Pages(app)
    bilal.sign_in("bilal")
    guesser = Pages(app)
    for _ in range(ATTEMPTS_AT_ONCE - 1):
        guesser.post("/login", 200, form="/login", username="asha", password="wrong")
    assert bilal.sent("/login", form="/me", username="asha", password="wrong") == "/start"
    guesser.post("/login", 200, form="/login", username="asha", password="wrong")
    guesser.post("/login", 429, form="/login", username="asha", password=PASSWORD)


def test_an_endless_name_is_counted_by_its_beginning(app: Flask) -> None:
    guesser = Pages(app)
    for number in range(ATTEMPTS_AT_ONCE):
        guesser.post("/login", 200, form="/login", username="a" * 5000 + str(number), password="wrong")
    guesser.post("/login", 429, form="/login", username="a" * 6000, password="wrong")


def test_a_name_in_letters_that_fold_to_a_code_is_nobodys(app: Flask) -> None:
    assert FAILED in Pages(app).post("/login", 200, form="/login", username="dk７", password=PASSWORD).text


def test_signing_in_rightly_is_not_counted(app: Flask) -> None:
    for _ in range(ATTEMPTS_AT_ONCE + 2):
        assert Pages(app).sign_in("asha") == "/start"


@pytest.mark.parametrize(
    ("wish", "reached"),
    [
        pytest.param("/me/2026-11", "/me/2026-11", id="own page"),
        pytest.param("https://evil.example/", "/start", id="another site"),
        pytest.param("//evil.example", "/start", id="another site without scheme"),
        pytest.param("/\\evil.example", "/start", id="backslash"),
        pytest.param("\\\\evil.example", "/start", id="two backslashes"),
        pytest.param("/\t/evil.example", "/start", id="tab"),
        pytest.param("javascript:alert(1)", "/start", id="script"),
    ],
)
def test_a_link_leads_only_to_our_own_pages_after_signing_in(app: Flask, wish: str, reached: str) -> None:
    assert Pages(app).sign_in("asha", next=wish) == reached
    page = Pages(app).get(f"/login?{urlencode({'next': wish})}")
    assert f'name="next" value="{"" if reached == "/start" else wish}"' in page.html


def test_whoever_is_not_signed_in_comes_back_to_the_page_they_wanted(app: Flask) -> None:
    pages = Pages(app)
    sign_in = pages.redirect("/me/2026-11")
    assert sign_in == "/login?next=/me/2026-11"
    assert 'name="next" value="/me/2026-11"' in pages.get(sign_in).html


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_a_form_without_our_token_is_turned_away(app: Flask, path: str) -> None:
    pages = Pages(app)
    pages.sign_in("asha")
    answer = pages.client.post(path, data={"username": "asha", "password": PASSWORD})
    assert answer.status_code == 400
    assert "Halaman ini terbuka terlalu lama" in answer.text
    assert pages.get("/me").h1, "still signed in"


def test_a_device_needs_no_form_token(app: Flask) -> None:
    answer = app.test_client().post(
        "/api/ratings", json={"ratings": [a_sent_rating()]}, headers={"Authorization": f"Bearer {KIOSK_TOKEN}"}
    )
    assert answer.status_code == 202


def test_signing_out_leaves_nothing_behind(app: Flask) -> None:
    pages = Pages(app)
    pages.sign_in("asha")
    copied = pages.client.get_cookie("session")
    assert copied is not None
    assert pages.sent("/logout", form="/me") == "/"
    assert pages.client.get_cookie("session") is None
    pages.client.set_cookie("session", copied.value)
    assert pages.redirect("/me") == "/login?next=/me", "a copy of the cookie is worth nothing"
    pages.client.delete_cookie("session")
    assert pages.redirect("/me") == "/login?next=/me"
    pages.get("/logout", 405)


def test_signing_in_starts_a_new_session(app: Flask) -> None:
    pages = Pages(app)
    before = pages.get("/login").csrf_token
    pages.sign_in("asha")
    assert pages.client.post("/logout", data={"csrf_token": before}).status_code == 400


def test_an_account_made_inactive_is_shut_out_at_once(app: Flask, services: Services) -> None:
    pages = Pages(app)
    pages.sign_in("asha")
    deactivate(services, "asha")
    assert pages.redirect("/me") == "/login?next=/me"


def test_only_the_page_signs_in(app: Flask) -> None:
    pages = Pages(app)
    token = pages.get("/login").csrf_token
    wish = {"username": "asha", "password": PASSWORD}
    assert pages.client.post("/login", json=wish, headers={"X-CSRFToken": token}).status_code == 400


@pytest.mark.parametrize("secure", [pytest.param(False, id="plain"), pytest.param(True, id="behind HTTPS")])
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    settings: Settings, services: Services, clock: SettableClock, secure: bool
) -> None:
    careful = Services.of(settings.model_copy(update={"secure_cookies": secure}), clock)
    client = create_app(careful).test_client()
    for path, name in (("/login", "session"), ("/language/en", "language")):
        header = client.get(path).headers["Set-Cookie"]
        assert header.startswith(f"{name}=")
        assert "HttpOnly" in header
        assert "SameSite=Lax" in header
        assert ("Secure" in header) == secure
    careful.redis.close()
    careful.engine.dispose()


def test_a_kept_password_is_argon2id_and_signing_in_leaves_it_as_it_is(app: Flask, session: Session) -> None:
    kept = session.scalars(select(col(Account.password))).one()
    assert kept
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    session.rollback()
    Pages(app).sign_in("asha")
    assert session.scalars(select(col(Account.password))).one() == kept


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_a_taken_user_name_keeps_its_account(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        again = create_account(session, "Asha", "another password", Place(Role.OFFICER, officer=BILAL), NOON)
        assert again.officer_code == ASHA
    assert Pages(app).sign_in("asha") == "/start"
