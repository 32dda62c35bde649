"""What a kiosk kept and will never send: the file its technician exported, through the door that devices use.

The ratings keep the ids they were born with: imported twice, or sent by a tablet that came back, they count once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from shared import intake, json, standings
from shared.db.engine import reading
from shared.db.kiosks import known_kiosks
from shared.domain.device_ratings import parse_rating
from shared.domain.errors import IntakeRefused, RefusalCode
from shared.domain.people import Directory, Kiosk
from shared.domain.ratings import Moment, Rating
from shared.i18n import DEFAULT_LANGUAGE, mark
from shared.imports.refusals import INTAKE_WORDS, RATES_NOBODY, FileRefused, RowRefused
from shared.imports.runs import BATCH, Progress, Stage, Summary
from shared.imports.tables import REASON_COLUMN
from shared.imports.waiting import Waiting
from shared.services import Services

LARGEST_FILE: Final = 64 * 1024 * 1024
"""bytes; 20,000 ratings with a comment each take 16 million"""
_OF_THE_MOMENT: Final = {RefusalCode.GIVEN_IN_FUTURE, RefusalCode.GIVEN_TOO_LONG_AGO}
_NOT_SENT: Final = {"local", REASON_COLUMN}
_moment: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)


@dataclass(frozen=True, slots=True)
class Export:
    """An exported queue: what is said of all of it, and its ratings as they stand there."""

    header: dict[str, Any]
    ratings: list[Any]

    @property
    def clock_error(self) -> timedelta:
        """Return by how much the device's clock was behind ours when it exported; nothing when it did not say."""
        try:
            told = [_moment.validate_python(self.header.get(name)) for name in ("exported_at", "device_time")]
        except ValidationError:
            return timedelta()
        return told[0] - told[1]


def import_outbox(path: Path, kiosk_id: int, services: Services, progress: Progress) -> Summary:
    """Bring what a kiosk exported in, as given on that kiosk, and say what became of it.

    Raises FileRefused when it is no such file or there is no such kiosk, IntakeUnavailable when no door is open.
    """
    export = opened(path)
    door = _Door(_kiosk(kiosk_id, services), export, services)
    waiting, met, done, refused = Waiting(services), set[UUID](), 0, list[dict[str, Any]]()
    while part := export.ratings[done : done + BATCH]:
        good: list[Rating] = []
        for sent, rating in door.read(part):
            if isinstance(rating, RowRefused):
                refused.append(_given_back(sent, rating))
            elif rating.id not in met:
                met.add(rating.id)
                good.append(rating)
        if good:
            waiting.add([rating.id for rating in good], 0)
            intake.accept(good, services)
        done += len(part)
        progress(Stage.READING, done, len(export.ratings))
    unrecorded = waiting.wait(progress)
    if not unrecorded:
        standings.refresh(services)
    twice = done - len(refused) - len(met)
    return Summary(
        in_file=done,
        new=waiting.accepted - waiting.known,
        changed=0,
        known=waiting.known + twice,
        refused=len(refused),
        ignored=(),
        rejected=_kept(path, export, refused) if refused else None,
        waiting=unrecorded,
    )


def opened(path: Path) -> Export:
    """Read an exported queue; raise FileRefused for anything else."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as error:
        raise FileRefused(mark("The file {name} cannot be opened."), name=path.name) from error
    if size > LARGEST_FILE:
        raise FileRefused(mark("The file {name} is too large to be what a kiosk exported."), name=path.name)
    try:
        header = json.read(content.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise _no_export(path) from error
    ratings = header.pop("ratings", None) if isinstance(header, dict) else None
    if not isinstance(ratings, list) or header.get("suara_loket") != "outbox":
        raise _no_export(path)
    if not ratings:
        raise FileRefused(mark("There is no rating in the file {name}."), name=path.name)
    return Export(header, ratings)


def _no_export(path: Path) -> FileRefused:
    return FileRefused(
        mark("{name} is not what a kiosk exported, or it is damaged. Export it again on the technician’s page."),
        name=path.name,
    )


def _kiosk(kiosk_id: int, services: Services) -> Kiosk:
    with reading(services.engine) as session:
        known = next((one for one in known_kiosks(session) if one.id == kiosk_id), None)
    if known is None:
        raise FileRefused(mark("There is no kiosk number {number}; see `suara kiosk list`."), number=kiosk_id)
    return Kiosk(known.id, known.name, known.office, known.counter)


class _Door:
    """Reads and checks ratings as the devices' API does, each by the clock it was given by."""

    def __init__(self, kiosk: Kiosk, export: Export, services: Services) -> None:
        self._kiosk, self._services = kiosk, services
        self._office, self._clock_error = export.header.get("office"), export.clock_error

    def read(self, part: Sequence[Any]) -> Iterator[tuple[Any, Rating | RowRefused]]:
        """Return what each of these is: a rating that may come in, or why it may not."""
        now, directory = self._services.clock(), self._services.directory.current()
        for entry in part:
            try:
                yield entry, self._rating(entry, now, directory)
            except IntakeRefused as refusal:
                yield entry, _worded(refusal)
            except RowRefused as refusal:
                yield entry, refusal

    def _rating(self, entry: Any, now: datetime, directory: Directory) -> Rating:
        if not isinstance(entry, Mapping):
            raise IntakeRefused(RefusalCode.MALFORMED, field="ratings")
        sent = {name: value for name, value in entry.items() if name not in _NOT_SENT}
        local = entry.get("local")
        about = local if isinstance(local, Mapping) else {}
        office = about.get("office") or self._office
        if isinstance(office, str) and office != self._kiosk.office:
            raise RowRefused(
                mark("This was given at office {office}; import it for a kiosk of that office."), office=office[:60]
            )
        measured = isinstance(about.get("offset"), int | float)
        error = timedelta() if measured else self._clock_error
        try:
            return self._checked(sent, now, error, directory)
        except IntakeRefused as refusal:
            if measured or refusal.code not in _OF_THE_MOMENT:
                raise
        # Given by a clock that nobody can set right any more: a device would say so, and the rating count as of now.
        return self._checked({**sent, "clock_lost": True}, now, error, directory)

    def _checked(self, sent: dict[str, Any], now: datetime, error: timedelta, directory: Directory) -> Rating:
        rating = parse_rating(sent, self._kiosk, now, error)
        intake.check(rating, directory)
        return rating


def _worded(refused: IntakeRefused) -> RowRefused:
    if refused.code is RefusalCode.MALFORMED:
        return RowRefused(mark("The field “{field}” cannot be read."), **refused.facts)
    if refused.code is RefusalCode.NO_ANSWER:
        return RowRefused(mark("There is no answer in this rating."))
    if refused.code is RefusalCode.UNKNOWN_OFFICER and not refused.facts["officer"]:
        return RowRefused(RATES_NOBODY)
    return RowRefused(INTAKE_WORDS[refused.code], **refused.facts)


def _given_back(sent: Any, refused: RowRefused) -> dict[str, Any]:
    entry = dict(sent) if isinstance(sent, Mapping) else {"rating": sent}
    return {**entry, REASON_COLUMN: refused.worded(DEFAULT_LANGUAGE)}


def _kept(path: Path, export: Export, refused: list[dict[str, Any]]) -> Path:
    """Keep what was refused in a file like the one it came from, to be imported when what is wrong is put right."""
    content = json.written({**export.header, "ratings": refused})
    name = f"{path.stem.removesuffix('.rejected')}.rejected.json"
    try:
        beside = path.with_name(name)
        beside.unlink(missing_ok=True)  # never written through a link that somebody put there
        beside.write_text(content, "utf-8")
    except OSError:
        beside = Path.cwd() / name
        beside.write_text(content, "utf-8")
    return beside
