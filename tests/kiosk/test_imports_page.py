"""Imports in the browser, as two administrators and an auditor meet them."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from shared import standings
from shared.db.accounts import Account, Place
from shared.db.campaign_tables import GuardianRow
from shared.db.engine import reading, writing
from shared.db.import_tables import ImportBatchRow, ImportFileRow
from shared.db.people_tables import OfficerRow
from shared.db.trail import Wanted, acts
from shared.domain.months import Month
from shared.domain.people import Role
from shared.domain.screening import SetAside
from shared.imports.asking import asked
from shared.imports.steps import Steps
from shared.services import Services
from tests.cast import ASHA, OFFICE
from tests.messages import rows
from tests.pages import Page, Pages, led_by

NEW = "/admin/imports/new"
OFFICERS = "kode,nama\nZ1,Siti Nur'aini\nZ Z,=1+1\nZ2,Sukarno\nDK7,\n"
GUARDIANS = (
    "telepon,kelas,guru,setuju\n0813-7000-1234,7a,DK7;DK8,2026-07-14\n12345,7A,DK7,2026-07-14\n"
    "0813-7000-5678,7A,DK8,2026-07-14\n"
)
RATINGS = "tanggal,petugas,nilai,saran\n" + "2026-10-01,DK7,4,ramah sekali\n" * 5


def sent(client: FlaskClient, **fields: object) -> TestResponse:
    """Send a form with a file, as one piece: the client's own way leaves a temporary file open."""
    boundary, body = encode_multipart(fields)
    return client.post(NEW, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def handed_in(
    pages: Pages, content: str | bytes, kind: str = "officers", office: str = OFFICE, name: str = "daftar.csv"
) -> str:
    """Hand a file in and return the address of its import."""
    file = a_file(content.encode() if isinstance(content, str) else content, name)
    answer = sent(pages.client, kind=kind, office=office, file=file, csrf_token=pages.get(NEW).csrf_token)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def a_file(content: bytes, name: str = "a.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def worked_off(services: Services) -> None:
    worker = Steps(services)
    while worker.take():
        pass
    services.directory.look_again()


def refused(pages: Pages, status: int, **fields: object) -> Page:
    """Send what is no upload and look at the page that answers."""
    answer = sent(pages.client, csrf_token=pages.get(NEW).csrf_token, **fields)
    assert answer.status_code == status
    page = Page(answer)
    page.check("id")
    return page


def test_a_file_is_looked_at_before_anything_goes_in(admin: Pages, services: Services, session: Session) -> None:
    path = handed_in(admin, OFFICERS)
    assert asked(services.redis)
    waiting = admin.get(path)
    assert waiting.response.headers["Refresh"] == "2"
    assert "<dl" not in waiting.html, "nothing is counted before it is through"
    assert "Refresh" not in admin.get(f"{path}?still=yes").response.headers
    worked_off(services)
    page = admin.get(path)
    assert "Refresh" not in page.response.headers
    assert "Siti Nur'aini" in page.text
    assert "Kode “Z Z” harus 1 sampai 32 huruf" in page.text
    assert "Impor baris yang baik (2)" in page.text
    assert session.get(OfficerRow, "Z1") is None
    for _ in range(2):
        assert admin.sent(f"{path}/start", form=path) == path
    worked_off(services)
    assert "Baris yang baik sudah diimpor." in admin.get(path).text
    session.rollback()
    assert session.get_one(OfficerRow, "Z1").name == "Siti Nur'aini"
    assert "daftar.csv" in admin.get("/admin/imports").text


def test_the_refused_rows_come_back_harmless_in_the_readers_language(
    app: Flask, admin: Pages, services: Services
) -> None:
    path = handed_in(admin, OFFICERS)
    worked_off(services)
    admin.client.set_cookie("language", "en")
    answer = admin.client.get(f"{path}/refused")
    assert answer.headers["Content-Disposition"] == "attachment; filename=daftar.rejected.csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["kode", "nama", "alasan_ditolak"],
        ["Z Z", "'=1+1", "The code “Z Z” must be 1 to 32 letters, digits or hyphens, like DK7."],
        ["DK7", "", "The name is missing."],
    ]
    auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
    auditor.get(f"{path}/refused", 403)
    assert "Unduh" not in auditor.get(path).text


def test_the_same_file_sent_twice_is_one_import(admin: Pages, session: Session) -> None:
    assert handed_in(admin, OFFICERS) == handed_in(admin, OFFICERS)
    assert len(session.scalars(select(ImportBatchRow)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"kind": "officers", "office": OFFICE}, "Pilih berkasnya.", id="no file"),
        pytest.param({"kind": "officers", "file": b""}, "Berkas ini kosong.", id="an empty file"),
        pytest.param({"kind": "songs", "file": b"x"}, "Pilih salah satu.", id="another kind"),
        pytest.param({"kind": "ratings", "file": b"x"}, "Sebutkan kantor mana", id="ratings of no office"),
        pytest.param({"kind": "officers", "office": "XX", "file": b"x"}, "Pilih salah satu.", id="no such office"),
    ],
)
def test_a_problem_stands_beside_its_field(
    admin: Pages, session: Session, fields: dict[str, object], words: str
) -> None:
    given = {name: a_file(value) if isinstance(value, bytes) else value for name, value in fields.items()}
    assert words in refused(admin, 400, **given).text
    assert session.scalars(select(ImportBatchRow)).all() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_large_file_is_taken_here_and_a_larger_one_is_not(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    handed_in(admin, b"kode,nama\n" + b"Z1,Siti Nur'aini, S.Sos.\n" * 120_000)
    large = a_file(b"x" * 21 * 1024 * 1024)
    assert "lebih besar dari 20 MB" in refused(admin, 413, kind="officers", file=large).text
    elsewhere = admin.client.post("/admin/offices/new", data={"name": "x" * 3 * 1024 * 1024})
    assert elsewhere.status_code == 413
    assert sent(app.test_client(), file=a_file(b"x" * 3 * 1024 * 1024)).status_code == 302
    assert len(session.scalars(select(ImportFileRow)).all()) == 1


def test_ratings_count_once_a_second_person_has_confirmed_them(
    app: Flask, admin: Pages, services: Services, session: Session
) -> None:
    path = handed_in(admin, RATINGS, "ratings", name="formulir.csv")
    worked_off(services)
    admin.sent(f"{path}/start", form=path)
    worked_off(services)
    assert "Pengelola lain harus memeriksa" in admin.get(path).text
    for page in (path, "/admin/imports"):
        assert "menunggu persetujuan" in admin.get(page).text
        assert "selesai" not in admin.get(page).text
    assert "ramah sekali" not in admin.get(path).html
    assert "harus disetujui pengelola lain" in admin.post(f"{path}/confirm", 409, form=path).text
    standings.refresh(services)
    month = standings.score_of(ASHA, Month(2026, 10), services)
    assert month is not None
    assert (month.tally.count, month.set_aside) == (0, {SetAside.UNCONFIRMED: 5})
    second = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
    with writing(services.engine) as writer:
        writer.scalars(select(Account).where(col(Account.username) == "admin2")).one().name = "Rani Anggraini"
    assert "Setujui penilaian ini (5)" in second.get(path).text
    for _ in range(2):
        assert second.sent(f"{path}/confirm", form=path) == path
    assert "Rani Anggraini menyetujui penilaian ini" in admin.get(path).text
    standings.refresh(services)
    assert standings.score_of(ASHA, Month(2026, 10), services).tally.count == 5  # type: ignore[union-attr]
    admin.sent(f"{path}/undo", form=path)
    assert "tidak dihitung" in admin.get(path).text
    admin.sent(f"{path}/count-again", form=path)
    assert "Rani Anggraini menyetujui penilaian ini" in admin.get(path).text
    told, _ = acts(session, Wanted(kind="import"))
    assert [(act.actor.name, act.verb, act.after.get("new")) for act in reversed(told)] == [
        ("admin", "import_uploaded", None),
        ("admin", "import_started", 5),
        ("admin2", "import_confirmed", 5),
        ("admin", "import_undone", 5),
        ("admin", "import_counts_again", 5),
    ]
    assert {act.subject for act in told} == {"formulir.csv"}


def test_undone_officers_are_gone_and_the_page_says_who_stays(
    admin: Pages, services: Services, session: Session
) -> None:
    path = handed_in(admin, OFFICERS)
    worked_off(services)
    admin.sent(f"{path}/start", form=path)
    worked_off(services)
    admin.sent("/admin/officers/Z1", form="/admin/officers/Z1", name="Siti Lain", **_seen(admin))
    admin.sent(f"{path}/undo", form=path)
    assert "sedang dibatalkan" in admin.get(path).text
    worked_off(services)
    page = admin.get(path)
    assert "Z1 sudah diubah setelahnya" in page.text
    session.rollback()
    assert set(session.scalars(select(col(OfficerRow.code)).where(col(OfficerRow.code).like("Z%")))) == {"Z1"}


def _seen(pages: Pages) -> dict[str, str]:
    return {"_seen": pages.get("/admin/officers/Z1").value_of("_seen")}


def test_a_file_that_is_left_is_gone_and_what_went_in_cannot_be_left(
    admin: Pages, services: Services, session: Session
) -> None:
    path = handed_in(admin, OFFICERS)
    worked_off(services)
    form = "/admin/imports/new"
    for _ in range(2):
        assert admin.sent(f"{path}/leave", form=form) == "/admin/imports"
    admin.get(path, 404)
    assert session.scalars(select(ImportFileRow)).all() == []
    again = handed_in(admin, OFFICERS)
    worked_off(services)
    admin.sent(f"{again}/start", form=again)
    worked_off(services)
    assert "tidak bisa dilakukan lagi" in admin.post(f"{again}/leave", 409, form=form).text


def test_a_file_nobody_can_read_says_why_in_the_readers_language(admin: Pages, services: Services) -> None:
    path = handed_in(admin, b"PK\x03\x04rest", name="daftar.xlsx")
    worked_off(services)
    assert "daftar.xlsx tidak terbaca sebagai berkas Excel" in admin.get(path).text
    admin.client.set_cookie("language", "en")
    admin.language = "en"
    assert "daftar.xlsx cannot be read as a workbook" in admin.get(path).text


def test_an_auditor_sees_everything_and_changes_nothing(app: Flask, admin: Pages, services: Services) -> None:
    path = handed_in(admin, OFFICERS)
    worked_off(services)
    auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
    for page in ("/admin/imports", NEW, path):
        assert "<form" not in auditor.get(page).html.partition("<main")[2].replace('<form class="fields two"', "")
    token = auditor.get(path).csrf_token
    for act in ("start", "leave", "undo", "confirm", "count-again"):
        assert auditor.client.post(f"{path}/{act}", data={"csrf_token": token}).status_code == 403
    admin.get("/admin/imports/00000000-0000-0000-0000-000000000000", 404)


def test_guardians_are_looked_at_with_masked_numbers_and_their_list_is_let_go(
    app: Flask, admin: Pages, services: Services, session: Session
) -> None:
    path = handed_in(admin, GUARDIANS, "guardians", name="wali.csv")
    worked_off(services)
    page = admin.get(path)
    assert "+62813•••234 7A DK7, DK8 14 Juli 2026 baru" in " ".join(page.text.split())
    assert "Ini bukan nomor telepon" in page.text
    assert rows(session, GuardianRow) == []
    assert admin.sent(f"{path}/start", form=path) == path
    worked_off(services)
    page = admin.get(path)
    assert "Berkasnya sudah dihapus" in page.text
    assert "Batalkan impor" not in page.text
    admin.post(f"{path}/undo", 409, form=path)
    assert {row.phone_shown for row in rows(session, GuardianRow)} == {"+62813•••234", "+62813•••678"}
    assert [row.preview for row in rows(session, ImportBatchRow)] == [None]
    assert rows(session, ImportFileRow) == []
    whole = [number for number in ("7000-1234", "70001234", "70005678") if number in admin.get(path).html]
    assert whole == []
    refused_rows = admin.client.get(f"{path}/refused")
    assert "12345;7A" in refused_rows.data.decode("utf-8-sig"), "whoever handed it in corrects these"
    with reading(services.engine) as trail:
        noted = acts(trail, Wanted())
    assert "7000" not in str(noted)
    auditor = led_by(app, services, "auditor", Place(Role.AUDITOR))
    auditor.get(f"{path}/refused", 403)
    shown = auditor.get(f"/visits/{OFFICE}/campaigns")
    assert "2 nomor" in shown.text
    assert "Impor daftar wali murid" not in shown.text
    assert "kind=guardians&amp;office=DSW" in admin.get(f"/visits/{OFFICE}/campaigns").html


def test_a_list_of_guardians_needs_its_school(admin: Pages) -> None:
    page = refused(admin, 400, kind="guardians", office="", file=a_file(GUARDIANS.encode()))
    assert "Sebutkan di sekolah mana anak mereka." in page.text
