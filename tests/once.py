"""What comes out the same in every test of a process is worked out once: routes, templates, statements, hashes.

Each test builds an app, an engine and accounts of its own; only answers that never differ outlive it.
"""

from collections import defaultdict
from functools import cache
from typing import Any

from argon2 import low_level
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from passlib.totp import AppWallet
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

STATEMENTS = 5000

_compile_builder = Rule._compile_builder
_builders: dict[tuple[str, str, bool], Any] = {}
_statements: defaultdict[type[Any], Any] = defaultdict(lambda: LRUCache(STATEMENTS))


def work_out_once(templates: str) -> None:
    """Keep routes, statements, answers of slow hashes, and templates in this folder, for all tests of a process."""
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(templates)}
    Rule._compile_builder = _compiled_once  # type: ignore[assignment, method-assign]
    _share_statements()
    low_level.verify_secret = cache(low_level.verify_secret)
    # A phone's secret is sealed with a key stretched 2**14 times: what it is stretched to differs for every account.
    AppWallet.encrypt_cost = 1


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Any:
    known = rule.rule, repr(rule.defaults), append_unknown
    if known not in _builders:
        _builders[known] = _compile_builder(rule, append_unknown)
    return _builders[known]


def _share_statements() -> None:
    """Let all engines of one kind of database share what SQL a statement became; every engine here is made alike."""
    shared = property(lambda engine: _statements[type(engine.dialect)], lambda _engine, _own: None)
    Engine._compiled_cache = shared  # type: ignore[assignment]
    DefaultDialect.__eq__ = _is_like  # type: ignore[method-assign]
    DefaultDialect.__hash__ = _hash_alike  # type: ignore[method-assign, assignment]


def _is_like(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def _hash_alike(dialect: object) -> int:
    return hash(type(dialect))
