"""Imports in words: kinds, states, what becomes of a row, why something stays."""

from datetime import date, datetime
from typing import Any, Final

from markupsafe import Markup, escape

from kiosk.localisation import _, current_language, day_name, moment
from shared.db.import_acts import Import
from shared.db.import_undo import Why
from shared.db.imports import Counts, Refusal
from shared.domain.imports import ImportKind, ImportState
from shared.i18n import mark, translate

KIND_NAMES: Final = {
    ImportKind.OFFICERS: mark("Officers"),
    ImportKind.ROSTER: mark("Roster"),
    ImportKind.RATINGS: mark("Ratings"),
    ImportKind.GUARDIANS: mark("Guardians"),
}
KIND_HINTS: Final = {
    ImportKind.OFFICERS: mark(
        "Columns: {kode}, {nama}; {kantor} when they are of several offices, and {hp}, their own phone: ratings from"
        " it are set aside, and it gets a message when a score is ready."
    ),
    ImportKind.ROSTER: mark(
        "Columns: {petugas}, {loket}, {mulai}, {selesai}; {tanggal} when {mulai} and {selesai} are only times."
    ),
    ImportKind.RATINGS: mark(
        "Columns: {tanggal}, and {nilai} with {petugas}, or {U1} to {U9}; more if you have more."
    ),
    ImportKind.GUARDIANS: mark(
        "Columns: {telepon}, {kelas}, {guru} (codes of who teaches there) and {setuju} (the day on which the guardian"
        " agreed on the school’s form); {bahasa} if you have it."
    ),
}
COLUMNS: Final = {
    name: Markup("<code>{}</code>").format(name)
    for name in (
        "kode", "nama", "kantor", "petugas", "loket", "mulai", "selesai", "tanggal", "nilai", "U1", "U9", "hp",
        "telepon", "kelas", "guru", "setuju", "bahasa",
    )
}  # fmt: skip
"""What a column is called in the file, whatever the reader's language."""
STATE_NAMES: Final = {
    ImportState.UPLOADED: mark("being checked"),
    ImportState.CHECKED: mark("waits for you"),
    ImportState.RUNNING: mark("being imported"),
    ImportState.DONE: mark("done"),
    ImportState.UNDOING: mark("being undone"),
    ImportState.UNDONE: mark("undone"),
    ImportState.FAILED: mark("did not work"),
}
WAITS: Final = mark("waits for approval")
FATES: Final = {"new": mark("new"), "changed": mark("changed"), "known": mark("known already")}
KEPT_WORDS: Final = {
    Why.IN_USE.value: mark("is in use"),
    Why.CHANGED_SINCE.value: mark("was changed since"),
}


def kind_hint(kind: ImportKind) -> Markup:
    """Say which columns a file needs, their names set apart from the sentence."""
    return escape(_(KIND_HINTS[kind])).format(**COLUMNS)


def state_name(known: Import) -> str:
    """Name how far an import is; ratings that are in and wait for a second person are not done."""
    return _(WAITS if known.counts_once_confirmed else STATE_NAMES[known.state])


def fate_name(fate: str) -> str:
    """Name what becomes of a row."""
    return _(FATES[fate])


def reason(row: Refusal) -> str:
    """Word why a row cannot go in."""
    return translate(row.reason, current_language(), **row.facts)


def as_shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a preview with its days and moments written as on every page."""
    shown = dict(row)
    for name in {"from", "until"} & row.keys():
        shown[name] = moment(datetime.fromisoformat(row[name]))
    if "day" in row:
        shown["day"] = day_name(date.fromisoformat(row["day"]))
    return shown


def counted(counts: Counts) -> dict[str, int]:
    """Return the counts as the trail has them."""
    return {
        "rows": counts.rows,
        "new": counts.new,
        "changed": counts.changed,
        "known": counts.known,
        "refused": counts.refused,
    }
