"""`suara import`: bring ratings, officers and the roster in from tables; bad rows come back with a reason."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from babel.numbers import format_decimal
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID
from sqlalchemy.exc import SQLAlchemyError

from shared.cli.start import Refused, operating, say
from shared.cli.start import services as read_services
from shared.db.audit import note
from shared.domain.errors import IntakeUnavailable
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.imports.officers import import_officers
from shared.imports.ratings import import_ratings
from shared.imports.refusals import FileRefused
from shared.imports.roster import import_roster
from shared.imports.runs import Progress, Stage, Summary
from shared.services import Services

app = typer.Typer(no_args_is_help=True, help="Bring ratings, officers or the roster in from a table (CSV or XLSX).")
PLAIN_EVERY: Final = 5000
BROKEN_OFF: Final = mark(
    "The database does not answer or is not prepared (suara db upgrade). Then import the file again:"
    " what is already in is not counted twice."
)
CHANGED: Final = mark("Changed: {count}")

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A table as CSV or XLSX; the first line names the columns.")
]
OneOffice = Annotated[str, typer.Option("--office", metavar="CODE", help="Code of the office that was rated.")]
AnyOffice = Annotated[str | None, typer.Option("--office", metavar="CODE", help="Code of the office they belong to.")]


@app.command()
def ratings(file: FileArgument, office: OneOffice) -> None:
    """Import ratings, such as paper survey forms; importing the same file again counts nothing twice."""
    _import(file, "ratings", lambda services, progress: import_ratings(file, office, services, progress))


@app.command()
def officers(file: FileArgument, office: AnyOffice = None) -> None:
    """Import officers: a code and a name each, and an office unless --office names it."""
    _import(file, "officers", lambda services, progress: import_officers(file, office, services, progress))


@app.command()
def roster(file: FileArgument, office: AnyOffice = None) -> None:
    """Import postings: officer, counter, from and until."""
    _import(file, "roster", lambda services, progress: import_roster(file, office, services, progress))


def _import(file: Path, what: str, run: Callable[[Services, Progress], Summary]) -> None:
    try:
        with (
            closing(read_services()) as services,
            _progress_shown() as progress,
            _noted(file, what, services) as counts,
        ):
            summary = run(services, progress)
            counts |= {"rows": summary.in_file, "new": summary.new, "changed": summary.changed}
            counts |= {"refused": summary.refused}
    except FileRefused as refused:
        raise Refused(refused.worded(DEFAULT_LANGUAGE)) from refused
    except (IntakeUnavailable, SQLAlchemyError) as error:
        raise Refused(say(BROKEN_OFF)) from error
    _tell(summary)
    if summary.refused:
        raise typer.Exit(1)


@contextmanager
def _noted(file: Path, what: str, services: Services) -> Iterator[dict[str, Any]]:
    """Note an import in the trail, also one that is broken off: what is in by then stays in."""
    counts: dict[str, Any] = {"what": what}
    try:
        yield counts
    except FileRefused:
        raise  # nothing went in
    except BaseException:
        with suppress(SQLAlchemyError):
            _note(file, {**counts, "finished": False}, services)
        raise
    _note(file, counts, services)


def _note(file: Path, counts: dict[str, Any], services: Services) -> None:
    with operating(services) as session:
        note(session, "imported", "import", file.name, after=counts)


def _tell(summary: Summary) -> None:
    counts = (
        (mark("Rows in the file: {count}"), summary.in_file),
        (mark("New: {count}"), summary.new),
        (CHANGED, summary.changed),
        (mark("Known already: {count}"), summary.known),
        (mark("Refused: {count}"), summary.refused),
    )
    for text, count in counts:
        if count or text != CHANGED:  # ratings never change
            typer.echo(say(text, count=_number(count)))
    if summary.ignored:
        typer.echo(say(mark("Columns ignored: {columns}"), columns=", ".join(summary.ignored)))
    if summary.waiting:
        text = mark(
            "{count} ratings are accepted and safe; they will be recorded when the recorder runs (suara run)."
        )
        typer.echo(say(text, count=_number(summary.waiting)))
    if summary.rejected:
        text = mark(
            "The refused rows, each with its reason, are in {path}. Correct them in the file they came from and"
            " import it again: what is already in is not counted twice."
        )
        typer.echo(say(text, path=summary.rejected), err=True)


def _number(count: int) -> str:
    return str(format_decimal(count, locale=DEFAULT_LANGUAGE))


@contextmanager
def _progress_shown() -> Iterator[Progress]:
    """Give a progress bar on a terminal, and elsewhere a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_line
        return
    tasks: dict[Stage, TaskID] = {}
    with Bars(console=console, transient=True) as bars:

        def show(stage: Stage, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(say(stage), total=of)
            bars.update(tasks[stage], completed=done)

        yield show


def _plain_line(stage: Stage, done: int, of: int) -> None:
    if done % PLAIN_EVERY == 0:
        line = mark("{stage}: {done} of {all}")
        typer.echo(say(line, stage=say(stage), done=_number(done), all=_number(of)), err=True)
