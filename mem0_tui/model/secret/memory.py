"""A whole memory with its secrets masked, and how such a one is known again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mem0_tui.model.memory import JsonObject, Memory
from mem0_tui.model.secret import redact, redact_named

_MASK = re.compile(r"\[[A-Za-z][\w .]{0,40} …\]|[A-Za-z0-9_\-]…|…[A-Za-z0-9_+/=\-]{4}\b|:…@")

_SHORTEST = 12
"""Characters of the shortest name that is looked at."""


def masked(memory: Memory) -> Memory:
    """*memory* with the secrets in its text, its categories, its metadata and its raw form masked;
    itself where it has none. Ids stay: they are what it is found by."""
    text = redact(memory.text)
    categories = tuple(map(_masked_name, memory.categories))
    metadata, raw = _masked_object(memory.metadata), _masked_object(memory.raw)
    same = text == memory.text and categories == memory.categories
    if same and metadata == dict(memory.metadata) and raw == dict(memory.raw):
        return memory
    return replace(memory, text=text, categories=categories, metadata=metadata, raw=raw)


def _masked_object(value: JsonObject) -> dict[str, Any]:
    return {_masked_name(key): masked_value(key, each, names=True) for key, each in value.items()}


def _masked_name(name: str) -> str:
    """A key or a category; what is so short is no secret."""
    return redact(name) if len(name) >= _SHORTEST else name


def masked_value(name: str, value: object, *, names: bool = False) -> object:
    """A JSON *value* called *name* with the secrets in it masked, with *names* also in its keys."""
    if isinstance(value, str):
        return redact_named(name, value)
    if isinstance(value, Mapping):
        return {
            _masked_name(str(key)) if names else key: masked_value(str(key), each, names=names)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return type(value)(masked_value(name, each, names=names) for each in value)
    return value


def holds_mask(memory: Memory) -> bool:
    """Whether *memory* holds what :func:`masked` puts in the place of a secret."""
    beside = repr((memory.metadata, memory.categories))
    return bool(_MASK.search(memory.text) or _MASK.search(beside))
