"""Imports: officers, rosters, ratings and guardians from a file, looked at before anything of it goes in."""

import csv
import io
from collections.abc import Callable
from typing import Annotated, Any, Final
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BeforeValidator
from werkzeug.exceptions import RequestEntityTooLarge

from kiosk.acting import acting
from kiosk.admin.import_words import (
    KEPT_WORDS,
    KIND_NAMES,
    as_shown,
    counted,
    fate_name,
    kind_hint,
    reason,
    state_name,
)
from kiosk.admin.people import names_of
from kiosk.context import services
from kiosk.forms import PROBLEMS, Form, blank, read_form
from kiosk.localisation import _
from kiosk.paging import asked_page
from kiosk.portals import Audience, Portal, current_account, current_offices, is_fresh, may_change
from shared.db import import_acts as acts
from shared.db.audit import note
from shared.db.directory_version import WritingSession
from shared.db.engine import reading
from shared.db.import_acts import Import, SamePerson, WrongMoment
from shared.db.imports import SETTLED, in_settled_months, refusals
from shared.domain.facts import Facts
from shared.domain.imports import WORKED_ON, ImportKind
from shared.domain.ratings import Code
from shared.i18n import mark
from shared.imports.asking import ask
from shared.imports.tables import FOR_SPREADSHEETS, REASON_COLUMN, with_reason
from shared.nips import handed_in

LARGEST_FILE: Final = 20 * 1024 * 1024
ROOM_FOR_FIELDS: Final = 64 * 1024
ROOM_TO_PARSE: Final = 1024 * 1024
"""The parser takes a file in pieces of 64 KB and counts what is left of the piece before as a field."""
PAGE: Final = 50
BAD_ROWS_SHOWN: Final = 100
REFRESH_SECONDS: Final = "2"
NO_FILE: Final = mark("Choose a file.")
EMPTY_FILE: Final = mark("This file is empty.")
TOO_LARGE: Final = mark("This file is larger than 20 MB. Divide it.")
OFFICE_NEEDED: Final = {
    ImportKind.RATINGS: mark("Say which office was rated."),
    ImportKind.GUARDIANS: mark("Say at which school their children are."),
}
WRONG_MOMENT: Final = mark("This cannot be done any more. Somebody may have been quicker; look at how it is now.")
SAME_PERSON: Final = mark("Somebody else must approve this: another administrator, not the one who imported it.")

imports = Portal("imports", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/imports")


class Upload(Facts):
    """What a file brings in, and of which office."""

    kind: ImportKind
    office: Annotated[Code | None, BeforeValidator(lambda value: value or None)] = None


@imports.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before anything reads the form; and only for those who may hand a file in.
    if endpoint == "imports.upload" and may_change():
        request.max_content_length = LARGEST_FILE + ROOM_FOR_FIELDS
        request.max_form_memory_size = ROOM_TO_PARSE


@imports.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _upload_page(blank().refused("file", TOO_LARGE)), 413


@imports.get("")
def index() -> ResponseReturnValue:
    """List what was brought in, newest first."""
    page = asked_page()
    with reading(services().engine) as session:
        listed, more = acts.imports_listed(session, current_offices(), (page - 1) * PAGE, PAGE)
    people = names_of({known.uploaded_by for known in listed})
    return render_template(
        "admin/imports.html",
        imports=listed,
        people=people,
        page=page,
        more=more,
        kinds=KIND_NAMES,
        state_name=state_name,
        offices=services().directory.current().offices,
    )


@imports.get("/new")
def new() -> ResponseReturnValue:
    """Ask for a file. The password is asked for before it, since no browser keeps a file that was chosen."""
    if may_change() and not is_fresh():
        return redirect(url_for("security.verify", next=url_for("imports.new")))
    return _upload_page(blank(kind=request.args.get("kind", ""), office=request.args.get("office", "")))


@imports.post("/new")
def upload() -> ResponseReturnValue:
    """Take a file and let it be checked; nothing of it goes in yet."""
    form = read_form(Upload)
    file = request.files.get("file")
    content = file.read() if file else b""
    problem = _problem(form, file.filename if file else None, content)
    if problem:
        form = form.refused(*problem)
    if form.value is None or file is None:
        return _upload_page(form), 400
    if len(content) > LARGEST_FILE:
        return _upload_page(form.refused("file", TOO_LARGE)), 413
    kind, office, by = form.value.kind, form.value.office, current_account().username
    with acting() as session:
        now, sealer = services().clock(), handed_in(services().settings)
        batch, new_ = acts.hand_in(session, kind, office, file.filename or "", content, by, now, sealer)
        if new_:
            _note(session, "import_uploaded", batch)
    ask(services().redis)
    return redirect(url_for("imports.show", batch=batch))


@imports.get("/<uuid:batch>")
def show(batch: UUID) -> ResponseReturnValue:
    """Show what a file says, how far it has come, and what may be done with it."""
    return _page(batch)


@imports.get("/<uuid:batch>/refused")
def refused(batch: UUID) -> ResponseReturnValue:
    """Give back the rows that cannot go in, each with its reason; they may hold words of residents."""
    if not may_change():
        abort(403)
    known = _known(batch)
    written = io.StringIO()
    encoding, delimiter = FOR_SPREADSHEETS
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(with_reason(known.headings, known.headings, REASON_COLUMN))
    with reading(services().engine) as session:
        for row in refusals(session, batch, handed_in(services().settings)):
            writer.writerow(with_reason(known.headings, row.cells, reason(row)))
    name = f"{known.file_name.rpartition('.')[0] or known.file_name}.rejected.csv"
    response = Response(written.getvalue().encode(encoding), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@imports.post("/<uuid:batch>/start")
def start(batch: UUID) -> ResponseReturnValue:
    """Bring the good rows in."""
    by, at = current_account().username, services().clock()
    return _done(batch, "import_started", lambda session: acts.start(session, batch, by, at))


@imports.post("/<uuid:batch>/confirm")
def confirm(batch: UUID) -> ResponseReturnValue:
    """Let ratings count that somebody else brought in."""
    by, at = current_account().username, services().clock()
    try:
        return _done(batch, "import_confirmed", lambda session: acts.confirm(session, batch, by, at))
    except SamePerson:
        return _page(batch, SAME_PERSON), 409


@imports.post("/<uuid:batch>/undo")
def undo(batch: UUID) -> ResponseReturnValue:
    """Take an import back."""
    by, at = current_account().username, services().clock()
    return _done(batch, "import_undone", lambda session: acts.undo(session, batch, by, at))


@imports.post("/<uuid:batch>/count-again")
def count_again(batch: UUID) -> ResponseReturnValue:
    """Let ratings count again whose import was undone."""
    return _done(batch, "import_counts_again", lambda session: acts.count_again(session, batch))


@imports.post("/<uuid:batch>/leave")
def leave(batch: UUID) -> ResponseReturnValue:
    """Throw a file away of which nothing went in."""
    with reading(services().engine) as session:
        if acts.import_known(session, current_offices(), batch) is None:
            return redirect(url_for("imports.index"))
    try:
        with acting() as session:
            _note(session, "import_left", batch)
            acts.leave(session, batch)
    except WrongMoment:
        return _page(batch, WRONG_MOMENT), 409
    return redirect(url_for("imports.index"))


def _done(batch: UUID, verb: str, act: Callable[[WritingSession], bool]) -> ResponseReturnValue:
    _known(batch)
    try:
        with acting() as session:
            before = acts.import_known(session, current_offices(), batch)
            if act(session):
                _note(session, verb, batch, before)
    except WrongMoment:
        return _page(batch, WRONG_MOMENT), 409
    ask(services().redis)
    return redirect(url_for("imports.show", batch=batch))


def _note(session: WritingSession, verb: str, batch: UUID, before: Import | None = None) -> None:
    # As it stood before the act: a start begins to count anew.
    known = before or acts.import_known(session, current_offices(), batch)
    if known is not None:
        after = {"import": str(batch), "what": known.kind.value, "office_code": known.office, **counted(known.counts)}
        note(session, verb, "import", known.file_name, after={name: value for name, value in after.items() if value})


def _problem(form: Form[Upload], file_name: str | None, content: bytes) -> tuple[str, str] | None:
    if not file_name:
        return "file", NO_FILE
    if not content:
        return "file", EMPTY_FILE
    if form.value is None:
        return None
    if form.value.kind in OFFICE_NEEDED and form.value.office is None:
        return "office", OFFICE_NEEDED[form.value.kind]
    if form.value.office is not None and form.value.office not in current_offices():
        return "office", PROBLEMS["enum"]
    return None


def _known(batch: UUID) -> Import:
    with reading(services().engine) as session:
        known = acts.import_known(session, current_offices(), batch)
    if known is None:
        abort(404)
    return known


def _upload_page(form: Form[Any]) -> str:
    offices = services().directory.current().offices
    return render_template(
        "admin/import_new.html",
        form=form,
        kinds=[(kind.value, _(KIND_NAMES[kind]), kind_hint(kind)) for kind in ImportKind],
        offices=sorted(((code, offices[code].name) for code in current_offices()), key=lambda option: option[1]),
    )


def _page(batch: UUID, notice: str = "") -> Response:
    known = _known(batch)
    with reading(services().engine) as session:
        bad = refusals(session, batch, handed_in(services().settings), BAD_ROWS_SHOWN)
        settled = in_settled_months(session, batch)
    people = names_of({known.uploaded_by, known.confirmed_by, known.undone_by})
    moving, still = known.state in WORKED_ON, "still" in request.args
    page = render_template(
        "admin/import.html",
        known=known,
        people=people,
        notice=notice,
        preview=[as_shown(row) for row in known.preview],
        bad=[(row.number, reason(row)) for row in bad],
        office=services().directory.current().offices.get(known.office or ""),
        kinds=KIND_NAMES,
        state_name=state_name,
        kept_words=KEPT_WORDS,
        fate_name=fate_name,
        moving=moving,
        still=still,
        problem=known.problem and _(known.problem[0], **known.problem[1]),
        settled=settled,
        settled_words=SETTLED,
        mine=current_account().username in {known.uploaded_by, known.started_by},
    )
    response = Response(page)
    if moving and not still and request.method == "GET":
        response.headers["Refresh"] = REFRESH_SECONDS
    return response
