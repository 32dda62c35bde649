"""What a kiosk exported, brought in by the operator: once, whoever brings it and however often."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlmodel import Session, col

from kiosk import create_app
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.people_tables import OfficerRow
from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import NOON, a_sent_rating
from tests.kiosk.conftest import Device, bring_to_the_page, fresh
from tests.shell import Shell

MEASURED = {"office": OFFICE, "offset": -1200}


@pytest.fixture
def suara(services: Services, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Run commands on this test's installation; Redis is away."""
    return Shell(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), monkeypatch)


def a_file(folder: Path, *ratings: Any, **header: Any) -> Path:
    path = folder / "layar.json"
    said = {"suara_loket": "outbox", "kiosk": "Layar", "office": OFFICE, **header, "ratings": list(ratings)}
    path.write_text(json.dumps(said))
    return path


def rows(session: Session) -> list[RatingRow]:
    return list(fresh(session).scalars(select(RatingRow).order_by(col(RatingRow.given_at))))


def test_what_is_exported_counts_once_however_often_and_whoever_brings_it(
    suara: Shell, services: Services, session: Session, tmp_path: Path
) -> None:
    sent = a_sent_rating(overall=2, comment="Lama.", sequence=7)
    other = a_sent_rating(overall=4, sequence=8)
    path = a_file(tmp_path, {**sent, "local": MEASURED}, {**other, "local": {}}, {**sent, "local": MEASURED})
    done = suara.run("import", "outbox", path, "--kiosk", "1")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Penilaian dalam berkas: 3",
        "Baru: 2",
        "Sudah ada sebelumnya: 1",
        "Ditolak: 0",
    ]
    assert "Baru: 0" in suara.printed("import", "outbox", path, "--kiosk", "1").splitlines()
    returned = Device(create_app(services).test_client()).give(sent, other, sent_at=NOON.isoformat())
    assert returned.status_code == 202
    bring_to_the_page(services)
    found = [
        (str(row.id), row.overall, row.kiosk_id, row.channel, row.sequence, row.counter_code) for row in rows(session)
    ]
    assert sorted(found) == sorted(
        [(sent["id"], 2, 1, "kiosk", 7, COUNTER), (other["id"], 4, 1, "kiosk", 8, COUNTER)]
    )
    assert quarantined(session) == []
    acts = [row.after for row in session.scalars(select(AuditRow).where(col(AuditRow.verb) == "imported"))]
    assert [(act["what"], act["kiosk_id"], act["new"]) for act in acts] == [("outbox", 1, 2), ("outbox", 1, 0)]


def test_bad_ones_come_back_with_their_reason_and_go_in_once_it_is_put_right(
    suara: Shell, services: Services, session: Session, tmp_path: Path
) -> None:
    with writing(services.engine) as writer:
        writer.execute(delete(OfficerRow).where(col(OfficerRow.code) == BILAL))
    gone = a_sent_rating(officer=BILAL)
    foreign = {**a_sent_rating(), "local": {"office": "PSF"}}
    bad = [a_sent_rating(overall=9), {**a_sent_rating(), "rasa": 1}, {**a_sent_rating(), "overall": None}, 7]
    path = a_file(tmp_path, gone, a_sent_rating(), foreign, *bad)
    done = suara.run("import", "outbox", path, "--kiosk", "1")
    assert (done.exit_code, len(rows(session))) == (1, 1)
    back = tmp_path / "layar.rejected.json"
    assert str(back) in done.stderr
    assert [one["alasan_ditolak"] for one in json.loads(back.read_text())["ratings"]] == [
        f"Petugas “{BILAL}” tidak kami kenal.",
        "Penilaian ini diberikan di kantor PSF; impor untuk layar di kantor itu.",
        "Ada jawaban yang bukan angka 1 sampai 4.",
        "Isian “rasa” tidak terbaca.",
        "Tidak ada jawaban dalam penilaian ini.",
        "Isian “ratings” tidak terbaca.",
    ]
    with writing(services.engine) as writer:
        writer.add(OfficerRow(code=BILAL, name="Bilal", office_code=OFFICE))
    again = suara.run("import", "outbox", back, "--kiosk", "1")
    assert (again.exit_code, again.stdout.splitlines()[1]) == (1, "Baru: 1")
    assert {row.officer_code for row in rows(session)} == {ASHA, BILAL}
    assert len(json.loads(back.read_text())["ratings"]) == 5


HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


@pytest.mark.parametrize(
    ("given", "local", "device_time", "expected"),
    [
        pytest.param(NOON - HOUR, MEASURED, NOON + YEAR, NOON - HOUR, id="by the server's clock"),
        pytest.param(NOON + YEAR - HOUR, {"offset": None}, NOON + YEAR, NOON - HOUR, id="by a clock a year ahead"),
        pytest.param(NOON - YEAR * 3, {}, NOON, None, id="by a clock that was lost since"),
        pytest.param(NOON + YEAR, {}, None, None, id="by a clock nobody asked"),
    ],
)
def test_each_is_taken_by_the_clock_it_was_given_by(
    suara: Shell, session: Session, tmp_path: Path, given: Any, local: Any, device_time: Any, expected: Any
) -> None:
    told = device_time and device_time.isoformat()
    path = a_file(
        tmp_path,
        {**a_sent_rating(given_at=given.isoformat()), "local": local},
        exported_at=NOON.isoformat(),
        device_time=told,
    )
    assert suara.run("import", "outbox", path, "--kiosk", "1").exit_code == 0
    (row,) = rows(session)
    assert abs(row.given_at - (expected or row.accepted_at)) < timedelta(seconds=2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "bukan berkas dari layar", id="empty"),
        pytest.param(b"<html>", "bukan berkas dari layar", id="a page"),
        pytest.param(b"[1, 2]", "bukan berkas dari layar", id="a list"),
        pytest.param(b'{"ratings": [1]}', "bukan berkas dari layar", id="of something else"),
        pytest.param(b'{"suara_loket": "outbox", "ratings": {}}', "bukan berkas dari layar", id="no list"),
        pytest.param(b"[" * 100_000, "bukan berkas dari layar", id="without end"),
        pytest.param(b'{"suara_loket": "outbox", "ratings": []}', "Tidak ada penilaian", id="without ratings"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_no_kiosk_exported_is_refused_as_a_whole(
    suara: Shell, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "layar.json"
    path.write_bytes(content)
    assert sentence in suara.refusal("import", "outbox", path, "--kiosk", "1")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_kiosk_that_is_not_known_is_named(suara: Shell, tmp_path: Path) -> None:
    assert "999" in suara.refusal("import", "outbox", a_file(tmp_path, a_sent_rating()), "--kiosk", "999")
