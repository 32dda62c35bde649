"""A rating: what one person said about one officer, once."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from shared.domain.errors import IntakeRefused, RefusalCode
from shared.domain.skm import Element

COMMENT_LENGTH: Final = 500
LARGEST_SHIFT: Final = 2**31 - 1
"""seconds, some 68 years: a clock further off than 1970 is no clock"""
FUTURE_TOLERANCE: Final = timedelta(minutes=5)
OLDEST_DEVICE_RATING: Final = timedelta(days=366)


class Channel(StrEnum):
    """The way a rating came in."""

    KIOSK = "kiosk"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    LINK = "link"
    PAPER = "paper"


_NOT_CONTENT: Final = {
    "id", "office", "accepted_at", "clock_shift", "kiosk", "import_batch", "import_row", "rater_key",
    "own_phone",
}  # fmt: skip
_NOT_CONTENT_OF_MESSAGES: Final = _NOT_CONTENT | {"given_at"}
_ADDED: Final = {"elements", "extras", "reasons", "comment", "profile"}
_NOT_CONTENT_OF_LINKS: Final = _NOT_CONTENT_OF_MESSAGES | _ADDED | {"language", "picked"}
_LEFT_OUT: Final = {
    Channel.SMS: _NOT_CONTENT_OF_MESSAGES,
    Channel.WHATSAPP: _NOT_CONTENT_OF_MESSAGES,
    Channel.LINK: _NOT_CONTENT_OF_LINKS,
}


class Reason(StrEnum):
    """Quick reasons a person may tick: what was best after 3-4, what should get better after 1-2."""

    RAMAH = "ramah"
    CEPAT = "cepat"
    JELAS = "jelas"
    MENGUASAI = "menguasai"
    SABAR = "sabar"
    KURANG_RAMAH = "kurang_ramah"
    LAMA = "lama"
    KURANG_JELAS = "kurang_jelas"
    SYARAT_BERUBAH = "syarat_berubah"
    MINTA_BIAYA = "minta_biaya"
    TIDAK_DI_TEMPAT = "tidak_di_tempat"


class Sex(StrEnum):
    """As the standard survey form asks it."""

    MALE = "male"
    FEMALE = "female"


class AgeBand(StrEnum):
    """Age in bands, so that no birth date is ever kept."""

    UNDER_18 = "under_18"
    FROM_18 = "18_29"
    FROM_30 = "30_39"
    FROM_40 = "40_49"
    FROM_50 = "50_59"
    FROM_60 = "60_up"


class Education(StrEnum):
    """Highest schooling, as the standard survey form lists it."""

    SD = "sd"
    SMP = "smp"
    SMA = "sma"
    DIPLOMA = "diploma"
    S1 = "s1"
    S2 = "s2"
    S3 = "s3"


class Occupation(StrEnum):
    """Main occupation, as the standard survey form lists it."""

    PNS = "pns"
    TNI = "tni"
    POLRI = "polri"
    SWASTA = "swasta"
    WIRAUSAHA = "wirausaha"
    PELAJAR = "pelajar"
    LAINNYA = "lainnya"


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


def _without_controls(text: str) -> str | None:
    kept = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
    return kept.strip() or None


Answer = Annotated[int, Field(strict=True, ge=1, le=4)]
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$")
]
Extras = Annotated[dict[Code, Answer], AfterValidator(lambda extras: dict(sorted(extras.items())))]
"""Answers to an office's own elements by their codes, in one order however they were sent."""
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Comment = Annotated[str, Field(max_length=COMMENT_LENGTH), AfterValidator(_without_controls)]


class Profile(BaseModel):
    """Who answered, as far as they said: never a name, a number or a birth date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sex: Sex | None = None
    age_band: AgeBand | None = None
    education: Education | None = None
    occupation: Occupation | None = None


class Rating(BaseModel):
    """What one person said about one officer, once. Frozen; parsed at a door and trusted inside.

    `officer` is the one shown to the person, not today's roster, and is absent only on a survey form about
    the office. `given_at` is the person's moment, moved by `clock_shift` seconds where the device's clock was
    wrong, up to our own where it was lost; `accepted_at` is ours. `overall` alone moves an officer's index;
    `extras` are the office's own elements beyond the nine and move no index at all. `own_phone` says that it came
    from a phone of the office's own staff, never from whose.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    office: Code
    officer: Code | None = None
    counter: Code | None = None
    service: Code | None = None
    overall: Answer | None = None
    elements: dict[Element, Answer] = Field(default_factory=dict)
    extras: Extras = Field(default_factory=dict)
    reasons: Annotated[tuple[Reason, ...], Field(max_length=len(Reason))] = ()
    comment: Comment | None = None
    channel: Channel
    language: Literal["id", "en"] = "id"
    given_at: Moment
    accepted_at: Moment
    clock_shift: int = 0
    picked: StrictBool = False
    kiosk: int | None = None
    sequence: Annotated[int, Field(strict=True, ge=0, lt=2**53)] | None = None
    import_batch: UUID | None = None
    import_row: int | None = None
    profile: Profile | None = None
    rater_key: str | None = None
    own_phone: StrictBool = False

    @property
    def digest(self) -> str:
        """Return a short hash of the content as it was sent, the same however often it is delivered.

        A message carries no moment of its own, so `given_at` is part of it only for the other channels. What was
        pressed on a link is one rating with or without what the person adds on the next page.
        """
        left_out = _LEFT_OUT.get(self.channel, _NOT_CONTENT)
        # Not model_dump_json, which takes longer: the recorder does this for every rating.
        content = self.__pydantic_serializer__.to_json(self._as_sent, exclude=left_out, exclude_defaults=True)
        return blake2b(content, digest_size=16).hexdigest()

    @property
    def completes(self) -> bool:
        """Say whether this is what somebody added on a link to the answer they had pressed there."""
        return self.channel is Channel.LINK and bool(self.elements or self.extras or self.reasons or self.comment)

    @property
    def _as_sent(self) -> "Rating":
        if not self.clock_shift:
            return self
        return self.model_copy(update={"given_at": self.given_at - timedelta(seconds=self.clock_shift)})


def check_answers(rating: Rating) -> None:
    """Refuse a rating that answers nothing, or that rates nobody while giving an overall answer."""
    if rating.overall is None and not rating.elements and not rating.extras:
        raise IntakeRefused(RefusalCode.NO_ANSWER)
    if rating.overall is not None and rating.officer is None:
        raise IntakeRefused(RefusalCode.UNKNOWN_OFFICER, officer="")


def check_given_at(rating: Rating) -> None:
    """Refuse a moment later than ours by more than five minutes, or from a device more than a year before it."""
    if rating.given_at > rating.accepted_at + FUTURE_TOLERANCE:
        raise IntakeRefused(RefusalCode.GIVEN_IN_FUTURE, given_at=rating.given_at.isoformat())
    if rating.import_batch is None and rating.given_at < rating.accepted_at - OLDEST_DEVICE_RATING:
        raise IntakeRefused(RefusalCode.GIVEN_TOO_LONG_AGO, given_at=rating.given_at.isoformat())


def as_of_acceptance(rating: Rating) -> Rating:
    """Return the rating given when we accepted it, its own moment being impossible; a possible one stays as it is.

    Moved by whole seconds, like any other shift, so that its content is the same however often it is sent.
    """
    try:
        check_given_at(rating)
    except IntakeRefused:
        sent = rating._as_sent.given_at
        shift = round((rating.accepted_at - sent).total_seconds())
        if abs(shift) > LARGEST_SHIFT:
            return rating.model_copy(update={"given_at": rating.accepted_at, "clock_shift": LARGEST_SHIFT})
        return rating.model_copy(update={"given_at": sent + timedelta(seconds=shift), "clock_shift": shift})
    return rating
