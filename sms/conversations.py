"""Conversations in Redis, under a keyed hash of the phone: an hour each, one turn at a time.

Redis is a help here, never a condition: without it the inbox knows what was said before, and with the database away
Redis does.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Lock as NearLock
from typing import Final, cast

from pydantic import ValidationError
from redis import Redis
from redis.exceptions import RedisError
from redis.lock import Lock

from shared.domain.errors import IntakeUnavailable
from shared.logs import logger
from shared.persons import CONVERSATION
from sms.said import IDLE_WINDOW, Conversation

REPLIES_KEPT: Final = timedelta(days=7)
LONGEST_TURN: Final = 10.0
LONGEST_WAIT: Final = 5.0
END_TURN: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"
_NEAR: Final = tuple(NearLock() for _ in range(64))
"""Of the turns of one process those of one person wait here already, so also with Redis away."""
log = logger(__name__)


class Memory:
    """What is remembered of one person and one message while a turn is taken."""

    def __init__(self, redis: Redis | None, lock: Lock, person: str, message: str) -> None:
        self._redis = redis
        self._lock = lock
        self._conversation_key = CONVERSATION + person
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
        """Remember both or neither, so that a message that comes again meets what it met the first time.

        The turn is over with it: in one step, since each waits for Redis to write to disk.
        """
        if self._redis is None:
            return
        try:
            with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.set(self._conversation_key, conversation.model_dump_json(), ex=IDLE_WINDOW)
                pipeline.set(self._reply_key, reply, ex=REPLIES_KEPT)
                pipeline.eval(END_TURN, 1, self._lock.name, self._lock.local.token)
                pipeline.execute()
            self._lock.local.token = None
        except RedisError as error:
            self._forget(error)

    def _forget(self, error: RedisError) -> None:
        log.warning("conversation not kept", error=type(error).__name__)
        self._redis = None


@contextmanager
def one_turn(redis: Redis, person: str, message: str) -> Iterator[Memory]:
    """Give the memory of a person for one turn; a second message of theirs waits until it is over.

    Raises IntakeUnavailable when that takes too long. With Redis away nobody waits for another process.
    """
    near = _NEAR[int(person[:8], 16) % len(_NEAR)]
    if not near.acquire(timeout=LONGEST_WAIT):
        raise IntakeUnavailable
    try:
        yield from _one_turn(redis, person, message)
    finally:
        near.release()


def _one_turn(redis: Redis, person: str, message: str) -> Iterator[Memory]:
    lock = redis.lock(f"sms:turn:{person}", timeout=LONGEST_TURN, blocking_timeout=LONGEST_WAIT, sleep=0.05)
    held = _acquired(lock)
    memory = Memory(redis if held else None, lock, person, message)
    memory.load()
    try:
        yield memory
    finally:
        if lock.local.token is not None:
            with suppress(RedisError):  # it ends by itself
                lock.release()


def _acquired(lock: Lock) -> bool:
    """Say whether the turn is ours; False with Redis away. Raises IntakeUnavailable when another turn goes on."""
    try:
        if lock.acquire():
            return True
    except RedisError as error:
        log.warning("conversation away", error=type(error).__name__)
        return False
    raise IntakeUnavailable
