"""The second step: connected once, each code good once, and never a way around it."""

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select, update
from sqlmodel import Session, col

from kiosk import create_app
from kiosk.login.attempts import RATES
from shared.db.accounts import Account, Place, account_of, create_account
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA
from tests.pages import PASSWORD, Page, Pages, code_of, let_lead, let_sign_in

STEP, NEW, CODES, RECOVERY = (
    "/login/second-step",
    "/login/second-step/new",
    "/account/recovery-codes",
    "/login/recovery",
)
WRONG = "000000"


@pytest.fixture
def app(services: Services) -> Flask:
    let_sign_in(services, "asha", ASHA)
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    return create_app(services)


@pytest.fixture
def newcomer(services: Services, app: Flask) -> Pages:
    """Be an auditor who has a password and no phone yet."""
    with writing(services.engine) as session:
        create_account(session, "auditor", PASSWORD, Place(Role.AUDITOR), services.clock())
    return Pages(app)


def key_on(page: Page) -> str:
    """Return the key that a phone would read from the page."""
    found = re.search(r'class="key">([^<]+)<', page.html)
    assert found
    return found[1].replace("-", "")


def codes_on(page: Page) -> list[str]:
    """Return the recovery codes on the page."""
    return re.findall(r"<code>([^<]+)</code>", page.html)


def shown_by(key: str, ahead: int = 0) -> str:
    """Return the code of a phone with that key, now or so many seconds later."""
    totp = TOTP(key=key)
    return str(totp.generate(totp.normalize_time(None) + ahead).token)


def begin(pages: Pages) -> str:
    """Begin to connect a phone; return the key it reads."""
    return key_on(pages.post(NEW, 200, form=NEW, setup="authenticator"))


def make_codes(pages: Pages) -> list[str]:
    """Make recovery codes and write them down."""
    return codes_on(pages.post(CODES, 200, form=CODES))


def forget_used_codes(services: Services) -> None:
    """Let half a minute pass for every phone."""
    with writing(services.engine) as session:
        session.execute(update(Account).values(totp_counter=None))


def verbs(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(col(AuditRow.verb)).order_by(col(AuditRow.id))))


def test_the_first_sign_in_above_officer_connects_a_phone_and_ends_at_the_page_that_was_wanted(
    newcomer: Pages, session: Session
) -> None:
    assert newcomer.sign_in("auditor", next="/admin/offices") == NEW
    assert newcomer.redirect("/admin/offices") == "/login?next=/admin/offices", "not signed in yet"
    key = begin(newcomer)
    wrong = newcomer.post(STEP, 200, form=NEW, code=WRONG)
    assert "Kode ini salah." in wrong.text
    assert key_on(wrong) == key, "the phone that read the picture goes on"
    assert key_on(newcomer.get(NEW)) == key, "also after a look at another language"
    code = shown_by(key)
    assert newcomer.sent(STEP, form=NEW, code=code) == "/start"
    assert newcomer.redirect("/start") == CODES
    assert len(make_codes(newcomer)) == 8
    assert newcomer.redirect("/start") == "/admin/offices"
    assert verbs(session) == ["phone_connected", "signed_in", "recovery_codes_made"]
    newcomer.sent("/logout", form="/account")
    newcomer.sign_in("auditor")
    assert "salah atau sudah dipakai" in newcomer.post(STEP, 200, form=STEP, code=code).text


def test_recovery_codes_can_wait_but_are_asked_about_again(newcomer: Pages) -> None:
    newcomer.sign_in("auditor", next="/admin/offices")
    newcomer.sent(STEP, form=NEW, code=shown_by(begin(newcomer)))
    assert "codes=later" in newcomer.get(CODES).html
    assert newcomer.redirect("/start?codes=later") == "/admin/offices"
    assert newcomer.redirect("/start") == CODES


def test_recovery_codes_are_shown_once_and_kept_as_hashes(app: Flask, services: Services, session: Session) -> None:
    pages = Pages(app)
    pages.lead(services, "admin")
    codes = make_codes(pages)
    assert len(set(codes)) == 8
    for path in (CODES, f"{CODES}?show_codes=1", "/account"):
        page = pages.get(path)
        assert "Kode yang belum dipakai: 8." in page.text
        assert not any(code in page.html for code in codes)
    kept = session.scalars(select(col(Account.mf_recovery_codes)).where(col(Account.username) == "admin")).one()
    assert kept is not None
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in kept)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(str, id="as shown"),
        pytest.param(lambda code: f" {code.upper().replace('-', ' ')} ", id="in capitals with spaces"),
        pytest.param(lambda code: code.replace("-", ""), id="without dashes"),
    ],
)
def test_a_recovery_code_signs_in_once(
    app: Flask, services: Services, session: Session, written: Callable[[str], str]
) -> None:
    pages = Pages(app)
    pages.lead(services, "admin")
    first, *_others = make_codes(pages)
    for expected in (302, 200):
        lost = Pages(app, address="192.0.2.7")
        lost.sign_in("admin", next="/admin/offices")
        form = {"csrf_token": lost.get(RECOVERY).csrf_token, "code": written(first)}
        assert lost.client.post(RECOVERY, data=form).status_code == expected
        if expected == 302:
            assert lost.redirect("/start") == "/admin/offices"
            assert "Kode yang belum dipakai: 7." in lost.get("/account").text
    assert verbs(session)[-3:] == ["recovery_code_used", "signed_in", "recovery_failed"]


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Do everything in the same moment; return how each was answered."""
    together, answers = threading.Barrier(len(acts)), list[int]()

    def do(act: Callable[[], int]) -> None:
        together.wait()
        answers.append(act())

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.parametrize(
    "path", [pytest.param(STEP, id="code of the phone"), pytest.param(RECOVERY, id="recovery code")]
)
def test_of_requests_at_once_with_one_code_a_single_one_signs_in(app: Flask, services: Services, path: str) -> None:
    owner = Pages(app)
    owner.lead(services, "admin")
    (code, *_others) = make_codes(owner)
    forget_used_codes(services)
    if path == STEP:
        code = code_of(services, "admin")

    def try_with(pages: Pages) -> Callable[[], int]:
        pages.sign_in("admin")
        form = {"csrf_token": pages.get(path).csrf_token, "code": code}
        return lambda: pages.client.post(path, data=form).status_code

    assert at_once(*[try_with(Pages(app)) for _ in range(4)]) == [200, 200, 200, 302]


def test_a_new_phone_takes_over_only_when_its_first_code_was_right(
    app: Flask, services: Services, session: Session
) -> None:
    pages, elsewhere = Pages(app), Pages(app)
    pages.lead(services, "admin")
    written_down = make_codes(pages)
    forget_used_codes(services)
    elsewhere.lead(services, "admin")
    key = begin(pages)
    pages.post(STEP, 200, form=NEW, code=WRONG)
    forget_used_codes(services)
    old = code_of(services, "admin", ahead=30)
    assert Pages(app).lead_again(services, "admin", "/account") == "/start", "the old phone still makes the codes"
    assert pages.sent(STEP, form=NEW, code=shown_by(key)) == "/start"
    assert pages.redirect("/start") == CODES, "new codes for the new phone"
    assert elsewhere.redirect("/account") == "/login?next=/account", "signed out elsewhere"
    forget_used_codes(services)
    other = Pages(app)
    other.sign_in("admin")
    other.post(STEP, 200, form=STEP, code=old)
    other.post(RECOVERY, 200, form=RECOVERY, code=written_down[0])
    assert other.sent(STEP, form=STEP, code=shown_by(key)) == "/start"
    assert "phone_connected" in verbs(session)


@pytest.mark.parametrize("path", [NEW, CODES])
def test_what_opens_an_account_is_changed_only_with_the_password_of_just_now(
    app: Flask, services: Services, path: str
) -> None:
    pages = Pages(app)
    pages.lead(services, "admin")
    with pages.client.session_transaction() as cookie:
        cookie["fs_paa"] = cookie["fs_paa"] - 600
    again = f"/login/again?next={path}"
    assert pages.redirect(path) == again
    form = {"csrf_token": pages.get("/account").csrf_token, "setup": "authenticator"}
    assert pages.client.post(path, data=form).headers["Location"] == again
    assert "Kata sandi ini salah." in pages.post(again, 200, form=again, password="wrong").text
    assert pages.sent(again, form=again, password=PASSWORD) == path
    pages.get(path)


def test_an_officer_may_connect_a_phone_and_disconnect_it(app: Flask, services: Services, session: Session) -> None:
    pages, leave = Pages(app), "/account/phone/disconnect"
    pages.sign_in("asha")
    assert "Belum terhubung." in pages.get("/account").text
    pages.get(leave, 404)
    key = begin(pages)
    assert pages.sent(STEP, form=NEW, code=shown_by(key)) == "/start"
    pages.sent("/logout", form="/account")
    assert pages.sign_in("asha", next="/me/2026-11") == f"{STEP}?next=/me/2026-11"
    assert pages.sent(STEP, form=STEP, code=shown_by(key, ahead=30)) == "/start"
    make_codes(pages)
    assert pages.sent(leave, form=leave) == "/account?done=phone"
    assert "Ponsel Anda sudah diputuskan." in pages.get("/account?done=phone").text
    pages.sent("/logout", form="/account")
    assert pages.sign_in("asha") == "/start"
    session.rollback()
    account = account_of(session, "asha")
    assert account is not None
    assert (account.tf_totp_secret, account.tf_primary_method, account.mf_recovery_codes) == (None, None, None)
    assert "phone_disconnected" in verbs(session)


def test_disconnecting_needs_the_password_of_just_now(app: Flask, services: Services) -> None:
    pages, leave = Pages(app), "/account/phone/disconnect"
    pages.sign_in("asha")
    pages.sent(STEP, form=NEW, code=shown_by(begin(pages)))
    with pages.client.session_transaction() as cookie:
        cookie["fs_paa"] = 0
    assert pages.redirect(leave) == f"/login/again?next={leave}"
    assert pages.sent(leave, form="/account") == f"/login/again?next={leave}"
    assert "Terhubung." in pages.get("/account").text


def test_above_officer_nobody_can_do_without_the_second_step(app: Flask, services: Services) -> None:
    pages = Pages(app)
    pages.lead(services, "admin")
    pages.get("/account/phone/disconnect", 404)
    pages.post("/account/phone/disconnect", 404, form="/account")
    for way in ("disable", "email", "sms", ""):
        pages.post(NEW, 400, form=NEW, setup=way)
    assert "Terhubung." in pages.get("/account").text


def test_whoever_has_only_the_password_cannot_put_their_phone_in_place_of_the_owners(
    newcomer: Pages, app: Flask, services: Services, session: Session
) -> None:
    thief = Pages(app, address="192.0.2.7")
    thief.sign_in("auditor")
    stolen = begin(thief)
    token = thief.get(NEW).csrf_token
    newcomer.sign_in("auditor")
    newcomer.sent(STEP, form=NEW, code=shown_by(begin(newcomer)))
    answer = thief.client.post(STEP, data={"csrf_token": token, "code": shown_by(stolen)})
    assert answer.headers["Location"] == "/login?problem=late"
    assert thief.redirect("/admin/offices") == "/login?next=/admin/offices"
    assert newcomer.get("/account").h1, "the owner's sign-in and phone stay"
    thief.sign_in("auditor")
    assert thief.redirect(NEW) == "/login?problem=late", "and nothing can be begun any more"


def test_the_second_step_waits_for_a_quarter_of_an_hour(app: Flask, services: Services) -> None:
    pages = Pages(app)
    pages.sign_in("admin")
    with pages.client.session_transaction() as cookie:
        cookie["half_since"] -= 901
    for path in (STEP, NEW, RECOVERY):
        assert pages.redirect(path) == "/login?problem=late"
    assert "Silakan masuk lagi." in pages.get("/login?problem=late").text


def test_an_account_shut_between_the_steps_stays_out(app: Flask, services: Services) -> None:
    pages = Pages(app)
    pages.sign_in("admin")
    token = pages.get(STEP).csrf_token
    with writing(services.engine) as session:
        session.execute(update(Account).values(active=False))
    answer = pages.client.post(STEP, data={"csrf_token": token, "code": code_of(services, "admin")})
    assert answer.headers["Location"] == "/login?problem=late"


def test_looking_at_the_second_step_while_signed_in_changes_nothing(app: Flask) -> None:
    pages = Pages(app)
    pages.sign_in("asha")
    assert pages.redirect(STEP) == "/account"
    assert pages.redirect(RECOVERY) == "/account"
    pages.get("/account")


@pytest.mark.parametrize(("path", "label"), [(STEP, "Kode enam angka"), (RECOVERY, "Kode cadangan")])
def test_guessing_codes_ends_soon_and_the_owner_still_comes_in(
    app: Flask, services: Services, path: str, label: str
) -> None:
    owner = Pages(app)
    owner.lead(services, "admin")
    owner.sent("/logout", form="/account")
    forget_used_codes(services)
    at_once_anywhere, left = int(RATES["account"][1]), int(RATES["account"][1])
    for number in range(at_once_anywhere):
        thief = Pages(app, address=f"192.0.2.{number // int(RATES['code'][1])}")
        thief.sign_in("admin")
        thief.post(path, 200, form=path, code=WRONG)
        left -= 1
    assert left == 0
    thief = Pages(app, address="198.51.100.1")
    thief.sign_in("admin")
    page = thief.post(path, 429, form=path, code=code_of(services, "admin"))
    assert label in page.text
    owner.sign_in("admin")
    assert owner.sent(STEP, form=STEP, code=code_of(services, "admin")) == "/start", "in the browser they know"


def test_the_phone_lists_the_account_by_its_name(newcomer: Pages) -> None:
    newcomer.sign_in("auditor")
    begin(newcomer)
    assert 'href="otpauth://totp/Suara%20Loket:auditor?' in newcomer.get(NEW).html
