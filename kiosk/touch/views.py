"""The touch screen's own pages: the shell, its service worker and its manifest.

The shell is the same for every device and holds nothing private; what a screen may know comes from the API
with the device's token. The service worker keeps one whole version of the shell on the device.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.portals import Audience, Portal
from shared.i18n import LANGUAGES, mark, translate
from shared.wording import touch_wording

touch = Portal("touch", __name__, audience=Audience.PUBLIC, url_prefix="/touch")

ASSETS = ("*.js", "*.css", "*.svg")
# The worker is served by its own route; the types are for the checker and never loaded.
NOT_LOADED = {"sw.js", "types.js"}
NO_SCRIPT = mark("This screen needs JavaScript.")


@touch.get("", strict_slashes=False)
def shell() -> ResponseReturnValue:
    """Give the page in which everything happens; it is complete without network once it has been seen."""
    response = current_app.make_response(
        render_template(
            "touch/shell.html",
            modules=[asset for asset in assets() if asset.endswith(".js")],
            no_script={language: translate(NO_SCRIPT, language) for language in LANGUAGES},
            version=version(),
            certificate=url_for("certificate.show") if services().settings.https else None,
            wording={language: touch_wording(language) for language in LANGUAGES},
        )
    )
    response.cache_control.no_cache = True
    return response


@touch.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """Give the service worker of exactly this version: its first line names every asset and its digest."""
    line = {
        "version": version(),
        "page": url_for("touch.shell"),
        "assets": {_address(asset): _integrity(asset) for asset in assets()},
    }
    script = (_folder() / "sw.js").read_text("utf-8")
    response = Response(f"self.SHELL = {json.dumps(line)};\n{script}", mimetype="text/javascript")
    # The worker lies below the page it serves, so its reach has to be widened to the page itself.
    response.headers["Service-Worker-Allowed"] = url_for("touch.shell")
    response.cache_control.no_cache = True
    return response


@touch.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Say what an installed screen is called and how it opens."""
    page = url_for("touch.shell")
    response = Response(
        json.dumps(
            {
                "name": "Suara Loket",
                "short_name": "Suara Loket",
                "id": page,
                "start_url": page,
                "scope": page,
                "display": "fullscreen",
                "lang": "id",
                "background_color": "#FBF7F0",
                "theme_color": "#FBF7F0",
                "icons": [{"src": _address("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
            }
        ),
        mimetype="application/manifest+json",
    )
    response.cache_control.no_cache = True
    return response


def assets() -> list[str]:
    """Name the files a device loads, in a fixed order."""
    found = {path.name for pattern in ASSETS for path in _folder().glob(pattern)}
    return sorted(found - NOT_LOADED)


@cache
def version() -> str:
    """Name the content of the shell as this process found it: any change of a file or a word is another version."""
    digest = hashlib.sha256()
    templates = Path(current_app.root_path) / "templates" / "touch"
    for path in [*(_folder() / name for name in [*assets(), "sw.js"]), *sorted(templates.iterdir())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(json.dumps([touch_wording(language) for language in LANGUAGES]).encode())
    return digest.hexdigest()[:12]


def _folder() -> Path:
    return Path(current_app.root_path) / "static" / "touch"


def _address(asset: str) -> str:
    return url_for("static", filename=f"touch/{asset}")


def _integrity(asset: str) -> str:
    digest = hashlib.sha256((_folder() / asset).read_bytes()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
