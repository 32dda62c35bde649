"""A load on one address: `python -m tests.bench.load` with the wish on standard input, the outcome on output.

One thread, plain blocking sockets and a selector, ready-made requests: light enough that the server stays the
slower side on two cores. Closed loop (every connection always has a request out) or open loop (a request is due at
its moment whether or not the earlier ones were answered, and its latency counts from that moment).
"""

import gc
import json
import re
import selectors
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count

ID_PLACE = "00000000-0000-0000-0000-000000000000"
"""Stands in a ready-made request where each sending puts a new id."""
PATIENCE = 10.0
LARGEST_ANSWER = 65536
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to send: for how long, over how many connections, at which rate (None: as fast as it goes).

    `status` and `holds` are what an answer has that counts as accepted.
    """

    port: int
    connections: int
    seconds: float
    requests: Sequence[str]
    rate: float | None = None
    status: int = 202
    holds: str = '"accepted"'


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were accepted in which time, how long the slow ones took, and every other answer."""

    accepted: int
    seconds: float
    p50_ms: float
    p99_ms: float
    others: dict[str, int]

    @property
    def per_second(self) -> float:
        """Return accepted requests a second."""
        return self.accepted / self.seconds


def put_load(wish: Wish) -> Outcome:
    """Carry out the wish in a process of its own, so that it never waits for this one."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(asdict(wish)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=wish.seconds + 3 * PATIENCE,
    )
    return Outcome(**json.loads(answer.stdout))


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    due: float = 0.0
    received: bytes = b""

    def answer(self) -> bytes | None:
        """Return the whole answer once it is there."""
        part = self.socket.recv(LARGEST_ANSWER)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or length is None or len(body) < int(length[1]):
            return None
        whole, self.received = self.received, b""
        return whole


@dataclass(slots=True)
class _Drive:
    wish: Wish
    started: float = field(default_factory=time.perf_counter)
    latencies: list[float] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    sent: int = 0

    def due(self, now: float) -> float:
        """Return when the next request is to be sent."""
        return now if self.wish.rate is None else self.started + self.sent / self.wish.rate

    def note(self, connection: _Connection, answer: bytes) -> None:
        """Count one answer."""
        self.latencies.append(time.perf_counter() - connection.due)
        is_right = answer.startswith(b"HTTP/1.1 %d " % self.wish.status) and self.wish.holds.encode() in answer
        if not is_right or b'"refused"' in answer:
            self.others[answer.partition(b"\r\n")[0].decode()] += 1


def drive(wish: Wish) -> Outcome:
    """Send until the time is over, then wait for the last answers."""
    salt, numbers, parts = str(uuid.uuid4())[:24], count(), [text.split(ID_PLACE) for text in wish.requests]
    pieces = [(before.encode(), after.encode()) for before, after in parts]
    with selectors.DefaultSelector() as selector:
        free = [_connect(wish.port, selector) for _ in range(wish.connections)]
        run = _Drive(wish)
        ends = run.started + wish.seconds
        while True:
            now = time.perf_counter()
            while free and (due := run.due(now)) <= now and due < ends:
                before, after = pieces[run.sent % len(pieces)]
                connection = free.pop()
                connection.due = due
                connection.socket.sendall(before + f"{salt}{next(numbers):012x}".encode() + after)
                run.sent += 1
            if now >= ends and len(free) == wish.connections:
                break
            if now > ends + PATIENCE:
                raise TimeoutError(f"{wish.connections - len(free)} requests were never answered")
            wait = PATIENCE if not free else max(0.0, min(run.due(now), ends) - now)
            for key, _events in selector.select(wait):
                answer = key.data.answer()
                if answer is not None:
                    run.note(key.data, answer)
                    free.append(key.data)
        took = time.perf_counter() - run.started
        for connection in free:
            connection.socket.close()
    return _outcome(run, took)


def _connect(port: int, selector: selectors.BaseSelector) -> _Connection:
    plug = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = _Connection(plug)
    selector.register(plug, selectors.EVENT_READ, connection)
    return connection


def _outcome(run: _Drive, took: float) -> Outcome:
    ordered = sorted(run.latencies)
    p50, p99 = (1000 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
    return Outcome(len(ordered) - run.others.total(), took, p50, p99, dict(run.others))


if __name__ == "__main__":
    gc.disable()
    print(json.dumps(asdict(drive(Wish(**json.load(sys.stdin))))))
