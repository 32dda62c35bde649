"""The trail of who did what: searched on a page, and taken away as a table."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from flask import Response, g, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from kiosk.admin import acts as wording
from kiosk.context import services
from kiosk.localisation import CAPITAL_ZONE, JOINED, _
from kiosk.paging import sought_text
from kiosk.portals import Audience, Portal
from shared.db.engine import reading
from shared.db.trail import Act, Wanted, acts
from shared.domain.zones import zone
from shared.i18n import mark
from shared.imports.tables import harmless

audit = Portal("audit", __name__, audience=Audience.ADMINISTRATION, url_prefix="/audit")
AT_ONCE: Final = 1000
LARGEST_ID: Final = 2**63 - 1
SOUGHT: Final = ("words", "act", "kind", "until")
NOT_A_DATE: Final = mark("Write a date, for example 2026-11-21.")
HEADINGS: Final = ("at", "actor", "name", "role", "address", "act", "kind", "subject", "before", "after", "sentence")


@audit.get("")
def index() -> ResponseReturnValue:
    """Show the acts somebody looks for, newest first, fifty at a time."""
    sought, before = _sought(), request.args.get("before", type=int)
    wanted, error = _wanted(sought)
    with reading(services().engine) as session:
        found, older = acts(session, wanted, None if before is None else min(max(0, before), LARGEST_ID))
    given: dict[str, Any] = {name: value for name, value in sought.items() if value}
    page = render_template(
        "admin/audit.html",
        lines=[wording.told(act) for act in found],
        sought=sought,
        error=error,
        verbs=_with(wording.verb_names(), sought["act"]),
        kinds=_with(wording.kind_names(), sought["kind"]),
        role_words=wording.role_words,
        newest=url_for("audit.index", **given) if before else None,
        older=url_for("audit.index", **given, before=older) if older else None,
        table=url_for("audit.table", **given),
    )
    return page, 400 if error else 200


@audit.get("/acts.csv")
def table() -> ResponseReturnValue:
    """Give the acts somebody looks for as a table, newest first; no cell of it is run as a formula."""
    wanted, _error = _wanted(_sought())
    response = Response(stream_with_context(_rows(wanted)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="suara-loket-audit.csv"'
    return response


def _sought() -> dict[str, str]:
    return {name: sought_text(request.args.get(name, "")) for name in SOUGHT}


def _wanted(sought: dict[str, str]) -> tuple[Wanted, str]:
    wanted, error = Wanted(sought["words"], sought["act"], sought["kind"]), ""
    if sought["until"]:
        try:
            day = date.fromisoformat(sought["until"]) + timedelta(days=1)
            ends = datetime.combine(day, time(), g.get("timezone") or zone(CAPITAL_ZONE))
            wanted = replace(wanted, until=ends)
        except (ValueError, OverflowError):
            error = _(NOT_A_DATE)
    return wanted, error


def _with(known: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Return what can be chosen, and what was chosen although we have no name for it."""
    return [*known, *([(chosen, chosen)] if chosen and chosen not in dict(known) else [])]


def _rows(wanted: Wanted) -> Iterator[str]:
    # Begun with the mark by which spreadsheets know that letters beyond ASCII follow.
    yield "\ufeff" + _row(HEADINGS)
    before: int | None = None
    while True:
        # Each batch on its own: however slowly somebody fetches, no transaction stands open meanwhile.
        with reading(services().engine) as session:
            found, before = acts(session, wanted, before, AT_ONCE)
        yield "".join(_row(_cells(act)) for act in found)
        if before is None:
            return


def _cells(act: Act) -> tuple[str, ...]:
    return (
        act.at.isoformat(),
        act.actor.name,
        act.person or "",
        act.actor.role,
        act.actor.address or "",
        act.verb,
        act.kind,
        act.subject,
        _json(act.before),
        _json(act.after),
        wording.told(act).sentence.replace(JOINED, " "),
    )


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False) if facts else ""


def _row(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([harmless(cell) for cell in cells])
    return line.getvalue()
