"""Ratings from a file: every good row once, for ever; every bad row back with its reason."""

import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from shared import standings, stream
from shared.db.import_tables import ImportBatchRow
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow
from shared.domain.errors import IntakeUnavailable
from shared.domain.months import Month
from shared.domain.scoring import Tally
from shared.imports import waiting
from shared.imports.ratings import import_ratings
from shared.imports.runs import Stage, Summary
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE, OTHER_OFFICE
from tests.factories import SettableClock
from workers.recorder import record_batch

FORM = "tanggal,petugas,U1,U2,nilai,saran\n"


@pytest.fixture
def alone(services: Services) -> Iterator[Services]:
    """Stand without Redis: nothing else of the system runs."""
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    yield away
    away.close()


def brought_in(path: Path, services: Services, office: str = OFFICE) -> Summary:
    return import_ratings(path, office, services, lambda stage, done, of: None)


def a_file(folder: Path, content: str, name: str = "formulir.csv") -> Path:
    path = folder / name
    path.write_text(content)
    return path


def refused_rows(summary: Summary) -> dict[str, str]:
    """Return first cell -> reason of the rows that came back."""
    assert summary.rejected is not None
    with summary.rejected.open(newline="") as file:
        return {next(iter(line.values())): line["alasan_ditolak"] for line in csv.DictReader(file)}


def renamed(services: Services, table: str, name: str) -> None:
    with services.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


@contextmanager
def a_running_recorder(services: Services) -> Iterator[None]:
    stopping = threading.Event()

    def run() -> None:
        while not stopping.is_set():
            record_batch(services, "one", timedelta(milliseconds=20))

    stream.open_group(services.redis)
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def test_every_column_arrives(alone: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        "Pekerjaan;Pendidikan;Usia;Jenis Kelamin;Saran;Alasan;Kanal;"
        "U9;SARANA LAIN;BIAYA;u1;Nilai;Layanan;Loket;Petugas;Tanggal\n"
        "Swasta;SMA / SMK;29;Laki - Laki; Cepat sekali ;Ramah, cepat;WA;"
        "4;x;2;3.0;4,0;ktp;dsl3;dk7;30/10/2026 23:30\n",
    )
    summary = brought_in(path, alone)
    assert summary == Summary(1, 1, 0, 0, 0, ("SARANA LAIN",), None)
    row = session.scalars(select(RatingRow)).one()
    assert (row.office_code, row.officer_code, row.counter_code, row.service_code) == (OFFICE, ASHA, "DSL3", "KTP")
    assert (row.overall, row.persyaratan, row.biaya, row.sarana, row.prosedur) == (4, 3, 2, 4, None)
    assert (row.reasons, row.comment, row.channel, row.language) == (
        ["ramah", "cepat"],
        "Cepat sekali",
        "whatsapp",
        "id",
    )
    assert (row.sex, row.age_band, row.education, row.occupation) == ("male", "18_29", "sma", "swasta")
    assert (row.given_at, row.month) == (datetime(2026, 10, 30, 16, 30, tzinfo=UTC), "2026-10")
    assert (row.import_row, row.accepted_at, row.kiosk_id, row.rater_key) == (1, alone.clock(), None, None)
    batch = session.scalars(select(ImportBatchRow)).one()
    assert (batch.id, batch.office_code, batch.file_name) == (row.import_batch_id, OFFICE, "formulir.csv")


def test_a_date_alone_is_noon_on_the_offices_wall_and_the_channel_paper(
    alone: Services, session: Session, tmp_path: Path
) -> None:
    path = a_file(tmp_path, "tanggal,U1\n2025-03-31,4\n")
    for office in (OFFICE, OTHER_OFFICE):
        brought_in(path, alone, office)
    rows = session.scalars(select(RatingRow).order_by(col(RatingRow.office_code))).all()
    assert [(row.office_code, row.given_at.hour, row.channel) for row in rows] == [
        (OFFICE, 5, "paper"),
        (OTHER_OFFICE, 3, "paper"),
    ]


def test_the_same_file_twice_counts_once(alone: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,baik\n2026-10-02,DK7,3,3,3,\n")
    assert (brought_in(path, alone).new, brought_in(path, alone).known) == (2, 2)
    assert (len(session.scalars(select(RatingRow)).all()), quarantined(session)) == (2, [])


def test_two_people_who_answered_alike_are_two(alone: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,\n" * 3)
    assert brought_in(path, alone).new == 3
    again = brought_in(a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,\n" * 5), alone)
    assert (again.new, again.known) == (2, 3)
    assert sorted(row.import_row or 0 for row in session.scalars(select(RatingRow))) == [1, 2, 3, 4, 5]


def test_a_corrected_file_adds_only_what_is_new(alone: Services, session: Session, tmp_path: Path) -> None:
    first = FORM + "2026-10-01,DK7,4,4,4,\n2026-10-01,DK7,44,4,4,\n2026-10-01,DK7,4,4,4,\n"
    before = brought_in(a_file(tmp_path, first), alone)
    after = brought_in(a_file(tmp_path, first.replace("44", "4")), alone)
    assert (before.new, before.refused, after.new, after.known, after.refused) == (2, 1, 1, 2, 0)
    assert len(session.scalars(select(RatingRow)).all()) == 3


def test_the_same_rows_in_another_dress_are_known(alone: Services, tmp_path: Path) -> None:
    brought_in(
        a_file(tmp_path, "tanggal,petugas,nilai,U1,jenis kelamin,kanal\n2026-10-01,DK7,4,3,Laki-laki,\n"), alone
    )
    other = tmp_path / "lain.csv"
    other.write_text(
        "No;Nilai;U1;Tanggal;Kanal;Petugas;Sex\n7;4,0; 3.0 ;1 Oktober 2026 12:00;kertas;dk7;LAKI - LAKI\n", "utf-16"
    )
    summary = brought_in(other, alone)
    assert (summary.new, summary.known) == (0, 1)


def test_the_same_rows_of_another_office_are_new(alone: Services, tmp_path: Path) -> None:
    path = a_file(tmp_path, "tanggal,U1\n2026-10-01,4\n")
    assert [brought_in(path, alone, office).new for office in (OFFICE, OTHER_OFFICE)] == [1, 1]


def test_bad_rows_come_back_with_their_reason_and_good_ones_go_in(
    alone: Services, session: Session, tmp_path: Path
) -> None:
    long = "a" * 501
    path = a_file(
        tmp_path,
        "no,tanggal,petugas,loket,layanan,kanal,alasan,nilai,U1,saran\n"
        "good,2026-10-01,DK7,DSL3,KTP,paper,ramah,4,4,baik\n"
        "nobody,2026-10-01,XX9,,,,,4,,\n"
        "no code,2026-10-01,Pak Budi?,,,,,4,,\n"
        "foreign,2026-10-01,PS1,,,,,4,,\n"
        "counter,2026-10-01,DK7,XX,,,,4,,\n"
        "other counter,2026-10-01,DK7,PSL1,,,,4,,\n"
        "service,2026-10-01,DK7,,SIM,,,4,,\n"
        "channel,2026-10-01,DK7,,,merpati,,4,,\n"
        "reason,2026-10-01,DK7,,,,tampan,4,,\n"
        "zero,2026-10-01,DK7,,,,,0,,\n"
        "five,2026-10-01,,,,,,,5,\n"
        "date,kemarin,DK7,,,,,4,,\n"
        "no date,,DK7,,,,,4,,\n"
        "future,2026-11-19,DK7,,,,,4,,\n"
        f"comment,2026-10-01,DK7,,,,,4,,{long}\n"
        "nothing,2026-10-01,DK7,,,,,,,hanya saran\n"
        "whom,2026-10-01,,,,,,4,,\n"
        "wide,2026-10-01,DK7,,,,,4,,baik,sekali\n"
        f"just fits,2026-10-01,DK7,,,,,4,,{long[:500]}\n",
    )
    summary = brought_in(path, alone)
    assert (summary.in_file, summary.new, summary.refused) == (19, 2, 17)
    assert [row.import_row for row in session.scalars(select(RatingRow).order_by(col(RatingRow.import_row)))] == [
        1,
        19,
    ]
    assert refused_rows(summary) == {
        "nobody": "Petugas “XX9” tidak kami kenal.",
        "no code": "Petugas “Pak Budi?” tidak kami kenal.",
        "foreign": "Petugas “PS1” tidak bertugas di kantor ini.",
        "counter": "Loket “XX” tidak ada di kantor ini.",
        "other counter": "Loket “PSL1” tidak ada di kantor ini.",
        "service": "Layanan “SIM” tidak ada di kantor ini.",
        "channel": "Kanal “merpati” tidak kami kenal.",
        "reason": "Alasan “tampan” tidak kami kenal.",
        "zero": "Jawaban “0” di kolom nilai bukan angka 1 sampai 4.",
        "five": "Jawaban “5” di kolom PERSYARATAN bukan angka 1 sampai 4.",
        "date": "Tanggal “kemarin” tidak terbaca; tulis misalnya 2026-11-21 atau 21/11/2026.",
        "no date": "Tanggalnya belum diisi.",
        "future": "Tanggalnya belum tiba.",
        "comment": "Saran lebih panjang dari 500 karakter.",
        "nothing": "Tidak ada jawaban di baris ini.",
        "whom": "Ada nilai untuk petugas, tetapi kolom petugas belum diisi.",
        "wide": "Isinya lebih banyak daripada kolomnya;"
        " mungkin ada koma atau titik koma yang perlu diapit tanda kutip.",
    }


def test_forms_of_today_go_in_before_noon_and_those_of_tomorrow_do_not(
    alone: Services, clock: SettableClock, tmp_path: Path
) -> None:
    clock.advance(hours=-3)
    summary = brought_in(a_file(tmp_path, "tanggal,U1\n2026-11-18,4\n2026-11-19,4\n2026-11-18 11:00,4\n"), alone)
    assert summary.new == 1
    assert refused_rows(summary) == {
        "2026-11-19": "Tanggalnya belum tiba.",
        "2026-11-18 11:00": "Tanggalnya belum tiba.",
    }


def test_ratings_of_an_earlier_system_may_be_old(alone: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(tmp_path, "tanggal,kanal,petugas,nilai\n2019-01-02,kiosk,DK7,4\n2019-01-02,sms,DK7,3\n")
    assert brought_in(path, alone).refused == 0
    assert sorted(row.channel for row in session.scalars(select(RatingRow))) == ["kiosk", "sms"]


def test_without_redis_the_rows_are_recorded_and_the_scores_right_at_once(alone: Services, tmp_path: Path) -> None:
    rows = "".join(f"2026-10-{1 + n % 28:02},DK7,4,4,{1 + n % 4},nomor {n}\n" for n in range(1200))
    summary = brought_in(a_file(tmp_path, FORM + rows), alone)
    assert (summary.new, summary.waiting) == (1200, 0)
    score = standings.score_of(ASHA, Month(2026, 10), alone)
    assert score is not None
    assert score.tally == Tally(300, 300, 300, 300)


def test_with_a_recorder_running_it_waits_until_all_are_recorded_and_scored(
    services: Services, tmp_path: Path
) -> None:
    rows = "".join(f"2026-10-01,DK8,4,4,4,nomor {n}\n" for n in range(700))
    with a_running_recorder(services):
        summary = brought_in(a_file(tmp_path, FORM + rows), services)
    assert (summary.new, summary.known, summary.waiting) == (700, 0, 0)
    score = standings.score_of(BILAL, Month(2026, 10), services)
    assert score is not None
    assert score.tally == Tally(fours=700)


def test_with_nobody_recording_it_says_how_many_wait(
    services: Services, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", 0.3)
    path = a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,\n2026-10-02,DK7,3,3,3,\n")
    assert brought_in(path, services).waiting == 2
    assert (stream.length(services.redis), session.scalars(select(RatingRow)).all()) == (2, [])
    record_batch(services, "one", timedelta(milliseconds=20))
    record_batch(services, "one", timedelta(milliseconds=20))
    again = brought_in(path, services)
    assert (again.new, again.known) == (0, 2)


def test_with_no_door_open_it_says_so_and_nothing_is_lost_or_doubled(alone: Services, tmp_path: Path) -> None:
    path = a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,\n")
    brought_in(path, alone)
    renamed(alone, "stale_month", "gone")
    two = a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,\n" * 2)
    with pytest.raises(IntakeUnavailable):
        brought_in(two, alone)
    renamed(alone, "gone", "stale_month")
    summary = brought_in(two, alone)
    assert (summary.new, summary.known) == (1, 1)


def test_progress_is_told_up_to_the_last_row(alone: Services, tmp_path: Path) -> None:
    told: list[tuple[Stage, int, int]] = []
    path = a_file(tmp_path, FORM + "2026-10-01,DK7,4,4,4,\n" * 1100 + "2026-10-01,DK7,9,4,4,\n")
    import_ratings(path, OFFICE, alone, lambda *step: told.append(step))
    assert told == [(Stage.READING, done, 1101) for done in (500, 1000, 1101)]


@pytest.mark.parametrize(
    "footer",
    [
        "Σ Nilai/Unsur,,8,8,,",
        "NRR/Unsur,,4.00,4.00,,",
        "2026-11-02,NRR Tertimbang/Unsur,4,4,,",
        "IKM UNIT PELAYANAN,,4,4,,",
    ],
)
def test_the_sums_under_a_matrix_are_no_respondents(
    alone: Services, session: Session, tmp_path: Path, footer: str
) -> None:
    summary = brought_in(a_file(tmp_path, f"{FORM}2026-11-02,,4,4,,\n{footer}\n"), alone)
    assert list(refused_rows(summary).values()) == [
        "Baris ini jumlah atau rata-rata, bukan jawaban responden; tidak perlu diimpor."
    ]
    assert len(session.scalars(select(RatingRow)).all()) == 1
