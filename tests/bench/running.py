"""The running demo: what it weighs idle, how soon a press is a score, and how soon all is gone after SIGINT."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from shared.db.engine import make_engine
from tests.bench.harness import Bar, Figure, Measured, NotMeasurable, say
from tests.bench.memory import weigh
from tests.bench.press import time_presses
from tests.bench.web import environment, free_port, wait_until_listening
from tests.servers import settings_in

SETTLE_SECONDS = 15.0
STOP_SECONDS = 20.0


def measure() -> Iterator[Figure]:
    """Yield the memory of the idle demo, press to stored score, and the time to stop."""
    with TemporaryDirectory(prefix="suara-bench-") as folder:
        demo = Demo(Path(folder))
        with demo.running():
            say(f"running: settling for {SETTLE_SECONDS:.0f} s")
            time.sleep(SETTLE_SECONDS)
            yield _weighed(demo)
            say("running: presses on their way to scores")
            yield _pressed(demo)
        stop = Bar(STOP_SECONDS, "s")
        yield Figure("every process gone after SIGINT", stop, Measured((demo.took_to_stop,), "s"))


@dataclass
class Demo:
    """A demo installation in a folder of its own, and how long it took to stop."""

    home: Path
    port: int = field(default_factory=free_port)
    took_to_stop: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run it while the block lasts."""
        with (self.home / "run.log").open("wb") as log:
            process = subprocess.Popen(
                [Path(sys.executable).parent / "suara", "run", "--demo"],
                cwd=self.home,
                env=environment(self.home, port=self.port, sms_port=free_port()),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self.first = psutil.Process(process.pid)
            try:
                wait_until_listening(self.port, process)
                yield
            finally:
                self._stop(process)

    def tree(self) -> list[psutil.Process]:
        """Return every process of it."""
        return [self.first, *self.first.children(recursive=True)]

    def _stop(self, process: "subprocess.Popen[bytes]") -> None:
        family, began = self.tree() if process.poll() is None else [], time.monotonic()
        if family:
            process.send_signal(signal.SIGINT)
        _gone, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
        self.took_to_stop = time.monotonic() - began
        for straggler in left:
            straggler.kill()
        process.wait()
        if left:
            raise AssertionError(f"{len(left)} processes were still there {STOP_SECONDS:.0f} s after SIGINT")


def _weighed(demo: Demo) -> Figure:
    try:
        return weigh(demo.tree())
    except NotMeasurable as reason:
        return Figure("memory of every process, idle", missing=str(reason))


def _pressed(demo: Demo) -> Figure:
    settings = settings_in(demo.home)
    engine = make_engine(settings.database_address)
    try:
        return time_presses(demo.port, settings.var / "demo.json", engine)
    finally:
        engine.dispose()
