"""The launcher a technician carries to a device: what is in it, and what it does about browsers that end."""

import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest

from shared.authority import prepare
from shared.cli.launcher import launcher
from shared.cli.start import Refused
from shared.launcher import launcher_for
from tests.factories import NOON
from tests.servers import settings_in


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Be a device with a browser that notes what it was asked for, and ends at once."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s " "$@" >>{tmp_path}/asked; echo >>{tmp_path}/asked\n')
    browser.chmod(0o700)
    for program in ("curl", "wget"):  # whatever it is asked for, the server is there
        (tmp_path / program).write_text("#!/bin/sh\nexit 0\n")
        (tmp_path / program).chmod(0o700)
    (tmp_path / "var").mkdir()
    return tmp_path


def started(home: Path, script: str, *given: str) -> "subprocess.Popen[str]":
    path = home / "suara-layar.sh"
    path.write_text(script)
    environment = {
        "HOME": str(home), "SUARA_BROWSER": str(home / "browser"), "PATH": f"{home}:{os.environ['PATH']}",
    }  # fmt: skip
    return subprocess.Popen(["sh", str(path), *given], env=environment, stderr=subprocess.PIPE, text=True)


def asked(home: Path, times: int) -> list[list[str]]:
    """Wait until the browser was started so often; return what it was asked for each time."""
    path = home / "asked"
    for _ in range(600):
        if path.exists() and len(path.read_text().splitlines()) >= times:
            break
        time.sleep(0.05)
    return [shlex.split(line) for line in path.read_text().splitlines()]


def ended(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=20)[1]


def test_a_browser_that_ends_is_started_again_on_the_same_screen_and_profile(home: Path) -> None:
    process = started(home, launcher_for(settings_in(home, public_url="http://loket.local:8000")))
    first, second = asked(home, 2)
    again = started(home, (home / "suara-layar.sh").read_text())
    assert "runs already" in again.communicate(timeout=20)[1]
    assert "is started again" in ended(process)
    assert first == second
    assert first[-1] == "http://loket.local:8000/touch"
    assert {
        "--kiosk",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        f"--user-data-dir={home}/suara-layar",
        "--unsafely-treat-insecure-origin-as-secure=http://loket.local:8000",
    } <= set(first)


@pytest.mark.parametrize("address", ["https://suara.example", "http://localhost:8000/", "http://127.0.0.1:8000"])
def test_an_address_that_is_secure_already_gets_no_exception(home: Path, address: str) -> None:
    process = started(home, launcher_for(settings_in(home)), address, "--force-device-scale-factor=2")
    (asking,) = asked(home, 1)
    ended(process)
    assert asking[-2:] == ["--force-device-scale-factor=2", f"{address.rstrip('/')}/touch"]
    assert not [flag for flag in asking if "insecure" in flag]


def test_it_says_which_program_is_missing(home: Path) -> None:
    settings = settings_in(home, https=True)
    prepare(settings, NOON)
    script = launcher_for(settings)
    assert settings.authority_path.read_text() in script
    (home / "browser").unlink()
    nowhere = {"HOME": str(home), "PATH": str(home)}
    done = subprocess.run(["/bin/sh", "-c", script], env=nowhere, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Install the package chromium" in done.stderr


def test_before_the_first_start_with_https_there_is_no_launcher(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUARA_HOME", str(home))
    monkeypatch.setenv("HTTPS", "true")
    with pytest.raises(Refused, match="suara run --https"):
        launcher()
