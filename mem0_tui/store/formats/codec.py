"""Memories and changes as JSON and back: what the journal, plan files and exports hold.

Nothing is lost on the way, not even the JSON that a memory was received as.
"""

from __future__ import annotations

from typing import Any

from mem0_tui.model.change import (
    UNSET,
    Add,
    Change,
    ChangeKind,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.store.formats.json_fields import Fields


def memory_json(memory: Memory, *, raw: bool = True) -> dict[str, Any]:
    """*memory* as a JSON object without what is empty; *raw* adds the JSON it was read from."""
    record: dict[str, Any] = {
        "id": memory.id,
        "text": memory.text,
        "scope": memory.scope.ids(),
        "metadata": dict(memory.metadata),
        "categories": list(memory.categories),
        "created_at": memory.created_at.isoformat() if memory.created_at else None,
        "updated_at": memory.updated_at.isoformat() if memory.updated_at else None,
        "expires_on": memory.expires_on.isoformat() if memory.expires_on else None,
        "immutable": memory.immutable,
        "replaced_by": memory.replaced_by,
        "synthesized": memory.synthesized,
        "feedback": memory.feedback,
        "raw": dict(memory.raw) if raw else None,
    }
    return {name: value for name, value in record.items() if value or isinstance(value, str)}


def memory_from(fields: Fields) -> Memory:
    """The memory that *fields* holds.

    Raises:
        FileFormatError: it holds none; says which field does not fit.
    """
    return Memory(
        id=fields.text("id"),
        text=fields.text("text"),
        scope=_scope_from(fields),
        metadata=fields.json("metadata"),
        categories=fields.texts("categories"),
        created_at=fields.moment("created_at"),
        updated_at=fields.moment("updated_at"),
        expires_on=fields.day("expires_on"),
        immutable=fields.flag("immutable"),
        replaced_by=fields.optional_text("replaced_by"),
        synthesized=fields.flag("synthesized"),
        feedback=fields.optional_text("feedback"),
        raw=fields.json("raw"),
    )


def change_json(change: Change) -> dict[str, Any]:
    """*change* as a JSON object; its kind is in ``do``."""
    match change:
        case Add(draft):
            return {"do": change.kind.value, "draft": _draft_json(draft)}
        case Update(memory_id, edit, copies):
            record = {"do": change.kind.value, "id": memory_id, "edit": _edit_json(edit)}
            return {**record, "copies": True} if copies else record
        case Delete(memory_id):
            return {"do": change.kind.value, "id": memory_id}
        case Restore(memory):
            return {"do": change.kind.value, "memory": memory_json(memory)}
        case Merge(draft, memory_ids, keep):
            kept = {"keep": keep} if keep is not None else {}
            ids = list(memory_ids)
            return {"do": change.kind.value, "draft": _draft_json(draft), "ids": ids, **kept}
        case DeleteScope(entity, memory_ids):
            return {"do": change.kind.value, **_entity_json(entity), "ids": list(memory_ids)}
        case DeleteEntity(entity, memory_ids):
            return {"do": change.kind.value, **_entity_json(entity), "ids": list(memory_ids)}


def change_from(fields: Fields) -> Change:
    """The change that *fields* holds.

    Raises:
        FileFormatError: it holds none; says which field does not fit.
    """
    match fields.text("do"):
        case ChangeKind.ADD:
            return Add(_draft_from(fields.inner("draft")))
        case ChangeKind.UPDATE | ChangeKind.MOVE | ChangeKind.REDACT as kind:
            edit = _edit_from(fields.inner("edit"))
            copies, redacts = fields.flag("copies"), kind == ChangeKind.REDACT
            return Update(fields.text("id"), edit, copies=copies, redacts=redacts)
        case ChangeKind.DELETE:
            return Delete(fields.text("id"))
        case ChangeKind.RESTORE:
            return Restore(memory_from(fields.inner("memory")))
        case ChangeKind.MERGE:
            ids, keep = fields.texts("ids"), fields.optional_text("keep")
            if keep is not None and keep not in ids:
                raise fields.wrong("keep", "one of the ids")
            return Merge(_draft_from(fields.inner("draft")), ids, keep)
        case ChangeKind.DELETE_SCOPE:
            return DeleteScope(_entity_from(fields), fields.texts("ids"))
        case ChangeKind.DELETE_ENTITY:
            return DeleteEntity(_entity_from(fields), fields.texts("ids"))
        case _:
            raise fields.wrong("do", ", ".join(ChangeKind))


def _scope_from(fields: Fields) -> Scope:
    if fields.value.get("scope") is None:
        return Scope()
    inner = fields.inner("scope")
    return Scope(**{kind.id_field: inner.optional_text(kind.id_field) for kind in EntityKind})


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "text": draft.text,
        "scope": draft.scope.ids(),
        "metadata": dict(draft.metadata),
        "expires_on": draft.expires_on.isoformat() if draft.expires_on else None,
        "created_at": draft.created_at.isoformat() if draft.created_at else None,
        "immutable": draft.immutable,
        **({"categories": list(draft.categories)} if draft.categories else {}),
    }


def _draft_from(fields: Fields) -> Draft:
    return Draft(
        text=fields.text("text"),
        scope=_scope_from(fields),
        metadata=fields.json("metadata"),
        expires_on=fields.day("expires_on"),
        created_at=fields.moment("created_at"),
        immutable=fields.flag("immutable"),
        categories=fields.texts("categories"),
    )


def _edit_json(edit: Edit) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if edit.text is not None:
        record["text"] = edit.text
    if edit.metadata is not None:
        record["metadata"] = dict(edit.metadata)
    if edit.expires_on is not UNSET:
        record["expires_on"] = edit.expires_on.isoformat() if edit.expires_on else None
    if edit.categories is not None:
        record["categories"] = list(edit.categories)
    if edit.scope is not None:
        record["scope"] = edit.scope.ids()
    return record


def _edit_from(fields: Fields) -> Edit:
    return Edit(
        text=fields.optional_text("text"),
        metadata=fields.json("metadata") if "metadata" in fields.value else None,
        expires_on=fields.day("expires_on") if "expires_on" in fields.value else UNSET,
        categories=fields.texts("categories") if "categories" in fields.value else None,
        scope=_scope_from(fields) if "scope" in fields.value else None,
    )


def _entity_json(entity: EntityRef) -> dict[str, str]:
    return {"kind": entity.kind.value, "entity": entity.id}


def _entity_from(fields: Fields) -> EntityRef:
    kind = fields.text("kind")
    if kind not in tuple(EntityKind):
        raise fields.wrong("kind", "user, agent, app or run")
    return EntityRef(EntityKind(kind), fields.text("entity"))
