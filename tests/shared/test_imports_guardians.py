"""Guardians from files: only who agreed, each once, and nobody learns who wants no messages."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from shared.db.campaign_tables import GuardianOfficerRow, GuardianRow
from shared.db.guardians import put_guardians
from shared.db.message_tables import ContactRow
from shared.domain.imports import ImportKind, ImportState
from shared.imports import guardians, runs
from shared.imports.guardians import import_guardians
from shared.imports.refusals import FileRefused
from shared.imports.runs import Summary
from shared.imports.steps import ROWS_AT_ONCE
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import let_refuse, purge, rows
from tests.shared import importing
from tests.shell import Shell

HEADINGS = "telepon,kelas,guru,bahasa,setuju\n"
FIRST = "0813-7000-1234,7a,DK7;DK8,,2026-07-14\n"
SECOND = '+6281370005678,7 B,"DK8",inggris,ya 14/07/2026\n'


def a_file(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "wali.csv"
    path.write_bytes(content.encode(encoding))
    return path


def brought_in(path: Path, services: Services, office: str = OFFICE) -> Summary:
    services.directory.look_again()
    return import_guardians(path, office, services, lambda stage, done, of: None)


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.new, summary.changed, summary.known, summary.refused


def reasons(summary: Summary) -> list[str]:
    assert summary.rejected is not None
    with summary.rejected.open(newline="") as file:
        return [line["alasan_ditolak"] for line in csv.DictReader(file)]


def kept(session: Session) -> list[tuple[str, str, str, list[str]]]:
    """Return masked phone, class, language and teachers of every guardian."""
    officers: dict[Any, list[str]] = {}
    for one in rows(session, GuardianOfficerRow):
        officers.setdefault((one.phone_hash, one.class_name), []).append(one.officer_code)
    return sorted(
        (row.phone_shown, row.class_name, row.language, sorted(officers[row.phone_hash, row.class_name]))
        for row in rows(session, GuardianRow)
    )


def test_the_same_file_twice_changes_nothing(services: Services, session: Session, tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADINGS + FIRST + SECOND)
    assert counts(brought_in(path, services)) == (2, 0, 0, 0)
    before = kept(session)
    assert before == [
        ("+62813•••234", "7A", "id", [ASHA, BILAL]),
        ("+62813•••678", "7 B", "en", [BILAL]),
    ]
    assert counts(brought_in(path, services)) == (0, 0, 2, 0)
    assert kept(session) == before
    (agreed,) = {row.agreed_on.isoformat() for row in rows(session, GuardianRow)}
    assert agreed == "2026-07-14"
    phones = Phones.of(services.settings)
    assert {phones.open(row.phone or b"") for row in rows(session, GuardianRow)} == {
        "+6281370001234",
        "+6281370005678",
    }


def test_one_family_phone_is_one_guardian_of_several_classes(
    services: Services, session: Session, tmp_path: Path
) -> None:
    table = HEADINGS + FIRST + "6281370001234,8C,DK8,,2026-07-14\n" + "81370001234,8c,dk7,,2026-07-15\n"
    assert counts(brought_in(a_file(tmp_path, table), services)) == (2, 0, 1, 0)
    assert [line[1:] for line in kept(session)] == [("7A", "id", [ASHA, BILAL]), ("8C", "id", [ASHA, BILAL])]
    assert len({row.phone_hash for row in rows(session, GuardianRow)}) == 1


def test_what_a_later_file_says_is_taken_over_and_the_others_stay(
    services: Services, session: Session, tmp_path: Path
) -> None:
    brought_in(a_file(tmp_path, HEADINGS + FIRST + SECOND), services)
    assert counts(brought_in(a_file(tmp_path, HEADINGS + FIRST.replace("DK7;", "")), services)) == (0, 1, 0, 0)
    assert [line[1:] for line in kept(session)] == [("7A", "id", [BILAL]), ("7 B", "en", [BILAL])]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_bad_rows_come_back_with_their_reason_and_the_good_ones_go_in(
    services: Services, session: Session, tmp_path: Path
) -> None:
    bad = [
        "12345,7A,DK7,,2026-07-14\n",
        "(0755) 61234,7A,DK7,,2026-07-14\n",
        "0813-7000-1111,,DK7,,2026-07-14\n",
        "0813-7000-1111,7A,,,2026-07-14\n",
        "0813-7000-1111,7A,XX9,,2026-07-14\n",
        "0813-7000-1111,7A,PS1,,2026-07-14\n",
        "0813-7000-1111,7A,DK7,jawa,2026-07-14\n",
        "0813-7000-1111,7A,DK7,,\n",
        "0813-7000-1111,7A,DK7,,ya\n",
        "0813-7000-1111,7A,DK7,,tidak\n",
        "0813-7000-1111,7A,DK7,,2026-12-31\n",
        "0813-7000-1111,7A,DK7,,31/06/2026\n",
        f"0813-7000-1111,{'A' * 41},DK7,,2026-07-14\n",
    ]
    summary = brought_in(a_file(tmp_path, HEADINGS + FIRST + "".join(bad) + SECOND), services)
    assert counts(summary) == (2, 0, 0, len(bad))
    told = reasons(summary)
    wanted = [
        "Ini bukan nomor",
        "nomor HP",
        "Kelas",
        "mengajar",
        "XX9",
        "PS1",
        "Bahasa",
        *["setuju"] * 3,
        "setuju",
        "31/06/2026",
        "40",
    ]
    assert [word in reason for word, reason in zip(wanted, told, strict=True)] == [True] * len(bad), told
    assert not any("7000" in reason for reason in told), "no reason quotes a number"
    assert len(kept(session)) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_files_in_the_habits_of_offices_are_read(
    services: Services, session: Session, tmp_path: Path, encoding: str
) -> None:
    table = "Nomor HP;Kelas;Guru;Alamat;Setuju\n0813-7000-1234;Édelweis;DK7, DK8;Jalan Raffé;14 Juli 2026\n"
    summary = brought_in(a_file(tmp_path, table, encoding), services)
    assert (counts(summary), summary.ignored) == ((1, 0, 0, 0), ("Alamat",))
    assert kept(session) == [("+62813•••234", "ÉDELWEIS", "id", [ASHA, BILAL])]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_workbook_is_read_with_its_dates_and_numbers(services: Services, session: Session, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["telepon", "kelas", "guru", "setuju"])
    book.active.append([81370001234, "7A", "DK7", NOON.replace(tzinfo=None)])
    book.save(tmp_path / "wali.xlsx")
    assert counts(brought_in(tmp_path / "wali.xlsx", services)) == (1, 0, 0, 0)
    assert kept(session) == [("+62813•••234", "7A", "id", [ASHA])]


def test_who_wants_no_messages_is_counted_like_everybody_and_no_number_is_kept(
    services: Services, session: Session, tmp_path: Path
) -> None:
    let_refuse(services)
    path = a_file(tmp_path, HEADINGS + FIRST + SECOND)
    assert counts(brought_in(path, services)) == (2, 0, 0, 0)
    assert counts(brought_in(path, services)) == (0, 0, 2, 0)
    assert {row.phone_shown: row.phone is None for row in rows(session, GuardianRow)} == {
        "+62813•••234": True,
        "+62813•••678": False,
    }
    assert [row.phone for row in rows(session, ContactRow)] == [None]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_import_that_is_broken_off_is_finished_by_the_next(
    services: Services, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = HEADINGS + "".join(f"0813700020{number:02},7A,DK7,,2026-07-14\n" for number in range(10))
    path = a_file(tmp_path, table)
    monkeypatch.setattr(runs, "BATCH", 4)
    done: list[Any] = []

    def put_once(*given: Any) -> None:
        if done:
            raise KeyboardInterrupt
        put_guardians(*given)
        done.append(given)

    monkeypatch.setattr(guardians, "put_guardians", put_once)
    with pytest.raises(KeyboardInterrupt):
        brought_in(path, services)
    assert len(rows(session, GuardianRow)) == 4
    monkeypatch.setattr(guardians, "put_guardians", put_guardians)
    assert counts(brought_in(path, services)) == (6, 0, 4, 0)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_without_the_consent_is_refused_as_a_whole(services: Services, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        brought_in(a_file(tmp_path, "telepon,kelas,guru\n0813-7000-1234,7A,DK7\n"), services)
    assert "(setuju)" in refused.value.worded("id")
    with pytest.raises(FileRefused):
        brought_in(a_file(tmp_path, HEADINGS + FIRST), services, "NONE")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_tells_and_notes_what_went_in(suara: Shell, services: Services, tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADINGS + FIRST + "12345,7A,DK7,,2026-07-14\n")
    result = suara.run("import", "guardians", path, "--office", OFFICE)
    assert result.exit_code == 1
    assert "Baru: 1" in result.output
    assert "7000" not in result.output


def test_guardians_are_forgotten_after_thirteen_months_and_a_number_a_month_after_its_owner_refused(
    services: Services, session: Session, tmp_path: Path
) -> None:
    brought_in(a_file(tmp_path, HEADINGS + FIRST + SECOND), services)
    let_refuse(services)

    def forgotten(days: int) -> list[bool]:
        session.rollback()
        purge(session, NOON + timedelta(days=days, seconds=1))
        session.commit()
        return sorted(row.phone is None for row in rows(session, GuardianRow))

    assert forgotten(29) == [False, False]
    assert forgotten(30) == [False, True]
    assert forgotten(395) == [False, True]
    assert forgotten(396) == []
    assert not rows(session, GuardianOfficerRow)


def test_a_guardian_in_two_slices_of_a_file_has_all_teachers_it_names_and_the_same_file_changes_nothing(
    services: Services, session: Session
) -> None:
    others = "".join(f"08137{number:07},7B,DK7,,2026-07-14\n" for number in range(ROWS_AT_ONCE))
    table = HEADINGS + FIRST.replace("DK7;DK8", "DK7") + others + FIRST.replace("DK7;DK8", "DK8")
    batch = importing.brought_in(services, ImportKind.GUARDIANS, table)
    found = importing.known(services, batch)
    assert (found.counts.new, found.counts.changed, found.counts.known) == (ROWS_AT_ONCE + 1, 0, 1)
    assert ("+62813•••234", "7A", "id", [ASHA, BILAL]) in kept(session)
    again = importing.known(services, importing.brought_in(services, ImportKind.GUARDIANS, table))
    assert (again.state, again.counts.known) == (ImportState.DONE, ROWS_AT_ONCE + 2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_a_list_names_again_is_known_anew(services: Services, session: Session, clock: SettableClock) -> None:
    importing.brought_in(services, ImportKind.GUARDIANS, HEADINGS + FIRST)
    clock.advance(days=200)
    importing.brought_in(services, ImportKind.GUARDIANS, HEADINGS + FIRST + SECOND)
    assert {row.imported_at for row in rows(session, GuardianRow)} == {clock.moment}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_wants_no_messages_looks_like_everybody_to_whoever_hands_in_a_list(services: Services) -> None:
    let_refuse(services)
    batch = importing.handed_in(services, ImportKind.GUARDIANS, HEADINGS + FIRST + SECOND)
    importing.worked_off(services)
    assert [(row["phone"], row["fate"]) for row in importing.known(services, batch).preview] == [
        ("+62813•••234", "new"),
        ("+62813•••678", "new"),
    ]


def test_the_database_too_wants_to_know_the_school(services: Services) -> None:
    with pytest.raises(IntegrityError, match="office_named"):
        importing.handed_in(services, ImportKind.GUARDIANS, HEADINGS + FIRST, None)
