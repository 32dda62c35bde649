"""A PostgreSQL role that owns nothing runs the application, and cannot touch what must stand."""

import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import make_url, select
from sqlmodel import Session, col

from kiosk import create_app
from shared import closing, intake, standings, stream
from shared.db.audit import Actor, act_as
from shared.db.engine import make_engine, writing
from shared.db.grants import grant
from shared.db.people_tables import OfficerRow
from shared.db.ratings import record
from shared.db.schema import upgrade
from shared.db.tables import MonthlyScoreRow
from shared.db.trail import Wanted, acts, acts_on
from shared.domain.imports import ImportKind, ImportState
from shared.domain.months import Month
from shared.services import Services
from shared.settings import Settings
from tests import cast
from tests.cast import ASHA, BILAL
from tests.factories import NOON, SettableClock, a_rating
from tests.journeys.system import free_port
from tests.pages import Pages, let_sign_in
from tests.servers import run_sql, settings_in
from tests.shared.importing import RATINGS, brought_in, confirmed, known, undone
from tests.shell import Shell
from workers.recorder import record_batch

SIXTH = datetime(2026, 11, 5, 17, tzinfo=UTC)
"""00:00 on 6 November in Sawahlunto."""
STANDING = {"audit": "actor", "group_parameters": "method", "score_revision": "status"}
"""The tables of which nothing is ever altered, each with a column somebody would like to."""


def address_of(server: str, role: str, database: str) -> str:
    address = make_url(server).set(username=role, database=database)
    return address.render_as_string(hide_password=False)


def driven(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://")


@dataclass(frozen=True)
class Place:
    """A database whose owner is no superuser, and a role that was granted nothing; addresses of each."""

    role: str
    owner: str
    superuser: str
    as_owner: str
    as_role: str

    def do(self, statement: str) -> None:
        """Run one statement as the superuser, `{role}` and `{owner}` filled in."""
        run_sql(self.superuser, statement.format(role=f'"{self.role}"', owner=f'"{self.owner}"'))

    def rights(self) -> dict[str, set[str]]:
        """Return what the role was granted on each table."""
        found: dict[str, set[str]] = {}
        query = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s"
        with psycopg.connect(self.superuser) as connection:
            for table, right in connection.execute(query, [self.role]):
                found.setdefault(table, set()).add(right)
        return found

    def tables(self) -> set[str]:
        """Return the tables there are."""
        with psycopg.connect(self.superuser) as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return {row[0] for row in found}


@pytest.fixture(scope="module")
def owned(postgresql: str) -> Iterator[tuple[str, str]]:
    """Make a database with the cast that belongs to a role which is no superuser; give both their names."""
    owner = name = f"owner{uuid.uuid4().hex}"
    run_sql(postgresql, f"CREATE ROLE {owner} LOGIN")
    run_sql(postgresql, f"CREATE DATABASE {name} OWNER {owner}")
    run_sql(address_of(postgresql, "postgres", name), "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    engine = make_engine(driven(address_of(postgresql, owner, name)))
    upgrade(engine)
    with writing(engine) as session:
        cast.people(session)
    engine.dispose()
    yield owner, name
    run_sql(postgresql, f"DROP DATABASE {name}")
    run_sql(postgresql, f"DROP ROLE {owner}")


@contextmanager
def a_place(server: str, owned: tuple[str, str]) -> Iterator[Place]:
    """Copy that database, open it to nobody, and make a role with a name that must be quoted."""
    owner, template = owned
    name, role = f"t{uuid.uuid4().hex}", f"Loket-100%:a-{uuid.uuid4().hex}"
    run_sql(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = FILE_COPY OWNER {owner}")
    run_sql(server, f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    run_sql(server, f'CREATE ROLE "{role}" LOGIN')
    as_owner, as_role, superuser = (address_of(server, who, name) for who in (owner, role, "postgres"))
    yield Place(role, owner, superuser, as_owner, as_role)
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")
    run_sql(server, f'DROP ROLE "{role}"')


@pytest.fixture
def place(postgresql: str, owned: tuple[str, str]) -> Iterator[Place]:
    """Give a database of this test alone."""
    with a_place(postgresql, owned) as place:
        yield place


@pytest.fixture(scope="module")
def role(postgresql: str, owned: tuple[str, str]) -> Iterator[psycopg.Connection]:
    """Be connected as a role that was granted what it needs, for statements of which nothing stays."""
    with a_place(postgresql, owned) as place:
        give(place)
        with psycopg.connect(place.as_role) as connection:
            yield connection


@pytest.fixture
def database(place: Place) -> str:
    """Let everything of these tests happen as the role, granted what it needs."""
    give(place)
    return place.as_role


def give(place: Place) -> None:
    engine = make_engine(driven(place.as_owner))
    grant(engine, place.role)
    engine.dispose()


@pytest.fixture
def suara(valkey: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], Shell]:
    """Run commands on a database, as whom its address names."""

    def at(address: str | None) -> Shell:
        settings = settings_in(tmp_path, database_url=address, redis_url=valkey.redis_address)
        return Shell(settings, monkeypatch)

    return at


class TestTheApplicationAsThatRole:
    def test_takes_a_rating_from_acceptance_to_the_score(self, services: Services, session: Session) -> None:
        stream.open_group(services.redis)
        ratings = [a_rating() for _ in range(6)]
        for batch in (ratings[:5], ratings):
            intake.accept(batch, services)
            assert record_batch(services, "one", timedelta(milliseconds=1)) == len(batch)
        standings.refresh(services)
        score = session.scalars(select(MonthlyScoreRow).where(col(MonthlyScoreRow.officer_code) == ASHA)).one()
        assert (score.fours, score.raw_index) == (6, 10000)

    def test_closes_a_month(self, services: Services, clock: SettableClock) -> None:
        clock.moment = SIXTH - timedelta(days=3)
        begin = SIXTH - timedelta(days=20)
        moments = [begin + timedelta(minutes=number) for number in range(60)]
        with writing(services.engine) as session:
            record([a_rating(given_at=at, accepted_at=at) for at in moments], session, clock())
        standings.refresh(services)
        clock.moment = SIXTH
        assert sum(closing.take(step, services) for step in closing.steps(services)) == 1
        (revision,) = closing.revisions_of(ASHA, Month(2026, 10), services)
        assert revision.tally.counts == (0, 0, 0, 60)

    def test_signs_people_in_and_out_and_notes_it(self, services: Services, session: Session) -> None:
        let_sign_in(services, "asha", ASHA)
        asha = Pages(create_app(services))
        assert asha.sign_in("asha") == "/start"
        asha.sent("/logout", form="/me")
        found, _more = acts(session, Wanted())
        assert [act.verb for act in found] == ["signed_out", "signed_in"]

    def test_changes_an_officer_with_its_line_in_the_trail(self, services: Services, session: Session) -> None:
        with writing(services.engine) as changed:
            act_as(changed, Actor("admin", "administrator"), NOON)
            changed.get_one(OfficerRow, BILAL).name = "Bilal H."
        (act,) = acts_on(session, "officer", BILAL)
        assert act.after == {"name": "Bilal H."}

    def test_brings_an_import_in_and_undoes_it(self, services: Services) -> None:
        batch = brought_in(services, ImportKind.RATINGS, RATINGS)
        confirmed(services, batch)
        assert known(services, batch).state is ImportState.DONE
        undone(services, batch)
        assert known(services, batch).state is ImportState.UNDONE


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            statement.format(table=table, column=column), id=f"{table}: {statement.split('{')[0].strip().lower()}"
        )
        for table, column in STANDING.items()
        for statement in (
            "UPDATE {table} SET {column} = 'x'",
            "DELETE FROM {table}",
            "TRUNCATE {table} CASCADE",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "ALTER TABLE {table} OWNER TO CURRENT_USER",
            "DROP TRIGGER {table}_stands ON {table}",
            "DROP FUNCTION refuse_{table}_change() CASCADE",
            "DROP TABLE {table} CASCADE",
        )
    ]
    + [
        pytest.param("SET session_replication_role = replica", id="silence all triggers"),
        pytest.param("SELECT setval('audit_id_seq', 1)", id="turn the trail's numbers back"),
        pytest.param("UPDATE alembic_version SET version_num = '0001_main_path'", id="turn the schema's state back"),
        pytest.param("CREATE TABLE mine (id integer)", id="make a table"),
        pytest.param("DROP SCHEMA public CASCADE", id="drop all"),
    ],
)
def test_the_database_refuses_the_role_what_would_alter_what_stands(role: psycopg.Connection, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege, match=r"permission denied|must be owner"), role.transaction():
        role.execute(statement.encode())


ALL = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_role_gets_what_it_needs_however_often_and_loses_what_it_had_beyond(place: Place) -> None:
    place.do("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    place.do("GRANT CREATE ON SCHEMA public TO {role}")
    reads_and_adds = dict.fromkeys(STANDING, {"SELECT", "INSERT"})
    needed = dict.fromkeys(place.tables(), ALL) | reads_and_adds | {"alembic_version": {"SELECT"}}
    for _twice in range(2):
        give(place)
        assert place.rights() == needed


def test_granting_at_the_same_time_waits_its_turn(place: Place) -> None:
    with ThreadPoolExecutor(4) as together:
        for done in [together.submit(give, place) for _ in range(12)]:
            done.result()
    assert place.rights()["audit"] == {"SELECT", "INSERT"}


class TestTheCommand:
    def test_lets_the_role_start_with_nothing_to_upgrade(
        self, place: Place, suara: Callable[[str | None], Shell]
    ) -> None:
        assert place.role in suara(place.as_owner).printed("db", "grant", place.role)
        suara(place.as_role).printed("db", "upgrade")

    @pytest.mark.parametrize(
        "left_to_do",
        [
            pytest.param("UPDATE alembic_version SET version_num = '0005_fair_score'", id="the upgrade"),
            pytest.param("CREATE TABLE newer (id integer); ALTER TABLE newer OWNER TO {owner}", id="the next grant"),
            pytest.param("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}", id="the first grant"),
            pytest.param("REVOKE ALL ON SCHEMA public FROM {role}", id="the right to look into the schema"),
        ],
    )
    def test_is_named_to_a_role_for_which_the_owner_has_something_left_to_do(
        self,
        place: Place,
        suara: Callable[[str | None], Shell],
        monkeypatch: pytest.MonkeyPatch,
        left_to_do: str,
    ) -> None:
        give(place)
        place.do(left_to_do)
        for port in ("PORT", "SMS_PORT"):
            monkeypatch.setenv(port, str(free_port()))
        # Did it start, the system would take the place of this process.
        monkeypatch.setattr(os, "execv", pytest.fail)
        role = suara(place.as_role)
        for command in (["run"], ["seed"], ["db", "upgrade"]):
            assert f"`suara db grant {place.role}`" in role.refusal(*command)

    def test_given_again_covers_the_tables_of_an_upgrade(
        self, place: Place, suara: Callable[[str | None], Shell]
    ) -> None:
        give(place)
        place.do("CREATE TABLE newer (id serial); ALTER TABLE newer OWNER TO {owner}")
        suara(place.as_owner).printed("db", "grant", place.role)
        suara(place.as_role).printed("db", "upgrade")
        run_sql(place.as_role, "INSERT INTO newer DEFAULT VALUES")

    @pytest.mark.parametrize(
        ("prepared", "said"),
        [
            pytest.param("ALTER ROLE {role} SUPERUSER", "memiliki", id="superuser"),
            pytest.param("ALTER ROLE {role} CREATEROLE", "memiliki", id="makes roles"),
            pytest.param("GRANT {owner} TO {role}", "memiliki", id="member of the owner"),
            pytest.param(
                "ALTER SCHEMA public OWNER TO {role}; GRANT USAGE ON SCHEMA public TO {owner}",
                "memiliki",
                id="owner of the schema",
            ),
            pytest.param("GRANT UPDATE ON audit TO PUBLIC", "PUBLIC", id="everybody alters the trail"),
            pytest.param("GRANT UPDATE (low) ON score_revision TO PUBLIC", "PUBLIC", id="everybody alters a column"),
            pytest.param("GRANT pg_write_all_data TO {role}", "PUBLIC", id="writes everything"),
            pytest.param("GRANT CREATE ON SCHEMA public TO PUBLIC", "PUBLIC", id="everybody makes tables"),
            pytest.param("DROP TABLE alembic_version", "upgrade", id="no tables"),
            pytest.param("ALTER TABLE alembic_version OWNER TO postgres", "DATABASE_URL", id="tables of another"),
        ],
    )
    def test_refuses_in_a_sentence_and_grants_nothing(
        self, place: Place, suara: Callable[[str | None], Shell], prepared: str, said: str
    ) -> None:
        place.do(prepared)
        assert said in suara(place.as_owner).refusal("db", "grant", place.role)
        assert place.rights() == {}

    def test_refuses_a_role_that_nobody_made_and_the_owner_itself(
        self, place: Place, suara: Callable[[str | None], Shell]
    ) -> None:
        assert "“nobody”" in suara(place.as_owner).refusal("db", "grant", "nobody")
        assert "“public”" in suara(place.as_owner).refusal("db", "grant", "public")
        assert "memiliki" in suara(place.as_owner).refusal("db", "grant", place.owner)

    def test_refuses_whoever_is_not_the_owner(self, place: Place, suara: Callable[[str | None], Shell]) -> None:
        give(place)
        assert "DATABASE_URL" in suara(place.as_role).refusal("db", "grant", place.role)

    def test_refuses_on_sqlite_which_has_no_roles(self, suara: Callable[[str | None], Shell]) -> None:
        assert "SQLite" in suara(None).refusal("db", "grant", "loket")
