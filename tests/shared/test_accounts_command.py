"""`suara accounts` as the operator uses it, and the trail of everything the command line changes."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from passlib.totp import TOTP
from sqlmodel import Session

from shared.db import sign_ins
from shared.db.accounts import Account, Place, account_of, create_account, invited
from shared.db.audit import OPERATOR_ROLE, Actor
from shared.db.engine import writing
from shared.db.trail import Wanted, acts
from shared.domain.account_facts import OPERATOR
from shared.domain.people import Role
from shared.second_step import connect_phone
from shared.services import Services
from tests.cast import ASHA, OFFICE
from tests.factories import NOON
from tests.shell import Shell

CODE = re.compile(r"kode ([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})\b")
PASSWORD = "loket-tiga-ramah"


@pytest.fixture
def suara(services: Services, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Run commands on this test's installation; Redis is away."""
    return Shell(services.settings.model_copy(update={"redis_url": "unix:///nowhere.sock"}), monkeypatch)


def known(session: Session, username: str) -> Account:
    session.rollback()
    account = account_of(session, username)
    assert account is not None
    return account


def let_lead(services: Services, username: str, place: Place) -> None:
    with writing(services.engine) as session:
        account = create_account(session, username, PASSWORD, place, NOON)
        connect_phone(session, account, "s")
        sign_ins.begin(session, account.id or 0, datetime.now(UTC), None, "")


def sign_ins_of(session: Session, username: str) -> int:
    return len(sign_ins.lasting(session, known(session, username).id or 0, datetime.now(UTC)))


def test_the_first_administrator_is_invited_with_a_link(suara: Shell, session: Session) -> None:
    printed = suara.printed("accounts", "add", "Admin", "--role", "administrator")
    code = CODE.findall(printed)[0]
    assert f"http://127.0.0.1:8000/activate/{code}" in printed
    account = known(session, "admin")
    assert (account.name, account.place, account.password) == ("Admin", Place(Role.ADMINISTRATOR), None)
    found = invited(session, code, datetime.now(UTC))
    assert found is not None
    assert found.username == "admin"
    (act,) = acts(session, Wanted())[0]
    assert (act.actor, act.verb, act.subject) == (Actor(OPERATOR, OPERATOR_ROLE), "added", "admin")
    assert code not in repr(act)


def test_an_officer_is_called_by_their_name_and_the_same_words_twice_make_one_account(
    suara: Shell, session: Session
) -> None:
    words = ("accounts", "add", "dk7", "--role", "officer", "--officer", "dk7")
    first, second = (CODE.findall(suara.printed(*words))[0] for _ in range(2))
    assert known(session, "dk7").name == "Asha Pertiwi, S.Sos."
    assert invited(session, first, datetime.now(UTC)) is None
    assert invited(session, second, datetime.now(UTC)) is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("add admin2 --role supervisor", "--office KODE", id="a supervisor of nothing"),
        pytest.param("add admin2 --role agency --region XX", "“XX”", id="no such region"),
        pytest.param("add admin2 --role supervisor --office XX", "“XX”", id="no such office"),
        pytest.param("add admin --role auditor", "“admin”", id="a user name in use"),
        pytest.param("add dk8 --role auditor", "“dk8”", id="somebody's officer code"),
        pytest.param("add suara --role auditor", "bukan “suara”", id="the operator's name"),
        pytest.param(f"add a2 --role auditor --name {'a' * 121}", "120", id="a name too long"),
        pytest.param("activate nobody", "“nobody”", id="nobody to activate"),
        pytest.param("reset-second-step nobody", "“nobody”", id="nobody's phone"),
        pytest.param("open nobody", "“nobody”", id="nobody to let in"),
        pytest.param("shut admin", "pengelola terakhir", id="the last administrator"),
        pytest.param("code admin", "demo", id="a code outside a demo"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(
    suara: Shell, services: Services, session: Session, words: str, said: str
) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    assert said in suara.refusal("accounts", *words.split())
    assert acts(session, Wanted()) == ([], None)


def test_a_lost_password_gets_a_new_code_and_keeps_working_until_then(
    suara: Shell, services: Services, session: Session
) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    before = known(session, "admin").password
    code = CODE.findall(suara.printed("accounts", "activate", "ADMIN"))[0]
    assert known(session, "admin").password == before
    assert invited(session, code, datetime.now(UTC)) is not None


def test_shutting_out_and_letting_in_again(suara: Shell, services: Services, session: Session) -> None:
    let_lead(services, "admin", Place(Role.ADMINISTRATOR))
    let_lead(services, "nur", Place(Role.SUPERVISOR, office=OFFICE))
    assert sign_ins_of(session, "nur") == 1
    assert "“nur” ditutup." in suara.printed("accounts", "shut", "nur")
    assert not known(session, "nur").active
    assert sign_ins_of(session, "nur") == 0
    assert "“nur” ditutup" in suara.refusal("accounts", "activate", "nur")
    suara.printed("accounts", "open", "nur")
    assert known(session, "nur").active


def test_a_lost_phone_is_forgotten(suara: Shell, services: Services, session: Session) -> None:
    let_lead(services, "nur", Place(Role.AUDITOR))
    assert sign_ins_of(session, "nur") == 1
    suara.printed("accounts", "reset-second-step", "nur")
    account = known(session, "nur")
    assert (account.tf_totp_secret, account.mf_recovery_codes) == (None, None)
    assert sign_ins_of(session, "nur") == 0
    (act,) = acts(session, Wanted(words="nur"))[0]
    assert act.after["tf_totp_secret"] is None


def test_everybody_is_listed_with_what_they_are_for(
    suara: Shell, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    let_lead(services, "nur", Place(Role.SUPERVISOR, office=OFFICE))
    suara.printed("accounts", "add", "asha", "--role", "officer", "--officer", ASHA)
    listed = suara.printed("accounts", "list")
    assert "supervisor" in listed
    assert "DK7, Disdukcapil Sawahlunto" in listed
    assert "menunggu aktivasi" in listed
    assert "ponsel terhubung" in listed


def test_in_a_demo_the_code_of_a_phone_is_printed(suara: Shell, services: Services) -> None:
    with writing(services.engine) as session:
        account = create_account(session, "admin", PASSWORD, Place(Role.ADMINISTRATOR), NOON)
        key = connect_phone(session, account, "s")
        create_account(session, "asha", PASSWORD, Place(Role.OFFICER, officer=ASHA), NOON)
    services.settings.var.mkdir(exist_ok=True)
    (services.settings.var / "demo.json").write_text(json.dumps({}))
    printed = suara.printed("accounts", "code", "admin").strip()
    TOTP(key=key, format="base32").match(printed, window=30)
    assert "belum menghubungkan ponsel" in suara.refusal("accounts", "code", "asha")


def test_every_change_by_the_command_line_is_the_operators_act(
    suara: Shell, session: Session, tmp_path: Path
) -> None:
    suara.printed("add", "office", "KCB", "Kecamatan Baru", "--region", "Kota Baru")
    suara.printed("add", "counter", "KCB1", "Meja 1", "--office", "KCB")
    suara.printed("add", "service", "SKTM", "Surat keterangan", "--office", "KCB")
    suara.printed("kiosk", "add", "Meja 1", "--office", "KCB", "--counter", "KCB1")
    officers, ratings, roster = (tmp_path / name for name in ("petugas.csv", "survei.csv", "jadwal.csv"))
    officers.write_text("kode,nama,kantor\nKB1,Nur'aini,KCB\nKB2,Dewi,KCB\n")
    ratings.write_text("tanggal,petugas,nilai\n2025-11-12,KB1,4\n2025-11-13,KB2,4\n")
    roster.write_text("petugas,loket,tanggal,mulai,selesai\nKB1,KCB1,2026-12-01,08:00,15:00\n")
    suara.printed("import", "officers", officers)
    suara.printed("import", "ratings", ratings, "--office", "KCB")
    suara.printed("import", "roster", roster)
    suara.printed("kiosk", "revoke", "4")
    found, _more = acts(session, Wanted())
    assert {act.actor for act in found} == {Actor(OPERATOR, OPERATOR_ROLE)}
    told = [(act.verb, act.kind, act.subject) for act in reversed(found)]
    assert told == [
        ("added", "region", "R3"),
        ("added", "office", "KCB"),
        ("added", "counter", "KCB1"),
        ("added", "service", "KCB SKTM"),
        ("added", "kiosk", "4"),
        ("changed", "kiosk", "4"),
        ("imported", "import", "petugas.csv"),
        ("imported", "import", "survei.csv"),
        ("imported", "import", "jadwal.csv"),
        ("changed", "kiosk", "4"),
    ]
    imported = {act.after["what"]: act.after for act in found if act.verb == "imported"}
    assert imported["officers"] == {"what": "officers", "rows": 2, "new": 2, "changed": 0, "refused": 0}
    assert imported["ratings"]["new"] == 2
    assert imported["roster"]["new"] == 1


def test_an_import_that_is_refused_whole_leaves_no_line(suara: Shell, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "petugas.csv"
    file.write_text("kode,nama,kantor\n")
    suara.refusal("import", "officers", file)
    assert acts(session, Wanted()) == ([], None)
