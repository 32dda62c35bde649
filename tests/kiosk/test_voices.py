"""What residents said beside the four answers: shown when enough said it, never by whom or when, and money never."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from shared import closing, standings
from shared.db.engine import writing
from shared.db.ratings import record
from shared.domain.m1 import Score, Status
from shared.domain.results import Result, spread_of
from shared.privacy import shown_comments, shown_counts
from shared.services import Services
from tests.cast import ASHA
from tests.factories import SettableClock, a_message
from tests.pages import Pages, let_sign_in

BEGIN = datetime(2026, 10, 5, 1, tzinfo=UTC)
SIXTH = datetime(2026, 11, 5, 17, tzinfo=UTC)


@pytest.fixture
def asha(app: Flask, services: Services) -> Pages:
    let_sign_in(services, "asha", ASHA)
    return Pages(app)


def give(services: Services, count: int, **about: Any) -> None:
    ratings = [
        a_message(**{"overall": 3, "given_at": BEGIN + timedelta(hours=number), **about}) for number in range(count)
    ]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())


def close(services: Services, clock: SettableClock) -> None:
    standings.refresh(services)
    clock.moment = SIXTH
    for step in closing.steps(services):
        closing.take(step, services)


def october(pages: Pages) -> str:
    pages.sign_in("asha")
    return pages.get("/me/2026-10").text


@pytest.fixture(autouse=True)
def _in_november(clock: SettableClock) -> None:
    clock.moment = datetime(2026, 11, 3, tzinfo=UTC)


def test_reasons_that_five_people_gave_are_told_and_no_others(
    services: Services, clock: SettableClock, asha: Pages
) -> None:
    give(services, 5, overall=4, reasons=["ramah"])
    give(services, 4, overall=4, reasons=["sabar"])
    give(services, 6, overall=2, reasons=["lama"])
    close(services, clock)
    page = october(asha)
    assert "Ramah 5 kali" in page
    assert "6 kali" in page
    assert "Sabar" not in page
    assert "Alasan yang disebut kurang dari lima orang tidak ditampilkan." in page


def test_being_asked_for_money_is_never_told_to_the_officer(
    services: Services, clock: SettableClock, asha: Pages
) -> None:
    give(services, 20, overall=1, reasons=["minta_biaya"])
    close(services, clock)
    page = october(asha)
    assert "biaya" not in page
    assert "Alasan yang disebut" not in page


def test_competence_and_conduct_are_told_apart_and_the_lower_one_named(
    services: Services, clock: SettableClock, asha: Pages
) -> None:
    give(services, 8, elements={"KOMPETENSI": 4, "PERILAKU": 2, "SARANA": 1})
    close(services, clock)
    page = october(asha)
    assert "Kemampuan 8 100,00" in page
    assert "Kesopanan dan keramahan 8 50,00" in page
    assert "“Kesopanan dan keramahan” masih lebih bisa ditingkatkan." in page
    assert "Sarana" not in page


@pytest.mark.parametrize(("ratings", "told"), [pytest.param(9, False, id="nine"), pytest.param(10, True, id="ten")])
def test_comments_are_told_from_ten_ratings_on(
    services: Services, clock: SettableClock, asha: Pages, ratings: int, told: bool
) -> None:
    give(services, ratings - 1)
    give(services, 1, comment="Petugasnya sabar, hubungi 0812-3456-7890")
    close(services, clock)
    page = october(asha)
    assert ("Petugasnya sabar, hubungi …" in page) is told
    assert "3456" not in page


def test_what_comes_after_the_closing_is_not_told_before_it_counts(
    services: Services, clock: SettableClock, asha: Pages
) -> None:
    give(services, 10)
    close(services, clock)
    clock.advance(hours=1)
    give(services, 1, comment="Baru saja dari loket.", given_at=BEGIN, accepted_at=clock.moment)
    standings.refresh(services)
    assert "Baru saja dari loket." not in october(asha)


def test_a_comment_is_text_whatever_it_says(services: Services, clock: SettableClock, asha: Pages) -> None:
    give(services, 9)
    give(services, 1, comment="<b>baik</b> {{ 7 * 7 }}")
    close(services, clock)
    october(asha)
    assert "&lt;b&gt;baik&lt;/b&gt; {{ 7 * 7 }}" in asha.get("/me/2026-10").html


def test_comments_stand_in_no_order_of_time() -> None:
    comments = [f"Komentar {number}" for number in range(20)]
    told = shown_comments(comments, 20)
    assert told == shown_comments(reversed(comments), 20)
    assert told != comments
    assert sorted(told) == sorted(comments)


def test_counts_below_five_are_left_out() -> None:
    assert shown_counts({"a": 4, "b": 5, "c": 9}) == {"c": 9, "b": 5}


def _result(index: int, status: Status = Status.FINAL) -> Result:
    return Result({}, Score(3.0, 0.8, index, index - 100, index + 100, status), None)


def test_a_group_of_ten_has_a_middle_and_a_smaller_one_tells_nothing() -> None:
    ten = [_result(7000 + 100 * number) for number in range(10)]
    spread = spread_of([*ten, _result(2500, Status.INSUFFICIENT)])
    assert spread is not None
    assert (spread.officers, spread.lower, spread.middle, spread.upper) == (10, 7225, 7450, 7675)
    assert spread_of(ten[:9]) is None
