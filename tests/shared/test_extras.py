"""Answers to an office's own elements: beside the nine, never in their figures, and nothing that was changes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from shared.db.engine import reading, writing
from shared.db.extra_elements import extra_sums
from shared.db.quarantine import quarantined
from shared.db.ratings import record
from shared.db.survey import came_in, extras_in
from shared.db.tables import RatingRow
from shared.disclosure import PEOPLE, SUM, Unit
from shared.domain.months import Month
from shared.domain.periods import Period
from shared.domain.ratings import Rating
from shared.domain.skm import Element
from shared.imports.ratings import import_ratings
from shared.imports.refusals import FileRefused
from shared.imports.runs import Summary
from shared.services import Services
from tests.cast import OFFICE, OTHER_OFFICE
from tests.factories import NOON, a_message, a_rating, an_extra_element
from tests.shared.test_ikm import ikm_json
from tests.shell import Shell

BORN = UUID("018f0000-0000-7000-8000-000000000001")
ON_PAPER: dict[str, Any] = {
    "officer": None, "overall": None, "counter": None, "kiosk": None, "channel": "paper", "comment": "baik",
    "reasons": ["ramah"], "profile": {"sex": "female"}, "elements": {"WAKTU": 3, "BIAYA": 4},
}  # fmt: skip
NOVEMBER = Month(2026, 11)


@pytest.fixture
def _elements(services: Services) -> None:
    with writing(services.engine) as session:
        session.add(an_extra_element(name_en="Waiting room"))
        session.add(an_extra_element(code="PARKIR", name="Parkir", position=2))


def recorded(services: Services, *ratings: Rating) -> None:
    with writing(services.engine) as session:
        record(ratings, session, NOON)


@pytest.mark.parametrize(
    ("rating", "digest"),
    [
        pytest.param(a_rating(id=BORN, given_at=NOON), "01996d3b5835ebf8378df94c98cd2665", id="a press"),
        pytest.param(
            a_rating(id=BORN, given_at=NOON, **ON_PAPER), "09079958473f820bb932cc52d4fa9877", id="a form on paper"
        ),
        pytest.param(a_message(id=BORN), "0f56ba8e05f776cb4e57723f99a2b133", id="a message"),
    ],
)
def test_a_rating_without_them_has_the_digest_it_always_had(rating: Rating, digest: str) -> None:
    assert rating.digest == digest
    assert rating.model_copy(update={"extras": {}}).digest == digest
    assert rating.model_copy(update={"extras": {"U10": 3}}).digest != digest
    assert "extras" not in json.loads(rating.model_dump_json(exclude_defaults=True))


def test_the_order_in_which_they_were_sent_is_no_content() -> None:
    one, other = (a_rating(id=BORN, given_at=NOON, extras=extras) for extras in ({"B": 1, "A": 2}, {"a": 2, "b": 1}))
    assert one.digest == other.digest


@pytest.mark.parametrize("known", [0, 60], ids=["all new", "half known"])
def test_a_batch_with_some_of_them_is_recorded_whole_and_once(
    services: Services, session: Session, known: int
) -> None:
    ratings = [a_rating(extras={"U10": number % 4 + 1, "PARKIR": 2} if number % 3 else {}) for number in range(120)]
    recorded(services, *ratings[:known])
    recorded(services, *ratings)
    rows = session.execute(select(col(RatingRow.id), col(RatingRow.extras), col(RatingRow.digest)))
    assert {row.id: (row.extras, row.digest) for row in rows} == {
        rating.id: (rating.extras or None, rating.digest) for rating in ratings
    }


def test_the_same_id_with_another_extra_answer_goes_to_quarantine(services: Services, session: Session) -> None:
    first = a_rating(extras={"U10": 4})
    recorded(services, first, first.model_copy(update={"extras": {"U10": 1}}))
    assert session.scalars(select(col(RatingRow.extras))).all() == [{"U10": 4}]
    (kept,) = quarantined(session)
    assert Rating.model_validate_json(kept.body).extras == {"U10": 1}


def test_the_database_takes_a_form_of_extras_alone_and_none_without_any_answer(
    services: Services, session: Session
) -> None:
    recorded(services, a_rating(**{**ON_PAPER, "elements": {}, "extras": {"U10": 1}}))
    with pytest.raises(IntegrityError):
        recorded(services, a_rating(**{**ON_PAPER, "elements": {}}))
    assert session.scalars(select(col(RatingRow.extras))).all() == [{"U10": 1}]


@pytest.mark.usefixtures("_elements")
def test_the_operators_command_tells_them_beside_the_index_and_nothing_of_it_moves(
    suara: Shell,
    services: Services,
) -> None:
    recorded(services, *(a_rating(elements=dict.fromkeys(Element, 3)) for _ in range(3)))
    before = ikm_json(suara)
    assert before.pop("extras") == {
        "U10": {"sum": 0, "answered": 0, "nrr": None},
        "PARKIR": {"sum": 0, "answered": 0, "nrr": None},
    }
    recorded(
        services, a_rating(extras={"U10": 1}), a_rating(extras={"U10": 4, "GONE": 4}), a_message(extras={"U10": 2})
    )
    recorded(services, a_rating(office=OTHER_OFFICE, officer=None, overall=None, counter=None, extras={"U10": 4}))
    after = ikm_json(suara)
    assert after.pop("extras")["U10"] == {"sum": 7, "answered": 3, "nrr": "2.3333"}
    assert after == before
    told = suara.run("ikm", "--office", OFFICE, "--from", "2026-11", "--to", "2026-11").stdout
    assert "Unsur tambahan kantor ini, di luar IKM" in told
    assert "Ruang tunggu" in told
    assert "2,3333" in told


def test_they_come_into_the_survey_by_the_same_rules_as_the_nine(services: Services) -> None:
    year, october = Period(Month(2026, 1), Month(2026, 12)), Month(2026, 10)
    rounds = {Month(2026, 9): datetime(2026, 10, 6, tzinfo=UTC), october: datetime(2026, 11, 6, tzinfo=UTC)}
    given, early, late = (datetime(2026, *day, tzinfo=UTC) for day in ((9, 20), (9, 21), (10, 8)))
    for moment, answer in ((early, 3), (early, 4), (late, 1), (NOON, 2)):
        with writing(services.engine) as session:
            record([a_rating(given_at=given, extras={"U10": answer})], session, moment)
    with reading(services.engine) as session:
        found = extras_in(session, OFFICE, ["U10", "PARKIR"], year, october, rounds)
        assert came_in(session, OFFICE, year, october, rounds).respondents == {}, (
            "they are no respondents of the nine"
        )
    september = Month(2026, 9)
    assert found["U10"] == {
        Unit(september, september): {PEOPLE: 2, SUM: 7},
        Unit(september, october): {PEOPLE: 1, SUM: 1},
    }
    assert found["PARKIR"] == {}


@pytest.fixture
def alone(services: Services) -> Any:
    away = Services.of(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), services.clock)
    yield away
    away.close()


def brought_in(folder: Path, content: str, services: Services) -> Summary:
    path = folder / "formulir.csv"
    path.write_text(content)
    return import_ratings(path, OFFICE, services, lambda stage, done, of: None)


def test_a_row_without_them_has_the_id_it_always_had(alone: Services, session: Session, tmp_path: Path) -> None:
    brought_in(tmp_path, "tanggal;petugas;nilai;U1;U9;saran\n2026-10-30;dk7;4;3;2;Cepat\n", alone)
    row = session.execute(select(col(RatingRow.id), col(RatingRow.digest))).one()
    assert tuple(row) == (UUID("7a74561d-9c48-5357-9c3f-96633d0547bc"), "0fa50ccb60bbc4c64924c1243260a74f")


@pytest.mark.usefixtures("_elements")
def test_a_table_names_them_by_code_or_by_name_and_once_is_once(
    alone: Services, session: Session, tmp_path: Path
) -> None:
    brought_in(tmp_path, "tanggal;U1;u10;Parkir\n2026-10-30;3;4;2\n2026-10-30;3;4;\n2026-10-30;3;;\n", alone)
    again = brought_in(tmp_path, "tanggal;Parkir;U1;Waiting Room\n2026-10-30;;3;4,0\n2026-10-30;2;3;4\n", alone)
    assert (again.new, again.known, again.refused) == (0, 2, 0)
    found = session.scalars(select(col(RatingRow.extras)).order_by(col(RatingRow.import_row))).all()
    assert found == [{"PARKIR": 2, "U10": 4}, {"U10": 4}, None]


@pytest.mark.usefixtures("_elements")
def test_a_table_of_them_alone_is_one_and_a_wrong_answer_comes_back(
    alone: Services, session: Session, tmp_path: Path
) -> None:
    summary = brought_in(tmp_path, "tanggal;U10;U11\n2026-10-30;4;3\n2026-10-30;5;3\n2026-10-30;;3\n", alone)
    assert (summary.new, summary.refused, summary.ignored) == (1, 2, ("U11",))
    assert summary.rejected is not None
    returned = summary.rejected.read_text()
    assert "Jawaban “5” di kolom U10 bukan angka 1 sampai 4." in returned
    assert "Tidak ada jawaban di baris ini." in returned


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_name_that_two_of_them_bear_is_no_column(
    services: Services, alone: Services, session: Session, tmp_path: Path
) -> None:
    with writing(services.engine) as changed:
        changed.add_all([an_extra_element(), an_extra_element(code="U11", question="Berapa kursi di sana?")])
    summary = brought_in(tmp_path, "tanggal;U1;Ruang tunggu;U11\n2026-10-30;3;4;2\n", alone)
    assert summary.ignored == ("Ruang tunggu",)
    assert session.scalars(select(col(RatingRow.extras))).all() == [{"U11": 2}]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_column_that_is_none_of_the_offices_is_ignored_as_ever(alone: Services, tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        brought_in(tmp_path, "tanggal;U10\n2026-10-30;3\n", alone)


def test_nothing_is_asked_of_the_ratings_where_an_office_has_none(session: Session) -> None:
    assert extra_sums(session, OFFICE, [], NOVEMBER, NOVEMBER) == {}
