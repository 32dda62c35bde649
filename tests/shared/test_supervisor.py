"""The watcher renews a certificate while everything runs, and tells only the one who serves by it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from shared.supervisor import Plan

SERVES = """import pathlib, signal, sys, time
def told(*_): pathlib.Path(sys.argv[1]).write_text("renewed")
signal.signal(signal.SIGHUP, told)
while True: time.sleep(0.05)
"""
RENEWS = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('new')"


def test_a_renewed_certificate_is_taken_up_by_who_serves_it(tmp_path: Path) -> None:
    certificate, heard, other = tmp_path / "server.pem", tmp_path / "heard", tmp_path / "other"
    certificate.write_text("old")
    plan: Plan = {
        "commands": {
            "web": [sys.executable, "-c", SERVES, str(heard)],
            "sms": [sys.executable, "-c", SERVES, str(other)],
        },
        "last": "",
        "health": [],
        "renewal": {
            "command": [sys.executable, "-c", RENEWS, str(certificate)],
            "every": 1.0,
            "certificate": str(certificate),
            "authority": "",
            "serves": "web",
        },
        "welcome": "",
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    watcher = subprocess.Popen([sys.executable, "-m", "shared.supervisor", str(path)], stdout=subprocess.PIPE)
    try:
        assert watcher.stdout
        assert watcher.stdout.readline() == b"the certificate was renewed\n"
        for _ in range(200):
            if heard.exists():
                break
            with_patience(watcher)
        assert heard.exists()
        assert not other.exists()
    finally:
        watcher.send_signal(signal.SIGTERM)
        watcher.communicate(timeout=20)


def with_patience(watcher: "subprocess.Popen[bytes]") -> None:
    try:
        watcher.wait(0.05)
    except subprocess.TimeoutExpired:
        return
    raise AssertionError("the watcher ended")
