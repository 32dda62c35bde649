"""`suara import`: bring ratings, officers, the roster and guardians in from tables, and what a kiosk exported.

What cannot go in comes back with a reason.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
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
from shared.db.imports import SETTLED
from shared.domain.errors import IntakeUnavailable
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.imports.guardians import import_guardians
from shared.imports.officers import import_officers
from shared.imports.outbox import import_outbox
from shared.imports.ratings import import_ratings
from shared.imports.refusals import FileRefused
from shared.imports.roster import import_roster
from shared.imports.runs import Progress, Stage, Summary
from shared.services import Services

app = typer.Typer(
    no_args_is_help=True,
    help="Bring ratings, officers, the roster or guardians in from a table (CSV or XLSX), or what a kiosk exported.",
)
PLAIN_EVERY: Final = 5000
BROKEN_OFF: Final = mark(
    "The database does not answer or is not prepared (suara db upgrade). Then import the file again:"
    " what is already in is not counted twice."
)
CHANGED: Final = mark("Changed: {count}")
OF_A_TABLE: Final = (
    mark("Rows in the file: {count}"),
    mark(
        "The refused rows, each with its reason, are in {path}. Correct them in the file they came from and"
        " import it again: what is already in is not counted twice."
    ),
)
OF_A_KIOSK: Final = (
    mark("Ratings in the file: {count}"),
    mark(
        "The refused ratings, each with its reason, are in {path}. Put right what the reasons name, then import that"
        " file."
    ),
)
"""How many there were, and what to do about those that were refused."""

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


@app.command()
def guardians(
    file: FileArgument,
    office: Annotated[str, typer.Option("--office", metavar="CODE", help="Code of their children's school.")],
) -> None:
    """Import guardians: phone, class, codes of the teachers, and the day on which they agreed to be asked."""
    _import(file, "guardians", lambda services, progress: import_guardians(file, office, services, progress))


@app.command()
def outbox(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the technician’s page of a kiosk exported.")],
    kiosk: Annotated[int, typer.Option(metavar="ID", help="Number of that kiosk, see `suara kiosk list`.")],
) -> None:
    """Import what waited on a kiosk that cannot send it; imported again, or sent after all, it counts once."""
    _import(
        file,
        "outbox",
        lambda services, progress: import_outbox(file, kiosk, services, progress),
        about={"kiosk_id": kiosk},
        words=OF_A_KIOSK,
    )


def _import(
    file: Path,
    what: str,
    run: Callable[[Services, Progress], Summary],
    about: Mapping[str, Any] = MappingProxyType({}),
    words: tuple[str, str] = OF_A_TABLE,
) -> None:
    try:
        with (
            closing(read_services()) as services,
            _progress_shown() as progress,
            _noted(file, {"what": what, **about}, services) as counts,
        ):
            summary = run(services, progress)
            counts |= {"rows": summary.in_file, "new": summary.new, "changed": summary.changed}
            counts |= {"refused": summary.refused}
    except FileRefused as refused:
        raise Refused(refused.worded(DEFAULT_LANGUAGE)) from refused
    except (IntakeUnavailable, SQLAlchemyError) as error:
        raise Refused(say(BROKEN_OFF)) from error
    _tell(summary, *words)
    if summary.refused:
        raise typer.Exit(1)


@contextmanager
def _noted(file: Path, counts: dict[str, Any], services: Services) -> Iterator[dict[str, Any]]:
    """Note an import in the trail, also one that is broken off: what is in by then stays in."""
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


def _tell(summary: Summary, in_file: str, about_refused: str) -> None:
    counts = (
        (in_file, summary.in_file),
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
    if summary.settled:
        typer.echo(say(SETTLED, count=_number(summary.settled)))
    if summary.waiting:
        text = mark(
            "{count} ratings are accepted and safe; they will be recorded when the recorder runs (suara run)."
        )
        typer.echo(say(text, count=_number(summary.waiting)))
    if summary.rejected:
        typer.echo(say(about_refused, path=summary.rejected), err=True)


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
