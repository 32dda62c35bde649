"""What administration does to an account: shut it out, send another code, forget a phone, end its sign-ins."""

import pytest
from flask import Flask
from sqlmodel import Session

from shared.db.accounts import Place
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, OFFICE
from tests.factories import SettableClock
from tests.kiosk.invited import LIST, NEW, NUR, OFFICERS, activate, codes_on, may_sign_in, path_of
from tests.pages import Pages, led_by, let_sign_in


def test_shutting_out_ends_everything_at_once_and_can_be_taken_back(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    let_sign_in(services, "asha", ASHA)
    asha = Pages(app)
    asha.sign_in("asha")
    path = path_of(session, "asha")
    for _ in range(2):
        assert admin.sent(f"{path}/shut", form=path) == path
    assert asha.redirect("/me").startswith("/login")
    assert not may_sign_in(app, "asha")
    page = admin.get(path)
    assert "ditutup" in page.text
    admin.post(f"{path}/code", 404, form=path)
    assert admin.sent(f"{path}/open", form=path) == path
    assert asha.redirect("/me").startswith("/login"), "what was ended stays ended"
    assert may_sign_in(app, "asha")
    assert [act.after.get("active") for act in acts_on(session, "account", "asha")] == [True, False]


def test_a_new_code_offers_a_choice_and_the_password_of_before_works_until_then(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    let_sign_in(services, "asha", ASHA)
    path = path_of(session, "asha")
    first, second = (codes_on(admin.post(f"{path}/code", 200, form=path))[0] for _ in range(2))
    assert may_sign_in(app, "asha")
    assert "Kode aktivasi berlaku sampai" in admin.get(path).text
    Pages(app).get(f"/activate/{first}", 404)
    activate(app, second)
    assert not may_sign_in(app, "asha")
    assert may_sign_in(app, "asha", "gemar-menolong-1")
    Pages(app).get(f"/activate/{second}", 404)


def test_a_code_that_nobody_used_in_a_week_says_so(
    admin: Pages, app: Flask, services: Services, session: Session, clock: SettableClock
) -> None:
    code = codes_on(admin.post(NEW, 200, form=NEW, **NUR))[0]
    clock.advance(days=7)
    again = Pages(app)
    again.lead_again(services, "admin", LIST)
    Pages(app).get(f"/activate/{code}", 404)
    assert "sudah tidak berlaku sejak" in again.get(path_of(session, "nuraini")).text


def test_a_lost_phone_is_forgotten_and_the_next_sign_in_connects_another(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    atasan = led_by(app, services, "atasan", Place(Role.SUPERVISOR, office=OFFICE))
    path = path_of(session, "atasan")
    assert admin.sent(f"{path}/second-step", form=path) == path
    assert atasan.redirect("/account").startswith("/login")
    assert "belum ada ponsel" in admin.get(path).text
    assert Pages(app).sign_in("atasan").startswith("/login/second-step/new")


def test_signing_somebody_out_everywhere_leaves_their_account_as_it_is(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    let_sign_in(services, "asha", ASHA)
    asha = Pages(app)
    asha.sign_in("asha")
    path = path_of(session, "asha")
    assert admin.sent(f"{path}/sign-ins", form=path) == path
    assert asha.redirect("/me").startswith("/login")
    assert may_sign_in(app, "asha")
    own = path_of(session, "admin")
    assert admin.sent(f"{own}/sign-ins", form=own) == own
    admin.get(own)


@pytest.mark.parametrize("act", ["", "/code", "/shut", "/open", "/second-step", "/sign-ins"])
@pytest.mark.parametrize("account", ["4711", "99999999999999999999"])
def test_no_act_reaches_an_account_that_does_not_exist(admin: Pages, account: str, act: str) -> None:
    admin.post(f"{LIST}/{account}{act}", 404, form=NEW)
    admin.post(f"{OFFICERS}", 404, form=NEW, office="NONE")
    admin.post(f"{OFFICERS}/codes", 404, form=NEW)
