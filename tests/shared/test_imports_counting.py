"""Imported ratings count once a second person has looked at them, and no longer once they are taken back."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from shared import standings
from shared.db import import_acts as acts
from shared.db.closing_tables import GroupClosingRow
from shared.db.engine import reading, writing
from shared.db.import_acts import SamePerson
from shared.db.imports import in_settled_months
from shared.db.ratings import element_sums
from shared.db.tables import RatingRow
from shared.domain.imports import ImportKind
from shared.domain.months import Month
from shared.domain.scoring import Tally
from shared.domain.screening import SetAside
from shared.domain.skm import Element
from shared.imports.ratings import import_ratings
from shared.services import Services
from shared.standings import ShownMonth
from tests.cast import ASHA, OFFICE, let_see
from tests.factories import SettableClock
from tests.shared.importing import RATINGS, brought_in, confirmed, known, undone

OCTOBER = Month(2026, 10)


def score(services: Services) -> tuple[Tally, dict[SetAside, int]]:
    standings.refresh(services)
    found = standings.score_of(ASHA, OCTOBER, services)
    assert found is not None
    return found.tally, found.set_aside


def ikm_answers(services: Services) -> int:
    with reading(services.engine) as session:
        return element_sums(session, OFFICE, OCTOBER, OCTOBER)[1][Element.PERSYARATAN][1]


def test_ratings_of_officers_count_nowhere_until_a_second_person_confirms(services: Services) -> None:
    batch = brought_in(services, ImportKind.RATINGS, RATINGS)
    assert known(services, batch).counts_once_confirmed
    assert score(services) == (Tally(), {SetAside.UNCONFIRMED: 6})
    assert ikm_answers(services) == 0
    with pytest.raises(SamePerson):
        confirmed(services, batch, by="admin")
    assert score(services)[0] == Tally()
    for _ in range(2):
        confirmed(services, batch)
    assert score(services) == (Tally(fours=6), {})
    assert ikm_answers(services) == 6


def test_an_undone_import_of_ratings_no_longer_counts_and_can_count_again(
    services: Services, session: Session
) -> None:
    batch = brought_in(services, ImportKind.RATINGS, RATINGS)
    confirmed(services, batch)
    assert score(services)[0] == Tally(fours=6)
    undone(services, batch)
    assert score(services) == (Tally(), {SetAside.WITHDRAWN: 6})
    assert ikm_answers(services) == 0
    assert session.scalars(select(func.count()).select_from(RatingRow)).one() == 6
    with writing(services.engine) as writer:
        assert acts.count_again(writer, batch)
    assert score(services) == (Tally(fours=6), {})


def test_after_an_undo_a_month_is_dark_until_five_more_came_on_a_later_day(
    services: Services, clock: SettableClock
) -> None:
    wrong = brought_in(services, ImportKind.RATINGS, RATINGS)
    confirmed(services, wrong)
    standings.refresh(services)
    undone(services, wrong)
    standings.refresh(services)
    confirmed(services, brought_in(services, ImportKind.RATINGS, RATINGS.replace(",4,4,", ",2,2,")))
    standings.refresh(services)
    directory = services.directory.current()
    officer = directory.officers[ASHA]

    def shown() -> ShownMonth:
        return standings.months_shown(officer, directory, services)[0]

    assert (shown().tally, shown().dark) == (None, True)
    clock.advance(days=1)
    standings.move_snapshots(services)
    assert shown().dark is False
    let_see(services)
    assert shown().tally == Tally(twos=6)


def test_what_an_officer_saw_of_undone_ratings_is_seen_no_longer(services: Services) -> None:
    batch = brought_in(services, ImportKind.RATINGS, RATINGS)
    confirmed(services, batch)
    standings.refresh(services)
    services.directory.look_again()
    let_see(services)
    directory = services.directory.current()
    officer = directory.officers[ASHA]
    assert standings.months_shown(officer, directory, services)[0].tally == Tally(fours=6)
    undone(services, batch)
    standings.refresh(services)
    assert standings.months_shown(officer, directory, services)[0].tally is None


def test_ratings_of_nobody_in_particular_count_at_once(services: Services) -> None:
    batch = brought_in(services, ImportKind.RATINGS, "tanggal,U1\n2026-10-01,4\n2026-10-02,3\n")
    assert known(services, batch).confirmed_by == "admin"
    assert ikm_answers(services) == 2


def test_a_corrected_file_after_an_undo_brings_its_ratings_back_once(services: Services, session: Session) -> None:
    first = brought_in(services, ImportKind.RATINGS, RATINGS)
    undone(services, first)
    second = brought_in(services, ImportKind.RATINGS, RATINGS + "2026-10-02,DK7,3,3,\n")
    assert known(services, second).counts.new == 7
    confirmed(services, second)
    with writing(services.engine) as writer:
        acts.count_again(writer, first)
    assert score(services)[0] == Tally(threes=1, fours=6)
    assert session.scalars(select(func.count()).select_from(RatingRow)).one() == 7


def test_the_operators_word_counts_at_once_for_what_waits_unconfirmed(services: Services, tmp_path: Path) -> None:
    brought_in(services, ImportKind.RATINGS, RATINGS)
    path = tmp_path / "formulir.csv"
    path.write_text(RATINGS)
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    summary = import_ratings(path, OFFICE, away, lambda stage, done, of: None)
    assert (summary.new, summary.known) == (6, 0)
    assert score(away) == (Tally(fours=6), {})
    away.close()


def test_whoever_imports_into_a_month_looked_at_for_the_last_time_is_told(services: Services, tmp_path: Path) -> None:
    office = services.directory.current().offices[OFFICE]
    with writing(services.engine) as session:
        session.add(
            GroupClosingRow(
                region_code=office.region,
                kind=office.kind.value,
                month=str(OCTOBER),
                closed_at=services.clock() - timedelta(days=2),
                restated_at=services.clock() - timedelta(days=1),
            )
        )
    path = tmp_path / "survei.csv"
    path.write_text(RATINGS)
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    assert import_ratings(path, OFFICE, away, lambda _stage, _done, _of: None).settled == 6
    away.close()
    batch = brought_in(services, ImportKind.RATINGS, RATINGS.replace("2026-10-", "2026-09-"))
    with reading(services.engine) as session:
        assert in_settled_months(session, batch) == 0
