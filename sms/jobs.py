"""Jobs about messages: importable entry points with JSON in and a summary out."""

import time
from functools import cache
from typing import Final

from shared import inbox as doors
from shared.db import purging
from shared.db.engine import writing
from shared.db.wishes import drop_answered
from shared.domain.errors import IntakeUnavailable
from shared.logs import configure_logs, logger
from shared.services import Services
from shared.settings import Settings
from sms import campaigning, inbox, inviting, notifying, reconciling, sending
from sms.answering import answer_late

SLICE_SECONDS: Final = 20.0
log = logger(__name__)


@cache
def services() -> Services:
    """Return this process's services, built inside the process that runs the jobs."""
    settings = Settings.from_environment()
    configure_logs(settings.log_level)
    return Services.of(settings)


def take_inbox() -> dict[str, int]:
    """Give messages their turn whose process was killed before it; those in Redis are moved over first."""
    moved = doors.move_spool(services())
    taken, ends = 0, time.monotonic() + SLICE_SECONDS
    for written in inbox.left_behind(services()):
        if time.monotonic() > ends:
            break  # the next comes in ten seconds
        try:
            answer_late(written, services())
        except IntakeUnavailable:
            continue
        except Exception as error:  # one message that cannot be taken must not keep the others waiting
            log.error("message not taken", error=type(error).__name__)  # noqa: TRY400  the message would be quoted
            continue
        taken += 1
    summary = {"moved": moved, "taken": taken}
    if any(summary.values()):
        log.info("inbox taken", **summary)
    return summary


def forget() -> dict[str, int]:
    """Forget what people wrote seven days after it was taken, and what else is due of those we wrote to."""
    wiped = inbox.wipe(services())
    now, purged = services().clock(), 0
    for forget_some in purging.DUE:
        with writing(services().engine) as session:
            purged += forget_some(session, now)
    return {"wiped": wiped, "purged": purged}


def send_messages() -> dict[str, int]:
    """Send what is due, for a few seconds, and forget the wishes that are answered by it; the clock asks again."""
    summary = sending.send_due(services())
    with writing(services().engine) as session:
        drop_answered(session)
    if summary:
        log.info("messages sent", **summary)
    return summary


def follow_messages() -> dict[str, int]:
    """Decide about messages whose sending was interrupted, and give up on what is never confirmed."""
    summary = reconciling.follow_up(services())
    if any(summary.values()):
        log.info("messages followed", **summary)
    return summary


def reconcile() -> dict[str, int]:
    """Take in what webhooks missed."""
    summary = reconciling.reconcile(services())
    log.info("messages reconciled", **summary)
    return summary


def ask_people() -> dict[str, int]:
    """Ask and remind whoever is due; the clock asks again for those who are left."""
    summary = inviting.ask_people(services())
    if summary:
        log.info("people asked", **summary)
    return summary


def ask_guardians() -> dict[str, int]:
    """Take the campaigns further; the clock asks again for the guardians who are left."""
    summary = campaigning.ask_guardians(services())
    if summary:
        log.info("guardians asked", **summary)
    return summary


def tell_officers() -> dict[str, int]:
    """Write to officers whose month was closed or has changed; the clock asks again for those who are left."""
    summary = notifying.tell_officers(services())
    if summary:
        log.info("officers told", **summary)
    return summary
