"""What a row of a table of ratings says: its columns, its answers, its id.

A row's id comes from the office, what the row says, and how often the file has said it before. So a corrected
file imported again adds only what is new, and two people who answered alike count as two.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import ValidationError

from shared import intake
from shared.domain.errors import IntakeRefused, RefusalCode
from shared.domain.facts import ExtraElementFacts
from shared.domain.people import Office
from shared.domain.ratings import Channel, Rating, Reason
from shared.domain.skm import Element
from shared.i18n import LANGUAGES, mark
from shared.imports.moments import WrittenMoment, read_moment
from shared.imports.profiles import PROFILE_COLUMNS, read_profile
from shared.imports.refusals import INTAKE_WORDS, RowRefused, row_refusal
from shared.imports.tables import Row, fold, named_by
from shared.services import Services
from shared.wording import element_names, quick_reasons

NAMESPACE: Final = UUID("6f1d2c0e-3b7a-5c54-9d0e-8a4e5f7b2c31")
"""Never change it, nor what `_said` puts together: every file imported before would count a second time."""
_UNBORN: Final = UUID(int=0)
_ANSWER: Final = re.compile(r"([1-4])(?:[.,]0*)?")

_HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "given_at": ("tanggal", "date", "given_at"),
    "officer": ("petugas", "officer", "kode_petugas", "officer_code"),
    "counter": ("loket", "counter"),
    "service": ("layanan", "service"),
    "overall": ("nilai", "overall"),
    "channel": ("kanal", "channel"),
    "reasons": ("alasan", "reasons"),
    "comment": ("saran", "comment"),
    "sex": ("jenis_kelamin", "sex"),
    "age": ("usia", "umur", "age"),
    "education": ("pendidikan", "education"),
    "occupation": ("pekerjaan", "occupation"),
}
_ELEMENTS: Final[dict[str, tuple[str, ...]]] = {
    element.value: (f"U{number}", element.value, *(element_names(language)[element.value] for language in LANGUAGES))
    for number, element in enumerate(Element, start=1)
}
_FOOTERS: Final = frozenset({"nilaiunsur", "nrrunsur", "nrrtertimbangunsur", "ikmunitpelayanan", "ikm", "jumlah"})
"""The rows under a respondent matrix, as reports print them."""
COLUMNS: Final = named_by({**_HEADINGS, **_ELEMENTS})
_CHANNELS: Final = {
    **{fold(channel.value): channel for channel in Channel},
    **dict.fromkeys(("kertas", "formulir"), Channel.PAPER),
    **dict.fromkeys(("kios", "layarsentuh"), Channel.KIOSK),
    "wa": Channel.WHATSAPP,
    "tautan": Channel.LINK,
}

_REFUSED_AS: Final[Mapping[str, RefusalCode]] = {
    "officer": RefusalCode.UNKNOWN_OFFICER,
    "counter": RefusalCode.UNKNOWN_COUNTER,
    "service": RefusalCode.UNKNOWN_SERVICE,
    "comment": RefusalCode.COMMENT_TOO_LONG,
}


def columns_with(extras: Sequence[ExtraElementFacts]) -> dict[str, str]:
    """Return every column that an office's tables may have: its own elements too, by code or by name.

    A name that two of them bear is no column: nobody's answer is guessed.
    """
    names = [(fold(name), extra.code) for extra in extras for name in {extra.name, extra.name_in("en")}]
    borne = Counter(name for name, _ in names)
    by_name = {name: code for name, code in names if borne[name] == 1}
    return {**by_name, **{fold(extra.code): extra.code for extra in extras}, **COLUMNS}


def _reason_words() -> dict[str, Reason]:
    words = {fold(reason.value): reason for reason in Reason}
    for language in LANGUAGES:
        offered = quick_reasons(language)
        for reason in (*offered["praise"], *offered["concerns"]):
            words[fold(reason["label"])] = Reason(reason["code"])
    return words


_REASONS: Final = _reason_words()


class RatingReader:
    """Makes a rating of each row of one file, or says why it cannot be one."""

    def __init__(self, batch: UUID, office: Office, extras: Sequence[str], services: Services) -> None:
        self._batch, self._office, self._extras = batch, office, extras
        self._directory = services.directory.current()
        self._now = services.clock()
        self._said_before: Counter[bytes] = Counter()

    def read(self, row: Row) -> Rating:
        """Return the rating a row holds, checked like one at any other door; raise RowRefused."""
        if any(fold(cell).lstrip("σ") in _FOOTERS for cell in row.cells[:3]):
            raise RowRefused(mark("This row is a sum or an average, not an answer; leave it out."))
        moment = read_moment(row.cell("given_at"), self._office.timezone)
        rating = self._parse(row, moment)
        try:
            intake.check(self._as_of_its_day(rating, moment), self._directory)
        except IntakeRefused as refused:
            raise row_refusal(refused) from refused
        return rating.model_copy(update={"id": self._id(rating, row)})

    def _parse(self, row: Row, moment: WrittenMoment) -> Rating:
        values: dict[str, Any] = {
            "id": _UNBORN,
            "office": self._office.code,
            **{name: row.cell(name) or None for name in _REFUSED_AS},
            "overall": read_answer(row, "overall"),
            "elements": {element: answer for element in Element if (answer := read_answer(row, element))},
            "extras": {code: answer for code in self._extras if (answer := read_answer(row, code))},
            "reasons": _reasons(row.cell("reasons")),
            "channel": _channel(row.cell("channel")),
            "given_at": moment.at,
            "accepted_at": self._now,
            "import_batch": self._batch,
            "import_row": row.number,
            "profile": read_profile(row),
        }
        try:
            return Rating.model_validate(values)
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            code = _REFUSED_AS.get(name, RefusalCode.MALFORMED)
            raise RowRefused(INTAKE_WORDS[code], **{name: row.cell(name)[:60]}) from error

    def _as_of_its_day(self, rating: Rating, moment: WrittenMoment) -> Rating:
        """Let forms dated today be typed in before noon, which a date alone stands for."""
        today = self._now.astimezone(self._office.timezone).date()
        if moment.whole_day and moment.at.date() == today:
            return rating.model_copy(update={"accepted_at": max(rating.accepted_at, rating.given_at)})
        return rating

    def _id(self, rating: Rating, row: Row) -> UUID:
        said = _said(rating, row)
        key = blake2b(said.encode(), digest_size=16).digest()
        self._said_before[key] += 1
        return uuid5(NAMESPACE, f"{rating.office}\n{said}\n{self._said_before[key]}")


def _said(rating: Rating, row: Row) -> str:
    """Return what a row says, however the file writes it: one text for one content.

    Profile words stand as the file has them, since more of them may be understood one day. What an office's own
    elements say comes last and only where there is any: else what was imported before would be another row.
    """
    said = [
        rating.given_at.isoformat(), rating.officer, rating.counter, rating.service, rating.overall,
        [rating.elements.get(element) for element in Element],
        [reason.value for reason in rating.reasons], rating.comment, rating.channel.value,
        [fold(row.cell(column)) for column in PROFILE_COLUMNS],
    ]  # fmt: skip
    return json.dumps([*said, rating.extras] if rating.extras else said)


def read_answer(row: Row, column: str) -> int | None:
    """Return the answer 1 to 4 in a column, None for a blank; raise RowRefused for anything else."""
    text = row.cell(column)
    if not text:
        return None
    match = _ANSWER.fullmatch(text)
    if match is None:
        raise RowRefused(
            mark("The answer “{text}” in column {column} is not a number from 1 to 4."),
            text=text[:60],
            column=_HEADINGS[column][0] if column in _HEADINGS else column,
        )
    return int(match[1])


def _channel(text: str) -> Channel:
    channel = _CHANNELS.get(fold(text)) if text else Channel.PAPER
    if channel is None:
        raise RowRefused(mark("The channel “{channel}” is not known."), channel=text[:60])
    return channel


def _reasons(text: str) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for word in re.split(r"[,;|/\n]", text):
        reason = _REASONS.get(fold(word))
        if reason is None and word.strip():
            raise RowRefused(mark("The reason “{reason}” is not known."), reason=word.strip()[:60])
        if reason is not None and reason not in found:
            found.append(reason)
    return tuple(found)
