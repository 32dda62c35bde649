"""The running system as an operator starts it: real processes, real ports, a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import psutil
from sqlalchemy import func, select
from sqlmodel import col

from shared import closing
from shared.db.engine import make_engine, reading
from shared.db.tables import MonthlyScoreRow, RatingRow
from shared.domain.scoring import RevisionReason
from shared.services import Services
from tests.servers import settings_in

SUARA = str(Path(sys.executable).parent / "suara")
STARTING, STOPPING, WAITING = 60.0, 20.0, 60.0


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class System:
    """`suara run` in a home of its own, with the demo or empty; `start` and `stop` as often as a test likes."""

    home: Path
    demo_data: bool = True
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    sms_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of an operator's shell."""
        clean = {name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL"}}
        mine = {"SUARA_HOME": str(self.home), "PORT": str(self.port), "SMS_PORT": str(self.sms_port)}
        return {**clean, **mine, "PYTHONUNBUFFERED": "1"}

    @property
    def web(self) -> str:
        """Return the address of the kiosk and the portals."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Return what the system has printed."""
        return self.home / "run.log"

    @cached_property
    def demo(self) -> Any:
        """Return the sheet of sign-ins and tokens."""
        return json.loads((self.home / "var" / "demo.json").read_text())

    def start(self) -> Self:
        """Start everything and return once ratings are accepted and the demo's past months are closed."""
        with self.log.open("ab") as log:
            demo = ["--demo"] if self.demo_data else []
            self.process = subprocess.Popen(
                [SUARA, "run", *demo, *self.options],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_until(self.is_welcoming, STARTING)
            if self.demo_data:
                # Else a test that kills processes, or imports, would leave months open that others look at.
                self.wait_until(self.has_closed)
        except AssertionError:  # whoever asked for it gets nothing that they could stop
            self.process.send_signal(signal.SIGINT)
            raise
        return self

    def has_closed(self) -> bool:
        """Say whether every month is closed that is due by now, as the clock sees to when it starts."""
        services = Services.of(settings_in(self.home))
        due = closing.steps(services)
        services.close()
        return all(step.reason is not RevisionReason.CLOSING for step in due)

    def is_welcoming(self) -> bool:
        """Say whether both apps have said that they can accept ratings."""
        return "Ctrl-C" in self.log.read_text()[self._seen :]

    _seen: int = 0

    def stop(self) -> float:
        """Press Ctrl-C and return the seconds it took until everything was gone."""
        assert self.process is not None
        family = self.family()
        started = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOPPING)
        taken = time.monotonic() - started
        assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        self._seen = len(self.log.read_text())
        return taken

    def family(self) -> list[psutil.Process]:
        """Return every process the system has started."""
        assert self.process is not None
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def kill(self, part: str) -> None:
        """Kill -9 the process whose command has this part; all of them when there are several."""
        for one in self.family():
            try:
                if any(part in word for word in one.cmdline()):
                    one.kill()
            except psutil.NoSuchProcess:
                continue

    def suara(self, *arguments: str) -> str:
        """Run one command of the operator and return what it printed."""
        done = subprocess.run(
            [SUARA, *arguments], env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    def give(self, *ratings: dict[str, Any], kiosk: int = 0) -> bool:
        """Hand in ratings as a kiosk does; False when they were not accepted and should be sent again."""
        request = urllib.request.Request(
            f"{self.web}/api/ratings",
            json.dumps({"ratings": list(ratings)}).encode(),
            {"Authorization": f"Bearer {self.demo['kiosks'][kiosk]['token']}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                results = json.load(response)["results"]
        except (urllib.error.URLError, ConnectionError, TimeoutError, ValueError):
            return False
        assert {result["status"] for result in results} == {"accepted"}
        return True

    def recorded(self, ids: set[UUID]) -> int:
        """Return how many of these ratings are recorded."""
        engine = make_engine(f"sqlite:///{self.home / 'var' / 'suara.sqlite3'}")
        with reading(engine) as session:
            found = set(session.scalars(select(col(RatingRow.id))))
        engine.dispose()
        return len(found & ids)

    def counted(self, officer: str) -> tuple[int, int]:
        """Return (ratings of this officer with an overall answer, ratings their scores know, counted or not)."""
        engine = make_engine(f"sqlite:///{self.home / 'var' / 'suara.sqlite3'}")
        score = MonthlyScoreRow
        tally = col(score.ones) + col(score.twos) + col(score.threes) + col(score.fours)
        months = select(tally, col(score.set_aside)).where(col(score.officer_code) == officer)
        with reading(engine) as session:
            rated = select(func.count(col(RatingRow.overall))).where(col(RatingRow.officer_code) == officer)
            known = sum(count + sum((aside or {}).values()) for count, aside in session.execute(months))
            figures = session.scalars(rated).one(), known
        engine.dispose()
        return figures

    def wait_until(self, holds: Any, seconds: float = WAITING) -> None:
        """Return once `holds()` is true; fail when it never becomes so."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"waited {seconds} s; see:\n{self.log.read_text()[-3000:]}"
            assert self.process is None or self.process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.05)
