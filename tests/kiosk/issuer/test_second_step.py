"""Above officer the issuer's word is not enough: a second step, and one of a short while ago before a change."""

import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import update

from shared.db.accounts import Account, Place
from shared.db.engine import writing
from shared.domain.people import Role
from shared.services import Services
from tests.kiosk.issuer.conftest import sign_in, to_issuer
from tests.oidc import Issuer
from tests.pages import PASSWORD, Pages, code_of, let_lead


@pytest.mark.parametrize(
    ("methods", "reached"),
    [
        pytest.param(None, "/login/second-step", id="nothing said"),
        pytest.param(["pwd"], "/login/second-step", id="a password"),
        pytest.param("mfa", "/login/second-step", id="no list"),
        pytest.param(["pwd", "otp"], "/start", id="a code"),
        pytest.param(["hwk"], "/start", id="a key of hardware"),
    ],
)
def test_above_officer_a_second_step_is_needed_unless_the_issuer_saw_one(
    app: Flask, services: Services, issuer: Issuer, methods: Any, reached: str
) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    issuer.person, issuer.claims = "admin", {"amr": methods}
    pages = Pages(app)
    found = sign_in(pages, next="/admin/offices")
    if methods == "mfa":
        assert found.startswith("/login?problem=issuer"), "a token that is not as the standard has it"
        return
    assert found == reached
    if reached != "/start":
        assert pages.redirect("/admin") == "/login?next=/admin"
        pages.sent("/login/second-step", form="/login/second-step", code=code_of(services, "admin"))
    assert pages.redirect("/start") == "/admin/offices"
    pages.get("/admin/offices")


HOURS_AGO = 7 * 3600


def long_ago(**claims: Any) -> dict[str, Any]:
    return {"auth_time": int(time.time()) - HOURS_AGO, **claims}


@pytest.mark.parametrize("said", [pytest.param(HOURS_AGO, id="long ago"), pytest.param(None, id="not said")])
def test_whoever_was_signed_in_at_the_issuer_already_gives_their_password_before_a_change(
    app: Flask, issuer: Issuer, said: int | None
) -> None:
    issuer.claims = {"auth_time": said and int(time.time()) - said}
    pages = Pages(app)
    assert sign_in(pages) == "/start"
    assert int(issuer.asked[-1]["max_age"]) == 8 * 3600, "asked for, so that the issuer says when"
    pages.get("/me")
    own = "/login/second-step/new"
    assert pages.redirect(own) == f"/login/again?next={own}"
    pages.sent("/login/again", form="/login/again", password=PASSWORD)
    pages.get(own)


def test_without_a_password_nobody_chooses_one_from_a_browser_left_signed_in(
    app: Flask, issuer: Issuer, services: Services
) -> None:
    with writing(services.engine) as session:
        session.execute(update(Account).values(password=None))
    issuer.claims = long_ago()
    pages = Pages(app)
    sign_in(pages)
    form = {"new_password": "penyerang-masuk", "new_password_confirm": "penyerang-masuk"}
    token = pages.get("/account").csrf_token
    answer = pages.client.post("/account/password", data={"csrf_token": token, **form})
    assert answer.headers["Location"].startswith("/login/again")
    assert (
        "tidak cocok"
        in Pages(app).post("/login", 200, form="/login", username="asha", password="penyerang-masuk").text
    )


def test_a_second_step_of_hours_ago_is_none(app: Flask, issuer: Issuer, services: Services) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    issuer.person, issuer.claims = "admin", long_ago(amr=["pwd", "otp"])
    pages = Pages(app)
    assert sign_in(pages) == "/login/second-step"
    pages.sent("/login/second-step", form="/login/second-step", code=code_of(services, "admin"))
    pages.get("/admin")
    fields = {"username": "mallory", "name": "M", "role": "auditor"}
    asked = pages.sent("/admin/accounts/new", form="/admin/accounts/new", **fields)
    assert asked.startswith("/login/again"), "a code is no password"


def without_phone(services: Services) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    with writing(services.engine) as session:
        session.execute(update(Account).values(tf_totp_secret=None, tf_primary_method=None))


def test_whoever_has_the_second_step_at_the_issuer_alone_does_it_there_now(
    app: Flask, issuer: Issuer, services: Services
) -> None:
    without_phone(services)
    issuer.person, issuer.claims = "admin", long_ago(amr=["otp"])
    pages = Pages(app)
    asked = sign_in(pages, next="/admin/offices")
    assert asked.startswith(f"{issuer.address}/authorize?")
    issuer.claims = {"amr": ["otp"]}
    answer = urlsplit(requests.get(asked, allow_redirects=False, timeout=10).headers["Location"])
    assert (issuer.asked[-1]["prompt"], issuer.asked[-1]["max_age"]) == ("login", "0")
    assert pages.redirect(f"{answer.path}?{answer.query}") == "/start"
    assert pages.redirect("/start") == "/admin/offices"


def test_an_issuer_that_does_not_ask_again_opens_nothing(app: Flask, issuer: Issuer, services: Services) -> None:
    without_phone(services)
    issuer.person, issuer.claims = "admin", long_ago(amr=["otp"])
    pages = Pages(app)
    asked = sign_in(pages)
    answer = urlsplit(requests.get(asked, allow_redirects=False, timeout=10).headers["Location"])
    assert pages.redirect(f"{answer.path}?{answer.query}").startswith("/login?problem=issuer")
    assert pages.redirect("/admin") == "/login?next=/admin"
    assert pages.redirect("/login/second-step/new") == "/login?problem=late", "nor is a phone connected"


def test_without_a_phone_the_second_step_is_set_up_first(app: Flask, services: Services, issuer: Issuer) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    with writing(services.engine) as session:
        session.execute(update(Account).values(tf_totp_secret=None, tf_primary_method=None))
    issuer.person = "admin"
    pages = Pages(app)
    assert sign_in(pages) == "/login/second-step/new"
    assert pages.redirect("/admin") == "/login?next=/admin"


def test_a_change_is_allowed_after_the_issuer_saw_the_person_again(
    app: Flask, services: Services, issuer: Issuer
) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    issuer.person, issuer.claims = "admin", {"amr": ["otp"]}
    pages = Pages(app)
    sign_in(pages)
    with pages.client.session_transaction() as cookie:
        cookie["fs_paa"] = cookie["fs_gexp"] = 0
    own, again = "/login/second-step/new", "/login/again?next=/login/second-step/new"
    assert pages.redirect(own) == again
    issuer.claims = {"auth_time": int(time.time()) - 3600}
    assert pages.redirect(to_issuer(pages, form=again, next=own)) == "/login/again?problem=issuer"
    assert issuer.asked[-1]["prompt"] == "login"
    issuer.claims, issuer.person = {}, "asha"
    assert pages.redirect(to_issuer(pages, form=again, next=own)) == "/login/again?problem=issuer"
    assert pages.redirect(own) == again, "still to be proved"
    issuer.person = "admin"
    assert pages.redirect(to_issuer(pages, form=again, next=own)) == own
    pages.get(own)
