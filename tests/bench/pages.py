"""Pages of a province: the server's own time for them, with five million ratings stored."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flask import Flask
from flask.testing import FlaskClient

from kiosk import create_app
from kiosk.login.sign_ins import IN_SESSION
from shared.db import sign_ins
from shared.db.accounts import account_of
from shared.db.engine import make_engine, writing
from shared.services import Services
from tests.bench import province
from tests.bench.harness import Bar, Figure, Measured, say
from tests.servers import running_valkey

TIMES: Final = 60
LIMIT: Final = Bar(50, "ms")
PAGES: Final = (
    ("officer's page", "officer", "/me"),
    ("office's page", "supervisor", f"/office/{province.OFFICE}"),
    ("office's survey index (IKM)", "supervisor", f"/skm/{province.OFFICE}"),
    ("administration: overview", "administrator", "/admin"),
    ("administration: officers", "administrator", "/admin/officers"),
    ("administration: officers, searched", "administrator", "/admin/officers?words=citra+pg4711"),
    ("administration: offices", "administrator", "/admin/offices"),
    ("administration: accounts, searched", "administrator", "/admin/accounts?words=citra+pg4711"),
    ("administration: roster", "supervisor", f"/roster/{province.OFFICE}/{province.monday():%Y-%m-%d}"),
    ("administration: trail", "administrator", "/audit"),
)


def measure() -> Iterator[Figure]:
    """Yield the p95 of each page's server time, the response made but not sent."""
    with TemporaryDirectory(prefix="suara-bench-") as folder, running_valkey(Path(folder)) as settings:
        engine = make_engine(settings.database_address)
        province.plant(engine)
        engine.dispose()
        services = Services.of(settings)
        app = create_app(services)
        for name, username, path in PAGES:
            say(f"pages: {TIMES} times {path}")
            client = signed_in(app, services, username)
            yield Figure(f"{name}, p95", LIMIT, Measured((_p95(client, path),), "ms"))
        services.close()


def signed_in(app: Flask, services: Services, username: str) -> FlaskClient:
    """Return a browser in which this account is signed in."""
    client, now = app.test_client(), services.clock()
    with writing(services.engine) as session:
        account = account_of(session, username)
        if account is None:
            raise LookupError(username)
        secret = sign_ins.begin(session, int(account.id or 0), now - timedelta(seconds=1), None, "bench")
        uniquifier = account.fs_uniquifier
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"], cookie[IN_SESSION] = uniquifier, True, secret
    return client


def _p95(client: FlaskClient, path: str) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        response = client.get(path)
        taken.append(1000 * (time.perf_counter() - began))
        if response.status_code != 200:
            raise AssertionError(f"{path} answers {response.status_code}")
    return sorted(taken)[int(TIMES * 0.95) - 1]
