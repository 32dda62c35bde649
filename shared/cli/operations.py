"""The operator's everyday commands: seed, status, replay and check."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer
from redis.exceptions import ResponseError

from shared import seed as seeding
from shared.cli.database import bring_up_to_date
from shared.cli.start import Refused, say
from shared.cli.start import services as read_services
from shared.db.engine import reading, writing
from shared.db.quarantine import Quarantined, quarantined, release
from shared.db.ratings import record
from shared.db.recording import refuses_the_rating
from shared.domain.errors import QuarantineReason
from shared.domain.ratings import Rating
from shared.i18n import mark
from shared.services import Services
from shared.state import state_of


def seed() -> None:
    """Fill an empty database with invented people and fourteen months of ratings; write var/demo.json."""
    with closing(read_services()) as services:
        bring_up_to_date(services.engine)
        if not seeding.plant_once(services):
            raise Refused(say(mark("This database is not empty. Demo data only goes into an empty one.")))
        typer.echo("\n".join(seeding.demo_sheet(services)))


def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say how the system is: what waits, what is in quarantine, what is configured to promise less."""
    with closing(read_services()) as services:
        known = _status(services)
        if as_json:
            typer.echo(json.dumps(known))
            return
        lines = (
            (mark("Waiting to be recorded: {count}"), known["stream"]["length"]),
            (mark("In quarantine: {count}"), known["quarantined"]),
            (mark("Scores waiting for a refresh: {count}"), known["stale_scores"]),
            (mark("Silent kiosks: {count}"), known["kiosks_silent"]),
            (mark("Refused ratings kept on kiosks: {count}"), known["kiosks_refused"]),
        )
        for text, count in lines:
            if count is not None:
                typer.echo(say(text, count=count))
        for warning in known["warnings"]:
            typer.echo(say(mark("Warning: {warning}"), warning=warning))


def _status(services: Services) -> dict[str, Any]:
    state = state_of(services)
    queue = state.queue
    away = mark("Redis does not answer; ratings go straight into the database.")
    return {
        "stream": {
            "length": queue.length if queue else None,
            "oldest_seconds": queue.oldest.total_seconds() if queue and queue.oldest else None,
        },
        "quarantined": state.quarantined,
        "stale_scores": state.stale_scores,
        "last_sweep_seconds": queue.last_sweep.total_seconds() if queue and queue.last_sweep else None,
        "kiosks_silent": len(queue.silent) if queue else None,
        "kiosks_refused": queue.refused if queue else None,
        "warnings": _weak_promises(services) if queue else [say(away)],
    }


def _weak_promises(services: Services) -> list[str]:
    """Name what the configured Redis and PostgreSQL promise less than durability."""
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}
    warnings = []
    for name, value in wanted.items():
        try:
            found: dict[str, str] = services.redis.config_get(name)  # type: ignore[assignment]
        except ResponseError:
            return [
                say(
                    mark(
                        "Redis does not say how it keeps what it is given; check appendonly and appendfsync yourself."
                    )
                )
            ]
        if found.get(name) != value:
            text = mark("Redis has {name} {found}; accepted ratings are only safe with {value}.")
            warnings.append(say(text, name=name, found=found.get(name, "?"), value=value))
    if services.engine.dialect.name == "postgresql":
        warnings += _weak_postgresql(services)
    return warnings


def _weak_postgresql(services: Services) -> list[str]:
    warnings = []
    with services.engine.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if connection.exec_driver_sql(f"SHOW {name}").scalar_one() == "off":
                text = mark("PostgreSQL has {name} off; a power cut can lose recorded ratings.")
                warnings.append(say(text, name=name))
    return warnings


def replay() -> None:
    """Record what is in quarantine, once its cause is mended; what still cannot be recorded stays where it is."""
    with closing(read_services()) as services:
        with reading(services.engine) as session:
            waiting = quarantined(session)
        back = sum(_is_back(entry, services) for entry in waiting)
        text = mark("{recorded} recorded, {left} still in quarantine.")
        typer.echo(say(text, recorded=back, left=len(waiting) - back))


def _is_back(entry: Quarantined, services: Services) -> bool:
    """Record one rating and forget its quarantine in the same transaction; False when it still cannot be recorded."""
    if entry.reason is QuarantineReason.SAME_ID_OTHER_CONTENT:
        return False
    try:
        rating = Rating.model_validate_json(entry.body)
        with writing(services.engine) as session:
            release(session, entry.id)
            record([rating], session, services.clock())
    except Exception as error:
        if not refuses_the_rating(error):
            raise
        return False
    return True


def check() -> None:
    """Run what CI runs, fastest first, and stop at the first failure."""
    root, programs = Path.cwd(), Path(sys.executable).parent
    if not (root / "tests").is_dir():
        raise Refused(say(mark("Run this in the project’s own folder.")))
    steps = (
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
        ("lint-imports",),
        ("python", "-m", "tests.prepare"),
        # One more than the two processors we count on: browsers and servers are mostly waited for.
        ("pytest", "-n", "3", "--dist", "loadgroup", "--durations", "30"),
    )
    for program, *arguments in steps:
        typer.echo(f"— {program} {' '.join(arguments)}")
        done = subprocess.run([str(programs / program), *arguments], cwd=root, check=False)  # noqa: S603  our own tools
        if done.returncode:
            raise SystemExit(1)
