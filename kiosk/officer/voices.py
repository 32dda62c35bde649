"""What residents said beside the four answers, as the officer reads it in a closed month."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared import privacy
from shared.beside import as_told, said_beside
from shared.db.closings import revisions_of
from shared.db.engine import reading, writing
from shared.db.revisions import Revision
from shared.db.said import Said
from shared.domain.scoring import raw_index
from shared.domain.skm import Element
from shared.i18n import mark
from shared.services import Services
from shared.wording import CONCERNS, PRAISE

ELEMENTS: Final[dict[Element, str]] = {
    Element.KOMPETENSI: mark("Competence"),
    Element.PERILAKU: mark("Courtesy and friendliness"),
}


@dataclass(frozen=True, slots=True)
class ElementLine:
    """One of the two elements that are about the officer: its answers, and its index in hundredths."""

    name: str
    count: int
    index: int


@dataclass(frozen=True, slots=True)
class Voices:
    """What may be shown of it; `left_out` says that something was said by fewer than five people."""

    elements: list[ElementLine]
    praise: list[tuple[str, int]]
    concerns: list[tuple[str, int]]
    left_out: bool
    comments: list[str]

    @property
    def named_comments(self) -> dict[str, str]:
        """Return the comments by their references; what several people have written in the same words is one."""
        return {privacy.comment_reference(comment): comment for comment in self.comments}

    @property
    def to_improve(self) -> str | None:
        """Return the element with the lower index; None where they are alike or one cannot be read."""
        lines = sorted(self.elements, key=lambda line: line.index)
        return lines[0].name if len(lines) == len(ELEMENTS) and lines[0].index < lines[-1].index else None


def voices_in(revision: Revision, services: Services) -> Voices:
    """Return what was said in the ratings that a revision was made of."""
    with reading(services.engine) as session:
        said = as_told(session, revision)
    if said is None:  # read for the first time: it is kept as it is now
        with writing(services.engine) as session:
            said = said_beside(session, revisions_of(session, revision.officer, revision.month), services)
    reasons = privacy.shown_counts(said.reasons)
    return Voices(
        _elements(said),
        _named(reasons, PRAISE),
        _named(reasons, CONCERNS),
        len(reasons) < len(said.reasons),
        privacy.shown_comments((comment.text for comment in said.comments), revision.tally.count),
    )


def _elements(said: Said) -> list[ElementLine]:
    lines = []
    for element, tally in said.elements.items():
        shown = privacy.shown(tally)
        index = raw_index(shown) if shown else None
        if index is not None:
            lines.append(ElementLine(ELEMENTS[element], tally.count, index))
    return lines


def _named(reasons: Mapping[str, int], words: Mapping[str, str]) -> list[tuple[str, int]]:
    return [(words[code], count) for code, count in reasons.items() if code in words]
