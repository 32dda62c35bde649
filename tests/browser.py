"""Find a Chromium for the browser tests, or get one from the package manager; say plainly when neither works."""

import os
import shutil
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WITHOUT_WINDOW = "chromium-headless-shell"
NOT_FOUND = (
    "No Chromium was found and none could be installed: the browser tests are skipped."
    " Install the package `chromium` and run the tests again."
)


def installed() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    on_path = next((found for found in map(shutil.which, NAMES) if found), None)
    if on_path:
        return on_path
    downloads = Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for path in sorted(downloads.glob("chromium-*/chrome-linux*/chrome"))), None)


@cache
def chromium() -> str | None:
    """Return the path of a Chromium, installing one where this user may; None when that failed."""
    found = installed()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update")
        _try("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
    else:
        _try("playwright", "install", "chromium")
    return installed()


@cache
def headless() -> str | None:
    """Return the path of a Chromium that draws no window, which takes half the time; any other where it is not to be
    had.
    """
    if shutil.which(WITHOUT_WINDOW) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", patience=60)
        _try("apt-get", "install", "--yes", "--no-install-recommends", WITHOUT_WINDOW, patience=120)
    return shutil.which(WITHOUT_WINDOW) or chromium()


@cache
def certutil() -> str | None:
    """Return the path of the program that tells Chromium whom to trust, installing it where this user may."""
    if shutil.which("certutil") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update")
        _try("apt-get", "install", "--yes", "--no-install-recommends", "libnss3-tools")
    return shutil.which("certutil")


def _try(*command: str, patience: float = 600) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment, timeout=patience)
