"""The file of the reference MCP memory server (``@modelcontextprotocol/server-memory``): JSON lines
of entities with observations, and of relations between entities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mem0_tui.store.formats.json_text import Damaged
from mem0_tui.store.formats.reading import Reading, Remark
from mem0_tui.store.formats.row import read_row


def is_knowledge_graph(value: object) -> bool:
    """Whether *value* is a line of such a file."""
    return isinstance(value, Mapping) and (
        (value.get("type") == "entity" and isinstance(value.get("observations"), list))
        or (value.get("type") == "relation" and "from" in value and "to" in value)
    )


def read_knowledge_graph(lines: list[tuple[int, Any]]) -> Reading:
    """A memory for each observation, and for each relation, of the numbered *lines*."""
    reading = Reading("a knowledge graph of the MCP memory server")
    for number, line in lines:
        if not is_knowledge_graph(line):
            detail = line.text if isinstance(line, Damaged) else str(line)
            reading.rows += 1
            reading.remarks.append(
                Remark(number, "left out: it is neither an entity nor a relation", detail, True)
            )
        elif line["type"] == "relation":
            about = {"relation": line.get("relationType"), "from": line["from"], "to": line["to"]}
            text = f"{line['from']} {line.get('relationType')} {line['to']}"
            read_row({"memory": text, "metadata": about}, number, reading)
        else:
            about = {"entity": line.get("name"), "entity_type": line.get("entityType")}
            for fact in line["observations"]:
                told = f"{line.get('name')}: {fact}" if isinstance(fact, str) else None
                read_row({"memory": told, "metadata": about}, number, reading)
    return reading
