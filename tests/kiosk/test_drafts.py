"""What was typed when a sign-in ran out is never lost, and never somebody else's."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlmodel import Session
from werkzeug.test import TestResponse

from kiosk import create_app
from shared.db.accounts import Place
from shared.db.people_tables import OfficeRow
from shared.domain.people import Role
from shared.i18n import Language
from shared.services import Services
from shared.settings import Settings
from tests.cast import ASHA, COUNTER, OFFICE, OTHER_OFFICE
from tests.factories import SettableClock
from tests.pages import Page, Pages, code_of, led_by, let_lead

NEW = "/admin/offices/new"
TYPED = {"name": "Puskesmas Talawi", "code": "pkt", "region": "SWL", "kind": "puskesmas", "timezone": "Asia/Jakarta"}
OURS = {"Origin": "http://localhost", "Referer": "http://localhost/admin/offices/new?from=guide"}
GO_ON = "/account/go-on"
UNKNOWN = "5f0c3a58-1d2b-8c4e-9a76-3b1f0e2d4c6a"


def send(pages: Pages, path: str = NEW, **fields: object) -> TestResponse:
    """Send a form of ours that has been open for long."""
    return pages.client.post(path, data={"csrf_token": "old", **fields}, headers=OURS)


def test_nine_hours_later_the_same_person_goes_on(
    admin: Pages, services: Services, clock: SettableClock, session: Session
) -> None:
    admin.get(NEW)
    clock.advance(hours=9)
    assert send(admin, f"{NEW}?from=guide", **TYPED).headers["Location"] == f"/login?next={GO_ON}"
    admin.lead_again(services, "admin", GO_ON)
    assert admin.redirect("/start") == GO_ON
    for _ in range(2):
        page = admin.get(GO_ON)
        assert "Nama Puskesmas Talawi" in page.text, "also after the page was loaded again"
        assert "Jenis puskesmas" in page.text
    assert f'action="{NEW}?from=guide"' in page.html
    assert admin.client.post(NEW, data=page.hidden).headers["Location"] == "/admin/offices/PKT"
    assert session.get_one(OfficeRow, "PKT").name == "Puskesmas Talawi"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "typed", "shown"),
    [
        pytest.param(
            f"/visits/{OFFICE}/new",
            {"phone": "0813-7000-1234", "at": "11:30", "language": "id", "consent": "yes"},
            "Nomor telepon 0813-7000-1234 Pukul 11.30 Bahasa Indonesia Setuju ditanya ya",
            id="a visit",
        ),
        pytest.param(
            f"/visits/{OFFICE}/campaigns",
            {"period": "2026-S2"},
            "Survei wali murid Semester II 2026",
            id="asking guardians",
        ),
        pytest.param(
            f"/wishes/{OFFICE}/{UNKNOWN}",
            {"answer": "Silakan ke Loket 3."},
            "Jawaban Anda Silakan ke Loket 3.",
            id="an answer",
        ),
    ],
)
def test_what_was_typed_stands_under_its_own_label(
    app: Flask, services: Services, clock: SettableClock, path: str, typed: dict[str, str], shown: str
) -> None:
    supervisor = led_by(app, services, "atasan", Place(Role.SUPERVISOR, office=OFFICE))
    clock.advance(hours=9)
    send(supervisor, path, **typed)
    supervisor.lead_again(services, "atasan", GO_ON)
    assert shown in supervisor.get(GO_ON).text


def test_another_account_in_the_same_browser_does_not_get_it(
    admin: Pages, services: Services, clock: SettableClock
) -> None:
    clock.advance(hours=9)
    send(admin, **TYPED)
    let_lead(services, "admin2", Place(Role.ADMINISTRATOR))
    admin.lead(services, "admin2")
    assert admin.redirect(GO_ON) == "/start"


def test_after_signing_out_nobody_gets_it(admin: Pages, services: Services, clock: SettableClock) -> None:
    clock.advance(hours=9)
    send(admin, **TYPED)
    admin.lead_again(services, "admin", GO_ON)
    admin.get(GO_ON)
    admin.sent("/logout", form="/account")
    let_lead(services, "admin2", Place(Role.ADMINISTRATOR))
    admin.lead(services, "admin2")
    assert admin.redirect(GO_ON) == "/start"


def test_it_is_kept_sealed_and_without_secrets(admin: Pages, services: Services, clock: SettableClock) -> None:
    clock.advance(hours=9)
    send(admin, **TYPED, password="rahasia-1", new_password="rahasia-2", password_again="rahasia-3")
    (key,) = services.redis.keys("draft:*")
    assert b"Talawi" not in services.redis.get(key)  # type: ignore[operator]
    assert 0 < int(services.redis.ttl(key)) <= 3600
    admin.lead_again(services, "admin", GO_ON)
    page = admin.get(GO_ON)
    assert "Puskesmas Talawi" in page.text
    assert "rahasia" not in page.html


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("officer", ASHA, "Petugas Asha Pertiwi, S.Sos.", id="an officer by the name"),
        pytest.param("counter", COUNTER, "Loket Loket 3", id="a counter by the name"),
        pytest.param("to", OTHER_OFFICE, "Pindah ke Puskesmas Sofifi", id="an office by the name"),
        pytest.param("role", "supervisor", "Peran atasan", id="a role"),
        pytest.param("kind", "roster", "Jenis jadwal", id="a kind of file"),
        pytest.param("day", "2026-11-22", "Hari 22 November 2026", id="a day"),
        pytest.param("begins", "16:00", "Mulai 16.00", id="a time"),
        pytest.param("opens_6", "08:00", "Minggu, dari 08.00", id="opening hours"),
        pytest.param("opens_7", "08:00", "08.00", id="opening hours of no day"),
        pytest.param("officer", "DK99", "Petugas DK99", id="an officer there is not"),
        pytest.param("moves_on", "2026-02-31", "Hari pertama di sana 2026-02-31", id="a day there is not"),
        pytest.param("utensil", "spoon", "spoon", id="a field we lack words for"),
    ],
)
def test_what_was_typed_is_told_as_the_form_had_it(
    admin: Pages, services: Services, clock: SettableClock, field: str, value: str, words: str
) -> None:
    clock.advance(hours=9)
    send(admin, **{field: value})
    admin.lead_again(services, "admin", GO_ON)
    assert f"Ini yang sudah Anda ketik: {words} Simpan sekarang" in admin.get(GO_ON).text


def test_which_file_to_choose_again_is_said(admin: Pages, services: Services, clock: SettableClock) -> None:
    clock.advance(hours=9)
    file = (io.BytesIO(b"nama;kode"), "daftar petugas.csv")
    assert send(admin, **TYPED, file=file, other=(io.BytesIO(), "")).headers["Location"] == f"/login?next={GO_ON}"
    admin.lead_again(services, "admin", GO_ON)
    page = admin.get(GO_ON)
    assert "Mohon pilih lagi berkas ini: daftar petugas.csv" in page.text
    assert 'enctype="multipart/form-data"' in page.html
    assert page.html.count('type="file"') == 1


def test_who_never_signed_in_takes_no_room(app: Flask, services: Services) -> None:
    stranger = Pages(app)
    answer = send(stranger, **TYPED)
    assert answer.status_code == 401
    page = Page(answer)
    page.check("id")
    assert "Ini yang sudah Anda ketik:" in page.text
    with stranger.client.session_transaction() as cookie:
        cookie["sign_in"] = "of nobody"
    assert send(stranger, "/account/sign-ins/end-others", x="A" * 60_000).status_code == 401
    assert services.redis.keys("draft:*") == []


def test_of_each_account_one_is_kept(app: Flask, services: Services, clock: SettableClock) -> None:
    first, second = led_by(app, services, "admin", Place(Role.ADMINISTRATOR)), Pages(app)
    second.sign_in("admin")
    second.sent("/login/second-step", form="/login/second-step", code=code_of(services, "admin", ahead=30))
    clock.advance(hours=9)
    for pages, name in ((first, "Puskesmas Satu"), (second, "Puskesmas Dua")):
        assert send(pages, **{**TYPED, "name": name}).headers["Location"] == f"/login?next={GO_ON}"
    assert len(services.redis.keys("draft:*")) == 1


def test_it_comes_back_only_in_the_browser_in_which_it_was_typed(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    typing, elsewhere = led_by(app, services, "admin", Place(Role.ADMINISTRATOR)), Pages(app)
    clock.advance(hours=9)
    send(typing, **TYPED)
    elsewhere.lead_again(services, "admin", "/admin")
    assert elsewhere.redirect(GO_ON) == "/start"


def test_more_than_a_person_types_is_not_kept(admin: Pages, services: Services, clock: SettableClock) -> None:
    clock.advance(hours=9)
    answer = send(admin, **{**TYPED, "name": "x" * 40_000})
    assert answer.status_code == 503
    assert "Periksa semua isian" in answer.text
    assert services.redis.keys("draft:*") == []


def test_a_button_without_anything_typed_leads_back_to_its_page(admin: Pages, services: Services) -> None:
    admin.client.delete_cookie("session")
    answer = send(admin, "/admin/offices/DSW/remove", _seen="abc")
    assert answer.headers["Location"] == "/login?next=/admin/offices/new?from%3Dguide"
    assert services.redis.keys("draft:*") == []


@pytest.fixture
def without_redis(settings: Settings, clock: SettableClock, app: Flask) -> Iterator[Flask]:
    """Run the app with a Redis that is not there."""
    alone = Services.of(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"}), clock)
    yield create_app(alone)
    alone.redis.close()
    alone.engine.dispose()


@pytest.mark.parametrize("language", ["id", "en"])
def test_with_redis_away_the_form_stays_in_the_browser_and_is_said_to(
    without_redis: Flask, services: Services, clock: SettableClock, language: Language
) -> None:
    pages = led_by(without_redis, services, "admin", Place(Role.ADMINISTRATOR), language)
    clock.advance(hours=9)
    answer = send(pages, **TYPED)
    assert answer.status_code == 503
    page = Page(answer)
    page.check(language)
    assert ("Periksa semua isian" if language == "id" else "Check all fields") in page.text
    assert 'href="/login"' in page.html


def test_then_the_form_is_sent_again_with_the_sign_in_of_now(
    without_redis: Flask, services: Services, session: Session
) -> None:
    pages = led_by(without_redis, services, "admin", Place(Role.ADMINISTRATOR))
    answer = send(pages, **TYPED)
    assert answer.status_code == 409, "the token is of the sign-in before"
    page = Page(answer)
    page.check("id")
    assert "Puskesmas Talawi" in page.text
    assert session.get(OfficeRow, "PKT") is None
    assert pages.client.post(NEW, data=page.hidden).headers["Location"] == "/admin/offices/PKT"


def test_another_site_gets_nothing_handed_back(admin: Pages) -> None:
    answer = admin.client.post(NEW, data=TYPED, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 400
    assert "Talawi" not in answer.text


def test_what_is_asked_for_again_is_never_a_password(admin: Pages) -> None:
    fields = {"password": "x", "new_password": "kebun-teh-pagi", "new_password_confirm": "kebun-teh-pagi"}
    answer = admin.client.post("/account/password", data={"csrf_token": "old", **fields}, headers=OURS)
    assert answer.status_code == 400
    assert "kebun-teh-pagi" not in answer.text
