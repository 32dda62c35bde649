"""`suara import` as the operator meets it: what it prints and how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.cli.start import Refused
from shared.db.import_tables import ImportBatchRow
from shared.db.people_tables import OfficerRow, PostingRow
from shared.db.tables import RatingRow
from shared.services import Services
from tests.cast import OFFICE
from tests.shell import Shell

GOOD = "tanggal,bagian,petugas,nilai\n2025-11-12,umum,DK7,4\n2025-11-13,umum,DK7,3\n"


@pytest.fixture
def suara(services: Services, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Run commands on this test's installation; Redis is away."""
    return Shell(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), monkeypatch)


def a_file(folder: Path, content: str) -> Path:
    path = folder / "formulir.csv"
    path.write_text(content)
    return path


def ratings_in(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(RatingRow)).one()


def test_all_good_is_exit_0_and_counted_in_words(suara: Shell, session: Session, tmp_path: Path) -> None:
    done = suara.run("import", "ratings", a_file(tmp_path, GOOD), "--office", OFFICE.lower())
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Baris dalam berkas: 2",
        "Baru: 2",
        "Sudah ada sebelumnya: 0",
        "Ditolak: 0",
        "Kolom yang tidak dipakai: bagian",
    ]
    assert ratings_in(session) == 2


def test_one_bad_row_is_exit_1_and_the_good_ones_are_in(suara: Shell, session: Session, tmp_path: Path) -> None:
    done = suara.run("import", "ratings", a_file(tmp_path, GOOD + "2025-11-13,umum,DK7,5\n"), "--office", OFFICE)
    assert done.exit_code == 1
    assert "Ditolak: 1" in done.stdout.splitlines()
    assert str(tmp_path / "formulir.rejected.csv") in done.stderr
    assert ratings_in(session) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("", "Berkas formulir.csv kosong.", id="empty"),
        pytest.param(
            "tanggal,nilai\n", "Berkas formulir.csv hanya berisi judul kolom, belum ada baris.", id="header only"
        ),
        pytest.param("petugas,nilai\nDK7,4\n", "Tidak ada kolom tanggal.", id="no date"),
        pytest.param(
            "tanggal,saran\n2025-11-12,baik\n", "Tidak ada kolom jawaban (nilai, atau U1 sampai U9).", id="no answers"
        ),
    ],
)
def test_what_cannot_be_imported_is_exit_1_with_one_sentence(
    suara: Shell, session: Session, tmp_path: Path, content: str, sentence: str
) -> None:
    done = suara.run("import", "ratings", a_file(tmp_path, content), "--office", OFFICE)
    assert done.exit_code == 1
    assert isinstance(done.exception, Refused)
    assert str(done.exception) == sentence
    assert session.scalars(select(ImportBatchRow)).all() == []


def test_an_unknown_office_is_exit_1_and_named(suara: Shell, tmp_path: Path) -> None:
    done = suara.run("import", "ratings", a_file(tmp_path, GOOD), "--office", "XX")
    assert (done.exit_code, str(done.exception)) == (1, "Kantor “XX” tidak kami kenal.")


def test_a_database_that_is_not_prepared_is_named_with_what_to_do(
    suara: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("SUARA_HOME", str(tmp_path / "fresh"))
    done = suara.run("import", "ratings", a_file(tmp_path, GOOD), "--office", OFFICE)
    assert done.exit_code == 1
    assert isinstance(done.exception, Refused)
    assert "suara db upgrade" in str(done.exception)


def test_the_office_must_be_said(suara: Shell, tmp_path: Path) -> None:
    assert suara.run("import", "ratings", a_file(tmp_path, GOOD)).exit_code == 2


def test_officers_and_their_roster_go_in(suara: Shell, session: Session, tmp_path: Path) -> None:
    first = suara.run(
        "import", "officers", a_file(tmp_path, "kode,nama\nDK30,Tiga Puluh\nDK7,Asha\n"), "--office", OFFICE
    )
    assert (first.exit_code, first.stdout.splitlines()[1:3]) == (0, ["Baru: 1", "Berubah: 1"])
    posted = "petugas,loket,mulai,selesai\nDK30,DSL3,2026-12-01 08:00,12:00\n"
    assert suara.run("import", "roster", a_file(tmp_path, posted)).exit_code == 0
    assert session.get_one(OfficerRow, "DK30").name == "Tiga Puluh"
    assert "DK30" in session.scalars(select(col(PostingRow.officer_code))).all()


@pytest.mark.usefixtures("suara")
def test_the_installed_command_imports_with_nothing_else_running(session: Session, tmp_path: Path) -> None:
    rows = "".join(f"2025-11-12,umum,DK7,{1 + n % 4}\n" for n in range(6000))
    done = subprocess.run(
        [sys.executable, "-c", "from shared.cli import main; main()", "import", "ratings",
         str(a_file(tmp_path, GOOD + rows)), "--office", OFFICE],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "Membaca baris: 5.000 dari 6.002\n")
    assert done.stdout.splitlines()[:2] == ["Baris dalam berkas: 6.002", "Baru: 6.002"]
    assert ratings_in(session) == 6002
