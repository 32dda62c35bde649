"""What a system weighs: the proportional set size of every process of it, added up."""

import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.bench.harness import Bar, Figure, Measured, NotMeasurable, say

WEIGHINGS = 3
PAUSE = 2.0
ROLLUP = "smaps_rollup"


def weigh(processes: Sequence[psutil.Process]) -> Figure:
    """Return the memory of these processes together, shared pages counted once."""
    if not Path(f"/proc/self/{ROLLUP}").exists():
        raise NotMeasurable(f"this system has no /proc/*/{ROLLUP}")
    for process in processes:
        say(f"  {megabytes(process):6.1f} MB  {_name(process)}")
    sums = []
    for _ in range(WEIGHINGS):
        sums.append(sum(megabytes(process) for process in processes))
        time.sleep(PAUSE)
    what = f"memory of all {len(processes)} processes, idle (proportional set size)"
    return Figure(what, Bar(400, "MB"), Measured(tuple(sums), "MB"))


def megabytes(process: psutil.Process) -> float:
    """Return the proportional set size of one process."""
    lines = Path(f"/proc/{process.pid}/{ROLLUP}").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _name(process: psutil.Process) -> str:
    program, *arguments = process.cmdline()
    return f"{Path(program).name} {' '.join(arguments)}"[:80]
