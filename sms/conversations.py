"""Conversations in Redis, under a keyed hash of the phone: half an hour each, one turn at a time.

Redis is a help here, never a condition: without it every text is read as the first of a conversation.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final, cast

from pydantic import ValidationError
from redis import Redis
from redis.exceptions import RedisError
from redis.lock import Lock

from shared.logs import logger
from sms.conversation import STALE_AFTER, Conversation

REPLIES_KEPT: Final = timedelta(days=7)
LONGEST_TURN: Final = 10.0
LONGEST_WAIT: Final = 5.0
log = logger(__name__)


class Memory:
    """What is remembered of one person and one message while a turn is taken."""

    def __init__(self, redis: Redis | None, person: str, message: str) -> None:
        self._redis = redis
        self._conversation_key = f"sms:conversation:{person}"
        self._reply_key = f"sms:reply:{message}"
        self.conversation = Conversation()
        self.reply: str | None = None

    def load(self) -> None:
        """Read what was said before and what this very message was answered, should it come again."""
        if self._redis is None:
            return
        try:
            kept = self._redis.mget(self._conversation_key, self._reply_key)
        except RedisError as error:
            self._forget(error)
            return
        conversation, reply = cast(list[bytes | None], kept)
        self.reply = reply.decode() if reply else None
        with suppress(ValidationError):  # another version's: begin anew
            self.conversation = Conversation.model_validate_json(conversation) if conversation else Conversation()

    def keep(self, conversation: Conversation, reply: str) -> None:
        """Remember both or neither, so that a message that comes again meets what it met the first time."""
        if self._redis is None:
            return
        try:
            with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.set(self._conversation_key, conversation.model_dump_json(), ex=STALE_AFTER)
                pipeline.set(self._reply_key, reply, ex=REPLIES_KEPT)
                pipeline.execute()
        except RedisError as error:
            self._forget(error)

    def _forget(self, error: RedisError) -> None:
        log.warning("conversation not kept", error=type(error).__name__)
        self._redis = None


@contextmanager
def one_turn(redis: Redis, person: str, message: str) -> Iterator[Memory]:
    """Give the memory of a person for one turn; a second message of theirs waits until it is over.

    With Redis away there is nothing to remember and nobody waits.
    """
    lock = redis.lock(f"sms:turn:{person}", timeout=LONGEST_TURN, blocking_timeout=LONGEST_WAIT, sleep=0.05)
    held = _acquired(lock)
    memory = Memory(redis if held else None, person, message)
    memory.load()
    try:
        yield memory
    finally:
        if held:
            with suppress(RedisError):  # it ends by itself
                lock.release()


def _acquired(lock: Lock) -> bool:
    try:
        return bool(lock.acquire())
    except RedisError as error:
        log.warning("conversation away", error=type(error).__name__)
        return False
