"""A worker of messages as it runs in operation, to be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import col

from shared.db.engine import writing
from shared.db.people_tables import OfficeRow
from shared.domain.clock import system_clock
from shared.services import Services
from tests.bench.web import environment
from workers.queues import SEND_MESSAGES, QueueName, enqueue

PATIENCE: Final = 60.0
HANDED_OVER: Final = (
    "redis_url", "database_url", "phone_key", "secret_key", "twilio_account_sid", "twilio_auth_token",
    "twilio_number", "twilio_url", "sms_by", "messages_per_second", "segments_per_day",
)  # fmt: skip


@contextmanager
def working(services: Services) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker while the block lasts, or until it is killed; it has something to do at once."""
    settings = services.settings
    given = {name: getattr(settings, name) for name in HANDED_OVER if getattr(settings, name) is not None}
    plain = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in given.items()}
    if settings.database_url:
        plain["database_url"] = settings.database_url.replace("postgresql+psycopg", "postgresql")
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", "messages"],
        cwd=settings.suara_home,
        env=environment(settings.suara_home, **plain),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        ask_to_send(services)
        yield process
    finally:
        kill(process)
        process.wait(PATIENCE)


def ask_to_send(services: Services) -> None:
    """Let the worker send for a while: three times as long as one job takes at most."""
    for _ in range(3):
        enqueue(QueueName.MESSAGES, SEND_MESSAGES, services.redis)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a worker and its children in the middle of whatever they do."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def killing(process: "subprocess.Popen[bytes]", word: str) -> Callable[[], str]:
    """Return what kills a worker when its message arrives, and what Twilio does then."""

    def killed() -> str:
        kill(process)
        return word

    return killed


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return when something has become true; raise TimeoutError when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


def let_it_be_noon(services: Services) -> None:
    """Put all offices where it is about noon now, so that invitations leave at whatever hour this runs."""
    east = 12 - system_clock().hour
    with writing(services.engine) as session:
        session.execute(update(OfficeRow).where(col(OfficeRow.code) != "").values(timezone=f"Etc/GMT{-east:+d}"))


def later(services: Services, **by: float) -> Services:
    """Return the same installation so much later."""
    return replace(services, clock=lambda: system_clock() + timedelta(**by))
