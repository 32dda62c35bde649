"""Jobs: importable entry points with JSON in and a summary out; the work is in `shared`."""

from functools import cache
from typing import TYPE_CHECKING

from shared import closing, lost_ratings, signs, standings
from shared.db import import_steps
from shared.db.engine import reading, writing
from shared.db.moves import carry_out_moves
from shared.db.rater_secrets import prepare_rater_secrets
from shared.logs import configure_logs, logger
from shared.services import Services
from shared.settings import Settings
from workers.queues import IMPORT_FURTHER, REFRESH_SCORES, QueueName, begin, nudge

if TYPE_CHECKING:
    from shared.imports.steps import Steps

log = logger(__name__)


@cache
def services() -> Services:
    """Return this process's services, built inside the process that runs the jobs."""
    settings = Settings.from_environment()
    configure_logs(settings.log_level)
    return Services.of(settings)


def refresh_scores() -> dict[str, int]:
    """Bring every stale score up to date."""
    begin(REFRESH_SCORES, services().redis)
    summary = {"refreshed": standings.refresh(services())}
    log.info("scores refreshed", **summary)
    return summary


def sweep() -> dict[str, int]:
    """Do what a lost nudge has left undone, and note when."""
    with reading(services().engine) as session:
        if import_steps.is_waiting(session):
            nudge(QueueName.SCORES, IMPORT_FURTHER, services().redis)
    return {"refreshed": standings.sweep(services()), "restated": closing.settle(services())}


def heal_scores() -> dict[str, int]:
    """Screen and count the months that may still change anew, and look for signs in them."""
    return {"refreshed": standings.screen_anew(services()), "raised": signs.look_for_signs(services())}


def close_months() -> dict[str, int]:
    """Close what is to be closed by now, and look again at what is to be looked at again."""
    due = closing.steps(services())
    if due:
        since = min(step.month for step in due)
        standings.screen_anew(services(), since)
        signs.look_for_signs(services(), since)
    made = sum(closing.take(step, services()) for step in due)
    if due:
        log.info("months closed", groups=len(due), revisions=made)
    return {"closed": len(due), "revisions": made}


def count_lost() -> dict[str, int]:
    """Look for ratings that devices have numbered and nobody has received."""
    return {"kiosks": lost_ratings.count_lost(services())}


@cache
def steps() -> "Steps":
    """Return what takes imports further in this process; it keeps open what it is in the middle of."""
    from shared.imports.steps import Steps  # here, because on most days nobody imports anything

    return Steps(services())


def import_further() -> dict[str, int]:
    """Take an import one slice further, then stand at the end of the queue again: scores come in between."""
    begin(IMPORT_FURTHER, services().redis)
    taken = steps().take()
    if taken:
        nudge(QueueName.SCORES, IMPORT_FURTHER, services().redis)
    return {"slices": int(taken)}


def new_day() -> dict[str, int]:
    """Do what a new day asks for, in whatever office it began: prepare the next keys, let officers move, show what
    may be shown now.
    """
    with writing(services().engine) as session:
        prepare_rater_secrets(session, services().clock())
    with writing(services().engine) as session:
        carry_out_moves(session, services().clock())
    with writing(services().engine) as session:
        import_steps.forget_old(session, services().clock())
    return {"moved": standings.move_snapshots(services())}
