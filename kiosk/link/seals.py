"""What a page hands on to the next one, sealed: nobody can forge it, and nobody can read it from an address."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from flask import current_app

from shared.domain.ratings import Channel, Rating
from shared.sealing import Sealer

PAGE_LASTS: Final = timedelta(hours=12)
"""A page may wait in a pocket until the person is home."""
ADDING_LASTS: Final = timedelta(hours=1)
PAGE, PRESSED = "page", "given"
PARTS: Final = 10
"""of what is told of a rating; behind them stands the invitation, if there was one"""
MILLISECOND: Final = timedelta(milliseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SealedPage:
    """A page that asks for an answer: of which link, with which number of its own, in whose browser, since when."""

    link: str
    number: str
    browser: str
    shown_at: datetime

    @property
    def sealed(self) -> str:
        """Return the page as its form carries it."""
        return _sealed(PAGE, self.link, self.number, self.browser, _written(self.shown_at))

    def is_over(self, now: datetime) -> bool:
        """Say whether the page has waited too long."""
        return now > self.shown_at + PAGE_LASTS


def is_ours(text: str) -> bool:
    """Say whether a page of ours has sealed this."""
    return _opened(PAGE, text) is not None or _opened(PRESSED, text) is not None


def page_of(text: str) -> SealedPage | None:
    """Return the page that was sealed so, or None."""
    told = _opened(PAGE, text)
    if told is None:
        return None
    name, number, browser, shown_at = told
    return SealedPage(name, number, browser, _moment(shown_at))


def pressed_sealed(rating: Rating, invitation: str = "") -> str:
    """Return a rating pressed on a link, short enough to stand in an address; `invitation` is the token of its link.

    Only this person's browser carries the two together.
    """
    return _sealed(
        PRESSED, rating.id.hex, rating.office, rating.officer, rating.counter, rating.overall, rating.language,
        int(rating.picked), _written(rating.given_at), rating.rater_key,
        int(rating.own_phone), *([invitation] if invitation else []),
    )  # fmt: skip


def pressed_of(text: str) -> Rating | None:
    """Return the rating that was pressed and sealed so, or None."""
    told = _opened(PRESSED, text)
    if told is None:
        return None
    number, office, officer, counter, overall, language, picked, given_at, rater_key, own_phone, *_invitation = told
    return Rating(
        id=UUID(hex=number), office=office, officer=officer, counter=counter, overall=overall, language=language,
        picked=bool(picked), given_at=_moment(given_at), accepted_at=_moment(given_at), rater_key=rater_key,
        own_phone=bool(own_phone), channel=Channel.LINK,
    )  # fmt: skip


def invitation_of(text: str) -> str | None:
    """Return the token of the invitation by which this rating was pressed, or None."""
    told = _opened(PRESSED, text) or []
    return told[PARTS] if len(told) > PARTS else None


def _written(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def _moment(written: int) -> datetime:
    return EPOCH + written * MILLISECOND


def _sealed(kind: str, *told: Any) -> str:
    return _box().seal(json.dumps([kind, *told], separators=(",", ":"))).decode().rstrip("=")


def _opened(kind: str, text: str) -> list[Any] | None:
    try:
        found, *told = json.loads(_box().open_file((text + "=" * (-len(text) % 4)).encode()))
    except InvalidToken:
        return None
    return told if found == kind else None


def _box() -> Sealer:
    return Sealer(str(current_app.secret_key), "link")
