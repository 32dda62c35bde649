"""The trail as administrators and auditors read it: a sentence a line, searched, and taken away as a table."""

import csv
import io

import pytest
from flask import Flask

from shared.db.accounts import Place
from shared.db.audit import BY_ITSELF, Actor, act_as, note
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow, OfficerRow
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, OFFICE
from tests.factories import NOON
from tests.pages import Pages, let_lead

TRAIL = "/audit"
TABLE = "/audit/acts.csv"


def change_name(services: Services, name: str) -> None:
    with writing(services.engine) as session:
        act_as(session, Actor("admin", "administrator", "192.0.2.7"), NOON)
        session.get_one(OfficerRow, ASHA).name = name


def sheet(pages: Pages, query: str = "") -> list[dict[str, str]]:
    answer = pages.client.get(f"{TABLE}{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="suara-loket-audit.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_change_reads_as_a_sentence(auditor: Pages, app: Flask, services: Services) -> None:
    change_name(services, "Asha P.")
    page = auditor.get(TRAIL).text
    assert "admin mengubah petugas DK7: nama “Asha Pertiwi, S.Sos.” → “Asha P.”" in page
    assert "18 November 2026 12.00 WIB pengelola 192.0.2.7" in page
    auditor.client.set_cookie("language", "en")
    auditor.language = "en"
    assert "admin changed officer DK7: name “Asha Pertiwi, S.Sos.” → “Asha P.”" in auditor.get(TRAIL).text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(("signed_in", "sign_in", "admin", {}), "admin masuk", id="a sign-in"),
        pytest.param(("sign_ins_ended", "sign_in", "nur", {}), "admin mengakhiri semua sesi masuk nur", id="ended"),
        pytest.param(
            ("sign_in_failed", "sign_in", "-", {}), "gagal masuk sebagai nama yang tidak kami kenal", id="a stranger"
        ),
        pytest.param(
            ("imported", "import", "a.csv", {"what": "officers", "rows": 3, "finished": False}),
            "admin mengimpor berkas a.csv: petugas; baris 3; sampai selesai tidak",
            id="an import",
        ),
        pytest.param(
            ("twisted", "spoon", "S1", {"bend": "far"}), "admin: twisted, spoon S1: bend “far”", id="words we lack"
        ),
        pytest.param(
            ("added", "account", "nur", {"role": "auditor", "password": "•••", "created_at": "2026-11-18"}),
            "admin menambah akun nur: peran auditor",
            id="a secret is left out",
        ),
        pytest.param(
            ("added", "office", "X", {"kind": "school", "opening_hours": [["08:00", "15:00"], []]}),
            "jenis sekolah; jam buka Senin 08.00–15.00",
            id="words for values",
        ),
        pytest.param(
            ("added", "move", "DK7", {"moves_on": "2026-12-01", "done": False}),
            "perpindahan DK7: pada 1 Desember 2026",
            id="days",
        ),
        pytest.param(
            ("changed", "review", "DK7 2026-10", {"proposed_first_day": "2026-10-14"}),
            "kosong → 14 Oktober 2026",
            id="a day proposed",
        ),
        pytest.param(
            ("removed", "move", "DK7", {"officer_code": "DK7", "to_office_code": "PSF", "done": False}),
            "admin menghapus perpindahan DK7: ke “PSF” 18",
            id="nothing is said twice",
        ),
        pytest.param(("added", "kiosk", "7", {"enrolled_at": "soon"}), "layar 7: terdaftar “soon”", id="no moment"),
        pytest.param(("added", "kiosk", "7", {"name": "Loket 3"}), "admin menambah layar “Loket 3” 18", id="a name"),
        pytest.param(
            ("closed", "month", "SWL dukcapil 2026-10", {"revisions": 5}),
            "admin menutup bulan Oktober 2026, dinas kependudukan (Dukcapil), SWL: 5 nilai",
            id="a month",
        ),
        pytest.param(("closed", "month", "2026", {"revisions": 1}), "bulan 2026: 1 nilai", id="a month of one"),
        pytest.param(("restated", "month", "2026", {}), "admin memeriksa kembali bulan 2026", id="no month"),
        pytest.param(("changed", "kiosk", "1", {}), "admin mengubah layar “Loket 3” 18", id="a kiosk by its name"),
        pytest.param(("changed", "kiosk", "3", {}), "admin mengubah layar “Loket 4 lama” 18", id="a blocked kiosk"),
        pytest.param(("changed", "kiosk", "9", {}), "admin mengubah layar 9 18", id="a kiosk that is no more"),
        pytest.param(("changed", "officer", "1", {}), "admin mengubah petugas 1 18", id="no kiosk, but its number"),
    ],
)
def test_each_act_has_its_sentence(
    auditor: Pages, services: Services, line: tuple[str, str, str, dict[str, object]], words: str
) -> None:
    verb, kind, subject, after = line
    with writing(services.engine) as session:
        act_as(session, Actor("admin", "administrator"), NOON)
        note(session, verb, kind, subject, after=after)
    assert words in auditor.get(TRAIL).text
    assert sheet(auditor)[0]["act"] == verb


def test_what_changed_is_told_as_far_as_it_may(auditor: Pages, services: Services) -> None:
    change = {"activation_hash": None, "password": "•••", "photo": "•••", "active": True, "closed_on": None}
    after = {"activation_hash": "•••", "password": "•••", "photo": None, "active": False, "closed_on": "2026-11-30"}
    with writing(services.engine) as session:
        act_as(session, Actor("suara", "operator"), NOON)
        note(session, "changed", "account", "nur", change, after)
    told = (
        "Operator mengubah akun nur: kode aktivasi baru; kata sandi diganti; foto dihapus;"
        " ditutup; ditutup sejak kosong → 30 November 2026"
    )
    page = auditor.get(TRAIL).text
    assert told in page
    assert "operator di baris perintah" in page


def test_what_the_installation_does_by_itself_has_no_name_of_a_person(auditor: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        act_as(session, BY_ITSELF, NOON)
        note(session, "closed", "month", "SWL school 2026-10")
    assert "Sistem menutup bulan Oktober 2026, sekolah, SWL 18 November" in auditor.get(TRAIL).text


def test_the_trail_is_searched_by_person_thing_act_kind_and_date(auditor: Pages, services: Services) -> None:
    change_name(services, "Asha P.")
    with writing(services.engine) as session:
        act_as(session, Actor("suara", "operator"), NOON.replace(hour=16, minute=59))
        session.get_one(OfficeRow, OFFICE).name = "Disdukcapil Baru"
    for query, asha, office in (
        ("?words=dk7", True, False),
        ("?words=suara", False, True),
        ("?act=changed", True, True),
        ("?act=changed&kind=office", False, True),
        ("?until=2026-11-18", True, True),
        ("?until=2026-11-17", False, False),
        ("?kind=spoon", False, False),
    ):
        page = auditor.get(f"{TRAIL}{query}").text
        assert ("Asha P." in page, "Disdukcapil Baru" in page) == (asha, office), query
        told = " ".join(row["sentence"] for row in sheet(auditor, query))
        assert ("Asha P." in told, "Disdukcapil Baru" in told) == (asha, office), query
    assert 'value="spoon" selected' in auditor.get(f"{TRAIL}?kind=spoon").html


def test_a_date_is_a_day_of_the_readers_own_zone(auditor: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        act_as(session, Actor("suara", "operator"), NOON.replace(hour=17, minute=1))  # 00:01 of the 19th in Jakarta
        session.get_one(OfficeRow, OFFICE).name = "Disdukcapil Baru"
    assert "Disdukcapil Baru" not in auditor.get(f"{TRAIL}?until=2026-11-18").text
    assert "Disdukcapil Baru" in auditor.get(f"{TRAIL}?until=2026-11-19").text


@pytest.mark.parametrize("written", ["tomorrow", "2026-02-30", "9999-12-31", "'"])
def test_a_date_that_is_none_is_said_so_and_nothing_else_is_lost(auditor: Pages, written: str) -> None:
    page = auditor.get(f"{TRAIL}?words=dk7&until={written}", 400)
    assert "Tulis tanggal" in page.text
    assert 'value="dk7"' in page.html


def test_fifty_to_a_page_and_the_older_ones_behind_a_link(auditor: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        act_as(session, Actor("suara", "operator"), NOON)
        for number in range(60):
            note(session, "imported", "import", f"nr{number:02}.csv")
    first = auditor.get(f"{TRAIL}?words=csv")
    assert ("nr10.csv" in first.text, "nr09.csv" in first.text) == (True, False)
    (older,) = [link for link in _links(first.html) if "before=" in link]
    assert "words=csv" in older
    second = auditor.get(older)
    assert ("nr10.csv" in second.text, "nr09.csv" in second.text) == (False, True)
    assert f"{TRAIL}?words=csv" in _links(second.html)
    assert len(sheet(auditor, "?words=csv")) == 60
    assert "Tidak ada catatan seperti itu" in auditor.get(f"{TRAIL}?before=0").text
    auditor.get(f"{TRAIL}?before=99999999999999999999999")
    auditor.get(f"{TRAIL}?words=a\x00b&act=\x00&kind=%00")


def _links(html: str) -> list[str]:
    return [part.split('"')[0].replace("&amp;", "&") for part in html.split('href="')[1:]]


def test_no_cell_of_the_table_runs_as_a_formula(auditor: Pages, services: Services) -> None:
    with writing(services.engine) as session:
        act_as(session, Actor("=cmd|' /C calc'!A0", "operator"), NOON)
        note(session, "imported", "import", "+1;2.csv")
        note(session, "imported", "import", "@sum, “a”\nb.csv")
    last, first = sheet(auditor, "?act=imported")
    assert (first["actor"], first["subject"]) == ("'=cmd|' /C calc'!A0", "'+1;2.csv")
    assert last["subject"] == "'@sum, “a”\nb.csv"
    for row in (first, last):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_a_page_that_failed_to_be_reached_and_one_that_was_are_both_there(app: Flask, services: Services) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    pages = Pages(app)
    pages.post("/login", 200, form="/login", username="admin", password="wrong")
    pages.lead(services, "admin")
    told = [row["act"] for row in sheet(pages)]
    assert told[:2] == ["signed_in", "sign_in_failed"]
