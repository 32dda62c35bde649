"""The trail: every act leaves a line, no line is ever altered, and no line tells a secret."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from shared.db import account_changes, records
from shared.db.accounts import Account, set_password
from shared.db.audit import AUDITED, SECRET, Actor, act_as, note
from shared.db.directory_version import WritingSession
from shared.db.engine import writing
from shared.db.kiosks import enrol, invite_device
from shared.db.people_tables import OfficeRow, OfficerRow, ServiceRow
from shared.db.trail import Wanted, acts, acts_on
from shared.db.types import metadata
from shared.domain.account_facts import AccountFacts
from shared.nips import nips
from shared.second_step import connect_phone
from shared.services import Services
from tests.cast import ASHA, BILAL, OFFICE, OTHER_OFFICE
from tests.factories import NOON

ADMIN = Actor("admin", "administrator", "192.0.2.7")
NIP = "198609262015051001"


def as_admin(session: WritingSession) -> WritingSession:
    act_as(session, ADMIN, NOON)
    return session


def rename(services: Services, name: str) -> None:
    with writing(services.engine) as session:
        as_admin(session).get_one(OfficerRow, ASHA).name = name


def test_a_change_is_told_with_who_what_before_after_when_and_from_where(
    services: Services, session: Session
) -> None:
    rename(services, "Asha P.")
    (act,) = acts_on(session, "officer", ASHA)
    assert (act.actor, act.at, act.verb) == (ADMIN, NOON, "changed")
    assert (act.before, act.after) == ({"name": "Asha Pertiwi, S.Sos."}, {"name": "Asha P."})


def test_what_changes_nothing_leaves_no_line(services: Services, session: Session) -> None:
    rename(services, "Asha Pertiwi, S.Sos.")
    assert acts(session, Wanted()) == ([], None)


def test_an_act_that_is_rolled_back_leaves_no_line(services: Services, session: Session) -> None:
    with writing(services.engine) as changed:
        as_admin(changed).get_one(OfficerRow, ASHA).name = "Asha P."
        note(changed, "imported", "import", "petugas.csv")
        changed.flush()
        changed.rollback()
    assert acts(session, Wanted()) == ([], None)


def test_an_act_that_was_refused_leaves_no_line_though_the_next_one_does(
    services: Services, session: Session
) -> None:
    with writing(services.engine) as changed:
        with pytest.raises(records.InUse):
            records.remove(as_admin(changed), OfficeRow, OFFICE)
        changed.get_one(OfficeRow, OTHER_OFFICE).name = "Puskesmas Sofifi Utara"
    found, _more = acts(session, Wanted())
    assert [(act.verb, act.subject) for act in found] == [("changed", OTHER_OFFICE)]


def test_what_is_added_and_removed_stands_there_as_it_was(services: Services, session: Session) -> None:
    with writing(services.engine) as changed:
        as_admin(changed).add(ServiceRow(code="KIA", office_code=OFFICE, name="Kartu Identitas Anak"))
    with writing(services.engine) as changed:
        as_admin(changed).delete(changed.get_one(ServiceRow, (OFFICE, "KIA")))
    removed, added = acts_on(session, "service", f"{OFFICE} KIA")
    known = {"code": "KIA", "office_code": OFFICE, "name": "Kartu Identitas Anak"}
    assert (added.verb, added.before, added.after) == ("added", {}, known)
    assert (removed.verb, removed.before, removed.after) == ("removed", known, {})


OVER_THE_WHOLE = {
    "sqlite": "REPLACE INTO audit SELECT id, at, 'nobody', role, address, verb, subject_kind, subject, before, after"
    " FROM audit",
    "postgresql": "TRUNCATE audit",
}


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE audit SET actor = 'nobody'", id="update"),
        pytest.param("DELETE FROM audit WHERE actor = 'admin'", id="delete"),
        pytest.param(
            "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT (id) DO UPDATE SET actor = 'nobody'",
            id="upsert",
        ),
        pytest.param(None, id="over the whole"),
    ],
)
def test_the_database_refuses_to_alter_the_trail(services: Services, session: Session, statement: str | None) -> None:
    rename(services, "Asha P.")
    wanted = statement or OVER_THE_WHOLE[services.engine.dialect.name]
    with pytest.raises(DBAPIError, match="never altered"), writing(services.engine) as changed:
        changed.execute(text(wanted))
    found, _more = acts(session, Wanted())
    assert [act.actor for act in found] == [ADMIN]


def test_no_line_tells_a_secret(services: Services, session: Session) -> None:
    told: list[Any] = []
    seal = nips(services.settings)
    with writing(services.engine) as changed:
        officer = as_admin(changed).get_one(OfficerRow, ASHA)
        officer.photo, officer.nip_sealed, officer.nip_hash = b"a photo", seal.seal(NIP), seal.fingerprint(NIP)
        facts = AccountFacts.model_validate({"username": "nur", "name": "Nur", "role": "auditor"})
        invited = account_changes.open_account(changed, facts, NOON)
        account = changed.get_one(Account, invited.account_id)
        told += [invited.code, invited.code.replace("-", ""), account.activation_hash, account.fs_uniquifier]
        changed.flush()
        set_password(changed, account, "gemar-menolong")
        told += ["gemar-menolong", account.password]
        changed.flush()
        told.append(connect_phone(changed, account, "key"))
        account.mf_recovery_codes = ["a recovery code"]
        told += [account.tf_totp_secret, "a recovery code"]
        invite_device(changed, 1, "ABCD-2345", NOON)
        changed.flush()
        enrol(changed, "ABCD-2345", "t" * 43, NOON)
        told += ["ABCD-2345", "ABCD2345", "t" * 43, NIP, "a photo", officer.nip_sealed, officer.nip_hash]
    found, _more = acts(session, Wanted())
    assert len(found) == 6
    trail = repr([(act.before, act.after) for act in found])
    for secret in told:
        assert secret
        text_of = secret.decode("latin-1") if isinstance(secret, bytes) else str(secret)
        assert text_of not in trail
        assert text_of.encode("latin-1").hex() not in trail
    changes = {name for act in found for name in {**act.before, **act.after}}
    assert changes >= {"photo", "nip_hash", "password", "tf_totp_secret", "mf_recovery_codes", "token_hash"}


def test_every_column_that_may_hold_a_secret_is_one_the_trail_keeps_to_itself() -> None:
    binary = {
        column.key
        for table in AUDITED
        for column in metadata.tables[table].columns
        if column.type.python_type is bytes or "secret" in column.key or "password" in column.key
    }
    assert binary <= SECRET


def test_acts_are_found_by_person_thing_act_kind_and_moment(services: Services, session: Session) -> None:
    with writing(services.engine) as changed:
        act_as(changed, Actor("nur", "administrator"), NOON)
        facts = AccountFacts.model_validate({"username": "admin", "name": "Nur'aini", "role": "administrator"})
        account_changes.open_account(changed, facts, NOON)
    rename(services, "Asha P.")
    with writing(services.engine) as changed:
        act_as(changed, Actor("nur", "administrator"), NOON + timedelta(days=1))
        changed.get_one(OfficerRow, BILAL).name = "Bilal 100%"

    def subjects(**wanted: Any) -> list[str]:
        return [act.subject for act in acts(session, Wanted(**wanted))[0]]

    assert subjects() == [BILAL, ASHA, "admin"]
    assert subjects(words="NUR'AINI") == [ASHA], "by the name of the person behind the user name"
    assert subjects(words="nur") == [BILAL, ASHA, "admin"]
    assert subjects(words="nur dk8") == [BILAL]
    assert subjects(words="%") == []
    assert subjects(verb="added") == ["admin"]
    assert subjects(kind="officer") == [BILAL, ASHA]
    assert subjects(until=NOON + timedelta(days=1)) == [ASHA, "admin"]


def test_older_acts_follow_without_a_gap(services: Services, session: Session) -> None:
    with writing(services.engine) as changed:
        as_admin(changed)
        for number in range(7):
            note(changed, "imported", "import", f"{number}.csv")
    pages, before = [], None
    while True:
        found, before = acts(session, Wanted(), before, 3)
        pages.append([act.subject for act in found])
        if before is None:
            break
    assert pages == [["6.csv", "5.csv", "4.csv"], ["3.csv", "2.csv", "1.csv"], ["0.csv"]]


def test_a_line_keeps_no_more_than_its_columns_hold(services: Services, session: Session) -> None:
    with writing(services.engine) as changed:
        act_as(changed, Actor("a" * 100, "officer"), NOON)
        note(changed, "imported", "import", "x" * 300, after={"rows": 1})
    (act,) = acts(session, Wanted())[0]
    assert (len(act.actor.name), len(act.subject), act.after) == (64, 120, {"rows": 1})
