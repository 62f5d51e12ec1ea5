"""Plans as files: reviewed, kept, sent to somebody, applied later.

A plan file holds the memories as they were seen, with their content hashes. A hash that does not
fit its memory means that the file was edited by hand, and it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.curator.plan import Plan, PlanItem
from mem0_tui.curator.planner import aimed_at
from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line
from mem0_tui.store.fields import Fields, parse_json
from mem0_tui.store.journal_rows import Counterpart
from mem0_tui.store.record import change_from, change_json, memory_from, memory_json

FORMAT = "mem0-tui plan"
VERSION = 1


def dump(plan: Plan) -> str:
    """*plan* as the text of a plan file, indented for reading."""
    document = {
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
        "items": [_item_json(item) for item in plan.items],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def load(text: str) -> Plan:
    """The plan that *text* holds.

    Raises:
        FileFormatError: it holds none, one of another version, or one that was edited by hand;
            names the place.
    """
    fields = parse_json(text, "plan")
    if fields.value.get("format") != FORMAT:
        raise fields.wrong("format", f'"{FORMAT}"')
    version = fields.whole("version")
    if version != VERSION:
        raise FileFormatError(f"the plan is of version {version}, this reads version {VERSION}")
    created_at = fields.moment("created_at")
    if created_at is None:
        raise fields.wrong("created_at", "an ISO 8601 date and time")
    items = tuple(_item_from(item) for item in fields.each("items"))
    _check_once(items)
    return Plan(
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


def _item_json(item: PlanItem) -> dict[str, Any]:
    record: dict[str, Any] = {
        **change_json(item.change),
        "before": [
            {"hash": memory.content_hash, "memory": memory_json(memory)} for memory in item.before
        ],
        "warnings": list(item.warnings),
        "losses": list(item.losses),
    }
    if item.reverses:
        record["reverses"] = {
            "transaction": item.reverses.transaction_id,
            "item": item.reverses.position,
            "part": item.reverses.part,
        }
    return record


def _item_from(fields: Fields) -> PlanItem:
    change = change_from(fields)
    before = tuple(_seen(entry) for entry in fields.each("before"))
    if tuple(memory.id for memory in before) != aimed_at(change):
        raise fields.wrong("before", "the memories that the change is aimed at")
    return PlanItem(
        change=change,
        before=before,
        warnings=fields.texts("warnings"),
        losses=fields.texts("losses"),
        reverses=_reverses(fields),
    )


def _check_once(items: Iterable[PlanItem]) -> None:
    """Refuse two items for one memory: the second would count as done what the first has done."""
    taken: set[str] = set()
    for number, item in enumerate(items):
        again = taken.intersection(aimed_at(item.change))
        if again:
            raise FileFormatError(
                f"plan.items[{number}]: another item is aimed at {one_line(min(again))} already",
                hint="take one of them out of the file",
            )
        taken.update(aimed_at(item.change))


def _seen(fields: Fields) -> Memory:
    memory = memory_from(fields.inner("memory"))
    if fields.text("hash") != memory.content_hash:
        raise FileFormatError(
            f"{fields.where}: the hash does not fit the memory: the file was edited by hand",
            hint="make a new plan; only whole items can be taken out of the file",
        )
    return memory


def _reverses(fields: Fields) -> Counterpart | None:
    if fields.value.get("reverses") is None:
        return None
    inner = fields.inner("reverses")
    return Counterpart(inner.text("transaction"), inner.whole("item"), inner.whole("part"))
