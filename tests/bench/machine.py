"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from shared.embedded import EmbeddedRedisMissing, server_binary

PACKAGES = ("granian", "flask", "pydantic", "redis", "hiredis", "rq", "psycopg", "sqlalchemy")


def facts() -> Iterator[str]:
    """Name the machine and the versions of what runs on it."""
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    yield f"{_cores()} cores ({_processor()}), {platform.system()} {platform.machine()}; load before: {load}"
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_valkey()}"
    yield ", ".join(f"{name} {version(name)}" for name in PACKAGES)


def ticks() -> tuple[int, int] | None:
    """Return what the processors spent so far, idle included, and what a host took from them; None where unknown."""
    known = Path("/proc/stat")
    if not known.exists():
        return None
    spent = [int(field) for field in known.read_text().splitlines()[0].split()[1:9]]
    return sum(spent), spent[7]


def taken_away(before: tuple[int, int] | None, after: tuple[int, int] | None) -> str:
    """Say how much of the processors' time a host took for others: waits get long by it, ratios hardly."""
    if before is None or after is None or after[0] == before[0]:
        return "what the host took of the processors' time is unknown"
    share = 100 * (after[1] - before[1]) / (after[0] - before[0])
    return f"taken by the host for others meanwhile: {share:.0f} % of the processors' time"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor unknown"
    )


def _valkey() -> str:
    try:
        answer = subprocess.run([server_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    except (EmbeddedRedisMissing, OSError, subprocess.SubprocessError):
        return "no Valkey"
    words = answer.split()
    return " ".join([words[0], *(word[2:] for word in words if word.startswith("v="))])
