"""Officers from a table: a code and a name; the same file twice changes nothing, a corrected name is taken over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from shared.db.accounts import user_names_among
from shared.db.people_writes import (
    OwnPhone,
    officers_known,
    own_phone_of,
    own_phones_known,
    put_officers,
    put_own_phones,
)
from shared.domain.facts import NAME_LENGTH, Name
from shared.domain.imports import ImportKind
from shared.domain.nip import is_meant_as_nip
from shared.domain.phones import normal_phone
from shared.domain.ratings import Code
from shared.i18n import mark
from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.runs import Importer, Progress, Slice, Summary, import_by_operator, office_of
from shared.imports.tables import Row, Table, named_by, open_table
from shared.phones import Phones
from shared.services import Services

CODE_IS_USER_NAME: Final = mark("Somebody else signs in with “{code}” as user name; choose another code.")
COLUMNS: Final = named_by({
    "code": ("kode", "code", "kode_petugas", "officer_code"),
    "name": ("nama", "name", "nama_petugas", "officer_name"),
    "office": ("kantor", "office"),
    "own_phone": ("hp", "no_hp", "nomor_hp", "telepon", "phone"),
})  # fmt: skip
_CODE: Final[TypeAdapter[str]] = TypeAdapter(Code)
_NAME: Final[TypeAdapter[str]] = TypeAdapter(Name)

Facts = tuple[str, str, OwnPhone | None]
"""(name, office, own phone); without a phone, the one that is registered stays"""


def import_officers(path: Path, office_code: str | None, services: Services, progress: Progress) -> Summary:
    """Bring officers in, into the office of their row or else into `office_code`; raise FileRefused."""
    importer = OfficerImport(office_code, services)
    return import_by_operator(path, importer, importer.office, services, progress)


class OfficerImport(Importer[str, Facts]):
    """Officers by their code: each row names one, or says why it cannot."""

    kind = ImportKind.OFFICERS

    def __init__(self, office_code: str | None, services: Services) -> None:
        self._directory, self._phones = services.directory.current(), Phones.of(services.settings)
        self.office = None if office_code is None else office_of(office_code, self._directory).code
        self._listed: dict[str, Facts] = {}

    def open(self, path: Path) -> Table:
        """Open a list of officers; raise FileRefused when it lacks a column."""
        table = open_table(path, COLUMNS)
        if not {"code", "name"} <= table.places.keys():
            raise FileRefused(mark("Officers need a column with the code (kode) and one with the name (nama)."))
        if self.office is None and "office" not in table.places:
            raise FileRefused(
                mark("The file does not say the office. Add a column kantor, or name the office when you import it.")
            )
        return table

    def known(self, session: Session, wanted: Mapping[str, Facts]) -> dict[str, Facts]:
        """Return those of these officers that exist."""
        phones = own_phones_known(session, [code for code, (_, _, phone) in wanted.items() if phone is not None])
        return {code: (*known, phones.get(code)) for code, known in officers_known(session, list(wanted)).items()}

    def sift(self, session: Session, part: Slice[str, Facts]) -> Slice[str, Facts]:
        """Return the slice with those rows refused as well whose code somebody else signs in with."""
        taken = user_names_among(session, [code for _, code, _ in part.said])
        said = [one for one in part.said if one[1] not in taken]
        refused = [
            (row, RowRefused(CODE_IS_USER_NAME, code=code)) for row, code, _facts in part.said if code in taken
        ]
        return Slice(part.rows, said, sorted([*part.refused, *refused], key=lambda one: one[0].number))

    def put(self, session: Session, wanted: Mapping[str, Facts]) -> None:
        """Store officers; what else is known of them stays."""
        put_officers(session, {code: (name, office) for code, (name, office, _) in wanted.items()})
        put_own_phones(session, {code: phone for code, (_, _, phone) in wanted.items() if phone is not None})

    def told(self, key: str, value: Facts) -> dict[str, Any]:
        """Return code, name and office."""
        return {"officer": key, "name": value[0], "office": value[1]}

    def written(self, key: str, before: Facts | None, after: Facts) -> list[Any]:
        """Return the officer's name and office, as they were and as they are now; a phone stays registered."""
        return [key, before and before[:2], after[:2]]

    def read(self, row: Row) -> tuple[str, Facts]:
        """Return the code, and the name with the office; raise RowRefused."""
        code, name, office = (
            self._code(row.cell("code")),
            self._name(row.cell("name")),
            self._serves(row.cell("office")),
        )
        facts = (name, office, self._own_phone(row.cell("own_phone")))
        officer = self._directory.officers.get(code)
        if officer is not None and officer.office != facts[1]:
            raise RowRefused(
                mark(
                    "Code “{code}” belongs to an officer of office {office}; to post them elsewhere, use the roster."
                ),
                code=code,
                office=officer.office,
            )
        if self._listed.setdefault(code, facts) != facts:
            raise RowRefused(mark("Code “{code}” stands for somebody else further up in this file."), code=code)
        return code, facts

    def _code(self, text: str) -> str:
        try:
            code = _CODE.validate_python(text)
        except ValidationError as error:
            raise RowRefused(
                mark("The code “{code}” must be 1 to 32 letters, digits or hyphens, like DK7."), code=text[:60]
            ) from error
        if is_meant_as_nip(code):
            raise RowRefused(mark("This is a NIP. A code is public: choose a short one, for example DK7."))
        if code in self._directory.counters:
            raise RowRefused(
                mark("The code “{code}” is that of a counter; residents could not tell them apart."), code=code
            )
        return code

    def _name(self, text: str) -> str:
        try:
            return _NAME.validate_python(text)
        except ValidationError as error:
            if error.errors()[0]["type"] == "string_too_long":
                raise RowRefused(mark("The name is longer than {most} characters."), most=NAME_LENGTH) from error
            raise RowRefused(mark("The name is missing.")) from error

    def _own_phone(self, text: str) -> OwnPhone | None:
        phone = normal_phone(text)
        if text and phone is None:
            raise RowRefused(mark("This is not a phone number. Write it like 0812-3456-7890 or +6281234567890."))
        return own_phone_of(phone, self._phones) if phone else None

    def _serves(self, text: str) -> str:
        code = text.upper() or self.office
        if code is None:
            raise RowRefused(mark("The row does not say the office."))
        if code not in self._directory.offices:
            raise RowRefused(mark("Office “{office}” is not known."), office=text[:60])
        return code
