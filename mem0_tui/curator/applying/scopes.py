"""Deletes whole entities: measured before, snapshotted, one entity per call, counted afterwards.

Nothing is deleted that the user was not shown: a memory that appeared since refuses the item.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mem0_tui.backends.base import Backend
from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.writes import delete_ids
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.planner import require
from mem0_tui.curator.reading import read_all, read_many
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import DeleteEntity, DeleteScope
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.errors import (
    BackendError,
    Mem0TuiError,
    RefusedError,
    ServerError,
    StaleError,
    UnsupportedError,
)
from mem0_tui.model.filter import all_of, belongs_to
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret.memory import masked
from mem0_tui.store.erasure.files import remove_left_over
from mem0_tui.store.formats.jsonl import ExportHeader, export_lines, write_private
from mem0_tui.store.journal.rows import ItemState


@dataclass(frozen=True, slots=True)
class ScopePreview:
    """What deleting one entity, or the part of an app, would remove, counted in full."""

    scope: Scope
    """The one entity; of a part, the app and its agent or user."""
    total: int
    """How many memories it has, those included that the plan leaves alone."""
    by_type: Mapping[str | None, int]
    """Kind to number of memories; None counts those without one."""
    newest: tuple[Memory, ...]
    """The newest five."""
    pinned: tuple[Memory, ...]
    shared: Mapping[EntityRef, int]
    """The other entities that these memories belong to as well, with how many of them."""
    plan: Plan

    @property
    def going(self) -> int:
        """How many memories the plan deletes."""
        return sum(len(item.before) for item in self.plan.items)

    @property
    def names(self) -> tuple[str, ...]:
        """What a person may type to say that this is meant: all of it, or an id that says it."""
        alone = self.scope.agent_id or next(iter(self.scope.ids().values()))
        is_named = len(self.scope.ids()) == 1 or self.scope.agent_id is not None
        return (str(self.scope), alone) if is_named else (str(self.scope),)

    @property
    def asked(self) -> str:
        """The name to ask for: of a lane its agent's id, which holds the app's."""
        return self.names[-1] if len(self.scope.ids()) > 1 else self.names[0]

    def warnings(self) -> list[str]:
        """What to know before it is deleted, the pinned ones first; each once."""
        pinned: list[str] = []
        if self.pinned and self.going == self.total:
            pinned.append(f"{plural(len(self.pinned), 'pinned memory')} among them")
        of_items = dict.fromkeys(each for item in self.plan.items for each in item.warnings)
        of_items.pop("pinned", None)  # an item's own word for it, where ids are deleted one by one
        return list(dict.fromkeys([*pinned, *of_items]))


def preview(scope: Scope, memories: Sequence[Memory], plan: Plan) -> ScopePreview:
    """What *memories*, all that *scope* has (newest first), amount to."""
    own = set(scope)
    shared = Counter(ref for memory in memories for ref in memory.scope if ref not in own)
    return ScopePreview(
        scope=scope,
        total=len(memories),
        by_type=Counter(memory.kind for memory in memories),
        newest=tuple(memories[:5]),
        pinned=tuple(memory for memory in memories if memory.pinned),
        shared=dict(shared.most_common()),
        plan=plan,
    )


async def members(backend: Backend, entity: EntityRef) -> tuple[Memory, ...]:
    """All memories of *entity*, newest first, expired ones included."""
    return await read_all(backend, belongs_to(entity.checked()))


async def part_members(backend: Backend, scope: Scope) -> tuple[Memory, ...]:
    """All memories that belong to every entity of *scope*, newest first, expired ones included."""
    for ref in scope:
        ref.checked()
    return await holders(backend, scope)


async def holders(backend: Backend, scope: Scope) -> tuple[Memory, ...]:
    """The same of any *scope*, also one by an id that no scope delete could be aimed at."""
    found = await read_all(backend, all_of(map(belongs_to, scope)))
    # Which they are is decided here, whatever a server makes of two ids in one filter, or of `*`.
    return tuple(m for m in found if all(m.scope.get(ref.kind) == ref.id for ref in scope))


async def empty_entities(backend: Backend) -> tuple[list[EntityRef], int]:
    """The entities that *backend* says hold no memory, and how many more there are of those whose
    ids are not safe to aim a delete at."""
    empty = [entity.ref for entity in await backend.entities() if entity.memory_count == 0]
    safe = [ref for ref in empty if ref.is_safe]
    return safe, len(empty) - len(safe)


def unseen_warnings(backend: Backend) -> tuple[str, ...]:
    """What cannot be shown of a scope on *backend*."""
    if Capability.SHOW_EXPIRED in backend.capabilities:
        return ()
    return ("expired memories, which this backend does not list, would go unseen",)


async def delete_scope(context: ApplyContext, work: ItemRun) -> None:
    """Carry out the DeleteScope or DeleteEntity *work*, or what a crash left of it."""
    change = work.entry.change
    assert isinstance(change, (DeleteScope, DeleteEntity))
    try:
        require(context.backend, change, work.before)
        now = await members(context.backend, change.entity)
        _compare(work, change.entity, now)
        if not work.entry.snapshot:
            await _write_down(context, work, change.entity, now)
    except Mem0TuiError as error:
        refused = isinstance(error, RefusedError)
        work.end(ItemState.REFUSED if refused else ItemState.FAILED, error)
        await context.close([work])
        return
    trouble: Mem0TuiError | None = None
    try:
        await _send(context, work, now)
    except (BackendError, RefusedError) as error:
        trouble = error
    await count_what_is_left(context, work, trouble)
    await context.close([work])


def _compare(work: ItemRun, entity: EntityRef, now: Sequence[Memory]) -> None:
    seen = {memory.id: memory for memory in work.aimed}
    appeared = [memory for memory in now if memory.id not in seen]
    if appeared:
        raise StaleError(f"{entity} has {len(appeared)} memories that were not shown")
    changed = [m for m in now if m.content_hash != seen[m.id].content_hash]
    if changed:
        raise StaleError(f"{len(changed)} memories of {entity} have changed since they were seen")


async def _write_down(
    context: ApplyContext, work: ItemRun, entity: EntityRef, now: Sequence[Memory]
) -> None:
    """Write the snapshot, if there is anything to be in it, then the intent; both are on the disk
    afterwards. Secrets stand in the journal alone."""
    if not now:
        work.end(ItemState.SENT)
        await context.save([work])
        return
    at = context.clock.now()
    name = f"{at:%Y%m%dT%H%M%SZ}-{work.entry.transaction_id}-{work.entry.position}.jsonl"
    path = context.snapshot_folder / name
    header = ExportHeader(
        context.target.backend, context.target.target, at, query=str(entity), count=len(now)
    )
    await asyncio.to_thread(remove_left_over, [context.snapshot_folder])
    await asyncio.to_thread(write_private, path, export_lines(header, map(masked, now)))
    fresh = {memory.id: memory for memory in now}
    before = tuple(fresh.get(memory.id, memory) for memory in work.before)
    work.end(ItemState.SENT, before=before, snapshot=str(path))
    await context.save([work])


async def _send(context: ApplyContext, work: ItemRun, now: Sequence[Memory]) -> None:
    change = work.entry.change
    assert isinstance(change, (DeleteScope, DeleteEntity))
    if isinstance(change, DeleteEntity):
        await context.backend.delete_entity(change.entity.checked())
        return
    if Capability.DELETE_SCOPE in context.backend.capabilities:
        # Some servers can for users, but not for apps.
        with contextlib.suppress(UnsupportedError):
            await context.backend.delete_scope(change.entity.checked())
            return
    size = context.backend.capabilities.batch_size
    trouble: Mem0TuiError | None = None
    for start in range(0, len(now), size):
        answers = await delete_ids(context, now[start : start + size])
        trouble = trouble or next((error for _, error in answers.values() if error), None)
    if trouble is not None:
        raise trouble


async def count_what_is_left(
    context: ApplyContext, work: ItemRun, trouble: Mem0TuiError | None
) -> None:
    """Read the entity again and end *work* with what is verified to be gone."""
    change = work.entry.change
    assert isinstance(change, (DeleteScope, DeleteEntity))
    try:
        there = {memory.id for memory in await members(context.backend, change.entity)}
        asked = {memory.id for memory in work.aimed}
        beside = [memory.id for memory in work.before if memory.id not in asked]
        there.update(await read_many(context.backend, beside))
    except Mem0TuiError as error:
        work.end(ItemState.UNKNOWN, trouble or error)
        return
    removed = tuple(memory.id for memory in work.before if memory.id not in there)
    left = len(asked & there)
    if not left and (work.before or trouble is None):
        work.end(ItemState.DONE, removed=removed, remaining=len(there))
        return
    missed = trouble or ServerError(
        f"{left} of {len(asked)} memories of {change.entity} are still there"
    )
    refused = isinstance(trouble, RefusedError) and not removed
    state = ItemState.REFUSED if refused else ItemState.FAILED
    work.end(state, missed, removed=removed, remaining=len(there))
