"""A whole memory with its secrets masked, and how such a one is known again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mem0_tui.model.memory import JsonObject, Memory
from mem0_tui.model.secret import redact, redact_named

_MASK = re.compile(r"\[[A-Za-z][\w .]{0,40} …\]|[A-Za-z0-9_\-]…|…[A-Za-z0-9_+/=\-]{4}\b|:…@")


def masked(memory: Memory) -> Memory:
    """*memory* with the secrets in its text, its metadata and its raw form masked; itself where it
    has none."""
    text = redact(memory.text)
    metadata, raw = _masked_object(memory.metadata), _masked_object(memory.raw)
    if text == memory.text and metadata == dict(memory.metadata) and raw == dict(memory.raw):
        return memory
    return replace(memory, text=text, metadata=metadata, raw=raw)


def _masked_object(value: JsonObject) -> dict[str, Any]:
    return {key: masked_value(key, each) for key, each in value.items()}


def masked_value(name: str, value: object) -> object:
    """A JSON *value* called *name* with the secrets in it masked."""
    if isinstance(value, str):
        return redact_named(name, value)
    if isinstance(value, Mapping):
        return {key: masked_value(str(key), each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(masked_value(name, each) for each in value)
    return value


def holds_mask(memory: Memory) -> bool:
    """Whether *memory* holds what :func:`masked` puts in the place of a secret."""
    return bool(_MASK.search(memory.text) or _MASK.search(repr(memory.metadata)))
