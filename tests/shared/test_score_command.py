"""`suara close` and `suara score`, as an operator meets them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from shared import standings
from shared.db.engine import writing
from shared.db.ratings import record
from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.services import Services
from tests.cast import ASHA
from tests.factories import a_rating
from tests.shell import Shell

LAST = Month.of(system_clock(), UTC).plus(-1)
BEGIN = datetime(LAST.year, LAST.number, 12, 1, tzinfo=UTC)
ABOUT = ("--officer", ASHA, "--month", str(LAST))


def give(services: Services, *answers: int, day: int = 0) -> None:
    moments = [BEGIN + timedelta(days=day, minutes=number) for number in range(len(answers))]
    ratings = [
        a_rating(overall=answer, given_at=moment, accepted_at=moment, channel="sms", kiosk=None)
        for answer, moment in zip(answers, moments, strict=True)
    ]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)


def told(suara: Shell, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(suara.run("score", *(words or ABOUT), "--json").stdout)
    return found


def test_a_month_that_runs_is_not_closed(suara: Shell) -> None:
    assert "belum berakhir" in suara.refusal("close", "--month", str(LAST.plus(1)))


def test_a_month_in_which_nobody_was_rated_has_nothing_to_close(suara: Shell) -> None:
    assert "Tidak ada petugas yang dinilai" in suara.refusal("close", "--month", str(LAST))


def test_closing_says_what_was_made_and_then_that_it_is_done(suara: Shell, services: Services) -> None:
    give(services, *[4] * 6)
    assert "1 nilai dalam 1 kelompok" in suara.run("close", "--month", str(LAST)).output
    again = suara.run("close", "--month", str(LAST))
    assert again.exit_code == 0
    assert "sudah ditutup" in again.output


def test_an_open_month_has_no_revision_and_a_closed_one_has(suara: Shell, services: Services) -> None:
    give(services, *[4, 4, 4, 3, 2] * 20)
    before = told(suara)
    assert (before["revision"], before["status"], before["raw_index"]) == (None, "final", "85.00")
    suara.run("close", "--month", str(LAST))
    after = told(suara)
    assert after == {**before, "revision": 1}
    assert after["grade"] == ("A" if float(after["index"]) >= 88.31 else "B")
    assert after["group"]["officers"] == 1


def test_few_ratings_have_a_raw_index_and_no_other(suara: Shell, services: Services) -> None:
    give(services, 4, 3)
    found = told(suara)
    assert (found["raw_index"], found["index"], found["low"], found["high"]) == ("87.50", None, None, None)
    assert (found["status"], found["grade"], found["reliability"]) == ("insufficient", None, None)
    assert found["needed"] == 35
    assert "perlu 35 lagi" in suara.run("score", *ABOUT).output


def test_a_month_without_ratings_says_nothing(suara: Shell) -> None:
    found = told(suara)
    assert (found["count"], found["histogram"], found["status"], found["group"]) == (0, [0, 0, 0, 0], None, None)
    assert "belum ada penilaian" in suara.run("score", *ABOUT).output


def test_the_words_give_index_interval_and_grade(suara: Shell, services: Services) -> None:
    give(services, *[4] * 20)
    assert "sementara; perlu" in suara.run("score", *ABOUT).output
    give(services, *[4] * 40, day=1)
    assert "Nilai 100,00 (" in suara.run("score", *ABOUT).output
    assert "mutu A" in suara.run("score", *ABOUT, "--explain").output


def test_recomputing_compares_with_the_ratings_of_today(suara: Shell, services: Services) -> None:
    give(services, *[4] * 6)
    assert "belum ditutup" in suara.refusal("score", *ABOUT, "--recompute")
    suara.run("close", "--month", str(LAST))
    assert "sama dengan hasil hitung ulang" in suara.run("score", *ABOUT, "--recompute").output
    give(services, 1, 1, 1, 1, 1, day=2)
    assert "revisi 1 bernilai 100,00 dari 6 penilaian" in suara.refusal("score", *ABOUT, "--recompute")
