"""The architecture defends itself: portals, headers, queues, settings, sizes, words."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask

from kiosk import create_app
from kiosk.headers import ALWAYS
from kiosk.portals import Portal
from shared.db import schema
from shared.i18n import LANGUAGES, SOURCE_LANGUAGE, catalogue
from shared.services import Services
from shared.settings import Settings
from workers.queues import QueueName

ROOT = Path(__file__).parents[2]
CODE = ("kiosk", "sms", "workers", "shared")
LARGEST_MODULE = 300
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


ADDRESS_PARTS = {"id": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


def _address(rule: str) -> str:
    """Return an address that this rule answers, of nothing there is."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda part: ADDRESS_PARTS.get(part[1] or "", "x"), rule)


def files(pattern: str, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(pattern))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_route_belongs_to_a_portal_with_an_audience(app: Flask) -> None:
    outside = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not isinstance(app.blueprints.get(rule.endpoint.rpartition(".")[0]), Portal)
    ]
    assert outside == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_route_carries_the_headers_even_when_it_refuses(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        path = _address(rule.rule)
        response = client.get(path)
        missing = [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
        assert missing == [], path
        assert "Cache-Control" in response.headers, path


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_signed_out_gets_past_a_portal_that_is_not_public(app: Flask) -> None:
    from kiosk.portals import Audience

    client = app.test_client()
    closed = {name for name, portal in app.blueprints.items() if getattr(portal, "audience", None) != Audience.PUBLIC}
    assert {"api", "officer"} <= closed
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[0] in closed:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            response = client.open(_address(rule.rule), method=method)
            assert response.status_code in {302, 401}, rule.rule


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_form_is_taken_that_another_site_could_have_sent(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
            response = client.post(_address(rule.rule))
            refused = response.status_code == 400 or response.location.startswith("/login")
            assert refused, rule.rule


def test_the_migrations_make_what_the_code_expects(services: Services) -> None:
    schema.check(services.engine)
    versions = [path.stem for path in files("*.py", "shared/migrations/versions") if path.stem != "__init__"]
    assert [version[:4] for version in versions] == [f"{number:04d}" for number in range(1, len(versions) + 1)]
    for version in versions:
        text = (ROOT / "shared/migrations/versions" / f"{version}.py").read_text()
        assert f'revision = "{version}"' in text, "a migration is named as it is filed"


def test_every_queue_is_consumed() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    for queue in QueueName:
        assert [line for line in lines if " -m workers " in line and queue.value in line.split()], queue


def test_the_readme_documents_exactly_the_settings_there_are() -> None:
    readme = (ROOT / "README.md").read_text()
    table = re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE)
    assert sorted(table) == sorted(name.upper() for name in Settings.model_fields)


def test_no_module_is_longer_than_a_room() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*files("*.py", *CODE), *files("*.js", "kiosk/static")]
        if "versions" not in path.parts and (lines := len(path.read_text().splitlines())) > LARGEST_MODULE
    }
    assert long == {}


def test_no_template_has_inline_script_or_style() -> None:
    for path in files("*.html", "kiosk/templates"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path


def test_every_page_template_extends_a_base() -> None:
    for path in files("*.html", "kiosk/templates"):
        text = path.read_text()
        if "<h1" in text and path.name not in {"base.html", "shell.html"}:
            assert "{% extends" in text, path


def source_texts() -> set[str]:
    """Return every text the code, the templates and the CLI ask the catalogue for."""
    options: dict[str, Any] = {"encoding": "utf-8", "silent": "false"}
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    found: set[str] = set()
    keywords = {"_": None, "mark": None, "say": None, "_say": None, "translate": None}
    for folder in CODE:
        extracted = extract_from_dir(ROOT / folder, methods, {"**.html": options}, keywords=keywords)
        found |= {text for _file, _line, text, _comments, _context in extracted if isinstance(text, str)}
    return found


def test_every_text_is_translated_with_the_same_facts() -> None:
    texts = source_texts()
    assert len(texts) > 100
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        known = catalogue(language)
        assert texts - set(known) == set(), f"missing in {language}"
        assert set(known) - texts == set(), f"no longer used in {language}"
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(known[text])), text
