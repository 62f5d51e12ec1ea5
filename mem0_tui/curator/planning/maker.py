"""Makes plans of changes, of scopes and of what is empty; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mem0_tui.curator.applying import scopes
from mem0_tui.curator.applying.scopes import ScopePreview
from mem0_tui.curator.planning.plan import Plan, PlanItem, new_plan_id
from mem0_tui.curator.planning.planner import Wanted, plan_items, refuse_scopes
from mem0_tui.curator.planning.redaction import redaction_notes
from mem0_tui.curator.reader import Reader
from mem0_tui.curator.reading import read_many
from mem0_tui.model.change import (
    Change,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Update,
    aimed_at,
)
from mem0_tui.model.clock import today
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.errors import UsageError
from mem0_tui.model.memory import Memory


class Planning(Reader):
    """What can be planned for the memories of one backend."""

    async def plan(
        self,
        changes: Sequence[Change],
        *,
        by_query: bool = False,
        include_pinned: bool = False,
        seen: Mapping[str, Memory] | None = None,
    ) -> Plan:
        """The plan of *changes*, bound to their memories as in *seen*, else as they are now.

        Args:
            changes: at most one per memory; no scope deletes.
            by_query: whether a query chose the memories: pinned ones are then left out, and
                named in the plan's notes, unless *include_pinned* is set.
            include_pinned: see *by_query*.
            seen: the memories as the user saw them, by id.

        Raises:
            NotFoundError: memories are gone that are not in *seen* either.
            UnsupportedError: the backend cannot do one of the changes.
            UsageError: two changes are aimed at one memory, or one changes nothing.
            RefusedError: a scope delete is among them.
        """
        refuse_scopes(changes)
        known = dict(seen or {})
        notes: tuple[str, ...] = ()
        if by_query and not include_pinned:
            ids = [each for change in changes for each in aimed_at(change)]
            now = await read_many(self.backend, ids)
            pinned = {m.id for m in (*known.values(), *now.values()) if m.pinned}
            kept = [change for change in changes if not pinned.intersection(aimed_at(change))]
            left_out = len(changes) - len(kept)
            notes = (f"{left_out} with pinned memories left out",) if left_out else ()
            changes = kept
        wanted = [
            Wanted(change, tuple(known[each] for each in aimed_at(change) if each in known))
            for change in changes
        ]
        return await self._planned(
            wanted, by_query=by_query, include_pinned=include_pinned, notes=notes
        )

    async def plan_scope_delete(self, entity: EntityRef, *, delete_entity: bool) -> ScopePreview:
        """What deleting all memories of *entity* (and, with *delete_entity*, the entity itself)
        would remove, counted in full, with the plan that does it (empty if there is nothing).

        Raises:
            UnsafeScopeError: the id is blank, a wildcard or the like.
            UnsupportedError: the backend cannot delete entities.
        """
        memories = await scopes.members(self.backend, entity)
        ids = tuple(memory.id for memory in memories)
        kind = DeleteEntity if delete_entity else DeleteScope
        wanted = [Wanted(kind(entity, ids), memories)] if memories or delete_entity else []
        plan = await self._planned(wanted, notes=scopes.unseen_warnings(self.backend))
        return scopes.preview(Scope.of(entity), memories, plan)

    async def plan_empty_entities(self) -> Plan:
        """The plan that deletes every entity that holds no memory, each by a call of its own and
        only if it still holds none then.

        Raises:
            UnsupportedError: the backend cannot delete entities.
        """
        refs, unsafe = await scopes.empty_entities(self.backend)
        notes = (f"{unsafe} left out: their ids are blank or hold a wildcard",) if unsafe else ()
        return await self._planned(
            [Wanted(DeleteEntity(ref, ())) for ref in refs],
            notes=(*notes, *scopes.unseen_warnings(self.backend)),
        )

    async def plan_part_delete(self, scope: Scope) -> ScopePreview:
        """What deleting the memories that belong to every entity of *scope* would remove, with the
        plan that deletes them one by one. Pinned ones are left out.

        No server deletes by two ids at once, and by one alone it would reach further.

        Raises:
            UnsafeScopeError: an id is blank, a wildcard or the like.
            UsageError: *scope* names fewer than two entities.
        """
        if len(scope.ids()) < 2:
            raise UsageError("a part of an app is named by two ids")
        memories = await scopes.part_members(self.backend, scope)
        meant = [memory for memory in memories if not memory.pinned]
        kept = len(memories) - len(meant)
        notes = (f"{plural(kept, 'pinned memory')} left out",) if kept else ()
        plan = await self._planned(
            [Wanted(Delete(memory.id), (memory,)) for memory in meant],
            by_query=True,
            notes=(*notes, *scopes.unseen_warnings(self.backend)),
        )
        return scopes.preview(scope, memories, plan)

    async def plan_move(self, scope: Scope, target: EntityRef) -> Plan:
        """The plan that moves all memories which belong to every entity of *scope* to *target*,
        in place of what they have of its kind. Pinned ones are left out.

        Raises:
            UnsafeScopeError: the new id is blank, a wildcard or the like.
            UsageError: *scope* names no entity.
        """
        if not scope:
            raise UsageError("name what to move")
        new = target.checked()
        memories = await scopes.holders(self.backend, scope)
        meant = [memory for memory in memories if not memory.pinned]
        kept = len(memories) - len(meant)
        notes = (f"{plural(kept, 'pinned memory')} left out",) if kept else ()
        edits = [(m, replace(m.scope, **{new.kind.id_field: new.id})) for m in meant]
        return await self._planned(
            [
                Wanted(Update(memory.id, Edit(scope=there)), (memory,))
                for memory, there in edits
                if there != memory.scope
            ],
            by_query=True,
            notes=(*notes, *scopes.unseen_warnings(self.backend)),
        )

    async def _planned(
        self,
        wanted: Sequence[Wanted],
        *,
        by_query: bool = False,
        include_pinned: bool = False,
        notes: tuple[str, ...] = (),
        undoes: str | None = None,
        redoes: str | None = None,
    ) -> Plan:
        target = await self.info()  # what a server can do is known once it was asked
        reverses = undoes is not None or redoes is not None
        items: tuple[PlanItem, ...] = await plan_items(
            self.backend, wanted, today=today(self.clock), strict=not reverses
        )
        if not reverses:
            remote = target.backend != "local"
            notes += redaction_notes(items, today(self.clock), remote=remote)
        return Plan(
            id=new_plan_id(),
            created_at=self.clock.now(),
            target=target,
            items=items,
            undoes=undoes,
            redoes=redoes,
            by_query=by_query,
            include_pinned=include_pinned,
            notes=notes,
        )
