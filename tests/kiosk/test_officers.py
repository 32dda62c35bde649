"""Officers, set up in a browser: found, added, changed, moved, gone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import MoveRow, OfficerRow
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.nips import nips
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, OFFICE, OTHER_OFFICE
from tests.factories import SettableClock, a_sent_rating
from tests.kiosk.conftest import Device, fresh
from tests.pages import Pages, led_by, let_sign_in
from tests.sms.stage import PHONE, Phone

LIST = "/admin/officers"
NEW = "/admin/officers/new"
PAGE = f"/admin/officers/{ASHA}"
NIP = "198503152010012009"
FIELDS = {"name": "Gita Anjani, A.Md.", "code": "dk20", "office": OFFICE, "nip": "19850315 201001 2 009"}


def change(pages: Pages, **fields: str) -> str:
    """Save Asha's page with these fields; return where that leads."""
    known = {"name": "Asha Pertiwi, S.Sos.", "_seen": pages.get(PAGE).value_of("_seen")}
    return pages.sent(PAGE, form=PAGE, **{**known, **fields})


def test_an_officer_is_added_once_and_the_nip_is_sealed(admin: Pages, services: Services, session: Session) -> None:
    for _ in range(2):
        assert admin.sent(NEW, form=NEW, **FIELDS) == f"{LIST}/DK20"
    row = session.get_one(OfficerRow, "DK20")
    assert (row.name, row.office_code) == ("Gita Anjani, A.Md.", OFFICE)
    assert row.nip_sealed is not None
    assert NIP.encode() not in row.nip_sealed
    assert nips(services.settings).open(row.nip_sealed) == NIP
    (act,) = acts_on(session, "officer", "DK20")
    assert (act.actor.name, act.verb, act.after["nip_sealed"]) == ("admin", "added", "•••")


def test_a_nip_is_whole_only_on_the_officers_own_page(admin: Pages) -> None:
    admin.sent(NEW, form=NEW, **FIELDS)
    assert f'value="{NIP}"' in admin.get(f"{LIST}/DK20").html
    page = admin.get(LIST)
    assert "•••• 009" in page.text
    assert NIP not in page.html


def test_an_own_phone_is_sealed_and_never_shown_whole_again(
    admin: Pages, services: Services, session: Session
) -> None:
    path = admin.sent(NEW, form=NEW, **FIELDS, own_phone="0812-3456-7890")
    phones = Phones.of(services.settings)
    row = session.get_one(OfficerRow, "DK20")
    sealed = row.own_phone_sealed
    assert (row.own_phone_hash, phones.open(sealed or b"")) == (phones.hash(PHONE), PHONE)
    page = admin.get(path)
    assert "(terdaftar: +62812•••890)" in page.text
    for written in ("0812-3456-7890", "81234567890"):
        assert written not in page.html
    (act,) = acts_on(session, "officer", "DK20")
    assert (act.after["own_phone_hash"], act.after["own_phone_sealed"]) == ("•••", "•••")
    seen = page.value_of("_seen")
    admin.sent(path, form=path, name="Gita", _seen=seen)
    for typed in ({}, {"own_phone": "+62 812 3456 7890"}):
        admin.sent(path, form=path, name="Gita", _seen=admin.get(path).value_of("_seen"), **typed)
        row = fresh(session).get_one(OfficerRow, "DK20")
        assert (row.own_phone_hash, row.own_phone_sealed) == (phones.hash(PHONE), sealed), "nothing has changed"
    admin.sent(path, form=path, name="Gita", _seen=admin.get(path).value_of("_seen"), forget_phone="yes")
    row = fresh(session).get_one(OfficerRow, "DK20")
    assert (row.own_phone_hash, row.own_phone_sealed) == (None, None)
    assert "(terdaftar" not in admin.get(path).text


def test_a_phone_of_which_only_the_hash_is_known_is_completed_by_typing_it_again(
    admin: Pages, services: Services, session: Session
) -> None:
    with writing(services.engine) as changed:
        changed.get_one(OfficerRow, ASHA).own_phone_hash = Phones.of(services.settings).hash(PHONE)
    page = admin.get(PAGE)
    assert "(terdaftar)" in page.text
    assert "Ketik lagi nomornya supaya petugas juga dapat dikirimi SMS." in page.text
    change(admin, own_phone="0812-3456-7890")
    assert "(terdaftar: +62812•••890)" in admin.get(PAGE).text
    row = fresh(session).get_one(OfficerRow, ASHA)
    assert (row.own_phone_hash, row.own_phone_sealed is None) == (Phones.of(services.settings).hash(PHONE), False)


def test_what_is_no_phone_is_refused_and_not_repeated(admin: Pages, session: Session) -> None:
    for fields in ({"own_phone": "0812 tiga"}, {"own_phone": "0812-3456-7890", "nip": "1"}):
        page = admin.post(NEW, 400, form=NEW, **{**FIELDS, **fields})
        assert fields["own_phone"] not in page.html
    assert "Silakan ketik nomornya lagi." in page.text
    assert session.get(OfficerRow, "DK20") is None


def test_a_name_is_kept_as_it_was_written(admin: Pages, session: Session) -> None:
    names = ["Sukarno", "dr. Nur'aini Sa'diyah, Sp.A., M.Kes.", '=HYPERLINK("http://x")', "<b>Tebal</b>"]
    for number, name in enumerate(names):
        path = admin.sent(NEW, form=NEW, name=f"  {name} ", code=f"N{number}", office=OFFICE)
        assert session.get_one(OfficerRow, f"N{number}").name == name
        assert admin.get(path).h1 == [name]
        fresh(session)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("name", "", "Bagian ini perlu diisi.", id="no name"),
        pytest.param("name", "x" * 121, "Paling banyak 120 karakter; ini 121.", id="a name without an end"),
        pytest.param("code", "DK 20", "Pakai huruf, angka, dan tanda hubung saja", id="a space in the code"),
        pytest.param("code", BILAL, "Kode ini sudah dipakai.", id="another officer's code"),
        pytest.param("code", COUNTER, "Kode ini sudah dipakai.", id="the code of a counter"),
        pytest.param("code", NIP, "Kode bersifat terbuka", id="a NIP is never a code"),
        pytest.param("office", "", "Bagian ini perlu diisi.", id="no office"),
        pytest.param("office", "NONE", "Pilih salah satu.", id="no such office"),
        pytest.param("nip", "198513152010012009", "18 angka", id="a thirteenth month"),
        pytest.param("nip", "199001012015031001", "NIP ini sudah tercatat pada petugas lain.", id="somebody's NIP"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: Pages, session: Session, field: str, value: str, words: str
) -> None:
    change(admin, nip="199001012015031001")
    typed = {**FIELDS, field: value}
    page = admin.post(NEW, 400, form=NEW, **typed)
    assert words in page.text
    kept = "code" if field == "name" else "name"
    assert f'value="{typed[kept]}"' in page.html
    assert fresh(session).scalar(select(OfficerRow).where(col(OfficerRow.code).in_(["DK20", NIP]))) is None


class TestChanging:
    """The name, the NIP and the last day."""

    def test_the_nip_is_given_changed_and_taken_back(self, admin: Pages, session: Session) -> None:
        for nip in (NIP, "199001012015031001", ""):
            assert change(admin, nip=nip, name="Asha P.") == PAGE
            assert f'value="{nip}"' in admin.get(PAGE).html
        row = session.get_one(OfficerRow, ASHA)
        assert (row.name, row.nip_sealed, row.nip_hash) == ("Asha P.", None, None)

    def test_the_same_again_is_no_change(self, admin: Pages, session: Session) -> None:
        change(admin, nip=NIP)
        change(admin, nip=NIP)
        assert len(acts_on(session, "officer", ASHA)) == 1

    def test_somebody_elses_nip_is_a_problem_beside_the_field(self, admin: Pages) -> None:
        admin.sent(NEW, form=NEW, **FIELDS)
        page = admin.post(PAGE, 400, form=PAGE, name="Asha Pertiwi", nip=NIP)
        assert "NIP ini sudah tercatat pada petugas lain." in page.text
        assert 'value="Asha Pertiwi"' in page.html
        assert page.h1 == ["Asha Pertiwi, S.Sos."], "what is stored, not what was typed"

    def test_two_administrators_do_not_write_over_each_other(
        self, admin: Pages, app: Flask, services: Services, session: Session
    ) -> None:
        other = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
        seen = admin.get(PAGE).value_of("_seen")
        change(other, nip=NIP)
        page = admin.post(PAGE, 409, form=PAGE, name="Asha P.", _seen=seen)
        assert "Ada orang lain yang mengubah data ini" in page.text
        assert 'value="Asha P."' in page.html
        assert fresh(session).get_one(OfficerRow, ASHA).nip_hash is not None

    def test_who_has_left_is_offered_to_nobody_and_keeps_page_and_ratings(
        self, admin: Pages, app: Flask, device: Device, services: Services, clock: SettableClock
    ) -> None:
        phone = Phone(services)
        let_sign_in(services, "asha", ASHA)
        change(admin, left_on="2026-11-20")
        assert "tidak bertugas mulai 20 November 2026" in admin.get(LIST).text

        def offered() -> tuple[bool, bool]:
            officers = device.get("/api/kiosk/config").get_json()["officers"]
            return ASHA in {officer["code"] for officer in officers}, ASHA in phone.say("DSL4")

        clock.advance(hours=35, minutes=59)
        assert offered() == (True, True)
        clock.advance(minutes=1)
        assert offered() == (False, False), "it is the twentieth in Sawahlunto"
        assert "tidak kami kenal" in phone.say("NILAI DK7 4")
        late = a_sent_rating(given_at=(clock() - timedelta(days=1)).isoformat())
        assert device.give(late).get_json()["results"][0]["status"] == "accepted"
        asha = Pages(app)
        assert asha.sign_in("asha", next="/me") == "/me"
        assert "Asha Pertiwi" in asha.get("/me").text

    def test_only_who_was_never_used_can_be_removed(self, admin: Pages, session: Session) -> None:
        page = admin.post(f"{PAGE}/remove", 409, form=PAGE)
        assert "tidak dapat dihapus" in page.text
        assert fresh(session).get(OfficerRow, ASHA) is not None
        for _ in range(2):
            assert admin.sent(f"{LIST}/{BILAL}/remove", form=LIST) == LIST
        assert fresh(session).get(OfficerRow, BILAL) is None


def test_the_list_is_searched_and_goes_on_page_by_page(admin: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        session.add_all(
            OfficerRow(code=f"P{number:03}", name=f"Petugas {number:03}", office_code=OFFICE) for number in range(120)
        )
    services.directory.look_again()
    first = admin.get(f"{LIST}?words=petugas&office={OFFICE}")
    assert "Petugas 1–50 dari 120" in first.text
    assert ("Petugas 049" in first.text, "Petugas 050" in first.text) == (True, False)
    assert f'rel="next" href="{LIST}?words=petugas&amp;page=2&amp;office={OFFICE}"' in first.html
    assert 'rel="prev"' not in first.html
    last = admin.get(f"{LIST}?words=petugas&page=3")
    assert "Petugas 101–120 dari 120" in last.text
    assert 'rel="next"' not in last.html
    assert "Tidak ada petugas dengan nama atau kode itu." in admin.get(f"{LIST}?words=201001").text
    assert "Dev Lasut" in admin.get(f"{LIST}?words=lasut%00&page=x").text
    admin.get(f"{LIST}?office=NONE", 404)


class TestFindingByNip:
    """A NIP is asked for by a form, so that it stands in no address."""

    FIND = f"{LIST}/find"

    @pytest.fixture(autouse=True)
    def _known(self, admin: Pages) -> None:
        change(admin, nip=NIP, name="Asha P.")

    @pytest.mark.parametrize("words", [NIP, " 19850315 201001 2 009 ", "19850315.201001.2.009"])
    def test_it_leads_to_the_officer(self, admin: Pages, words: str) -> None:
        assert admin.sent(self.FIND, form=LIST, words=words) == PAGE
        assert admin.sent(self.FIND, form=LIST, words=words, office=OFFICE) == PAGE

    @pytest.mark.parametrize(
        ("words", "office"),
        [
            pytest.param("199001012015031001", "", id="nobody's"),
            pytest.param(NIP[:-1], "", id="a digit missing"),
            pytest.param("198513152010012009", "", id="a thirteenth month"),
            pytest.param(NIP, OTHER_OFFICE, id="of another office"),
        ],
    )
    def test_one_that_leads_to_nobody_is_said_without_repeating_it(
        self, admin: Pages, words: str, office: str
    ) -> None:
        reached = admin.sent(self.FIND, form=LIST, words=words, office=office)
        assert words not in reached
        page = admin.get(reached)
        assert "Tidak ada petugas dengan NIP itu." in page.text
        assert words not in page.html

    def test_a_name_or_code_stands_in_the_address_and_can_be_turned_over(self, admin: Pages) -> None:
        assert admin.sent(self.FIND, form=LIST, words="asha", office=OFFICE) == f"{LIST}?words=asha&office={OFFICE}"
        assert admin.sent(self.FIND, form=LIST, words="2015") == f"{LIST}?words=2015"
        assert admin.sent(self.FIND, form=LIST) == LIST

    def test_an_address_with_a_nip_finds_nobody_and_says_where_to_write_it(self, admin: Pages) -> None:
        reached = admin.redirect(f"{LIST}?words={NIP}&office={OFFICE}")
        assert reached == f"{LIST}?office={OFFICE}&nip=address"
        page = admin.get(reached)
        assert "NIP tidak boleh ada di alamat halaman." in page.text
        assert page.html.count(NIP) == 0

    def test_an_auditor_may_ask_too(self, app: Flask, services: Services) -> None:
        auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
        assert auditor.sent(self.FIND, form=LIST, words=NIP) == PAGE

    def test_an_office_that_one_does_not_see_is_not_there(self, admin: Pages) -> None:
        admin.post(self.FIND, 404, form=LIST, words=NIP, office="NONE")


@pytest.mark.parametrize("code", ["admin", "ADMIN", " Admin "])
def test_a_code_with_which_somebody_else_signs_in_is_taken(admin: Pages, session: Session, code: str) -> None:
    page = admin.post(f"{LIST}/new", 400, form=f"{LIST}/new", **{**FIELDS, "code": code})
    assert "Kode ini sudah dipakai" in page.text
    assert fresh(session).get(OfficerRow, "ADMIN") is None


def test_an_officer_who_signs_in_with_their_own_code_is_added_once(admin: Pages, services: Services) -> None:
    admin.sent(f"{LIST}/new", form=f"{LIST}/new", **FIELDS)
    let_sign_in(services, "dk20", "DK20")
    assert admin.sent(f"{LIST}/new", form=f"{LIST}/new", **FIELDS) == f"{LIST}/DK20"


class TestMoving:
    """From one office to another, on the officer's page."""

    MOVES = f"{PAGE}/moves"

    def test_a_planned_move_is_shown_and_cancelled(self, admin: Pages, session: Session) -> None:
        for _ in range(2):
            assert admin.sent(self.MOVES, form=PAGE, to=OTHER_OFFICE, moves_on="2026-12-01") == PAGE
        page = admin.get(PAGE)
        assert "1 Desember 2026 direncanakan dari Disdukcapil Sawahlunto ke Puskesmas Sofifi" in page.text
        move = session.scalars(select(MoveRow)).one()
        for _ in range(2):
            assert admin.sent(f"{self.MOVES}/{move.id}/cancel", form=PAGE) == PAGE
        assert "Sejak awal di Disdukcapil Sawahlunto." in admin.get(PAGE).text

    def test_a_move_of_today_is_history_at_once(self, admin: Pages, session: Session) -> None:
        admin.sent(self.MOVES, form=PAGE, to=OTHER_OFFICE, moves_on="2026-11-18")
        page = admin.get(PAGE)
        assert "18 November 2026 dari Disdukcapil Sawahlunto ke Puskesmas Sofifi" in page.text
        assert "Batalkan" not in page.text
        move = session.scalars(select(MoveRow)).one()
        page = admin.post(f"{self.MOVES}/{move.id}/cancel", 409, form=PAGE)
        assert "Kepindahan ini sudah terjadi" in page.text

    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            pytest.param({"to": "", "moves_on": "2026-12-02"}, "Bagian ini perlu diisi.", id="no office"),
            pytest.param({"to": "NONE", "moves_on": "2026-12-02"}, "Pilih salah satu.", id="no such office"),
            pytest.param({"to": OFFICE, "moves_on": "31/12"}, "Tulis tanggal", id="no date"),
            pytest.param(
                {"to": OFFICE, "moves_on": "2026-12-01"},
                "Kepindahan terakhir tanggal 1 Desember 2026.",
                id="two a day",
            ),
            pytest.param(
                {"to": OTHER_OFFICE, "moves_on": "2026-12-02"}, "sudah berada di kantor ini", id="to the same office"
            ),
        ],
    )
    def test_a_problem_stands_beside_its_field(self, admin: Pages, fields: dict[str, str], words: str) -> None:
        admin.sent(self.MOVES, form=PAGE, to=OTHER_OFFICE, moves_on="2026-12-01")
        page = admin.post(self.MOVES, 400, form=PAGE, **fields)
        assert words in page.text
        assert 'value="Asha Pertiwi, S.Sos."' in page.html

    def test_another_officers_move_is_not_there(self, admin: Pages, session: Session) -> None:
        admin.sent(self.MOVES, form=PAGE, to=OTHER_OFFICE, moves_on="2026-12-01")
        move = session.scalars(select(MoveRow)).one()
        admin.post(f"{LIST}/{BILAL}/moves/{move.id}/cancel", 404, form=PAGE)
        assert fresh(session).get(MoveRow, move.id) is not None


def test_who_is_not_known_is_not_there(admin: Pages) -> None:
    for code in ("NONE", "%00", "dk7"):
        admin.get(f"{LIST}/{code}", 404)
        for act in ("", "/moves", "/moves/1/cancel", "/photo", "/photo/remove"):
            admin.post(f"{LIST}/{code}{act}", 404, form=LIST, name="X")


def test_an_auditor_reads_and_finds_no_button(app: Flask, services: Services) -> None:
    auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
    for path, buttons in [(LIST, 2), (NEW, 1), (PAGE, 1)]:
        assert auditor.get(path).html.count("<button") == buttons, "to sign out, and to search"
    for path in (NEW, PAGE, f"{PAGE}/remove", f"{PAGE}/moves", f"{PAGE}/photo", f"{PAGE}/photo/remove"):
        auditor.post(path, 403, form=LIST, **FIELDS)
