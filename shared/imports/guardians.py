"""Guardians from a table: phone, class, who teaches there, and the day on which they agreed to be asked.

Rows of one phone and class are one guardian with all teachers those rows name. A guardian who is known gets what the
file says; who is not in the file stays as they were.
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from shared.consent_wording import GUARDIANS_CONSENT_VERSION
from shared.db.campaign_tables import CLASS_LENGTH
from shared.db.contacts import unwilling
from shared.db.engine import writing
from shared.db.guardians import Guardian, GuardianFacts, GuardianKey, guardians_known, put_guardians
from shared.domain.errors import RefusalCode
from shared.domain.people import Office
from shared.domain.phones import masked_phone, normal_phone, takes_messages
from shared.i18n import DEFAULT_LANGUAGE, Language, mark
from shared.imports.moments import read_moment
from shared.imports.refusals import INTAKE_WORDS, FileRefused, RowRefused
from shared.imports.runs import BATCH, Progress, Stage, Summary, office_of
from shared.imports.tables import RejectedRows, Row, Table, fold, named_by, open_table
from shared.phones import Phones
from shared.services import Services

COLUMNS: Final = named_by({
    "phone": ("telepon", "phone", "hp", "no_hp", "nomor_hp", "no_telepon", "nomor_telepon", "wa", "no_wa"),
    "class": ("kelas", "class"),
    "officers": ("guru", "kode_guru", "teachers", "teacher", "petugas", "officers"),
    "language": ("bahasa", "language"),
    "agreed": ("setuju", "setuju_tanggal", "tanggal_setuju", "persetujuan", "agreed", "agreed_on", "consent"),
})  # fmt: skip
NEEDED: Final = {"phone", "class", "officers", "agreed"}
LANGUAGES: Final[dict[str, Language]] = {
    "": "id", "id": "id", "indonesia": "id", "bahasaindonesia": "id", "indonesian": "id",
    "en": "en", "inggris": "en", "bahasainggris": "en", "english": "en",
}  # fmt: skip
_YES: Final = re.compile(r"(?:ya|yes|setuju|y)\b[\s,:;-]*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[;,\s]+")
LACKS_COLUMN: Final = mark(
    "Guardians need the columns phone (telepon), class (kelas), teachers (guru) and agreed (setuju), which says on"
    " which day each of them agreed to be asked. What they agree to: suara campaign consent"
)
NOT_A_PHONE: Final = mark(
    "This is not a phone number. Write it like 0812-3456-7890 or +6281234567890, as text and not as a number."
)
LANDLINE: Final = mark("No message reaches this number. Ask for a mobile number, like 0812-3456-7890.")
NOT_AGREED: Final = mark(
    "It is not said that this guardian agreed to be asked. Write the day on which they did, like 2026-07-14; without"
    " it nobody is asked."
)
AGREES_LATER: Final = mark("The day on which this guardian agreed lies in the future.")


def import_guardians(path: Path, office_code: str, services: Services, progress: Progress) -> Summary:
    """Bring the guardians of an office in; the same file twice changes nothing. Raises FileRefused.

    Of who wants no messages no number is kept, which nobody learns: they are counted like everybody.
    """
    office = office_of(office_code, services.directory.current())
    table = open_table(path, COLUMNS)
    if not table.places.keys() >= NEEDED:
        raise FileRefused(LACKS_COLUMN)
    with RejectedRows(table) as rejected:
        told, said = _read(table, _Reader(office, services), rejected, progress)
    new, changed = 0, 0
    guardians = [told[key] for key in sorted(told)]  # by two imports at a time in one order, or they lock each other
    for start in range(0, len(guardians), BATCH):
        more = _store(guardians[start : start + BATCH], office, services)
        new, changed = new + more[0], changed + more[1]
    counts = (said + rejected.count, new, changed, said - new - changed, rejected.count)
    return Summary(*counts, table.ignored, rejected.path)


def _read(
    table: Table, reader: "_Reader", rejected: RejectedRows, progress: Progress
) -> tuple[dict[GuardianKey, Guardian], int]:
    """Return what a file says of each guardian, and how many of its rows say something."""
    told: dict[GuardianKey, Guardian] = {}
    said = 0
    for number, row in enumerate(table.rows(), start=1):
        try:
            table.check(row)
            one = reader.read(row)
            before = told.get(one.key)
            told[one.key] = one if before is None else _both(before, one)
            said += 1
        except RowRefused as refused:
            rejected.add(row, refused.worded(DEFAULT_LANGUAGE))
        if number % BATCH == 0 or number == table.count:
            progress(Stage.READING, number, table.count)
    return told, said


def _both(before: Guardian, later: Guardian) -> Guardian:
    officers = before.facts.officers | later.facts.officers
    return replace(later, facts=replace(later.facts, officers=officers))


def _store(guardians: list[Guardian], office: Office, services: Services) -> tuple[int, int]:
    """Store some guardians and return how many are new, and of how many something has changed."""
    people = {one.phone_hash for one in guardians}
    with writing(services.engine) as session:
        away = unwilling(session, people)
        before = guardians_known(session, office.code, people)
        kept = [replace(one, phone=None) if one.phone_hash in away else one for one in guardians]
        put_guardians(session, office.code, kept, services.clock())
    known = [before[one.key].facts != one.facts for one in guardians if one.key in before]
    return len(guardians) - len(known), sum(known)


class _Reader:
    """Reads what one row says of a guardian."""

    def __init__(self, office: Office, services: Services) -> None:
        self._office = office
        self._officers = services.directory.current().officers
        self._phones = Phones.of(services.settings)
        self._today = services.clock().astimezone(office.timezone).date()

    def read(self, row: Row) -> Guardian:
        """Return the guardian of a row; raise RowRefused."""
        phone = normal_phone(row.cell("phone"))
        if phone is None:
            raise RowRefused(NOT_A_PHONE)
        if not takes_messages(phone):
            raise RowRefused(LANDLINE)
        facts = GuardianFacts(self._language(row), self._agreed(row), self._teachers(row))
        sealed, shown = self._phones.seal(phone), masked_phone(phone)
        return Guardian(self._phones.hash(phone), _class(row), sealed, shown, GUARDIANS_CONSENT_VERSION, facts)

    def _teachers(self, row: Row) -> frozenset[str]:
        codes = [code.upper() for code in _BETWEEN.split(row.cell("officers")) if code]
        if not codes:
            raise RowRefused(
                mark("The row does not say who teaches; write the codes of the teachers, like GR1; GR2.")
            )
        for code in codes:
            officer = self._officers.get(code)
            if officer is None:
                raise RowRefused(INTAKE_WORDS[RefusalCode.UNKNOWN_OFFICER], officer=code[:60])
            if not officer.serves(self._office.code):
                raise RowRefused(INTAKE_WORDS[RefusalCode.FOREIGN_OFFICER], officer=code)
        return frozenset(codes)

    def _agreed(self, row: Row) -> date:
        written = _YES.sub("", row.cell("agreed"), count=1)
        if not any(letter.isdigit() for letter in written):
            raise RowRefused(NOT_AGREED)
        day = read_moment(written, self._office.timezone).at.astimezone(self._office.timezone).date()
        if day > self._today:
            raise RowRefused(AGREES_LATER)
        return day

    def _language(self, row: Row) -> Language:
        language = LANGUAGES.get(fold(row.cell("language")))
        if language is None:
            raise RowRefused(mark("The language is neither id (Indonesian) nor en (English)."))
        return language


def class_named(text: str) -> str:
    """Return the name of a class as it is kept, however its letters and spaces are written."""
    return " ".join(text.split()).upper()


def _class(row: Row) -> str:
    name = class_named(row.cell("class"))
    if not name:
        raise RowRefused(
            mark("The class is missing. Merged cells hold it in their first row alone: write it in every row.")
        )
    if len(name) > CLASS_LENGTH:
        raise RowRefused(mark("The name of the class is longer than {most} characters."), most=CLASS_LENGTH)
    return name
