"""From nothing to a working office by the operator's commands alone, and what they refuse."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from shared import intake, stream
from shared.db.api_keys import key_of
from shared.db.engine import reading, writing
from shared.db.kiosks import known_kiosks
from shared.db.offices import put_region, regions
from shared.db.people import photo_of
from shared.db.people_writes import put_officers
from shared.db.quarantine import quarantined_count
from shared.domain.facts import RegionFacts
from shared.services import Services
from tests.cast import ASHA
from tests.factories import a_rating
from tests.kiosk.conftest import bring_to_the_page
from tests.shell import Shell


def test_an_office_is_made_from_nothing(suara: Shell, services: Services, tmp_path: Path) -> None:
    assert (
        suara.run("add", "office", "kcb", "Kecamatan Baru", "--region", "Kota Baru", "--users", "900").exit_code == 0
    )
    assert suara.run("add", "counter", "KCB1", "Meja 1", "--office", "kcb").exit_code == 0
    assert suara.run("add", "service", "SKTM", "Surat keterangan", "--office", "KCB").exit_code == 0
    table = tmp_path / "petugas.csv"
    table.write_text("kode;nama;kantor\nKB1;Nur'aini;KCB\n")
    assert suara.run("import", "officers", str(table)).exit_code == 0
    assert "kb1" in suara.run("accounts", "add", "kb1", "--role", "officer", "--officer", "KB1").output
    added = suara.run("kiosk", "add", "Meja 1", "--office", "KCB", "--counter", "KCB1")
    assert added.exit_code == 0
    services.directory.look_again()
    directory = services.directory.current()
    assert (directory.offices["KCB"].timezone.key, directory.officers["KB1"].name) == ("Asia/Jakarta", "Nur'aini")
    assert "Meja 1" in suara.run("kiosk", "list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "office", "DSW", "Lagi", "--region", "X"), "DSW"),
        (("add", "office", "a b", "Lagi", "--region", "X"), "a b"),
        (("add", "office", "NEW", "Baru", "--region", "X", "--timezone", "Asia/Sofifi"), "Asia/Sofifi"),
        (("add", "counter", "DK7", "Loket", "--office", "DSW"), "DK7"),
        (("add", "counter", "NEW", "Loket", "--office", "NONE"), "NONE"),
        (("add", "counter", "199001012015031001", "Loket", "--office", "DSW"), "NIP"),
        (("add", "counter", "NEW", " ", "--office", "DSW"), "Nama"),
        (("add", "office", "NEW", "Baru", "--region", " "), "Nama"),
        (("accounts", "add", "xx1", "--role", "officer", "--officer", "XX1"), "XX1"),
        (("kiosk", "add", "X", "--office", "DSW", "--counter", "PSL1"), "PSL1"),
        (("kiosk", "add", "", "--office", "DSW"), "Nama"),
        (("kiosk", "add", "X", "--office", "NONE"), "NONE"),
        (("kiosk", "revoke", "99"), "99"),
        (("api-key", "add", "Antrean", "--office", "NONE"), "NONE"),
        (("api-key", "add", " ", "--office", "DSW"), "Nama"),
        (("api-key", "revoke", "99"), "99"),
        (("score", "--officer", "XX1", "--month", "2026-11"), "XX1"),
        (("score", "--officer", "DK7", "--month", "2026-13"), "2026-13"),
        (("seed",), "kosong"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else None,
)
def test_a_refusal_is_a_sentence_that_names_it(suara: Shell, words: tuple[str, ...], said: str) -> None:
    assert said in suara.refusal(*words)


def test_a_key_of_a_queue_system_is_told_once_and_shut_out(suara: Shell, services: Services) -> None:
    secret = suara.run("api-key", "add", "Antrean", "--office", "dsw").output.split()[-1]
    assert "Antrean" in suara.refusal("api-key", "add", "Antrean", "--office", "DSW")
    with reading(services.engine) as session:
        key = key_of(session, secret)
    assert key is not None
    assert (key.office, key.name) == ("DSW", "Antrean")
    listed = suara.run("api-key", "list").output
    assert "Antrean" in listed
    assert secret[6:] not in listed
    assert suara.run("api-key", "revoke", str(key.id)).exit_code == 0
    with reading(services.engine) as session:
        assert key_of(session, secret) is None


def test_a_command_given_twice_makes_one_thing(suara: Shell, services: Services) -> None:
    for _twice in range(2):
        assert suara.run("add", "counter", "KCB1", "Meja 1", "--office", "DSW").exit_code == 0
    assert "KCB1" in suara.refusal("add", "counter", "KCB1", "Meja 2", "--office", "DSW")
    kiosk = ("kiosk", "add", "Meja 1", "--office", "dsw", "--counter", "kcb1")
    assert suara.run(*kiosk).exit_code == 0
    assert "“Meja 1”" in suara.refusal(*kiosk)
    assert "“Meja 1”" in suara.refusal("kiosk", "add", "Meja 1", "--office", "DSW")
    with reading(services.engine) as session:
        assert [kiosk.counter for kiosk in known_kiosks(session) if kiosk.name == "Meja 1"] == ["KCB1"]


def test_a_new_region_gets_a_code_that_is_free(suara: Shell, services: Services) -> None:
    with writing(services.engine) as session:
        before = {region.code for region in regions(session)}
        put_region(session, RegionFacts(code=f"R{len(before) + 2}", name="Kabupaten Lama"))
    for number, name in enumerate(("Kota Baru", "Kota Lain", " Kota  Baru ")):
        assert suara.run("add", "office", f"NEW{number}", "Baru", "--region", name).exit_code == 0
    with reading(services.engine) as session:
        assert [region.name for region in regions(session) if region.code not in before] == [
            "Kabupaten Lama", "Kota Baru", "Kota Lain",
        ]  # fmt: skip


def test_a_refused_office_leaves_no_region_behind(suara: Shell, services: Services) -> None:
    suara.refusal("add", "office", "DSW", "Lagi", "--region", "Kota Baru")
    with reading(services.engine) as session:
        assert "Kota Baru" not in {region.name for region in regions(session)}


def test_the_score_is_printed_as_json_with_its_arithmetic(suara: Shell, services: Services) -> None:
    intake.accept([a_rating(overall=answer) for answer in (4, 4, 3)], services)
    bring_to_the_page(services)
    printed = json.loads(suara.run("score", "--officer", "dk7", "--month", "2026-11", "--json").output)
    assert (printed["count"], printed["histogram"], printed["raw_index"]) == (3, [0, 0, 1, 2], "91.67")
    assert printed["channels"] == {"kiosk": [0, 0, 1, 2]}
    assert printed["index"] is None
    explained = suara.run("score", "--officer", ASHA, "--month", "2026-11", "--explain").output
    assert "November 2026: 3 penilaian" in explained
    assert "91,67" in explained


def test_status_counts_what_waits_and_trusts_our_valkey(suara: Shell, services: Services) -> None:
    intake.accept([a_rating()], services)
    known = json.loads(suara.run("status", "--json").output)
    assert known["stream"]["length"] == 1
    assert (known["quarantined"], known["kiosks_silent"], known["warnings"]) == (0, 2, [])


def test_replay_brings_back_what_was_mended(suara: Shell, services: Services) -> None:
    unknown = a_rating(officer="KB1", office="DSW")
    services.redis.xadd(stream.STREAM, {stream.FIELD: unknown.model_dump_json()})
    services.redis.xadd(stream.STREAM, {stream.FIELD: b"{"})
    bring_to_the_page(services)
    assert suara.run("replay").output.startswith("0 ")
    with reading(services.engine) as session:
        assert quarantined_count(session) == 2, "what still cannot be recorded stays"
    with writing(services.engine) as session:
        put_officers(session, {"KB1": ("Nur'aini", "DSW")})
    assert suara.run("replay").output.startswith("1 ")
    assert suara.run("replay").output.startswith("0 ")
    with reading(services.engine) as session:
        assert quarantined_count(session) == 1, "what nobody can read stays"


def test_a_photo_is_cropped_and_stripped(suara: Shell, services: Services, tmp_path: Path) -> None:
    file = tmp_path / "foto.jpg"
    exif = Image.Exif()
    exif[0x010E] = "where and when"
    Image.new("RGB", (1600, 2400), "#888").save(file, exif=exif)
    assert suara.run("add", "photo", ASHA, str(file)).exit_code == 0
    with reading(services.engine) as session:
        stored = photo_of(session, ASHA)
    assert stored is not None
    with Image.open(io.BytesIO(stored)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (480, 480), 0)
    file.write_bytes(b"not a picture")
    assert "JPEG" in suara.refusal("add", "photo", ASHA, str(file))
