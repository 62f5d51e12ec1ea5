"""Plans as files: reviewed, kept, sent to somebody, applied later.

A plan file holds the whole plan and its hash, over every field whatever the file's layout. Where
the hash does not fit, the file was changed after it was written, and it is refused: what is applied
is what was reviewed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.curator.planning.withheld import read_again, whole, withheld
from mem0_tui.model.change import aimed_at
from mem0_tui.model.errors import FileFormatError, PlanChangedError
from mem0_tui.model.memory import Memory, canonical_json
from mem0_tui.model.text import one_line
from mem0_tui.store.formats.codec import change_from, change_json, memory_from, memory_json
from mem0_tui.store.formats.json_fields import Fields, parse_json
from mem0_tui.store.journal.rows import Counterpart

_NONE: Mapping[str, Memory] = MappingProxyType({})
FORMAT = "mem0-tui plan"
VERSION = 1


def dump(plan: Plan, *, with_secrets: bool = False) -> str:
    """*plan* as the text of a plan file, indented for reading; without the secrets that its
    memories say, unless it is to be written *with_secrets*.

    Raises:
        RefusedError: it adds text with a secret, which can be written only so.
    """
    document = _document(plan, with_secrets)
    document["hash"] = _hash(document)
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _document(plan: Plan, with_secrets: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": plan.id,
        "created_at": plan.created_at.isoformat(),
        "backend": plan.target.backend,
        "target": plan.target.target,
        "account": plan.target.account,
        "undoes": plan.undoes,
        "redoes": plan.redoes,
        "by_query": plan.by_query,
        "include_pinned": plan.include_pinned,
        "imports": plan.imports,
        "notes": list(plan.notes),
        "items": [_item_json(item, with_secrets) for item in plan.items],
    }


def _hash(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of *document* without its hash, as canonical JSON."""
    rest = {name: value for name, value in document.items() if name != "hash"}
    return hashlib.sha256(canonical_json(rest).encode()).hexdigest()


def withheld_ids(text: str) -> list[str]:
    """The ids of the memories whose secrets the plan file *text* does not hold: what :func:`load`
    wants as they are now.

    Raises:
        FileFormatError: it holds no plan.
    """
    return read_again(item.value for item in parse_json(text, "plan").each("items"))


def load(text: str, now: Mapping[str, Memory] = _NONE) -> Plan:
    """The plan that *text* holds.

    Args:
        text: of a plan file.
        now: those of :func:`withheld_ids` that there are; without one of them, or with one that has
            been changed since, its item is refused when the plan is applied.

    Raises:
        FileFormatError: it holds none, or one of another version; names the place.
        PlanChangedError: the file was changed after it was written.
    """
    fields = parse_json(text, "plan")
    if fields.value.get("format") != FORMAT:
        raise fields.wrong("format", f'"{FORMAT}"')
    version = fields.whole("version")
    if version != VERSION:
        raise FileFormatError(
            f"the plan has version {version}; this mem0-tui reads version {VERSION}"
        )
    created_at = fields.moment("created_at")
    if created_at is None:
        raise fields.wrong("created_at", "an ISO 8601 date and time")
    items = tuple(_item_from(item, now) for item in fields.each("items"))
    _check_once(items)
    plan = Plan(
        id=fields.text("id"),
        created_at=created_at,
        target=BackendInfo(
            fields.text("backend"), fields.text("target"), fields.optional_text("account")
        ),
        items=items,
        undoes=fields.optional_text("undoes"),
        redoes=fields.optional_text("redoes"),
        by_query=fields.flag("by_query"),
        include_pinned=fields.flag("include_pinned"),
        imports=fields.value.get("imports") is True,
        notes=fields.texts("notes"),
    )
    if fields.value.get("hash") != _hash(fields.value):
        raise PlanChangedError("the plan was changed after it was written")
    return plan


def _item_json(item: PlanItem, with_secrets: bool) -> dict[str, Any]:
    if with_secrets:
        change = change_json(item.change)
        before = [{"hash": m.content_hash, "memory": memory_json(m)} for m in item.before]
    else:
        change, before = withheld(item)
    record: dict[str, Any] = {
        **change,
        "before": before,
        "warnings": list(item.warnings),
        "losses": list(item.losses),
        "final": item.final,
    }
    if item.reverses:
        record["reverses"] = {
            "transaction": item.reverses.transaction_id,
            "item": item.reverses.position,
            "part": item.reverses.part,
        }
    return record


def _item_from(fields: Fields, now: Mapping[str, Memory]) -> PlanItem:
    entries = list(fields.each("before"))
    before = tuple(_seen(entry, now) for entry in entries)
    complete = all(
        e.value.get("hash") == m.content_hash for e, m in zip(entries, before, strict=True)
    )
    change = change_from(Fields(whole(_change_of(fields), before, complete=complete), fields.where))
    if tuple(memory.id for memory in before) != aimed_at(change):
        raise fields.wrong("before", "the memories that the change is aimed at")
    return PlanItem(
        change=change,
        before=before,
        warnings=fields.texts("warnings"),
        losses=fields.texts("losses"),
        final=fields.text("final"),
        reverses=_reverses(fields),
    )


def _check_once(items: Iterable[PlanItem]) -> None:
    """Refuse two items for one memory: the second would count as done what the first has done."""
    taken: set[str] = set()
    for number, item in enumerate(items):
        again = taken.intersection(aimed_at(item.change))
        if again:
            raise FileFormatError(
                f"plan.items[{number}]: another item is aimed at {one_line(min(again))} already"
            )
        taken.update(aimed_at(item.change))


def _change_of(fields: Fields) -> dict[str, Any]:
    """The fields of the change in those of an item."""
    others = ("before", "warnings", "losses", "final", "reverses")
    return {key: each for key, each in fields.value.items() if key not in others}


def _seen(fields: Fields, now: Mapping[str, Memory]) -> Memory:
    memory = memory_from(fields.inner("memory"))
    if fields.value.get("masked") is True:
        there = now.get(memory.id)
        return there if there and there.content_hash == fields.text("hash") else memory
    if fields.text("hash") != memory.content_hash:
        raise PlanChangedError(
            f"{fields.where}: the hash does not fit the memory: the plan was changed after it was"
            " written"
        )
    return memory


def _reverses(fields: Fields) -> Counterpart | None:
    if fields.value.get("reverses") is None:
        return None
    inner = fields.inner("reverses")
    return Counterpart(inner.text("transaction"), inner.whole("item"), inner.whole("part"))
