"""Workers side by side end together, whoever ends first: whoever watches then starts all of them again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Worker

from shared.settings import Settings
from workers.queues import QueueName

COMMAND = [sys.executable, "-m", "workers", "clock", *QueueName]
PATIENCE = 30.0


@pytest.fixture
def workers(valkey: Settings, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one a queue, and return their parent once all have begun."""
    environment = os.environ | {"REDIS_URL": valkey.redis_address, "SUARA_HOME": str(tmp_path)}
    with Redis.from_url(valkey.redis_address) as redis:
        redis.flushdb()
        process = subprocess.Popen(COMMAND, env=environment, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while len(Worker.all(redis)) < len(QueueName) and time.monotonic() < deadline:
            time.sleep(0.1)
        yield process
        process.kill()
        process.wait()


def children_of(process: "subprocess.Popen[bytes]") -> list[int]:
    """Return the process ids of the workers."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, check=True)
    return [int(pid) for pid in found.stdout.split()]


def is_alive(pid: int) -> bool:
    """Say whether a process is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_end_when_one_of_them_is_killed(workers: "subprocess.Popen[bytes]") -> None:
    killed, *others = children_of(workers)
    assert len(others) == len(QueueName) - 1
    os.kill(killed, signal.SIGKILL)
    assert workers.wait(PATIENCE) == 1
    assert not [pid for pid in others if is_alive(pid)]


def test_all_end_when_they_are_told_to(workers: "subprocess.Popen[bytes]") -> None:
    children = children_of(workers)
    workers.terminate()
    assert workers.wait(PATIENCE) == 0
    assert len(children) == len(QueueName)
    assert not [pid for pid in children if is_alive(pid)]
