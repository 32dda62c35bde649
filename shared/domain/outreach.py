"""Asking people by message: how far an invitation and a message of ours can come."""

from enum import StrEnum


class InvitationState(StrEnum):
    """How far one question to one person has come."""

    WAITING = "waiting"
    ASKED = "asked"
    REMINDED = "reminded"
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Say whether an answer may still come."""
        return self in {InvitationState.WAITING, InvitationState.ASKED, InvitationState.REMINDED}


class MessageState(StrEnum):
    """How far one message of ours has come.

    `sending` is written before the provider is called: should we be killed then, nobody knows whether it went, and
    the provider's own list decides. `withheld` never left, since the person wants none, or no way leads to them.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    WITHHELD = "withheld"
    EXPIRED = "expired"


class Purpose(StrEnum):
    """Why a message of ours is sent; replies go ahead of everything that nobody waits for.

    A notice tells an officer that their month is closed, or has changed; all others go to residents.
    """

    REPLY = "reply"
    INVITATION = "invitation"
    REMINDER = "reminder"
    NOTICE = "notice"


class About(StrEnum):
    """What a person is asked about."""

    VISIT = "visit"
    TEACHERS = "teachers"


class ConsentSource(StrEnum):
    """Who told us that a person agreed to be asked."""

    QUEUE_SYSTEM = "queue_system"
    FRONT_DESK = "front_desk"
    ROSTER = "roster"
    MESSAGE = "message"


class Wish(StrEnum):
    """What a person asks of us: no messages of ours any more, to have them again, or that we forget who they are."""

    NO_MESSAGES = "no_messages"
    MESSAGES = "messages"
    FORGET = "forget"
