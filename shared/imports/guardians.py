"""Guardians from a table: phone, class, who teaches there, and the day on which they agreed to be asked.

Rows of one phone and class are one guardian with all teachers those rows name. A guardian who is known gets what the
file says; who is not in the file stays as they were.
"""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from shared.consent_wording import GUARDIANS_CONSENT_VERSION
from shared.db.campaign_tables import CLASS_LENGTH
from shared.db.contacts import unwilling
from shared.db.guardians import Guardian, GuardianFacts, GuardianKey, guardians_known, put_guardians
from shared.domain.errors import RefusalCode
from shared.domain.imports import ImportKind
from shared.domain.phones import masked_phone, normal_phone, takes_messages
from shared.i18n import Language, mark
from shared.imports.moments import read_moment
from shared.imports.refusals import INTAKE_WORDS, FileRefused, RowRefused
from shared.imports.runs import Importer, Progress, Summary, import_by_operator, office_of
from shared.imports.tables import Row, Table, fold, named_by, open_table
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
    """Bring the guardians of an office in; the same file twice changes nothing. Raises FileRefused."""
    importer = GuardianImport(office_code, services)
    return import_by_operator(path, importer, importer.office.code, services, progress)


class GuardianImport(Importer[GuardianKey, GuardianFacts]):
    """Guardians by phone and class: each row says what the whole file says of one, or why it cannot.

    Of who wants no messages no number is kept, which nobody learns: they are counted like everybody. Undoing is left
    out, since it would keep who they are beyond their being forgotten.
    """

    kind = ImportKind.GUARDIANS

    def __init__(self, office_code: str, services: Services) -> None:
        self.office = office_of(office_code, services.directory.current())
        self._officers = services.directory.current().officers
        self._phones, self._clock = Phones.of(services.settings), services.clock
        self._told: dict[GuardianKey, GuardianFacts] = {}
        self._numbers: dict[bytes, str] = {}

    def open(self, path: Path) -> Table:
        """Open a list of guardians, and read what it says of each; raise FileRefused when it lacks a column."""
        table = open_table(path, COLUMNS)
        if not table.places.keys() >= NEEDED:
            raise FileRefused(LACKS_COLUMN)
        for row in table.rows():
            with suppress(RowRefused):
                table.check(row)
                key, facts = self._said(row)
                before = self._told.get(key)
                officers = facts.officers | before.officers if before else facts.officers
                self._told[key] = replace(facts, officers=officers)
        return table

    def read(self, row: Row) -> tuple[GuardianKey, GuardianFacts]:
        """Return the guardian of a row, and what the file says of them; raise RowRefused."""
        key, _ = self._said(row)
        return key, self._told[key]

    def known(
        self, session: Session, wanted: Mapping[GuardianKey, GuardianFacts]
    ) -> dict[GuardianKey, GuardianFacts]:
        """Return what is known of these people as guardians here."""
        people = {phone_hash for phone_hash, _ in wanted}
        found = guardians_known(session, self.office.code, people)
        return {key: found[key].facts for key in wanted if key in found}

    def put(self, session: Session, wanted: Mapping[GuardianKey, GuardianFacts]) -> None:
        """Store guardians, whose list names them anew."""
        away = unwilling(session, {phone_hash for phone_hash, _ in wanted})
        # By two imports at a time in one order, or they lock each other.
        guardians = [self._guardian(key, wanted[key], away) for key in sorted(wanted)]
        put_guardians(session, self.office.code, guardians, self._clock())

    def told(self, key: GuardianKey, value: GuardianFacts) -> dict[str, Any]:
        """Return the masked phone, class, teachers and the day on which they agreed."""
        return {
            "phone": masked_phone(self._numbers[key[0]]),
            "class": key[1],
            "teachers": ", ".join(sorted(value.officers)),
            "day": value.agreed_on.isoformat(),
        }

    def _guardian(self, key: GuardianKey, facts: GuardianFacts, away: Collection[bytes]) -> Guardian:
        phone_hash, class_name = key
        number = self._numbers[phone_hash]
        sealed = None if phone_hash in away else self._phones.seal(number)
        return Guardian(phone_hash, class_name, sealed, masked_phone(number), GUARDIANS_CONSENT_VERSION, facts)

    def _said(self, row: Row) -> tuple[GuardianKey, GuardianFacts]:
        phone = normal_phone(row.cell("phone"))
        if phone is None:
            raise RowRefused(NOT_A_PHONE)
        if not takes_messages(phone):
            raise RowRefused(LANDLINE)
        facts = GuardianFacts(_language(row), self._agreed(row), self._teachers(row))
        key = self._phones.hash(phone), _class(row)
        self._numbers[key[0]] = phone
        return key, facts

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
            if not officer.serves(self.office.code):
                raise RowRefused(INTAKE_WORDS[RefusalCode.FOREIGN_OFFICER], officer=code)
        return frozenset(codes)

    def _agreed(self, row: Row) -> date:
        written = _YES.sub("", row.cell("agreed"), count=1)
        if not any(letter.isdigit() for letter in written):
            raise RowRefused(NOT_AGREED)
        timezone = self.office.timezone
        day = read_moment(written, timezone).at.astimezone(timezone).date()
        if day > self._clock().astimezone(timezone).date():
            raise RowRefused(AGREES_LATER)
        return day


def _language(row: Row) -> Language:
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
