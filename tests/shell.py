"""The operator's shell, on one test's installation."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shared.cli import app
from shared.cli.start import Refused
from shared.settings import Settings


class Shell:
    """Runs `suara` as an operator would."""

    def __init__(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUARA_HOME", str(settings.suara_home))
        monkeypatch.setenv("REDIS_URL", settings.redis_address)
        monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
        monkeypatch.setenv("SECRET_KEY", "s")
        monkeypatch.setenv("PHONE_KEY", "p")

    def run(self, *words: str | Path) -> Result:
        """Run `suara` with these words."""
        return CliRunner().invoke(app, [str(word) for word in words])

    def printed(self, *words: str | Path) -> str:
        """Run `suara` with these words, which it does, and return what it printed."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.stdout

    def refusal(self, *words: str | Path) -> str:
        """Run `suara` with these words and return why it refused."""
        result = self.run(*words)
        assert isinstance(result.exception, Refused), result.output
        return str(result.exception)
