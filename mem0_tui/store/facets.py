"""What memories carry to narrow by, counted by SQLite: only values that differ are read."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from mem0_tui.model.folder import DIRS, FILES, folders_of
from mem0_tui.model.lane import lane_of
from mem0_tui.store.memories import Selection

Carried: TypeAlias = tuple[str, str]
"""A field of the query language, and a value that a memory has there."""

_METADATA = ("source", "branch", "author")
"""Keys of metadata that are fields of the query language, where they hold a text."""
_FOLDERS = (DIRS, *FILES)


def carried(connection: sqlite3.Connection, selection: Selection) -> Counter[Carried]:
    """How many selected memories have each category, source, branch, author and folder, and how
    many are ``shared``: ``yes`` or ``no``. A memory counts once for each of its values."""
    counts: Counter[Carried] = Counter()
    for written, count in _groups(connection, selection, "categories", "categories <> '[]'"):
        for name in dict.fromkeys(_read(written)):
            counts["category", name] += count
    for key, value, count in _metadata(connection, selection, _METADATA):
        for name, text in zip(key, value, strict=True):
            if isinstance(text, str) and text:
                counts[name, text] += count
    for key, value, count in _metadata(connection, selection, _FOLDERS):
        for folder in folders_of(dict(zip(key, value, strict=True))):
            counts["folder", folder] += count
    for agent_id, app_id, count in _groups(connection, selection, "agent_id, app_id"):
        counts["shared", "yes" if lane_of(agent_id, app_id) else "no"] += count
    return counts


def _metadata(
    connection: sqlite3.Connection, selection: Selection, keys: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], list[Any], int]]:
    """The values of *keys* that occur together, where there are any, and in how many memories."""
    paths = ", ".join(f"'$.{key}'" for key in keys)
    some = " OR ".join(f"instr(metadata, '\"{key}\"')" for key in keys)
    # A damaged row must not stop the whole statement.
    has_some = f"({some}) AND json_valid(metadata)"
    values = f"json_extract(metadata, {paths})"
    for written, count in _groups(connection, selection, values, has_some):
        yield keys, _read(written), count


def _groups(
    connection: sqlite3.Connection, selection: Selection, values: str, condition: str = "1"
) -> Iterable[tuple[Any, ...]]:
    chosen = selection.where
    return connection.execute(
        f"SELECT {values}, count(*) FROM memories WHERE {chosen.sql} AND {condition}"
        f" GROUP BY {values}",
        chosen.parameters,
    )


def _read(written: str) -> list[Any]:
    """The list that *written* holds; empty where it is damaged."""
    try:
        found = json.loads(written)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
