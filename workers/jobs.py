"""Jobs: importable entry points with JSON in and a summary out; the work is in `shared`."""

from functools import cache

from shared import standings
from shared.db.engine import writing
from shared.db.rater_secrets import prepare_rater_secrets
from shared.logs import configure_logs, logger
from shared.services import Services
from shared.settings import Settings
from workers.queues import REFRESH_SCORES, begin

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
    return {"refreshed": standings.sweep(services())}


def new_day() -> dict[str, int]:
    """Do what a new day asks for, in whatever office it began: show what may be shown now, prepare the next keys."""
    with writing(services().engine) as session:
        prepare_rater_secrets(session, services().clock())
    return {"moved": standings.move_snapshots(services())}
