"""What the error codes of providers mean for a message: whether another try may help, and what else to do."""

from enum import Enum, auto
from typing import Final


class Meaning(Enum):
    """What is to be done about a message that was not delivered."""

    FINAL = auto()
    """This message will never reach that person."""
    LATER = auto()
    """It may, at another time."""
    REFUSED = auto()
    """The person has told the carrier that they want none."""
    OUTSIDE = auto()
    """WhatsApp does not lead there: no template and no contact for a day, or nobody of that number."""


REFUSED: Final = frozenset({"21610"})
OUTSIDE: Final = frozenset({"63016", "63003", "63024"})
LATER: Final = frozenset(
    {
        "14107", "20429", "21611", "63018",  # too fast, or too many of ours waiting there
        "30001", "30017", "30022",  # the same at the carrier
        "30002", "20003", "20005", "20404",  # our account: whatever is mended there, is mended for every message
        "30003",  # the phone is off or away
        "63010",  # their own trouble
    }
)  # fmt: skip


def meaning_of(code: str | None) -> Meaning:
    """Return what a code means; one nobody has told us of is final: rather none than two."""
    if code in REFUSED:
        return Meaning.REFUSED
    if code in OUTSIDE:
        return Meaning.OUTSIDE
    return Meaning.LATER if code in LATER else Meaning.FINAL
