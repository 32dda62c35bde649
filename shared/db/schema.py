"""Bring a database to the schema this code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

import shared.migrations
from shared.db.engine import WRITES


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(shared.migrations.__file__).parent).replace("%", "%%"))
    return config


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing; does nothing when none is."""
    config = _config()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Raise alembic's CommandError when the tables in code and the migrations differ."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)
