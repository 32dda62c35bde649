"""The product's scores of the whole demo, beside those of a small implementation of the written method."""

import json
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.engine import make_engine, reading
from shared.db.people_tables import OfficeRow, PostingRow
from shared.db.tables import RatingRow
from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.settings import Settings
from tests.servers import settings_in
from tests.shared import reference
from tests.shell import Shell

SAME = ("count", "histogram", "channels", "set_aside", "raw_index", "status", "needed", "grade")


def world(session: Session) -> reference.World:
    """Return every single rating, and what it takes to judge it."""
    offices = {
        office.code: reference.Office(office.region_code, office.kind, ZoneInfo(office.timezone))
        for office in session.scalars(select(OfficeRow))
    }
    postings = [
        reference.Posting(row.officer_code, row.counter_code, row.starts_at, row.ends_at)
        for row in session.scalars(select(PostingRow))
    ]
    ratings = [
        reference.Given(
            id=str(row.id), officer=row.officer_code or "", office=row.office_code, channel=row.channel,
            overall=row.overall or 0, given_at=row.given_at, accepted_at=row.accepted_at, kiosk=row.kiosk_id,
            counter=row.counter_code, picked=row.picked, rater_key=row.rater_key, own_phone=row.own_phone,
            imported=row.import_batch_id is not None,
        )
        for row in session.scalars(select(RatingRow).where(col(RatingRow.overall).is_not(None)))
    ]  # fmt: skip
    return reference.World(offices, postings, ratings)


def test_every_officer_of_the_demo_has_the_score_of_the_written_method(
    valkey: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path, redis_url=valkey.redis_address)
    shell, this = Shell(settings, monkeypatch), Month.of(system_clock(), UTC)
    assert shell.run("seed").exit_code == 0
    months = [str(this.plus(-2)), str(this.plus(-1))]
    for month in months:
        assert shell.run("close", "--month", month).exit_code == 0
    with reading(make_engine(settings.database_address)) as session:
        rows = reference.months_of(world(session))
    compared = [pair for pair, row in rows.items() if pair[1] in months and reference.total(row.channels)]
    assert len(compared) > 20
    for officer, month in compared:
        ours = json.loads(shell.run("score", "--officer", officer, "--month", month, "--json").stdout)
        assert_agrees(ours, reference.score_among(rows, officer, month))


def assert_agrees(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert {name: ours[name] for name in SAME} == {name: theirs[name] for name in SAME}
    assert ours["revision"] == 1
    assert_close(ours, theirs)
    assert (ours["window"] is None) == (theirs["window"] is None)
    if theirs["window"]:
        assert (ours["window"]["months"], ours["window"]["count"]) == (
            theirs["window"]["months"],
            theirs["window"]["count"],
        )
        assert_close(ours["window"], theirs["window"])
    group, parameters = ours["group"], theirs["parameters"]
    for mine, other in (("sigma2", "sigma2"), ("freedom", "df"), ("tau2", "tau2"), ("officers", "k"), ("mean", "mu")):
        assert group[mine] == pytest.approx(parameters[other], rel=1e-9)
    for channel, offset in group["offsets"].items():
        assert (offset["delta"], offset["error"]) == pytest.approx(parameters["delta"][channel], rel=1e-9, abs=1e-12)


def assert_close(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert ours["index"] == theirs["index"]
    assert ours["reliability"] == pytest.approx(theirs["reliability"], rel=1e-9)
    for bound in ("low", "high"):
        if theirs[bound] is None:
            assert ours[bound] is None
        else:  # a root lies in them: exact fractions and floats may round the last hundredth apart
            assert float(ours[bound]) == pytest.approx(float(theirs[bound]), abs=0.0101)
