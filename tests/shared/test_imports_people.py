"""Officers and the roster from files."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db import postings as postings_by_people
from shared.db.directory_version import directory_version
from shared.db.engine import reading, writing
from shared.db.people_tables import OfficerRow, PostingRow
from shared.domain.rosters import PostingFacts, PostingRefused
from shared.imports import runs
from shared.imports.officers import import_officers
from shared.imports.refusals import FileRefused
from shared.imports.roster import RosterImport, import_roster
from shared.imports.runs import Summary
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE


def a_file(folder: Path, content: str, name: str = "daftar.csv") -> Path:
    path = folder / name
    path.write_text(content)
    return path


def reasons(summary: Summary) -> list[str]:
    assert summary.rejected is not None
    with summary.rejected.open(newline="") as file:
        return [line["alasan_ditolak"] for line in csv.DictReader(file)]


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.new, summary.changed, summary.known, summary.refused


def officers(path: Path, services: Services, office: str | None = OFFICE) -> Summary:
    services.directory.look_again()
    return import_officers(path, office, services, lambda stage, done, of: None)


def roster(path: Path, services: Services, office: str | None = None) -> Summary:
    return import_roster(path, office, services, lambda stage, done, of: None)


def test_officers_need_only_a_code_and_a_name(services: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(tmp_path, "Kode,Nama\ndk20,\"Dr. Nur'aini  Sa'diyah, M.Si.\"\nDK21,Sukarno\n")
    assert counts(officers(path, services)) == (2, 0, 0, 0)
    assert counts(officers(path, services)) == (0, 0, 2, 0)
    rows = session.scalars(select(OfficerRow).where(col(OfficerRow.code).like("DK2%")).order_by(col(OfficerRow.code)))
    assert [(row.code, row.name, row.office_code) for row in rows] == [
        ("DK20", "Dr. Nur'aini Sa'diyah, M.Si.", OFFICE),
        ("DK21", "Sukarno", OFFICE),
    ]


def test_a_corrected_name_is_taken_over_and_the_photo_stays(
    services: Services, session: Session, tmp_path: Path
) -> None:
    with writing(services.engine) as writer:
        writer.get_one(OfficerRow, BILAL).photo = b"jpeg"
    assert counts(officers(a_file(tmp_path, "code,name\nDK8,Bilal Hasan\n"), services)) == (0, 1, 0, 0)
    row = session.get_one(OfficerRow, BILAL)
    assert (row.name, row.photo, row.office_code) == ("Bilal Hasan", b"jpeg", OFFICE)


def test_each_row_may_say_its_own_office(services: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(tmp_path, "nama;kantor;kode\nSatu;psf;A1\nDua;;A2\n")
    assert counts(officers(path, services)) == (2, 0, 0, 0)
    assert [session.get_one(OfficerRow, code).office_code for code in ("A1", "A2")] == [OTHER_OFFICE, OFFICE]


def test_officers_that_cannot_be_taken_come_back_with_their_reason(
    services: Services, session: Session, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path,
        "kode,nama,kantor\n"
        "A1,Satu,DSW\n"
        "A 1,Spasi,DSW\n"
        ",Tanpa Kode,DSW\n"
        f"{'A' * 33},Panjang,DSW\n"
        "DSL3,Loket,DSW\n"
        "198609262015051001,NIP,DSW\n"
        "198609262015051000,NIP Dibulatkan,DSW\n"
        "A2,,DSW\n"
        f"A3,{'a' * 121},DSW\n"
        f"A4,{'a' * 120},DSW\n"
        "A5,Lima,XX\n"
        "A6,Enam,\n"
        f"{DEV},Dev Lasut,DSW\n"
        "a1,Satu Lain,DSW\n"
        "a1,Satu,DSW\n",
    )
    summary = officers(path, services, office=None)
    assert counts(summary) == (2, 0, 1, 12)
    assert reasons(summary) == [
        "Kode “A 1” harus 1 sampai 32 huruf, angka, atau tanda hubung, misalnya DK7.",
        "Kode “” harus 1 sampai 32 huruf, angka, atau tanda hubung, misalnya DK7.",
        f"Kode “{'A' * 33}” harus 1 sampai 32 huruf, angka, atau tanda hubung, misalnya DK7.",
        "Kode “DSL3” adalah kode loket; warga tidak akan bisa membedakannya.",
        *["Ini NIP. Kode bersifat terbuka: pilih yang pendek, misalnya DK7."] * 2,
        "Namanya belum diisi.",
        "Nama lebih panjang dari 120 karakter.",
        "Kantor “XX” tidak kami kenal.",
        "Baris ini tidak menyebut kantornya.",
        "Kode “PS1” sudah dipakai petugas kantor PSF; untuk menugaskannya di tempat lain, pakai jadwal tugas.",
        "Kode “A1” sudah dipakai orang lain di baris sebelumnya.",
    ]
    assert session.get_one(OfficerRow, "A1").name == "Satu"
    assert session.get_one(OfficerRow, DEV).office_code == OTHER_OFFICE


@pytest.mark.parametrize(
    ("content", "office", "sentence"),
    [
        pytest.param("kode,nama\nA1,Satu\n", "XX", "Kantor “XX” tidak kami kenal.", id="unknown office"),
        pytest.param(
            "kode,foto\nA1,a.jpg\n", OFFICE, "Daftar petugas memerlukan kolom kode dan kolom nama.", id="no name"
        ),
        pytest.param(
            "kode,nama\nA1,Satu\n",
            None,
            "Berkas ini tidak menyebut kantornya. Tambahkan kolom kantor, atau sebutkan kantornya saat mengimpor.",
            id="no office",
        ),
    ],
)
def test_a_file_that_cannot_say_officers_is_refused_whole(
    services: Services, tmp_path: Path, content: str, office: str | None, sentence: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        officers(a_file(tmp_path, content), services, office)
    assert refused.value.worded("id") == sentence


def postings(session: Session) -> list[tuple[str, str, datetime, datetime]]:
    """Return the postings of December."""
    begun = select(PostingRow).where(col(PostingRow.starts_at) > datetime(2026, 11, 30, 12, tzinfo=UTC))
    rows = session.scalars(begun.order_by(col(PostingRow.starts_at), col(PostingRow.officer_code)))
    return [(row.officer_code, row.counter_code, row.starts_at, row.ends_at) for row in rows]


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def test_a_roster_is_read_on_the_wall_clock_of_each_counters_office(
    services: Services, session: Session, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path,
        "Petugas,Loket,Mulai,Selesai\n"
        "dk7,dsl3,2026-12-01 08:00,2026-12-01 12:00\n"
        "DK8,DSL4,01/12/2026 08.00,16.00\n"
        "PS1,PSL1,1 Desember 2026 22:00,06:00\n"
        "DK7,DSL3,2026-12-07 08:00,2026-12-11 15:00\n",
    )
    assert counts(roster(path, services)) == (4, 0, 0, 0)
    assert postings(session) == [
        (ASHA, "DSL3", utc(1, 1), utc(1, 5)),
        (BILAL, "DSL4", utc(1, 1), utc(1, 9)),
        (DEV, "PSL1", utc(1, 13), utc(1, 21)),
        (ASHA, "DSL3", utc(7, 1), utc(11, 8)),
    ]


def test_a_date_column_lets_from_and_until_be_times_also_across_midnight(
    services: Services, session: Session, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path,
        "date\tofficer\tcounter\tfrom\tuntil\n2026-12-01\tDK7\tDSL3\t8:00\t15.30\n02/12/2026\tDK7\tDSL3\t22:00\t02:00\n",
    )
    assert counts(roster(path, services)) == (2, 0, 0, 0)
    assert postings(session) == [
        (ASHA, "DSL3", utc(1, 1), utc(1, 8, 30)),
        (ASHA, "DSL3", utc(2, 15), utc(2, 19)),
    ]


def test_the_same_row_twice_is_one_posting_and_a_new_end_replaces_the_old(
    services: Services, session: Session, tmp_path: Path
) -> None:
    row = "DK7,DSL3,2026-12-01 08:00,2026-12-01 12:00\n"
    path = a_file(tmp_path, "petugas,loket,mulai,selesai\n" + row * 2)
    assert counts(roster(path, services)) == (1, 0, 1, 0)
    assert counts(roster(path, services)) == (0, 0, 2, 0)
    moved = a_file(tmp_path, "petugas,loket,mulai,selesai\n" + row.replace("12:00", "13:00"))
    assert counts(roster(moved, services)) == (0, 1, 0, 0)
    assert postings(session) == [(ASHA, "DSL3", utc(1, 1), utc(1, 6))]


HEADINGS = "petugas,loket,mulai,selesai\n"


def test_nobody_is_posted_at_two_places_at_once(services: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        HEADINGS + "DK7,PSL1,2026-11-18 17:00,23:00\n"  # from 15:00 on the clock of Asha's office
        "DK8,DSL4,2026-12-01 08:00,12:00\n"
        "DK8,DSL3,2026-12-01 11:59,13:00\n"
        "DK8,DSL3,2026-12-01 12:00,13:00\n"
        "DK7,DSL3,2026-11-18 16:00,17:00\n"
        "DK8,PSL1,2026-12-01 07:00,2026-12-03 07:00\n"
        "DK8,DSL4,2026-12-01 08:00,12:00\n",
    )
    summary = roster(path, services)
    assert counts(summary) == (3, 0, 1, 3)
    assert reasons(summary) == [
        "Asha Pertiwi, S.Sos. (DK7) sudah bertugas pada waktu itu, menurut jadwal atau baris sebelumnya di berkas"
        " ini: Loket 3 (DSL3), Disdukcapil Sawahlunto, 2026-11-18 10:00 - 18:00.",
        "Bilal (DK8) sudah bertugas pada waktu itu, menurut jadwal atau baris sebelumnya di berkas"
        " ini: Loket 4 (DSL4), Disdukcapil Sawahlunto, 2026-12-01 08:00 - 12:00.",
        "Bilal (DK8) sudah bertugas pada waktu itu, menurut jadwal atau baris sebelumnya di berkas"
        " ini: Loket 3 (DSL3), Disdukcapil Sawahlunto, 2026-12-01 14:00 - 15:00.",
    ]
    assert postings(session) == [(BILAL, "DSL4", utc(1, 1), utc(1, 5)), (BILAL, "DSL3", utc(1, 5), utc(1, 6))]


def test_two_slices_of_a_file_know_of_each_other(
    services: Services, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 1)
    path = a_file(
        tmp_path,
        HEADINGS + "DK7,DSL3,2026-12-01 08:00,12:00\nDK7,DSL4,2026-12-01 09:00,10:00\n"
        "DK7,DSL3,2026-12-01 08:00,09:00\nDK7,DSL4,2026-12-01 09:00,11:00\n",
    )
    assert counts(roster(path, services)) == (2, 1, 0, 1)
    assert postings(session) == [(ASHA, "DSL3", utc(1, 1), utc(1, 2)), (ASHA, "DSL4", utc(1, 2), utc(1, 4))]


def test_a_new_end_meets_no_other_posting(services: Services, session: Session, tmp_path: Path) -> None:
    rows = "DK7,DSL3,2026-12-01 08:00,12:00\nDK7,DSL4,2026-12-01 13:00,15:00\n"
    roster(a_file(tmp_path, HEADINGS + rows), services)
    longer = a_file(tmp_path, HEADINGS + rows.replace("12:00", "13:30"))
    assert counts(roster(longer, services)) == (0, 0, 1, 1)
    both = a_file(tmp_path, HEADINGS + rows.replace("12:00", "13:00").replace("15:00", "16:00"))
    assert counts(roster(both, services)) == (0, 2, 0, 0)


def test_what_stands_there_twice_already_is_known(services: Services, tmp_path: Path) -> None:
    at = utc(1, 1)
    with writing(services.engine) as session:
        for counter in ("DSL3", "DSL4"):
            session.add(PostingRow(officer_code=ASHA, counter_code=counter, starts_at=at, ends_at=utc(1, 5)))
    path = a_file(tmp_path, HEADINGS + "DK7,DSL3,2026-12-01 08:00,12:00\nDK7,DSL4,2026-12-01 08:00,12:00\n")
    assert counts(roster(path, services)) == (0, 0, 2, 0)


def test_whoever_posts_the_same_officer_meanwhile_waits_for_the_slice(services: Services, tmp_path: Path) -> None:
    importer = RosterImport(None, services)
    opened = runs.Reading(importer.open(a_file(tmp_path, HEADINGS + "DK8,DSL3,2026-12-01 08:00,12:00\n")), importer)
    facts = PostingFacts.model_validate(
        {"officer": BILAL, "counter": "DSL4", "day": "2026-12-01", "begins": "08:00", "until": "12:00"}
    )

    def post() -> None:
        with writing(services.engine) as other:
            postings_by_people.post(other, services.directory.current().offices[OFFICE], facts)

    with ThreadPoolExecutor(1) as pool:
        with writing(services.engine) as session:
            part = importer.sift(session, opened.take(10))
            importer.put(session, {key: value for _, key, value in part.said})
            second = pool.submit(post)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        with pytest.raises(PostingRefused):
            second.result(timeout=20)


def version(services: Services) -> int:
    with reading(services.engine) as session:
        return directory_version(session)


def test_the_directory_is_read_anew_once_when_all_is_in(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 2)
    before = version(services)
    officers(a_file(tmp_path, "kode,nama\n" + "".join(f"Z{n},Petugas {n}\n" for n in range(9))), services)
    assert version(services) == before + 1


def test_what_is_in_is_seen_when_the_rest_is_broken_off(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 2)
    before = version(services)

    def stop(_stage: object, done: int, _of: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    path = a_file(tmp_path, "kode,nama\n" + "".join(f"Z{n},Petugas {n}\n" for n in range(9)))
    with pytest.raises(KeyboardInterrupt):
        import_officers(path, OFFICE, services, stop)
    assert version(services) == before + 1
    services.directory.look_again()
    assert {"Z0", "Z3"} <= services.directory.current().officers.keys()


def test_postings_that_cannot_be_taken_come_back_with_their_reason(
    services: Services, session: Session, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path,
        "tanggal,petugas,loket,mulai,selesai\n"
        ",XX9,DSL3,2026-12-01 08:00,12:00\n"
        ",DK7,XX,2026-12-01 08:00,12:00\n"
        ",DK7,PSL1,2026-12-01 08:00,12:00\n"
        ",DK7,DSL3,2026-12-01,12:00\n"
        ",DK7,DSL3,2026-12-01 08:00,2026-12-01 08:00\n"
        ",DK7,DSL3,2026-12-01 08:00,sore\n"
        "2026-12-01,DK7,DSL3,pagi,12:00\n"
        ",DK7,DSL3,,12:00\n",
    )
    summary = roster(path, services, OFFICE)
    assert reasons(summary) == [
        "Petugas “XX9” tidak kami kenal.",
        "Loket “XX” tidak kami kenal.",
        "Loket “PSL1” tidak ada di kantor ini.",
        "“2026-12-01” hanya tanggal; tambahkan jamnya, misalnya 08:00.",
        "Tugas ini selesai sebelum dimulai.",
        "Tanggal “sore” tidak terbaca; tulis misalnya 2026-11-21 atau 21/11/2026.",
        "Jam “pagi” tidak terbaca; tulis misalnya 08:00.",
        "Tanggalnya belum diisi.",
    ]
    assert postings(session) == []


def test_a_posted_officer_may_be_rated_at_that_office(services: Services, tmp_path: Path) -> None:
    roster(a_file(tmp_path, "petugas,loket,mulai,selesai\nDK7,PSL1,2026-12-01 08:00,12:00\n"), services)
    services.directory.look_again()
    assert services.directory.current().officers[ASHA].offices == {OFFICE, OTHER_OFFICE}


def test_a_roster_without_its_columns_is_refused_whole(services: Services, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        roster(a_file(tmp_path, "petugas,mulai\nDK7,2026-12-01 08:00\n"), services)
    assert refused.value.worded("id") == "Jadwal tugas memerlukan kolom petugas, loket, mulai dan selesai."


def test_own_phones_are_registered_from_a_column_and_sealed(
    services: Services, session: Session, tmp_path: Path
) -> None:
    phones = Phones.of(services.settings)
    path = a_file(tmp_path, "kode,nama,hp\nDK20,Gita,0812-3456-7890\nDK21,Hadi,\nDK22,Ira,0812 tiga\n")
    summary = officers(path, services)
    assert counts(summary) == (2, 0, 0, 1)
    assert "0812 tiga" not in " ".join(reasons(summary))
    known = {row.code: row.own_phone_hash for row in session.scalars(select(OfficerRow))}
    assert (known["DK20"], known["DK21"]) == (phones.hash("+6281234567890"), None)
    assert counts(officers(a_file(tmp_path, "kode;nama\nDK20;Gita\n"), services)) == (0, 0, 1, 0)
    again = a_file(tmp_path, "kode;nama;telepon\nDK20;Gita;81234567890\nDK21;Hadi;+6281370001234\n")
    assert counts(officers(again, services)) == (0, 1, 1, 0)
    session.rollback()
    rows = {row.code: row.own_phone_hash for row in session.scalars(select(OfficerRow))}
    assert (rows["DK20"], rows["DK21"]) == (phones.hash("+6281234567890"), phones.hash("+6281370001234"))
    sealed = {row.code: row.own_phone_sealed for row in session.scalars(select(OfficerRow))}
    assert phones.open(sealed["DK20"] or b"") == "+6281234567890"
    assert b"81234567890" not in (sealed["DK20"] or b"")


def test_a_list_completes_a_phone_of_which_only_the_hash_was_kept(
    services: Services, session: Session, tmp_path: Path
) -> None:
    phones = Phones.of(services.settings)
    path = a_file(tmp_path, "kode,nama,hp\nDK20,Gita,0812-3456-7890\n")
    officers(path, services)
    with writing(services.engine) as changed:
        changed.get_one(OfficerRow, "DK20").own_phone_sealed = None
    assert counts(officers(path, services)) == (0, 1, 0, 0)
    assert counts(officers(path, services)) == (0, 0, 1, 0)
    row = session.get_one(OfficerRow, "DK20", populate_existing=True)
    assert phones.open(row.own_phone_sealed or b"") == "+6281234567890"
