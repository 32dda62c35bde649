"""What every gateway does, whichever provider is behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.domain.outreach import MessageState
from shared.domain.ratings import Channel


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message that is about to leave: in words of our own, or by an approved template and what stands in it."""

    id: UUID
    phone: str
    channel: Channel
    text: str
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1

    @property
    def reference(self) -> str:
        """Return what this very attempt is known by outside: a late word about an earlier one is not about it."""
        return f"{self.id.hex}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has taken a message: its own id of it, and how many segments it counts.

    `delivered`: the person has it by that, and no receipt will come.
    """

    provider_id: str
    segments: int
    delivered: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider tells of a message of ours; `state` is None for a word of theirs we do not know."""

    provider_id: str
    state: MessageState | None
    error_code: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One message in the provider's own list, theirs to us or ours to them."""

    provider_id: str
    inbound: bool
    phone: str
    channel: Channel
    text: str
    at: datetime
    state: MessageState | None
    error_code: str | None


class SendFailed(Exception):
    """The provider did not take a message, and certainly will not deliver it.

    `permanent`: not even another time. `refused`: the person has told the carrier that they want none. `wait`:
    seconds for which the provider wants to be left alone.
    """

    def __init__(self, code: str, *, permanent: bool = False, refused: bool = False, wait: float = 0.0) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.refused = refused
        self.wait = wait


class SendUncertain(Exception):
    """Nobody knows whether the provider took it: it hung up or did not answer. Only its own list can tell."""


class Gateway(Protocol):
    """A way to people."""

    name: str

    def send(self, message: Outgoing) -> Taken:
        """Hand a message over; raise SendFailed or SendUncertain."""

    def listed(self, since: datetime) -> Iterator[Listed]:
        """Return what the provider lists since then, of both directions; raise SendUncertain when it cannot say."""

    def listed_to(self, phone: str, channel: Channel, since: datetime) -> Iterator[Listed]:
        """Return what it lists of ours to one phone, whether it has left by now or not; raise as `listed` does."""

    def close(self) -> None:
        """Give back every connection."""
