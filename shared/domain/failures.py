"""Why messages of ours did not arrive, by the codes of providers and networks, in kinds that a person understands."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shared.domain.outreach import MessageState


class Cause(StrEnum):
    """Why a message did not arrive."""

    NO_SUCH_NUMBER = "no_such_number"
    SWITCHED_OFF = "switched_off"
    REFUSED = "refused"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    BLOCKED = "blocked"
    PROVIDER_AWAY = "provider_away"
    NOT_NEEDED = "not_needed"
    TOO_LATE = "too_late"
    OTHER = "other"


CODES: Final[Mapping[Cause, frozenset[str]]] = {
    Cause.NO_SUCH_NUMBER: frozenset({"21211", "21217", "21401", "21614", "30005", "30006"}),
    Cause.SWITCHED_OFF: frozenset({"30003"}),
    Cause.REFUSED: frozenset({"21610"}),
    Cause.NOT_ON_WHATSAPP: frozenset({"63003", "63016", "63024"}),
    Cause.BLOCKED: frozenset({"30004", "30007", "30034", "63001", "63013"}),
    Cause.PROVIDER_AWAY: frozenset(
        {
            "14107", "20003", "20005", "20404", "20429", "21611", "30001", "30002", "30017", "30022", "63010",
            "63018", "401", "403", "404", "405", "429", "500", "502", "503", "504", "unreachable",
        }
    ),
}  # fmt: skip
"""Twilio's codes, and what a domestic gateway answers over HTTP."""
_CAUSE_OF: Final = {code: cause for cause, codes in CODES.items() for code in codes}


def cause_of(state: MessageState, code: str | None) -> Cause | None:
    """Return why a message in this state did not arrive; None of one that arrived or still may."""
    if state not in {MessageState.FAILED, MessageState.WITHHELD, MessageState.EXPIRED}:
        return None
    if code in _CAUSE_OF:
        return _CAUSE_OF[code]
    return {MessageState.WITHHELD: Cause.NOT_NEEDED, MessageState.EXPIRED: Cause.TOO_LATE}.get(state, Cause.OTHER)
