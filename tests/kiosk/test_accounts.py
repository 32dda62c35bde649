"""Accounts in administration: who may sign in, and the letters with which they begin."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db import sign_ins
from shared.db.accounts import Account, Place, account_of
from shared.db.engine import writing
from shared.db.people_tables import OfficerRow
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE
from tests.kiosk.invited import LIST, NEW, NUR, OFFICERS, activate, codes_on, may_sign_in, path_of
from tests.pages import Pages, led_by, let_lead, let_sign_in


def test_a_new_account_gets_a_letter_whose_code_stands_nowhere_else(
    admin: Pages, app: Flask, session: Session
) -> None:
    letter = admin.post(NEW, 200, form=NEW, **NUR)
    (code,) = codes_on(letter)
    for words in ("Nur'aini, S.Kep., Ns.", "nuraini", "Disdukcapil Sawahlunto", "http://localhost/activate"):
        assert words in letter.text
    assert "25 November 2026 12.00 WIB" in letter.text
    assert "data:image/svg+xml" in letter.html
    page = admin.get(path_of(session, "nuraini"))
    assert "menunggu aktivasi" in page.text
    assert codes_on(page) == []
    trail = repr(acts_on(session, "account", "nuraini"))
    assert code not in trail
    assert code.replace("-", "") not in trail
    activate(app, code)
    assert may_sign_in(app, "nuraini", "gemar-menolong-1")
    assert "aktif" in admin.get(path_of(session, "nuraini")).text


def test_the_same_account_sent_twice_is_one_and_only_the_last_letter_counts(
    admin: Pages, app: Flask, session: Session
) -> None:
    first, second = (codes_on(admin.post(NEW, 200, form=NEW, **NUR))[0] for _ in range(2))
    assert len(session.scalars(select(Account).where(col(Account.username) == "nuraini")).all()) == 1
    Pages(app).get(f"/activate/{first}", 404)
    activate(app, second)
    page = admin.post(NEW, 400, form=NEW, **NUR)
    assert "Nama ini sudah dipakai orang lain" in page.text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        pytest.param({"name": " "}, "name", "Bagian ini perlu diisi.", id="no name"),
        pytest.param({"username": ""}, "username", "Bagian ini perlu diisi.", id="no user name"),
        pytest.param({"username": "nur aini"}, "username", "Pakai huruf kecil", id="a space in the user name"),
        pytest.param({"username": "198609262015051001"}, "username", "bukan NIP", id="a NIP as user name"),
        pytest.param({"username": "Suara"}, "username", "Pakai huruf kecil", id="the operator's name"),
        pytest.param({"username": "admin"}, "username", "Nama ini sudah dipakai", id="a user name in use"),
        pytest.param({"username": "dk7"}, "username", "Nama ini sudah dipakai", id="an officer's code"),
        pytest.param({"role": "king"}, "role", "Pilih salah satu.", id="no such role"),
        pytest.param({"office": ""}, "office", "Bagian ini perlu diisi.", id="a supervisor of nothing"),
        pytest.param({"office": "NONE"}, "office", "Ini tidak kami kenal.", id="no such office"),
        pytest.param({"role": "agency", "region": "SW L"}, "region", "Pakai huruf, angka", id="no code of a region"),
        pytest.param({"role": "officer", "officer": "XX1"}, "officer", "Ini tidak kami kenal.", id="no such officer"),
        pytest.param({"role": "officer", "officer": DEV}, "officer", "sudah punya akun", id="an officer who has one"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_is_added(
    admin: Pages, services: Services, session: Session, typed: dict[str, str], field: str, words: str
) -> None:
    let_sign_in(services, "dev", DEV)
    page = admin.post(NEW, 400, form=NEW, **{**NUR, **typed})
    told = re.search(rf'id="{field}-error">([^<]*)<', page.html)
    assert told
    assert words in told[1]
    assert 'value="Nur&#39;aini, S.Kep., Ns."' in page.html or field == "name"
    assert sorted(session.scalars(select(col(Account.username)))) == ["admin", "dev"]


def test_only_the_place_of_the_role_is_kept(admin: Pages, session: Session) -> None:
    admin.post(NEW, 200, form=NEW, **{**NUR, "role": "agency", "region": "swl", "officer": ASHA})
    account = account_of(session, "nuraini")
    assert account is not None
    assert account.place == Place(Role.AGENCY, region="SWL")


def test_the_list_is_searched_by_everything_a_person_may_remember(admin: Pages, services: Services) -> None:
    let_sign_in(services, "asha", ASHA)
    admin.post(NEW, 200, form=NEW, **NUR)
    for words in ("NUR", "s.kep", "dk7", "sawahlunto asha", "nur'aini"):
        page = admin.get(f"{LIST}?words={words}")
        assert ("nuraini" in page.text) != ("DK7" in page.text), words
    assert "Tidak ada akun dengan nama" in admin.get(f"{LIST}?words=%25").text
    assert "Tidak ada akun dengan nama" in admin.get(f"{LIST}?words=a\x00b").text
    admins, nobodys = admin.get(f"{LIST}?words=admin").text, admin.get(f"{LIST}?words=nuraini").text
    assert ("ponsel terhubung" in admins, "18 November 2026 12.00 WIB" in admins) == (True, True)
    assert ("menunggu aktivasi" in nobodys, "belum ada ponsel" in nobodys) == (True, True)


def test_a_long_list_is_cut_in_pages(admin: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        for number in range(60):
            session.add(_auditor(f"u{number:02}", services))
    first, second = admin.get(f"{LIST}?words=u"), admin.get(f"{LIST}?words=u&page=2")
    assert ("u49" in first.text, "u50" in first.text) == (True, False)
    assert ("u49" in second.text, "u50" in second.text) == (False, True)
    assert "Halaman berikutnya" in first.text
    assert "Halaman berikutnya" not in second.text
    assert "tidak sampai halaman ini" in admin.get(f"{LIST}?page=99999999999999999999").text
    admin.get(f"{LIST}?page=-3")


def _auditor(username: str, services: Services) -> Account:
    return Account(
        username=username,
        name=username,
        role="auditor",
        fs_uniquifier=f"of {username}",
        created_at=services.clock(),
    )


def test_another_role_takes_effect_at_once_and_another_name_disturbs_nobody(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    atasan = led_by(app, services, "atasan", Place(Role.SUPERVISOR, office=OFFICE))
    path = path_of(session, "atasan")
    seen = admin.get(path).value_of("_seen")
    typed = {"name": "Siti", "role": "supervisor", "office": OFFICE, "_seen": seen}
    assert admin.sent(path, form=path, **typed) == path
    atasan.get("/account")
    typed |= {"office": OTHER_OFFICE, "_seen": admin.get(path).value_of("_seen")}
    for _ in range(2):
        assert admin.sent(path, form=path, **typed) == path
    assert atasan.redirect("/account").startswith("/login")
    session.rollback()
    account = account_of(session, "atasan")
    assert account is not None
    assert (account.name, account.place) == ("Siti", Place(Role.SUPERVISOR, office=OTHER_OFFICE))
    assert sign_ins.lasting(session, account.id or 0, services.clock()) == []
    changes = [act.after for act in acts_on(session, "account", "atasan")]
    assert changes[:2] == [{"office_code": OTHER_OFFICE}, {"name": "Siti"}]


def test_two_administrators_do_not_write_over_each_other(admin: Pages, services: Services, session: Session) -> None:
    let_lead(services, "atasan", Place(Role.SUPERVISOR, office=OFFICE))
    path = path_of(session, "atasan")
    seen = admin.get(path).value_of("_seen")
    typed = {"role": "supervisor", "office": OFFICE, "_seen": seen}
    admin.sent(path, form=path, **typed, name="Nama dari yang lain")
    page = admin.post(path, 409, form=path, **typed, name="Nama dari saya")
    assert "Ada orang lain yang mengubah" in page.text
    assert 'value="Nama dari saya"' in page.html
    typed["_seen"] = page.value_of("_seen")
    assert admin.sent(path, form=path, **typed, name="Nama dari saya") == path


def test_nobody_changes_their_own_role_but_may_change_their_name(admin: Pages, session: Session) -> None:
    path = path_of(session, "admin")
    page = admin.get(path)
    typed = {"name": "Admin Baru", "_seen": page.value_of("_seen")}
    refused = admin.post(path, 400, form=path, **typed, role="auditor")
    assert "Peran sendiri tidak bisa diubah sendiri" in refused.text
    assert admin.sent(path, form=path, **typed, role="administrator") == path
    session.rollback()
    account = account_of(session, "admin")
    assert account is not None
    assert (account.role, account.name) == ("administrator", "Admin Baru")


def test_the_last_administrator_stays(admin: Pages, app: Flask, services: Services, session: Session) -> None:
    path = path_of(session, "admin")
    admin.post(NEW, 200, form=NEW, name="Kedua", username="kedua", role="administrator")
    page = admin.post(f"{path}/shut", 409, form=path)
    assert "pengelola terakhir" in page.text, "one who has not activated their account does not count"
    let_lead(services, "ketiga", Place(Role.ADMINISTRATOR))
    third = path_of(session, "ketiga")
    typed = {"name": "Ketiga", "role": "auditor", "_seen": admin.get(third).value_of("_seen")}
    assert admin.sent(third, form=third, **typed) == third
    admin.post(f"{path}/shut", 409, form=path)
    let_lead(services, "keempat", Place(Role.ADMINISTRATOR))
    assert admin.sent(f"{path}/shut", form=path) == path
    assert admin.redirect(LIST).startswith("/login")
    session.rollback()
    account = account_of(session, "admin")
    assert account is not None
    assert not account.active


def test_an_office_is_given_its_accounts_in_one_go(admin: Pages, app: Flask, services: Services) -> None:
    form = f"{OFFICERS}?office={OFFICE}"
    assert "Petugas yang belum punya akun: 2" in admin.get(form).text
    letters = admin.post(OFFICERS, 200, form=form, office=OFFICE)
    codes = codes_on(letters)
    assert len(codes) == 2
    assert letters.text.index("Asha Pertiwi") < letters.text.index("Bilal")
    page = admin.post(OFFICERS, 200, form=form, office=OFFICE)
    assert "Semua petugas di sini sudah punya akun." in page.text
    assert "Petugas yang belum memilih kata sandi: 2" in page.text
    activate(app, codes[0])
    assert may_sign_in(app, ASHA, "gemar-menolong-1")
    again = codes_on(admin.post(f"{OFFICERS}/codes", 200, form=form, office=OFFICE))
    assert len(again) == 1
    Pages(app).get(f"/activate/{codes[1]}", 404)
    activate(app, again[0])
    page = admin.post(f"{OFFICERS}/codes", 200, form=form, office=OFFICE)
    assert "belum memilih kata sandi" not in page.text


def test_officers_who_left_or_whose_code_is_somebodys_name_are_not_given_one(
    admin: Pages, services: Services, session: Session
) -> None:
    let_sign_in(services, "dk8", DEV)
    with writing(services.engine) as changed:
        changed.get_one(OfficerRow, ASHA).left_on = services.clock().date()
    form = f"{OFFICERS}?office={OFFICE}"
    page = admin.post(OFFICERS, 200, form=form, office=OFFICE)
    assert f"nama pengguna orang lain: {BILAL}." in page.text
    assert session.scalars(select(Account).where(col(Account.officer_code).in_([ASHA, BILAL]))).all() == []
    admin.post(NEW, 200, form=NEW, name="Bilal", username="bilal", role="officer", officer=BILAL)


@pytest.mark.parametrize("path", [f"{LIST}/4711", f"{LIST}/99999999999999999999", f"{OFFICERS}?office=NONE"])
def test_what_does_not_exist_is_not_found(admin: Pages, path: str) -> None:
    admin.get(path, 404)


def test_an_auditor_reads_everything_and_changes_nothing(app: Flask, services: Services, session: Session) -> None:
    let_lead(services, "auditor", Place(Role.AUDITOR))
    let_sign_in(services, "asha", ASHA)
    pages = Pages(app)
    pages.lead(services, "auditor")
    path = path_of(session, "asha")
    for read in (LIST, NEW, path, f"{OFFICERS}?office={OFFICE}"):
        page = pages.get(read)
        buttons = re.findall(r"<button[^>]*>([^<]*)<", page.html)
        assert set(buttons) <= {"Keluar", "Cari", "Tampilkan"}, read
    for act in ("", "/code", "/shut", "/second-step", "/sign-ins"):
        pages.post(f"{path}{act}", 403, form="/account")
    pages.post(OFFICERS, 403, form="/account", office=OFFICE)
    session.rollback()
    assert account_of(session, "dk8") is None


def test_english_pages_say_the_same(app: Flask, services: Services, session: Session) -> None:
    let_sign_in(services, "asha", ASHA)
    pages = led_by(app, services, "admin", Place(Role.ADMINISTRATOR), "en")
    path = path_of(session, "asha")
    for read in (LIST, NEW, path, OFFICERS, f"{OFFICERS}?office={OFFICE}"):
        pages.get(read)
    letter = pages.post(f"{path}/code", 200, form=path)
    assert "Valid until" in letter.text
