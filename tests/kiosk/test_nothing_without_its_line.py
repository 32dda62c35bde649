"""What a person does with their own account is done with its line in the trail, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlmodel import Session, col

from kiosk import create_app
from shared.db.accounts import Account, Place, account_of
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.kiosks import invite_device
from shared.db.people_tables import KioskRow
from shared.db.sign_ins import SignInRow
from shared.domain.people import Role
from shared.second_step import code_now, make_recovery_codes
from shared.services import Services
from tests.cast import ASHA
from tests.pages import PASSWORD, Pages, code_of, let_lead, let_sign_in

NEW = "kebun-teh-pagi"
CODE = "ABCD-2345"
ENROLMENT = {"code": CODE, "token": "n" * 43}


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, "asha", ASHA)
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    return create_app(services)


@contextmanager
def no_line_written(services: Services) -> Iterator[None]:
    """Let the trail be away while the block lasts."""
    with writing(services.engine) as session:
        session.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    yield
    with writing(services.engine) as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO audit"))


def verbs(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(col(AuditRow.verb)).order_by(col(AuditRow.id))))


def first_code(services: Services, secret: str) -> str:
    """Return what a phone shows that has just read this secret."""
    with writing(services.engine) as session:
        account = account_of(session, "asha")
        assert account is not None
        session.expunge(account)
    account.tf_totp_secret = secret
    return code_now(account, key_of(services))


def key_of(services: Services) -> str:
    key = services.settings.secret_key
    assert key is not None
    return key.get_secret_value()


def password_form(pages: Pages) -> dict[str, str]:
    token = pages.get("/account/password").csrf_token
    return {"csrf_token": token, "password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}


def test_a_password_stays_when_nobody_would_know_who_changed_it(
    app: Flask, services: Services, session: Session
) -> None:
    pages = Pages(app)
    pages.sign_in("asha")
    form = password_form(pages)
    with no_line_written(services):
        assert pages.client.post("/account/password", data=form).status_code == 500
    assert verbs(session) == ["signed_in"]
    assert Pages(app).sign_in("asha") == "/start", "with the password of before"
    assert pages.client.post("/account/password", data=form).status_code == 302
    assert verbs(session) == ["signed_in", "signed_in", "password_changed"]


def test_nobody_is_signed_in_or_out_without_a_line(app: Flask, services: Services, session: Session) -> None:
    pages = Pages(app)
    token = pages.get("/login").csrf_token
    with no_line_written(services):
        form = {"csrf_token": token, "username": "asha", "password": PASSWORD}
        assert pages.client.post("/login", data=form).status_code == 500
    assert pages.redirect("/me") == "/login?next=/me"
    pages.sign_in("asha")
    token = pages.get("/me").csrf_token
    with no_line_written(services):
        assert pages.client.post("/logout", data={"csrf_token": token}).status_code == 500
    assert session.scalars(select(col(SignInRow.ended_at))).all() == [None], "what failed can be done again"
    pages.sent("/logout", form="/me")
    assert verbs(session) == ["signed_in", "signed_out"]


def test_a_phone_is_connected_with_its_line(app: Flask, services: Services, session: Session) -> None:
    own = "/login/second-step"
    pages = Pages(app)
    pages.sign_in("asha")
    page = pages.post(f"{own}/new", 200, form="/account", setup="authenticator")
    with pages.client.session_transaction() as cookie:
        secret = cookie["tf_totp_secret"]
    code = first_code(services, secret)
    with no_line_written(services):
        form = {"csrf_token": page.csrf_token, "code": code}
        assert pages.client.post(own, data=form).status_code == 500
    assert session.scalars(select(col(Account.tf_totp_secret)).where(col(Account.username) == "asha")).one() is None
    assert verbs(session) == ["signed_in"]
    assert pages.client.post(own, data=form).status_code == 302
    assert verbs(session) == ["signed_in", "phone_connected"]


def test_a_code_for_a_lost_phone_is_used_up_with_its_line(app: Flask, services: Services, session: Session) -> None:
    with writing(services.engine) as changed:
        account = account_of(changed, "admin")
        assert account is not None
        code, *_ = make_recovery_codes(changed, account.id or 0, key_of(services))
    pages = Pages(app)
    pages.sign_in("admin")
    own = "/login/recovery"
    form = {"csrf_token": pages.get(own).csrf_token, "code": code}
    with no_line_written(services):
        assert pages.client.post(own, data=form).status_code == 500
    assert verbs(session) == []
    assert pages.client.post(own, data=form).status_code == 302
    assert verbs(session) == ["recovery_code_used", "signed_in"]


def test_a_device_is_enrolled_with_a_line_that_says_from_where(
    app: Flask, services: Services, session: Session
) -> None:
    with writing(services.engine) as changed:
        kiosk = KioskRow(name="Loket baru", office_code="DSW")
        changed.add(kiosk)
        changed.flush()
        kiosk_id = kiosk.id or 0
        invite_device(changed, kiosk_id, CODE, services.clock())
    client = app.test_client()
    with no_line_written(services):
        assert client.post("/api/kiosk/enrol", json=ENROLMENT).status_code == 500
    session.rollback()
    assert session.get_one(KioskRow, kiosk_id).token_hash is None
    here = {"REMOTE_ADDR": "192.0.2.7"}
    for _ in range(2):
        assert client.post("/api/kiosk/enrol", json=ENROLMENT, environ_overrides=here).status_code == 201
    session.rollback()
    (line,) = session.scalars(select(AuditRow)).all()
    assert (line.actor, line.address, line.subject_kind, line.subject) == ("-", "192.0.2.7", "kiosk", str(kiosk_id))
    assert line.after == {"token_hash": "•••", "enrolled_at": services.clock().isoformat()}
    auditor = Pages(app)
    auditor.lead(services, "admin")
    assert "Seseorang mengubah layar “Loket baru”: kunci perangkat baru; terdaftar" in auditor.get("/audit").text


def test_every_line_of_a_sign_in_names_its_person(app: Flask, services: Services, session: Session) -> None:
    pages = Pages(app)
    pages.sign_in("admin")
    pages.post("/login/second-step", 200, form="/login/second-step", code="000000")
    pages.sent("/login/second-step", form="/login/second-step", code=code_of(services, "admin"))
    lines = session.scalars(select(AuditRow).order_by(col(AuditRow.id))).all()
    assert [(line.actor, line.role, line.verb) for line in lines] == [
        ("admin", "administrator", "code_failed"),
        ("admin", "administrator", "signed_in"),
    ]
