"""Mem0's OpenAPI document as this server is held to it: the published one, with its gaps closed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

_DOCUMENT = Path(__file__).with_name("openapi.json")

_FURTHER_ANSWERS = {
    # A page that does not exist, or a page size out of bounds.
    ("/v3/memories/", "post"): ("404",),
    ("/v1/entities/", "get"): ("400", "404"),
    ("/v1/events/", "get"): ("400", "404"),
    ("/v1/memories/events/", "get"): ("400",),
    # An id that is no UUID, a kind of entity that does not exist, filters that do not parse.
    ("/v1/memories/{memory_id}/history/", "get"): ("400",),
    ("/v2/entities/{entity_type}/{entity_id}/", "get"): ("400",),
    ("/v1/summary/", "post"): ("400",),
    # A memory that does not exist.
    ("/v1/feedback/", "post"): ("404",),
    ("/v1/batch/", "put"): ("404",),
}

_LINKS = {
    "memories_read": "memory_id",
    "memories_update": "memory_id",
    "memories_history_list": "memory_id",
    "memories_delete": "memory_id",
}


def amended() -> dict[str, Any]:
    """The document with what it leaves open filled in.

    - Answers that Mem0 gives and does not document, such as 404 past the last page.
    - An optional member of a request may be null, which Mem0's clients take for «not given».
    - Adding takes a timestamp with a fraction, as updating does: Python's clock gives one.
    - The older address for adding, which older clients of Mem0 use.
    - Where a value fits two alternatives (0 is an integer and a number), ``oneOf`` means ``anyOf``.
    - Links, so that operations on a memory get one that exists.
    """
    document: dict[str, Any] = json.loads(_DOCUMENT.read_text(encoding="utf-8"))
    paths = document["paths"]
    for (path, method), statuses in _FURTHER_ANSWERS.items():
        for status in statuses:
            paths[path][method]["responses"].setdefault(status, _refusal())
    for operations in paths.values():
        for operation in operations.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                _allow_null(body["schema"])
    adding = paths["/v3/memories/add/"]["post"]["requestBody"]["content"]["application/json"]
    adding["schema"]["properties"]["timestamp"]["type"] = "number"
    older = copy.deepcopy(paths["/v3/memories/add/"]["post"])
    paths["/v1/memories/"]["post"] = {**older, "operationId": "memories_add_v1"}
    _relax(paths)
    _link(paths)
    return document


def _refusal() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": "Refused.", "content": {"application/json": {"schema": schema}}}


def _allow_null(schema: dict[str, Any]) -> None:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        if name not in required:
            member["nullable"] = True
            if "enum" in member and None not in member["enum"]:
                member["enum"].append(None)
        if "items" in member:
            _allow_null(member["items"])


def _relax(node: Any) -> None:
    if isinstance(node, dict):
        if "oneOf" in node:
            node["anyOf"] = node.pop("oneOf")
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            _relax(each)


def _link(paths: dict[str, Any]) -> None:
    added = paths["/v3/memories/add/"]["post"]["responses"]["200"]
    added["links"] = {
        operation: {
            "operationId": operation,
            "parameters": {parameter: "$response.body#/results/0/id"},
        }
        for operation, parameter in _LINKS.items()
    }
    added["links"]["event"] = {
        "operationId": "event_read",
        "parameters": {"event_id": "$response.body#/event_id"},
    }
    paths["/v1/exports/"]["post"]["responses"]["201"]["links"] = {
        "export": {
            "operationId": "exports_list",
            "requestBody": {"memory_export_id": "$response.body#/id"},
        }
    }
