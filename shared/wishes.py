"""Answering who wished for it: one message in the office's name, sent like any other; nobody sees to whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlmodel import Session

from shared.db import wishes
from shared.db.audit import note
from shared.db.directory_version import WritingSession
from shared.domain.asking import next_writing
from shared.domain.comments import holds_contact
from shared.domain.messages import SEGMENT, cut_to_segment, gsm_length, gsm_text
from shared.domain.people import Office
from shared.logs import logger
from shared.phones import Phones
from shared.services import Services

OFFICE_LENGTH: Final = 40
"""Of the office's name, so many letters stand before its answer."""
LASTS: Final = timedelta(days=3)
"""How long an answer tries to get through."""
log = logger(__name__)


class AnswerTooLong(Exception):
    """The answer does not fit one message; `most` letters do."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class AnswerHoldsNumber(Exception):
    """The answer holds a telephone number or an address of a person, which no message of ours carries."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wrote for an office, and whether an answer to it is leaving or did not get through."""

    id: UUID
    words: str
    asked_on: date
    leaving: bool
    failed: bool


def open_wishes(session: Session, office: str, services: Services) -> list[Wish]:
    """Return the wishes of an office, the earliest first; one that cannot be read is left out."""
    found = []
    for one in wishes.listed(session, office):
        try:
            words = Phones.of(services.settings).open(one.words)
        except InvalidToken:
            log.warning("wish not readable", wish=str(one.id))
            continue
        found.append(Wish(one.id, words, one.asked_on, one.leaving, one.failed))
    return found


def room_of(office: Office) -> int:
    """Return how many letters an answer of this office may have."""
    return SEGMENT - (gsm_length(_signed(office, "")) or 0)


def answer(wish: UUID, office: Office, written: str, session: WritingSession, services: Services) -> bool:
    """Send an answer by day, in this session, which has an actor; False when there is no such wish of this office.

    The trail says that somebody was answered, never whom or what. Raises AnswerTooLong and AnswerHoldsNumber.
    """
    words = " ".join(gsm_text(written).split())
    if holds_contact(words):
        raise AnswerHoldsNumber
    text = _signed(office, words)
    if (gsm_length(text) or 0) > SEGMENT:
        raise AnswerTooLong(room_of(office))
    now = services.clock()
    due_at = next_writing(now, office.timezone)
    sealed = Phones.of(services.settings).seal(text)
    leaves = wishes.answer(session, office.code, wish, sealed, due_at, due_at + LASTS, now)
    if leaves:
        note(session, "answered", "wish", office.code)
    return leaves is not None


def _signed(office: Office, words: str) -> str:
    name = cut_to_segment(" ".join(gsm_text(office.name).split()), OFFICE_LENGTH)
    return f"{name}: {words}"
