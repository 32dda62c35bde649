"""Signing in with the region's own issuer: its word is checked in full, and finds accounts without making any."""

import time
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import OctKey
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from kiosk import create_app
from shared.db.accounts import Account
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.services import Services
from shared.settings import Settings
from tests.factories import SettableClock
from tests.kiosk.issuer.conftest import sign_in, to_issuer
from tests.oidc import CLIENT, FORGED, SECRET, Issuer
from tests.pages import PASSWORD, Pages

BUTTON = "Masuk dengan SSO Kota"


NOT_NOW = "Belum berhasil."


NOT_FINISHED = "Anda belum selesai masuk."


@pytest.mark.parametrize("person", [pytest.param("asha", id="user name"), pytest.param("DK7", id="officer code")])
def test_whoever_the_issuer_names_is_signed_in(app: Flask, issuer: Issuer, person: str, session: Session) -> None:
    issuer.person = person
    pages = Pages(app)
    assert BUTTON in pages.get("/login").text
    assert sign_in(pages) == "/start"
    assert pages.redirect("/start") == "/me"
    assert "Asha Pertiwi" in pages.get("/me").text
    (verb,) = session.scalars(select(col(AuditRow.verb)).where(col(AuditRow.actor) == "asha")).all()
    assert verb == "signed_in"


def test_the_page_that_was_wanted_comes_after_the_issuer(app: Flask) -> None:
    pages = Pages(app)
    assert sign_in(pages, next="/me/2026-11") == "/start"
    assert pages.redirect("/start") == "/me/2026-11"
    stranger = Pages(app)
    sign_in(stranger, next="https://evil.example/")
    assert stranger.redirect("/start") == "/me"


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of another sign-in"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-client"},
    "another audience in our name": {"aud": ["another-client"], "azp": CLIENT},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "no expiry": {"exp": None},
    "of tomorrow": {"iat": int(time.time()) + 86400, "nbf": int(time.time()) + 86400},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("claims", [pytest.param(claims, id=name) for name, claims in LIES.items()])
def test_a_token_that_is_not_for_us_here_and_now_signs_nobody_in(
    app: Flask, issuer: Issuer, claims: dict[str, Any]
) -> None:
    issuer.claims = claims
    pages = Pages(app)
    reached = sign_in(pages)
    assert reached == "/login?problem=issuer"
    assert NOT_NOW in pages.get(reached).text
    assert pages.redirect("/me") == "/login?next=/me"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        pytest.param(FORGED, "RS256", id="another key"),
        pytest.param(OctKey.import_key(SECRET.ljust(32, "x")), "HS256", id="a secret instead of a key"),
        pytest.param(OctKey.import_key("x" * 32), "none", id="no signature"),
    ],
)
def test_a_token_without_the_issuers_signature_signs_nobody_in(
    app: Flask, issuer: Issuer, key: Any, algorithm: str
) -> None:
    issuer.key, issuer.algorithm = key, algorithm
    pages = Pages(app)
    assert sign_in(pages) == "/login?problem=issuer"
    assert pages.redirect("/me") == "/login?next=/me"


def test_an_answer_is_good_once_and_only_in_the_browser_that_asked(app: Flask) -> None:
    pages, other = Pages(app), Pages(app)
    answer = to_issuer(pages)
    assert other.redirect(answer) == "/login?problem=not_finished", "somebody else's answer"
    assert pages.redirect(answer) == "/start"
    pages.sent("/logout", form="/me")
    assert pages.redirect(answer) == "/login?problem=not_finished", "the same answer again"
    assert NOT_FINISHED in pages.get("/login?problem=not_finished").text


def test_an_older_answer_is_worth_nothing_once_another_sign_in_began(app: Flask) -> None:
    pages = Pages(app)
    older = to_issuer(pages)
    newer = to_issuer(pages)
    assert pages.redirect(older) == "/login?problem=not_finished"
    assert pages.redirect(newer) == "/start"


def test_whoever_changes_their_mind_is_told_how_to_go_on(app: Flask) -> None:
    pages = Pages(app)
    pages.sent("/login/issuer", form="/login", next="/me/2026-11")
    reached = pages.redirect("/login/issuer/answer?error=access_denied&state=x")
    assert reached == "/login?problem=not_finished&next=/me/2026-11"
    page = pages.get(reached)
    assert NOT_FINISHED in page.text
    assert pages.sent("/login", form=reached, username="asha", password=PASSWORD, next="/me/2026-11") == "/me/2026-11"


def test_nobody_gets_an_account_by_the_issuer(app: Flask, issuer: Issuer, session: Session) -> None:
    issuer.person = "siapa"
    pages = Pages(app)
    reached = sign_in(pages)
    assert reached == "/login?problem=unknown"
    assert "Anda belum punya akun di sini." in pages.get(reached).text
    assert session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize("claim", [None, 7, "", ["asha"], "a" * 5000, "asha\x00"])
def test_a_claim_that_is_no_name_is_nobodys(app: Flask, issuer: Issuer, claim: Any) -> None:
    issuer.claims = {"preferred_username": claim}
    assert sign_in(Pages(app)) == "/login?problem=unknown"


def test_a_shut_account_stays_shut(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(update(Account).where(col(Account.username) == "asha").values(active=False))
    pages = Pages(app)
    reached = sign_in(pages)
    assert reached == "/login?problem=shut"
    assert "Akun Anda di sini sudah ditutup." in pages.get(reached).text
    assert pages.redirect("/me") == "/login?next=/me"


def test_with_the_issuer_away_the_password_still_works(app: Flask, issuer: Issuer) -> None:
    issuer.shutdown()
    issuer.server_close()
    pages = Pages(app)
    reached = pages.sent("/login/issuer", form="/login")
    assert reached == "/login?problem=issuer"
    assert NOT_NOW in pages.get(reached).text
    assert pages.sign_in("asha") == "/start"


def test_a_description_of_another_issuer_is_not_taken(app: Flask, issuer: Issuer) -> None:
    issuer.described = {"issuer": "https://evil.example"}
    assert Pages(app).sent("/login/issuer", form="/login") == "/login?problem=issuer"


def test_the_cookie_does_not_grow_with_every_try(app: Flask) -> None:
    pages = Pages(app)
    for _ in range(5):
        pages.sent("/login/issuer", form="/login", next="/me/2026-11")
    cookie = pages.client.get_cookie("session")
    assert cookie is not None
    assert len(cookie.value) < 2000


def test_a_form_may_lead_to_the_issuer_and_nowhere_else(app: Flask, issuer: Issuer) -> None:
    policy = app.test_client().get("/login").headers["Content-Security-Policy"]
    assert f"form-action 'self' {issuer.address};" in policy


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_an_issuer_there_is_no_button_and_no_way(settings: Settings, clock: SettableClock) -> None:
    alone = Services.of(settings, clock)
    pages = Pages(create_app(alone))
    assert "issuer" not in pages.get("/login").html
    pages.post("/login/issuer", 404, form="/login")
    pages.get("/login/issuer/answer?code=x&state=y", 404)
    alone.close()


KNOWN = {"oidc_issuer": "https://sso.example", "oidc_client_id": "a", "oidc_client_secret": "b", "oidc_name": "c"}


@pytest.mark.parametrize("missing", [*KNOWN])
def test_an_issuer_is_set_whole_or_not_at_all(missing: str) -> None:
    with pytest.raises(ValueError, match=f"{missing.upper()}.*set all or none"):
        Settings.model_validate({**KNOWN, missing: ""})


@pytest.mark.parametrize("address", ["http://sso.example", "sso.example", "ftp://sso.example", "https://"])
def test_an_issuer_is_reached_safely(address: str) -> None:
    with pytest.raises(ValueError, match="https:// address"):
        Settings.model_validate({**KNOWN, "oidc_issuer": address})
