"""Imports from the browser as the worker takes them further: checked, brought in, undone, slice by slice."""

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from shared.db import import_acts as acts
from shared.db import import_steps
from shared.db.counting import counts
from shared.db.directory_version import directory_version
from shared.db.engine import reading, writing
from shared.db.import_acts import WrongMoment
from shared.db.import_tables import ImportBatchRow
from shared.db.imports import Counts, refusals
from shared.db.people_tables import OfficerRow, PostingRow
from shared.db.tables import RatingRow
from shared.domain.imports import ImportKind, ImportState
from shared.imports import steps
from shared.imports.steps import Steps
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import SettableClock
from tests.shared.importing import (
    FORM,
    RATINGS,
    brought_in,
    confirmed,
    handed_in,
    known,
    sealer,
    started,
    undone,
    worked_off,
)


def a_list(rows: int, bad_every: int = 10**9) -> str:
    lines = (f"{'Z Z' if n % bad_every == 0 else f'Z{n}'},Petugas {n}\n" for n in range(1, rows + 1))
    return "kode,nama\n" + "".join(lines)


def officers_in(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(OfficerRow)).one()


def test_a_file_is_checked_without_changing_anything_and_brought_in_when_started(
    services: Services, session: Session
) -> None:
    before = officers_in(session)
    batch = handed_in(
        services, ImportKind.OFFICERS, a_list(2_350, bad_every=100) + "DK8,Bilal Hasan\nDK7,\nZ1,Petugas 1\n"
    )
    worked_off(services)
    checked = known(services, batch)
    assert (checked.state, checked.counts) == (ImportState.CHECKED, Counts(2_353, 2_327, 1, 1, 24))
    assert officers_in(session) == before
    assert len(checked.preview) == 20
    assert checked.preview[0] == {"row": 1, "fate": "new", "officer": "Z1", "name": "Petugas 1", "office": OFFICE}
    assert [one.number for one in refusals(session, batch, sealer(services), 2)] == [100, 200]
    started(services, batch)
    worked_off(services)
    done = known(services, batch)
    assert (done.state, done.counts, done.all_rows) == (ImportState.DONE, checked.counts, 2_353)
    assert officers_in(session) == before + 2_327
    assert len(refusals(session, batch, sealer(services))) == 24


def test_a_worker_that_dies_between_slices_is_followed_by_one_that_goes_on(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 10)
    services.directory.look_again()
    content = FORM + "".join("2026-10-01,DK7,4,4,\n" for _ in range(35)) + "2026-10-01,XX,4,4,\n"
    batch = handed_in(services, ImportKind.RATINGS, content)
    others = [Steps(services), Steps(services)]
    for turn in range(20):
        others[turn % 2].take()
        if turn == 3:
            others[0].close()
            others[0] = Steps(services)
    assert known(services, batch).counts == Counts(36, 35, 0, 0, 1)
    started(services, batch)
    for turn in range(20):
        others[turn % 2].take()
        if turn == 2:
            others[1].close()
            others[1] = Steps(services)
    for worker in others:
        worker.close()
    assert (known(services, batch).state, known(services, batch).counts.new) == (ImportState.DONE, 35)
    assert session.scalars(select(func.count()).select_from(RatingRow)).one() == 35


def test_a_slice_that_fails_leaves_no_trace_and_is_given_up_after_some_attempts(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = handed_in(services, ImportKind.OFFICERS, a_list(5))
    worked_off(services)
    started(services, batch)
    before = officers_in(session)
    with services.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE import_slice RENAME TO gone")
    worker = Steps(services)
    for _ in range(5):
        with pytest.raises(Exception, match="import_slice"):
            worker.take()
    assert officers_in(session) == before
    with services.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO import_slice")
    worker.take()
    assert known(services, batch).state is ImportState.FAILED
    assert not worker.take()


def test_what_came_in_before_an_import_of_ratings_was_given_up_comes_in_with_the_next(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 10)
    content = FORM + "".join("2026-10-01,DK7,4,4,\n" for _ in range(35))
    given_up = handed_in(services, ImportKind.RATINGS, content)
    worked_off(services)
    started(services, given_up)
    worker = Steps(services)
    worker.take()
    worker.close()
    with writing(services.engine) as writer:
        import_steps.fail(writer, writer.get_one(ImportBatchRow, given_up), import_steps.STUCK, {})
    again = brought_in(services, ImportKind.RATINGS, content)
    confirmed(services, again)
    assert known(services, again).counts == Counts(35, 35, 0, 0, 0)
    assert set(session.scalars(select(col(RatingRow.import_batch_id)))) == {again}
    assert session.scalars(select(func.count()).select_from(RatingRow).where(counts())).one() == 35


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("satu,dua\n1,2\n", "None of the columns", id="another table"),
        pytest.param("kode,nama\n" + "x\n" * 200_001, "more than {most} rows", id="too many rows"),
        pytest.param("", "is empty", id="nothing"),
    ],
)
def test_a_file_that_is_no_list_of_officers_says_why(services: Services, content: str, sentence: str) -> None:
    batch = handed_in(services, ImportKind.OFFICERS, content)
    worked_off(services)
    failed = known(services, batch)
    assert failed.state is ImportState.FAILED
    assert failed.problem is not None
    assert sentence in failed.problem[0]
    with writing(services.engine) as session:
        assert acts.leave(session, batch)


def test_undone_officers_are_gone_unless_somebody_built_on_them(services: Services, session: Session) -> None:
    batch = brought_in(services, ImportKind.OFFICERS, a_list(1_500) + "DK7,Asha Lain\nDK8,Bilal Lain\n")
    with writing(services.engine) as writer:
        at = services.clock()
        writer.add(PostingRow(officer_code="Z3", counter_code="DSL4", starts_at=at, ends_at=at.replace(hour=9)))
        writer.get_one(OfficerRow, "Z1400").name = "Nama Lengkap"
        writer.get_one(OfficerRow, "Z5").photo = b"jpeg"
        writer.get_one(OfficerRow, BILAL).name = "Bilal yang Benar"
    undone(services, batch)
    left = known(services, batch)
    assert left.state is ImportState.UNDONE
    assert sorted(left.kept) == [
        ["DK8", "changed_since"], ["Z1400", "changed_since"], ["Z3", "in_use"], ["Z5", "changed_since"],
    ]  # fmt: skip
    assert left.kept_rows == 4
    assert session.get_one(OfficerRow, ASHA).name == "Asha Pertiwi, S.Sos."
    assert session.get_one(OfficerRow, BILAL).name == "Bilal yang Benar"
    assert set(session.scalars(select(col(OfficerRow.code)).where(col(OfficerRow.code).like("Z%")))) == {
        "Z3", "Z5", "Z1400",
    }  # fmt: skip


def test_an_undone_roster_gives_back_the_former_ends(services: Services, session: Session) -> None:
    ends = select(col(PostingRow.counter_code), col(PostingRow.ends_at)).order_by(col(PostingRow.starts_at))
    before = session.execute(ends).all()
    batch = brought_in(
        services,
        ImportKind.ROSTER,
        "petugas,loket,mulai,selesai\nDK7,DSL3,2026-11-18 08:00,17:00\nDK7,DSL4,2026-12-01 08:00,12:00\n"
        "DK8,DSL4,2026-12-02 08:00,12:00\nDK8,DSL4,2026-12-02 08:00,13:00\n",
    )
    assert known(services, batch).counts == Counts(4, 2, 1, 1, 0)
    session.rollback()
    assert len(session.execute(ends).all()) == 3
    with writing(services.engine) as writer:
        changed = writer.scalars(select(PostingRow).where(col(PostingRow.counter_code) == "DSL4")).first()
        assert changed is not None
        changed.ends_at = changed.ends_at.replace(minute=30)
    undone(services, batch)
    session.rollback()
    left = known(services, batch)
    assert [why for _, why in left.kept] == ["changed_since"]
    assert set(before) < set(session.execute(ends).all())
    assert len(session.execute(ends).all()) == 2


ROSTER = "petugas,loket,mulai,selesai\n" + "".join(
    f"DK8,DSL{3 + n % 2},2026-12-{n + 1:02} 08:00,12:00\nDK8,PSL1,2026-12-{n + 1:02} 15:00,19:00\n" for n in range(12)
)


def test_a_check_says_of_every_row_what_the_roster_and_the_rows_before_it_leave_free(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 5)
    services.directory.look_again()
    again = "DK8,DSL4,2026-12-01 09:00,10:00\nDK8,DSL3,2026-12-01 08:00,12:00\n"
    batch = handed_in(services, ImportKind.ROSTER, ROSTER + again, None)
    for _ in range(4):  # whoever goes on after a death knows the rows before it too
        worker = Steps(services)
        worker.take()
        worker.close()
    worked_off(services)
    checked = known(services, batch)
    assert checked.counts == Counts(26, 24, 0, 1, 1)
    assert [one.number for one in refusals(session, batch, sealer(services))] == [25]
    started(services, batch)
    worked_off(services)
    session.rollback()
    assert known(services, batch).counts == checked.counts


def test_what_was_planned_since_the_check_is_refused_when_it_goes_in(services: Services, session: Session) -> None:
    batch = handed_in(services, ImportKind.ROSTER, ROSTER, None)
    worked_off(services)
    with writing(services.engine) as writer:
        at = services.clock().replace(month=12, day=3, hour=2)
        writer.add(PostingRow(officer_code=BILAL, counter_code="DSL4", starts_at=at, ends_at=at.replace(hour=3)))
    started(services, batch)
    worked_off(services)
    assert known(services, batch).counts == Counts(24, 23, 0, 0, 1)
    assert [one.number for one in refusals(session, batch, sealer(services))] == [5]


def test_an_end_is_not_given_back_where_somebody_was_posted_since(services: Services) -> None:
    row = "petugas,loket,mulai,selesai\nDK7,DSL3,2026-12-01 08:00,{}:00\n"
    brought_in(services, ImportKind.ROSTER, row.format(12))
    shorter = brought_in(services, ImportKind.ROSTER, row.format(10))
    brought_in(services, ImportKind.ROSTER, "petugas,loket,mulai,selesai\nDK7,DSL4,2026-12-01 10:00,12:00\n")
    undone(services, shorter)
    assert known(services, shorter).kept == [["DK7 DSL3 2026-12-01", "changed_since"]]


def version(services: Services) -> int:
    with reading(services.engine) as session:
        return directory_version(session)


def test_the_directory_is_read_anew_when_an_import_ends_and_not_before(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 10)
    services.directory.look_again()
    before = version(services)
    batch = handed_in(services, ImportKind.OFFICERS, a_list(35))
    worked_off(services)
    started(services, batch)
    for _ in range(2):  # and each dies after a slice
        worker = Steps(services)
        worker.take()
        worker.close()
    assert version(services) == before
    worked_off(services)
    assert (known(services, batch).state, version(services)) == (ImportState.DONE, before + 1)
    with writing(services.engine) as session:
        acts.undo(session, batch, "admin", services.clock())
    worker = Steps(services)
    for _ in range(4):
        worker.take()
    assert version(services) == before + 1
    worker.take()
    assert (known(services, batch).state, version(services)) == (ImportState.UNDONE, before + 2)


def test_what_went_in_is_seen_when_an_import_is_given_up(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "ROWS_AT_ONCE", 10)
    services.directory.look_again()
    before = version(services)
    batch = handed_in(services, ImportKind.OFFICERS, a_list(35))
    worked_off(services)
    started(services, batch)
    worker = Steps(services)
    worker.take()
    worker.close()
    with writing(services.engine) as session:
        session.get_one(ImportBatchRow, batch).attempts = 5
    Steps(services).take()
    assert (known(services, batch).state, version(services)) == (ImportState.FAILED, before + 1)
    undone(services, batch)
    assert version(services) == before + 2


def test_an_import_of_ratings_leaves_the_directory_alone(services: Services) -> None:
    before = version(services)
    confirmed(services, brought_in(services, ImportKind.RATINGS, RATINGS))
    assert version(services) == before


def test_the_same_file_is_one_import_but_is_checked_again_later(services: Services, clock: SettableClock) -> None:
    first = brought_in(services, ImportKind.RATINGS, RATINGS)
    waiting = handed_in(services, ImportKind.RATINGS, RATINGS)
    worked_off(services)
    assert handed_in(services, ImportKind.RATINGS, RATINGS) == waiting
    assert known(services, waiting).counts.new == 0
    undone(services, first)
    clock.advance(minutes=3)
    later = handed_in(services, ImportKind.RATINGS, RATINGS)
    worked_off(services)
    assert known(services, later).counts.new == 6


def test_nothing_is_done_at_the_wrong_moment(services: Services) -> None:
    batch = handed_in(services, ImportKind.RATINGS, RATINGS)
    at = services.clock()
    with pytest.raises(WrongMoment), writing(services.engine) as session:
        acts.start(session, batch, "admin", at)
    with pytest.raises(WrongMoment), writing(services.engine) as session:
        acts.undo(session, batch, "admin", at)
    with pytest.raises(WrongMoment):
        confirmed(services, batch)
    worked_off(services)
    started(services, batch)
    worked_off(services)
    with pytest.raises(WrongMoment), writing(services.engine) as session:
        acts.leave(session, batch)
