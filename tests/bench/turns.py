"""Messages that get their turn and their reply a second, against an endpoint that only checks who brought them."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

from redis import Redis
from twilio.request_validator import RequestValidator

from shared import stream
from shared.db.engine import make_engine
from tests.bench import bare_webhook, stage
from tests.bench.harness import Figure, Measured, rounds, say
from tests.bench.load import ID_PLACE, Wish, put_load
from tests.bench.web import serving
from tests.servers import running_valkey

ROUNDS: Final = 6
SECONDS: Final = 2.0
LONGEST: Final = 60.0
CONNECTIONS: Final = 8
MESSAGES: Final = 4_000
"""More than any side takes in a round: the same message again would be answered from what is kept."""
ACCOUNT: Final = f"AC{'0' * 32}"
ADDRESS: Final = "https://pesan.example.go.id"
TWILIO: Final = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "bench-token", "SMS_PUBLIC_URL": ADDRESS}
REQUEST: Final = (
    f"POST /sms/twilio HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: {ID_PLACE}\r\n"
    "X-Twilio-Signature: {signature}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
)


def measure() -> Iterator[Figure]:
    """Yield the rate of turns beside that of a bare endpoint."""
    with TemporaryDirectory(prefix="suara-bench-") as folder, running_valkey(Path(folder)) as settings:
        engine = make_engine(settings.database_address)
        stage.prepare(engine)
        engine.dispose()
        (settings.suara_home / ".env").write_text("".join(f"{name}={value}\n" for name, value in TWILIO.items()))
        with (
            Redis.from_url(settings.redis_address) as redis,
            serving("sms:create_app", settings) as ours,
            serving("tests.bench.bare_webhook:create_app", settings) as other,
        ):
            say(f"messages: {ROUNDS} rounds of {SECONDS} s each side, {CONNECTIONS} connections")
            chance = Random(1)
            rates: dict[str, list[float]] = {stream.STREAM: [], bare_webhook.STREAM: []}
            sides = [(stream.STREAM, ours), (bare_webhook.STREAM, other)]
            for number in rounds(ROUNDS, LONGEST):
                for name, port in sides if number % 2 else reversed(sides):
                    rates[name].append(_per_second(name, port, redis, chance))
            turns, bare = (Measured(tuple(rates[name]), "turns/s") for name, _ in sides)
            yield Figure("messages: turns a second, against a bare Flask endpoint", None, turns, bare)


def _per_second(name: str, port: int, redis: Redis, chance: Random) -> float:
    """Put a load of new messages on one side; each must have been answered, and their ratings stand on the stream."""
    wish = Wish(port, CONNECTIONS, SECONDS, _requests(chance), status=200, holds="<Message>")
    outcome = put_load(wish)
    kept = redis.xlen(name)
    redis.delete(name)
    if outcome.others or kept < outcome.accepted // 3:
        raise AssertionError(f"{outcome.accepted} answered, {kept} on the stream, also {outcome.others}")
    return outcome.per_second


def _requests(chance: Random) -> list[str]:
    """Return messages as people write them: most a whole rating, others a part of one or a question."""
    validator = RequestValidator(TWILIO["TWILIO_AUTH_TOKEN"])
    officers = [officer for place in stage.places() for officer in place.officers]
    made = []
    for _ in range(MESSAGES):
        officer, answer = chance.choice(officers), chance.randint(1, 4)
        texts = (
            f"NILAI {officer} {answer} ramah",
            f"{officer.lower()} {answer}",
            officer,
            "lumayan",
            f"{officer} sgt baik",
        )
        form = {
            "MessageSid": f"SM{secrets.token_hex(16)}",
            "AccountSid": ACCOUNT,
            "From": f"+62812{chance.randrange(10**7):07d}",
            "To": "+15005550006",
            "Body": chance.choice(texts),
            "NumMedia": "0",
        }
        body = urlencode(form)
        signature = validator.compute_signature(f"{ADDRESS}/sms/twilio", form)
        made.append(REQUEST.format(signature=signature, length=len(body), body=body))
    return made
