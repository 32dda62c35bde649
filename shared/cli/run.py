"""`suara run`: from a configured folder to a running system on one machine."""

import errno
import fcntl
import json
import os
import shlex
import socket
import sys
import sysconfig
from contextlib import closing
from pathlib import Path
from string import Template
from typing import Annotated

import typer
from honcho.environ import parse_procfile
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

import shared
from shared import authority, embedded, seed
from shared.cli.database import bring_up_to_date
from shared.cli.start import Refused, say
from shared.cli.start import settings as read_settings
from shared.domain.clock import system_clock
from shared.i18n import mark
from shared.services import Services
from shared.settings import Settings
from shared.supervisor import Plan, Renewal

PROCFILE = Path(shared.__file__).parent.parent / "Procfile"
VALKEY = "valkey"
WEB = "web"
RENEWAL_SECONDS = 300.0
"""A machine that starts before its network does has its address soon after."""
PORT_TAKEN = mark("Port {port} is in use by another program. Stop that program, or set {name} to another port.")
RUNS_ALREADY = mark("Suara Loket already runs in {folder}. Stop it first, or set SUARA_HOME to another folder.")
FOLDER_TAKEN = mark("The folder {folder} must belong to you alone. Remove it, or set SUARA_HOME to a shorter path.")
NOT_OURS = mark("Cannot listen on {address}: {reason}. Set BIND to an address of this machine.")
PUBLIC_IS_PLAIN = mark("PUBLIC_URL begins with http://. Write it with https://, or run without HTTPS.")
HTTPS_IS_SET = mark(
    "The setting HTTPS says otherwise. Change it in the environment or in `.env`, or leave it out there."
)
NO_AUTHORITY = mark(
    "{file} cannot be used. Put it back from a backup. Or remove the folder {folder}: a new authority is made then,"
    " which every device has to be told to trust."
)
TRUST = mark("Devices have to trust this installation once: {address}")
FINGERPRINT = mark("SHA-256 fingerprint: {fingerprint}")
LEFT_OUT = mark(
    "Warning: the authority was made for other names and cannot vouch for {names}. For a new one remove the folder"
    " {folder}; every device has to be told to trust it."
)
BACK_TO_HTTP = mark("The next start uses HTTPS again. Back to plain HTTP: suara run --no-https")
STOP_HINT = mark("Ctrl-C stops everything.")


def run(
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database with invented people.")] = False,
    https: Annotated[
        bool | None,
        typer.Option("--https/--no-https", help="Serve HTTPS by an authority of our own. Kept for the next starts."),
    ] = None,
) -> None:
    """Bring up every process, keep each alive, and stop all of them at Ctrl-C."""
    settings = read_settings()
    _hold_folder(settings)
    settings = _choose(settings, settings.https if https is None else https)
    _check_ports(settings)
    _check_alone(settings)
    welcome = [say(mark("Suara Loket is running: {address}"), address=settings.web_address)]
    if settings.https:
        welcome += _vouch(settings)
    with closing(Services.of(settings)) as services:
        bring_up_to_date(services.engine)
        if demo:
            seed.plant_once(services)
            welcome += seed.demo_sheet(services)
    plan: Plan = {
        "commands": _commands(settings),
        "last": VALKEY,
        "health": [f"{settings.own_address}/healthz", f"http://{settings.own_host}:{settings.sms_port}/healthz"],
        "renewal": _renewal(settings) if settings.https else None,
        "welcome": "\n".join(["", *welcome, say(STOP_HINT), ""]),
    }
    path = settings.var / "plan.json"
    path.write_text(json.dumps(plan))
    # The watcher needs none of what this command has loaded: it takes this process's place.
    sys.stdout.flush()
    _leave_docstrings_out()
    os.execv(sys.executable, [sys.executable, "-m", "shared.supervisor", str(path)])  # noqa: S606


def _leave_docstrings_out() -> None:
    """Let the processes load modules without docstrings: together they need 25 MB less.

    Not where what is compiled cannot be kept, since each of them would compile everything at every start.
    """
    if not sys.dont_write_bytecode and os.access(sys.pycache_prefix or sysconfig.get_path("purelib"), os.W_OK):
        os.putenv("PYTHONOPTIMIZE", "2")


def _choose(settings: Settings, https: bool) -> Settings:
    """Remember which way the web app is served: tablets know it by that address, and keep their ratings under it."""
    if https and (settings.public_url or "").startswith("http:"):
        raise Refused(say(PUBLIC_IS_PLAIN))
    if https == settings.https:
        return settings
    chosen = settings.remember_https(https)
    if chosen.https != https:
        settings.remember_https(settings.https)
        raise Refused(say(HTTPS_IS_SET))
    return chosen


def _vouch(settings: Settings) -> list[str]:
    """See that there are an authority and a certificate; return what to know of them, a line each."""
    try:
        vouched = authority.prepare(settings, system_clock())
        trusted = authority.read_certificate(settings.authority_path)
    except authority.AuthorityUnusable as error:
        raise Refused(say(NO_AUTHORITY, file=error, folder=settings.https_folder)) from error
    lines = [
        say(TRUST, address=f"{settings.web_address}/certificate"),
        say(FINGERPRINT, fingerprint=authority.fingerprint(trusted)),
        say(BACK_TO_HTTP),
    ]
    if vouched.left_out:
        lines.append(say(LEFT_OUT, names=", ".join(sorted(vouched.left_out)), folder=settings.https_folder))
    return lines


def _renewal(settings: Settings) -> Renewal:
    return {
        "command": [sys.executable, "-m", "shared.authority"],
        "every": RENEWAL_SECONDS,
        "certificate": str(settings.server_certificate_path),
        "authority": str(settings.authority_path),
        "serves": WEB,
    }


def _hold_folder(settings: Settings) -> None:
    # Two servers that append to one log would ruin it. The watcher inherits the lock and gives it back by ending.
    descriptor = os.open(settings.var / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refused(say(RUNS_ALREADY, folder=settings.suara_home)) from error
    os.set_inheritable(descriptor, True)


def _check_ports(settings: Settings) -> None:
    for name, port in (("PORT", settings.port), ("SMS_PORT", settings.sms_port)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.bind, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise Refused(say(PORT_TAKEN, port=port, name=name)) from error
                raise Refused(say(NOT_OURS, address=settings.bind, reason=error.strerror)) from error


def _check_alone(settings: Settings) -> None:
    if settings.redis_url is None:
        with Redis.from_url(settings.redis_address, socket_timeout=1) as redis:
            try:
                redis.ping()
            except RedisConnectionError:
                return
            except RedisError as error:  # whatever answers there, it is somebody
                raise Refused(say(RUNS_ALREADY, folder=settings.suara_home)) from error
        raise Refused(say(RUNS_ALREADY, folder=settings.suara_home))


def _commands(settings: Settings) -> dict[str, list[str]]:
    """Return the Procfile's commands with the settings filled in; our own Valkey before them unless one is given."""
    commands: dict[str, list[str]] = {}
    if settings.redis_url is None:
        try:
            commands[VALKEY] = embedded.command(settings)
        except embedded.EmbeddedRedisMissing as error:
            raise Refused(say(embedded.NOT_FOUND)) from error
        except embedded.SocketFolderTaken as error:
            raise Refused(say(FOLDER_TAKEN, folder=error)) from error
    facts = {
        "BIND": settings.bind,
        "PORT": settings.port,
        "SMS_PORT": settings.sms_port,
        "WEB_THREADS": settings.web_threads,
    }
    programs = Path(sys.executable).parent
    for name, line in parse_procfile(PROCFILE.read_text()).processes.items():
        program, *arguments = shlex.split(Template(line).substitute(facts))
        commands[name] = [sys.executable if program == "python" else str(programs / program), *arguments]
    if settings.https:
        # Tablets of 2016 know no newer TLS than 1.2.
        commands[WEB] += [
            "--ssl-certificate", str(settings.server_certificate_path),
            "--ssl-keyfile", str(settings.server_key_path),
            "--ssl-protocol-min", "tls1.2",
        ]  # fmt: skip
    return commands
