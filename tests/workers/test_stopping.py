"""Whoever is told to stop stops, whatever it is doing at that moment."""

import signal
import subprocess
import sys

import pytest

AT_WORK = """
from workers.stopping import Stopping
stopping = Stopping()
print("at work", flush=True)
while not stopping.wait(0):
    pass
print(stopping.by.name)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_waiting_is_heard(number: signal.Signals) -> None:
    for _ in range(5):  # set inside a signal handler, every second one waits for itself for ever
        with subprocess.Popen([sys.executable, "-c", AT_WORK], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "at work\n"
            process.send_signal(number)
            assert process.communicate(timeout=30)[0] == f"{number.name}\n"
