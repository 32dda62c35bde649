"""The launcher of a locked screen: one script to carry to the device, with the address and the authority in it."""

from pathlib import Path
from typing import Final

from shared.settings import Settings

SCRIPT: Final = Path(__file__).parent / "launcher.sh"


def launcher_for(settings: Settings) -> str:
    """Return the script for a Linux device that shows the touch screen of this installation and nothing else.

    Where our own authority serves, its certificate travels along: carried by hand, it needs no comparing.
    """
    authority = settings.authority_path.read_text() if settings.https else ""
    script = SCRIPT.read_text("utf-8")
    return script.replace("@ADDRESS@", settings.web_address).replace("@AUTHORITY@\n", authority)
