"""Exports of mcp-memory-service: the sync export (``export_metadata``), its REST listing, and the
backup of its ChromaDB days (``document``). A memory's id is its content's hash there; its tags
become categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mem0_tui.store.formats.reading import Reading
from mem0_tui.store.formats.row import METADATA, read_row

_OWN: Final = ("content_hash", "tags_str", "export_source", "relevance_score", "similarity_score")
_OTHER_DATES: Final = ("timestamp", "timestamp_float", "timestamp_str", "created_at_iso")


def read_mcp_memory(value: Any) -> Reading | None:
    """The memories of *value*, a file's JSON; None where it is not mcp-memory-service's."""
    if not isinstance(value, Mapping) or not isinstance(value.get("memories"), list):
        return None
    rows = value["memories"]
    if "export_metadata" not in value and not any(map(_is_row, rows)):
        return None
    reading = Reading("an export of mcp-memory-service")
    for number, row in enumerate(rows, 1):
        read_row(_row(row), number, reading)
    told = value.get("export_metadata")
    total = (told if isinstance(told, Mapping) else value).get("total_memories")
    if type(total) is int and total > len(rows):
        reading.notes.append(f"the file holds {len(rows):,} of {total:,} memories")
    return reading


def _is_row(row: object) -> bool:
    if not isinstance(row, Mapping):
        return False
    return ("content_hash" in row and "content" in row) or ("document" in row and "metadata" in row)


def _row(row: object) -> object:
    if not isinstance(row, Mapping):
        return row
    if "document" in row and isinstance(row.get("metadata"), Mapping):
        row = {**_flat(row["metadata"]), "id": row.get("id"), "content": row["document"]}
    hash_ = row.get("content_hash")
    rest = {n: v for n, v in row.items() if n not in _OWN}
    if not row.get("tags") and row.get("tags_str"):
        rest["tags"] = row["tags_str"]
    return {"id": hash_, **rest} if hash_ and not rest.get("id") else rest


def _flat(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """A ChromaDB row's metadata, in which the memory's own fields stand beside the rest."""
    known = ("content_hash", "tags", "tags_str", "type", "memory_type", "created_at", "updated_at")
    dates = [metadata[name] for name in _OTHER_DATES if metadata.get(name)]
    kept = {name: value for name, value in metadata.items() if name in known}
    if dates and not kept.get("created_at"):
        kept["created_at"] = dates[0]
    dropped = {*known, *_OTHER_DATES, "updated_at_iso"}
    return {**kept, METADATA[0]: {n: v for n, v in metadata.items() if n not in dropped}}
