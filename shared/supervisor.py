"""Keep processes alive on one machine: one that dies comes back, Ctrl-C stops all of them, the store last.

Runs alone (`python -m shared.supervisor PLAN`, a JSON file) and imports nothing but the standard library, so that
watching costs little memory.
"""

import contextlib
import ctypes
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, TypedDict
from urllib.parse import urlsplit

POLL: Final = 0.2
SETTLED_AFTER: Final = 5.0
LONGEST_PAUSE: Final = 5.0
STOP_SECONDS: Final = 10.0
RENEWAL_SECONDS: Final = 8.0
PR_SET_PDEATHSIG: Final = 1


class Renewal(TypedDict):
    """What renews a certificate where that is due, who serves by it, and the authority our own probe trusts."""

    command: list[str]
    every: float
    certificate: str
    authority: str
    serves: str


class Plan(TypedDict):
    """What to run: name -> command, in starting order; who is stopped last; where all say they are well."""

    commands: dict[str, list[str]]
    last: str
    health: list[str]
    renewal: Renewal | None
    welcome: str


@dataclass
class Kept:
    """One process that is kept alive."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes]"
    started: float
    pause: float = 0.0
    died: float | None = None


def _die_with_parent() -> None:
    # Should this supervisor itself be killed, the kernel stops what it started; elsewhere than on Linux nothing does.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _start(name: str, command: list[str]) -> Kept:
    process = subprocess.Popen(  # noqa: S603  the plan is ours
        command, start_new_session=True, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent
    )
    return Kept(name, command, process, time.monotonic())


def _signal(kept: Kept, number: signal.Signals) -> None:
    # The whole group: a killed server leaves workers behind that would hold its port.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(kept.process.pid, number)


def _watch(kept: Kept) -> Kept:
    """Return the process, or its successor when it died and its pause is over."""
    if kept.process.poll() is None:
        return kept
    now = time.monotonic()
    if kept.died is None:
        _signal(kept, signal.SIGKILL)
        kept.died = now
        kept.pause = 0.0 if now - kept.started > SETTLED_AFTER else min(LONGEST_PAUSE, 2 * kept.pause + 0.25)
        _tell(f"{kept.name} ended ({kept.process.returncode}) and is started again")
    if now - kept.died < kept.pause:
        return kept
    try:
        successor = _start(kept.name, kept.command)
    except OSError as error:
        _tell(f"{kept.name} cannot be started: {error}")
        kept.died, kept.pause = now, LONGEST_PAUSE
        return kept
    successor.pause = kept.pause
    return successor


def _stop(processes: list[Kept]) -> None:
    for kept in processes:
        if kept.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                kept.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for kept in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            kept.process.wait(max(0.0, deadline - time.monotonic()))
        _signal(kept, signal.SIGKILL)
        kept.process.wait()


def _healthy(address: str, renewal: Renewal | None) -> bool:
    parts = urlsplit(address)
    try:
        if renewal and parts.scheme == "https":
            trust = ssl.create_default_context(cafile=renewal["authority"])
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.netloc, timeout=2, context=trust
            )
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=2)
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except OSError:
        return False


def _renew(renewal: Renewal, processes: list[Kept]) -> None:
    """Renew the certificate where it is due: before it ends, and when the machine has another address."""
    path = Path(renewal["certificate"])
    before = path.read_bytes() if path.exists() else b""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):  # tried again; the old one is good for a year
        subprocess.run(renewal["command"], stdin=subprocess.DEVNULL, check=False, timeout=RENEWAL_SECONDS)  # noqa: S603
    if path.exists() and path.read_bytes() != before:
        _tell("the certificate was renewed")
        for kept in processes:
            if kept.name == renewal["serves"] and kept.process.poll() is None:
                kept.process.send_signal(signal.SIGHUP)  # granian's: new workers first, then the old ones go


def _tell(text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk must not end the one who starts everything again
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def keep(plan: Plan) -> None:
    """Run the plan until SIGINT or SIGTERM; then stop all, the plan's last one at the end."""
    stop: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        stop.append(number)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    processes = [_start(name, command) for name, command in plan["commands"].items()]
    waiting, renewal = list(plan["health"]), plan["renewal"]
    renewed = time.monotonic()
    while not stop:
        time.sleep(POLL)
        processes = [_watch(kept) for kept in processes]
        if waiting:
            waiting = [address for address in waiting if not _healthy(address, renewal)]
            if not waiting:
                _tell(plan["welcome"])
        elif renewal and time.monotonic() - renewed > renewal["every"]:
            _renew(renewal, processes)
            renewed = time.monotonic()
    _stop([kept for kept in processes if kept.name != plan["last"]])
    _stop([kept for kept in processes if kept.name == plan["last"]])


if __name__ == "__main__":
    keep(json.loads(Path(sys.argv[1]).read_text()))
