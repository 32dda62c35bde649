"""Officers from a table: a code and a name; the same file twice changes nothing, a corrected name is taken over."""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from shared.db.engine import writing
from shared.db.people_writes import officers_known, put_officers
from shared.domain.people import Directory
from shared.domain.ratings import Code
from shared.i18n import mark
from shared.imports.refusals import FileRefused, RowRefused
from shared.imports.runs import Progress, Summary, in_batches, office_of, readable_rows
from shared.imports.tables import RejectedRows, Row, Table, named_by, open_table
from shared.services import Services

NAME_LENGTH: Final = 120
COLUMNS: Final = named_by({
    "code": ("kode", "code", "kode_petugas", "officer_code"),
    "name": ("nama", "name", "nama_petugas", "officer_name"),
    "office": ("kantor", "office"),
})  # fmt: skip
_CODE: Final[TypeAdapter[str]] = TypeAdapter(Code)

Listed = tuple[str, str, str]
"""(code, name, office)"""


def import_officers(path: Path, office_code: str | None, services: Services, progress: Progress) -> Summary:
    """Bring officers in, into the office of their row or else into `office_code`; raise FileRefused."""
    directory = services.directory.current()
    office = None if office_code is None else office_of(office_code, directory).code
    table = _open(path, office)
    reader = _OfficerReader(office, directory)
    new = changed = known = 0
    with RejectedRows(table) as rejected:
        for batch in in_batches(readable_rows(table, reader.read, rejected, progress)):
            listed = {code: (name, serves) for code, name, serves in batch}
            with writing(services.engine) as session:
                before = officers_known(session, list(listed))
                put_officers(session, {code: facts for code, facts in listed.items() if before.get(code) != facts})
            added = len(listed.keys() - before.keys())
            renamed = sum(before[code] != listed[code] for code in before)
            new, changed, known = new + added, changed + renamed, known + len(batch) - added - renamed
    return Summary(table.count, new, changed, known, rejected.count, table.ignored, rejected.path)


def _open(path: Path, office: str | None) -> Table:
    table = open_table(path, COLUMNS)
    if not {"code", "name"} <= table.places.keys():
        raise FileRefused(mark("Officers need a column with the code (kode) and one with the name (nama)."))
    if office is None and "office" not in table.places:
        raise FileRefused(mark("The file does not say the office (kantor); name it with --office CODE."))
    return table


class _OfficerReader:
    """Reads one officer from each row, or says why it cannot be one."""

    def __init__(self, office: str | None, directory: Directory) -> None:
        self._office, self._directory = office, directory
        self._listed: dict[str, Listed] = {}

    def read(self, row: Row) -> Listed:
        listed = (
            (code := self._code(row.cell("code"))),
            self._name(row.cell("name")),
            self._serves(row.cell("office")),
        )
        officer = self._directory.officers.get(code)
        if officer is not None and officer.office != listed[2]:
            raise RowRefused(
                mark(
                    'Code "{code}" belongs to an officer of office {office}; to post them elsewhere, use the roster.'
                ),
                code=code,
                office=officer.office,
            )
        if self._listed.setdefault(code, listed) != listed:
            raise RowRefused(mark('Code "{code}" stands for somebody else further up in this file.'), code=code)
        return listed

    def _code(self, text: str) -> str:
        try:
            code = _CODE.validate_python(text)
        except ValidationError as error:
            raise RowRefused(
                mark('The code "{code}" must be 1 to 32 letters, digits or hyphens, like DK7.'), code=text[:60]
            ) from error
        if code in self._directory.counters:
            raise RowRefused(
                mark('The code "{code}" is that of a counter; residents could not tell them apart.'), code=code
            )
        return code

    def _name(self, text: str) -> str:
        name = " ".join("".join(letter for letter in text if letter.isprintable() or letter.isspace()).split())
        if not name:
            raise RowRefused(mark("The name is missing."))
        if len(name) > NAME_LENGTH:
            raise RowRefused(mark("The name is longer than {most} characters."), most=NAME_LENGTH)
        return name

    def _serves(self, text: str) -> str:
        code = text.upper() or self._office
        if code is None:
            raise RowRefused(mark("The row does not say the office."))
        if code not in self._directory.offices:
            raise RowRefused(mark('Office "{office}" is not known.'), office=text[:60])
        return code
