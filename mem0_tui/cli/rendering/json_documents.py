"""What ``--json`` prints: memories, plans and reports as JSON values. Field names are a promise."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from mem0_tui.backends.base import BackendInfo
from mem0_tui.curator.applying.report import ItemReport, Redacted, Report
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.model.change import UNSET, Add, Change, Delete, Edit, Merge, Restore, Update
from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Draft, Event, HistoryEntry, Memory
from mem0_tui.model.page import SearchHit

if TYPE_CHECKING:
    from mem0_tui.evidence.use import Use, UsePlace

Json = dict[str, Any]


def iso(moment: datetime | date | None) -> str | None:
    """A time or day as ISO 8601."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def memory_document(memory: Memory) -> Json:
    """One memory."""
    return {
        "id": memory.id,
        "text": memory.text,
        "type": memory.type,
        "kind": memory.kind,
        **{kind.id_field: memory.scope.get(kind) for kind in EntityKind},
        "metadata": dict(memory.metadata),
        "categories": list(memory.categories),
        "created_at": iso(memory.created_at),
        "updated_at": iso(memory.updated_at),
        "expires_on": iso(memory.expires_on),
        "pinned": memory.pinned,
        "immutable": memory.immutable,
        "replaced_by": memory.replaced_by,
        "content_hash": memory.content_hash,
    }


def use_document(use: Use | None) -> Json | None:
    """What Codex did with a memory; None where nothing is recorded anywhere."""
    if use is None:
        return None
    return {
        "given": use.given,
        "last": iso(use.last),
        "sessions": list(use.sessions),
        "best_rank": use.best_rank,
        "cited": use.cited,
        "fetched": use.fetched,
        "likely": use.likely,
        "written": _place_document(use.written),
        "not_recorded": use.reason or None,
    }


def _place_document(place: UsePlace | None) -> Json | None:
    if place is None:
        return None
    return {"session": place.session, "turn": place.turn or None, "at": iso(place.at)}


def hit_document(hit: SearchHit) -> Json:
    """One hit of a search."""
    return {
        "score": round(hit.score, 6),
        "grade": hit.grade.value if hit.grade else None,
        "parts": dict(hit.parts),
        "memory": memory_document(hit.memory),
    }


def backend_document(info: BackendInfo) -> Json:
    """Which memories these are."""
    return {"name": info.backend, "target": info.target, "account": info.account}


def entity_document(entity: Entity) -> Json:
    """One entity."""
    return {
        "kind": entity.kind.value,
        "id": entity.id,
        "memory_count": entity.memory_count,
        "created_at": iso(entity.created_at),
        "updated_at": iso(entity.updated_at),
    }


def history_document(entry: HistoryEntry) -> Json:
    """One change in a memory's life."""
    return {
        "event": entry.event,
        "at": iso(entry.at),
        "old_text": entry.old_text,
        "new_text": entry.new_text,
        "actor": entry.actor,
        "input": [dict(message) for message in entry.input],
    }


def event_document(event: Event) -> Json:
    """One job of the backend."""
    return {
        "id": event.id,
        "type": event.type,
        "status": event.status,
        "created_at": iso(event.created_at),
        "completed_at": iso(event.completed_at),
        "error": event.error,
    }


def error_document(error: Mem0TuiError | None) -> Json | None:
    """Why one item was not done."""
    if error is None:
        return None
    return {"kind": type(error).__name__, "message": error.message, "hint": error.hint}


def plan_document(plan: Plan) -> Json:
    """A plan, item by item."""
    return {
        "id": plan.id,
        "backend": backend_document(plan.target),
        "counts": {kind.value: number for kind, number in sorted(plan.counts.items())},
        "destroys": plan.destroys,
        "undoes": plan.undoes,
        "redoes": plan.redoes,
        "notes": list(plan.notes),
        "items": [item_document(item) for item in plan.items],
    }


def item_document(item: PlanItem) -> Json:
    """One item of a plan."""
    document = change_document(item.change)
    document["before"] = [memory_document(memory) for memory in item.before]
    document["warnings"] = list(item.warnings)
    document["losses"] = list(item.losses)
    document["undoable"] = not item.final
    document["final"] = item.final or None
    return document


def change_document(change: Change) -> Json:
    """One change, without the memories that it is aimed at."""
    document: Json = {"change": change.kind.value}
    match change:
        case Add(draft):
            document["draft"] = _draft_document(draft)
        case Update(memory_id, edit, copies):
            document |= {"id": memory_id, "edit": _edit_document(edit)}
            if edit.scope is not None:
                document["in_place"] = not copies
        case Delete(memory_id):
            document["id"] = memory_id
        case Restore(memory):
            document |= {"id": memory.id, "memory": memory_document(memory)}
        case Merge(draft, memory_ids, keep):
            document |= {"draft": _draft_document(draft), "ids": list(memory_ids), "keep": keep}
        case scope:
            document |= {"entity": str(scope.entity), "ids": list(scope.memory_ids)}
    return document


def report_document(report: Report) -> Json:
    """What became of a plan."""
    return {
        "transaction": report.transaction_id,
        "complete": report.complete,
        "undoable": report.changed,
        "counts": {outcome.value: number for outcome, number in report.counts.items()},
        "new_ids": report.id_map,
        "items": [_outcome_document(item) for item in report.items],
        **({"redacted": _redacted_document(report.redacted)} if report.redacted else {}),
    }


def _redacted_document(redacted: Redacted) -> Json:
    return {
        "finished": redacted.finished,
        "checked": [
            {"place": each.place, "files": each.files, "found": each.found}
            for each in redacted.checked
        ],
        "left": [{"place": each.place, "why": each.why} for each in redacted.left],
        "out_of_reach": list(redacted.unseen),
    }


def _outcome_document(report: ItemReport) -> Json:
    change = report.item.change
    memory_id: str | None = None
    if isinstance(change, (Update, Delete)):
        memory_id = change.memory_id
    elif isinstance(change, Restore):
        memory_id = change.memory.id
    return {
        "change": change.kind.value,
        "id": memory_id,
        "outcome": report.outcome.value,
        "added_id": report.added_id,
        "removed": report.removed,
        "remaining": report.remaining,
        "differences": list(report.differences),
        "undeclared": list(report.undeclared),
        "snapshot": str(report.snapshot) if report.snapshot else None,
        "error": error_document(report.error),
    }


def _draft_document(draft: Draft) -> Json:
    return {
        "text": draft.text,
        **{kind.id_field: draft.scope.get(kind) for kind in EntityKind},
        "metadata": dict(draft.metadata),
        "categories": list(draft.categories),
        "expires_on": iso(draft.expires_on),
    }


def _edit_document(edit: Edit) -> Json:
    document: Json = {}
    if edit.text is not None:
        document["text"] = edit.text
    if edit.metadata is not None:
        document["metadata"] = dict(edit.metadata)
    if edit.expires_on is not UNSET:
        document["expires_on"] = iso(edit.expires_on)
    if edit.categories is not None:
        document["categories"] = list(edit.categories)
    if edit.scope is not None:
        document |= {kind.id_field: edit.scope.get(kind) for kind in EntityKind}
    return document
