"""What a large plan comes to: how many of each type, app and age; and what of it a query finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.model.change import Add, DeleteEntity, Merge, Restore, is_empty_entity
from mem0_tui.model.entity import Scope
from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.query import Query
from mem0_tui.model.text import one_line
from mem0_tui.presenting.memory import brief, type_name

_MOST = 5
"""Groups that are named; the others are counted."""
_NAME = 24
"""Characters of a name that are shown."""
_AGES = ((7, "under a week"), (30, "under a month"), (90, "under 3 months"), (365, "under a year"))


def memories_of(item: PlanItem) -> tuple[Memory, ...]:
    """The memories that *item* is about, as they are before it; what it makes where none is. An
    entity without any stands in for one that says its name."""
    if item.before:
        return item.before
    match item.change:
        case Restore(memory):
            return (memory,)
        case Add(draft) | Merge(draft, _):
            return (_as_memory(draft),)
        case DeleteEntity(entity):
            return (Memory("", str(entity), Scope.of(entity)),)
    return ()


def found_in(plan: Plan, query: Query, now: datetime) -> list[int]:
    """The places of the items of *plan* with a memory that *query* finds; all for a blank one."""
    condition = query.filter(now)
    return [
        index
        for index, item in enumerate(plan.items)
        if not query or any(matches(condition, memory) for memory in memories_of(item))
    ]


def digest(plan: Plan, now: datetime, *, brief: bool = False) -> list[str]:
    """Lines such as ``kind  decision 12 · convention 3``, the largest groups first.

    A *brief* one is a single line of the largest groups.
    """
    if plan.items and all(is_empty_entity(item.change) for item in plan.items):
        kinds = (ref.kind for item in plan.items for ref in memories_of(item)[0].scope)
        return [f"entities without memories  {_largest(kinds)}"]
    memories = [memory for item in plan.items for memory in memories_of(item)]
    ages = Counter(_age(memory.created_at, now) for memory in memories)
    order = [name for _, name in _AGES] + ["older", "new"]
    if brief and memories:
        age, count = ages.most_common(1)[0]
        kind = _largest((type_name(memory.kind) for memory in memories), 1)
        app = _largest((memory.scope.app_id or "no app" for memory in memories), 1)
        return [f"mostly {kind} · {app} · {age} {count:,}"]
    return [
        f"kind  {_largest(type_name(memory.kind) for memory in memories)}",
        f"app   {_largest(memory.scope.app_id or 'no app' for memory in memories)}",
        f"age   {' · '.join(f'{name} {ages[name]:,}' for name in order if ages[name])}",
    ]


def _largest(names: Iterable[str], most: int = _MOST) -> str:
    groups = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{brief(one_line(name), _NAME)} {count:,}" for name, count in groups[:most]]
    return " · ".join([*shown, *(_others(groups[most:]) if most > 1 else ())])


def _others(groups: Sequence[tuple[str, int]]) -> list[str]:
    return [f"{len(groups)} others {sum(count for _, count in groups):,}"] if groups else []


def _age(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "new"
    days = (now - moment).days
    return next((name for most, name in _AGES if days < most), "older")


def _as_memory(draft: Draft) -> Memory:
    return Memory(
        id="",
        text=draft.text,
        scope=draft.scope,
        metadata=draft.metadata,
        categories=draft.categories,
    )
