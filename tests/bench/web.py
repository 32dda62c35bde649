"""Web servers with exactly the Procfile's flags."""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template

from shared.cli.run import PROCFILE
from shared.settings import Settings

START_SECONDS = 30.0
STOP_SECONDS = 20.0
OURS = "kiosk:create_app"


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, **settings: object) -> dict[str, str]:
    """Return an environment in which only these settings and this home are known to the product."""
    known = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in known}
    ours = {name.upper(): str(value) for name, value in settings.items()}
    return {**kept, **ours, "SUARA_HOME": str(home), "PYTHONPATH": str(PROCFILE.parent)}


def command(app: str, port: int, settings: Settings) -> list[str]:
    """Return the Procfile's web command, serving `app` on `port`."""
    line = next(line for line in PROCFILE.read_text().splitlines() if line.startswith("web:")).removeprefix("web:")
    facts = {"BIND": "127.0.0.1", "PORT": port, "WEB_THREADS": settings.web_threads}
    program, *arguments = shlex.split(Template(line).substitute(facts))
    return [str(Path(sys.executable).parent / program), *(app if part == OURS else part for part in arguments)]


@contextmanager
def serving(app: str, settings: Settings) -> Iterator[int]:
    """Serve the app while the block lasts and give its port; what it logs goes to a file, as in operation."""
    port, home = free_port(), settings.suara_home
    with (home / f"{app.partition(':')[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            command(app, port, settings),
            cwd=home,
            env=environment(home),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_listening(port, process)
            yield port
        finally:
            end(process)


def wait_until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the server answers anything at all."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError(f"{process.args!r} did not start")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server we started, and its workers with it."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
