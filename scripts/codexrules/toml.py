"""Writes values as TOML, each on one line."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def document(table: Mapping[str, object]) -> str:
    """*table* as a TOML document, one line for each of its keys."""
    return "".join(f"{_key(name)} = {value(inner)}\n" for name, inner in table.items())


def value(found: object) -> str:
    """*found* as a TOML value on one line."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {value(x)}" for name, x in found.items()) + "}"
    if isinstance(found, list):
        return "[" + ", ".join(map(value, found)) + "]"
    if isinstance(found, datetime.date):
        return found.isoformat()
    if isinstance(found, float):
        return "nan" if math.isnan(found) else repr(found).replace("e+", "e")
    return json.dumps(found, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
