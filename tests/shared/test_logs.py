"""A log is a help, never a condition."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from shared.logs import configure_logs, logger
configure_logs("INFO")
logger("one").info("said")
logger("one").info("said again")
sys.stderr.write("went on")
"""


def test_a_full_disk_under_the_log_stops_nobody() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.stderr.startswith("went on")
