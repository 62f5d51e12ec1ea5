"""The open-source REST server's requests and answers.

It knows no ``app_id`` and drops it silently, so a memory's app is kept in ``metadata.app_id`` on
this server, and shown as the app that it is. Metadata shares one flat record with the server's own
fields; what those are called cannot be a metadata key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from mem0_tui.model.entity import Entity, EntityKind, Scope
from mem0_tui.model.memory import Draft, JsonObject, Memory, as_moment
from mem0_tui.wire.document import LooseCount, LooseObjects, LooseText, WireDocument
from mem0_tui.wire.memory import MemoryDocument, moment_to_wire

APP_KEY = "app_id"
"""The metadata key that holds a memory's app."""

RESERVED = frozenset(
    (
        "data",
        "hash",
        "id",
        "user_id",
        "agent_id",
        "run_id",
        "actor_id",
        "role",
        "attributed_to",
        "text_lemmatized",
        "created_at",
        "updated_at",
        "expiration_date",
    )
)
"""Metadata keys that the server takes for its own fields, or hides."""

LIST_CAP = 1000
"""The most rows one listing returns; there are no pages."""

SCAN_CAP = 10_000
"""The rows that the server looks at to count its entities."""


class Rows(WireDocument):
    """A listing's or a search's rows; some are all null and are dropped."""

    results: LooseObjects = []

    @classmethod
    def of(cls, answer: object) -> list[dict[str, Any]]:
        """The rows of an answer, which is an object with ``results`` or a bare list."""
        rows = cls.read({"results": answer} if isinstance(answer, list) else answer).results
        return [row for row in rows if isinstance(row.get("id"), str) and row["id"]]


def count_rows(answer: object) -> int:
    """How many rows an answer holds, those without an id among them: what its limit counts."""
    return len(Rows.read({"results": answer} if isinstance(answer, list) else answer).results)


class Added(WireDocument):
    """What an add came to."""

    results: LooseObjects = []


class SelfHostedEntityRow(WireDocument):
    """One entity of the three kinds that the server has."""

    id: LooseText = None
    type: LooseText = None
    total_memories: LooseCount = None
    created_at: LooseText = None
    updated_at: LooseText = None

    def to_entity(self) -> Entity | None:
        """The entity, or None where its kind or id is not one of ours."""
        if not self.id or self.type not in {kind.value for kind in EntityKind}:
            return None
        return Entity(
            kind=EntityKind(self.type),
            id=self.id,
            memory_count=self.total_memories,
            created_at=as_moment(self.created_at),
            updated_at=as_moment(self.updated_at),
        )


def memory_from_row(row: object) -> Memory:
    """One row as a memory, the same whether it comes from a list, a search or by id.

    Raises:
        ResponseError: it is no object, or has no id.
    """
    memory = MemoryDocument.read(row).to_memory()
    metadata = {key: value for key, value in memory.metadata.items() if key not in RESERVED}
    app = metadata.get(APP_KEY)
    if isinstance(app, str) and app:
        del metadata[APP_KEY]
    else:
        app = None
    return replace(memory, metadata=metadata, scope=replace(memory.scope, app_id=app))


def metadata_to_wire(metadata: JsonObject, scope: Scope) -> dict[str, Any]:
    """*metadata* as it is kept on the server: with the app of *scope*."""
    return {**metadata, **({APP_KEY: scope.app_id} if scope.app_id else {})}


def reserved_keys(metadata: Mapping[str, object]) -> list[str]:
    """The keys of *metadata* that the server would not keep as metadata."""
    return sorted(
        key
        for key, value in metadata.items()
        if key in RESERVED or (key == APP_KEY and isinstance(value, str))
    )


def role_of(raw: Mapping[str, Any]) -> str:
    """Who a memory is from by its *raw* row; the server stores nothing under ``system``."""
    metadata = raw.get("metadata")
    inner = metadata.get("role") if isinstance(metadata, Mapping) else None
    role = raw.get("role", inner)
    return role if isinstance(role, str) and role not in ("", "system") else "user"


def unstorable(value: object, where: str = "") -> str | None:
    """What in *value* a JSON column of PostgreSQL does not take, and where; None if all is well."""
    if isinstance(value, Mapping):
        found = (
            unstorable(key, where) or unstorable(each, f"{where}.{key}" if where else str(key))
            for key, each in value.items()
        )
    elif isinstance(value, (list, tuple)):
        found = (unstorable(each, where) for each in value)
    elif isinstance(value, str) and "\0" in value:
        return f"the character NUL in {where}"
    elif isinstance(value, float) and not isfinite(value):
        return f"a number beyond 1e308 in {where}"
    else:
        return None
    return next((each for each in found if each), None)


def add_to_wire(draft: Draft, role: str = "user") -> dict[str, Any]:
    """*draft*, said by *role*, as the body of an add.

    A date in ``metadata.created_at`` becomes the memory's own: the server sets one only where none
    is there.
    """
    metadata = metadata_to_wire(draft.metadata, draft.scope)
    if draft.created_at is not None:
        metadata["created_at"] = moment_to_wire(draft.created_at)
    body: dict[str, Any] = {
        "messages": [{"role": role, "content": draft.text}],
        "infer": False,
        **{
            entity.kind.id_field: entity.id
            for entity in draft.scope
            if entity.kind is not EntityKind.APP
        },
    }
    if metadata:
        body["metadata"] = metadata
    if draft.expires_on is not None:
        body["expiration_date"] = draft.expires_on.isoformat()
    return body
