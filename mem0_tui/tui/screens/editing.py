"""The main screen's editing: the edit pane, $EDITOR, new memories. All of it is staged only."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from textual.app import SuspendNotSupported

from mem0_tui.model.change import Add, Change, Edit, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import PROTOCOL_TYPES, Draft, Memory
from mem0_tui.review.staged import Kind
from mem0_tui.review.targets import Target
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.screens.context import BrowseContext
from mem0_tui.tui.widgets.search_box import SearchBox

_UNCHANGED = "nothing was changed"
_Edits: TypeAlias = Callable[[Memory, Callable[[Edit | Draft | None], None]], None]
"""Has a memory edited, and tells what came of it: None where that is nothing."""


class Editing(BrowseContext):
    """Writing texts and fields of memories; nothing here is sent anywhere."""

    def action_memory_edit(self) -> None:
        """Open the edit pane on the memory under the cursor."""
        memory = self.memories.current
        if memory is None:
            return
        if memory.immutable:
            self.tell("this memory is immutable: delete it and add another", "warning")
            return

        def edited(result: Edit | Draft | None) -> None:
            if isinstance(result, Edit):
                self.stage_edit(memory, result)

        self._edit_pane(self.triage.draft_of(memory), edited)

    def stage_edit(self, memory: Memory, edit: Edit) -> None:
        """Stage *edit* of one memory; say what it takes the place of."""
        outcome = self.triage.stage_edits(Target((memory,)), Kind.TEXT, lambda _: edit)
        self.show_triage()
        if outcome.replaced:
            key = key_for("undo", self.parts.keymap)
            self.tell(f"{outcome.words} · {key} takes it back")

    async def action_memory_editor(self) -> None:
        """Edit the texts of the marked memories, or this one, in the user's editor."""
        await self.guarded(self.on_target(self._edit_texts))

    def _edit_texts(self, target: Target) -> None:
        drafts = [self.triage.draft_of(m) for m in target.memories if not m.immutable]
        if len(drafts) < len(target.memories):
            left_out = plural(len(target.memories) - len(drafts), "immutable memory")
            self.tell(f"{left_out} left out: delete it and add another", "warning")
        changed = self._in_editor(drafts) if drafts else None
        if changed is None:
            return

        def edit(memory: Memory) -> Edit | None:
            return Edit(text=changed[memory.id]) if memory.id in changed else None

        outcome = self.triage.stage_edits(target, Kind.TEXT, edit)
        self.show_triage()
        key = key_for("undo", self.parts.keymap)
        self.tell(f"{outcome.words} · {key} takes it back" if changed else _UNCHANGED)

    def _in_editor(self, drafts: Sequence[Memory]) -> Mapping[str, str] | None:
        """The texts of *drafts* that were changed in the user's editor, by id; None where there
        are none to be had, which has been told."""
        from mem0_tui.tui.editor import edit_texts

        try:
            with self.app.suspend():
                return edit_texts(drafts, os.environ)
        except SuspendNotSupported:
            self.tell("this terminal cannot be handed to an editor", "warning")
        except Mem0TuiError as error:
            self.show_error(error)
        return None

    def on_memory_list_chosen(self) -> None:
        """A double click edits."""
        self.action_memory_edit()

    def action_memory_add(self) -> None:
        """Write a new memory, in the chosen scope or the user's own."""

        def written(result: Edit | Draft | None) -> None:
            if isinstance(result, Draft):
                self.triage.add(result)
                self.show_triage()
                self.tell("staged; a shows the plan")

        self._edit_pane(None, written)

    def _new_scope(self) -> Scope:
        chosen: dict[EntityKind, EntityRef] = {}
        for entity in sorted(self.state.scope):
            chosen.setdefault(entity.kind, entity)
        scope = Scope.of(*chosen.values())
        if scope:
            return scope
        return Scope(user_id=self.parts.default_user, app_id=self.parts.default_app)

    def types(self) -> list[str]:
        """The types there are to choose from, the protocol's first."""
        seen = self.query_one(SearchBox).suggester.values.get("type", ())
        return list(dict.fromkeys([*PROTOCOL_TYPES, *seen]))

    def edit_staged(
        self, change: Change, changed: Callable[[Change | None], None], *, in_editor: bool = False
    ) -> bool:
        """Open the edit pane, or the user's editor, on what *change*, which is staged, will do.

        *changed* is told what is staged in its place; None where that is nothing. Whether there is
        anything in it to edit.
        """
        edit = self._edit_text if in_editor else self._edit_pane
        match change:
            case Update(memory_id):
                self._edit_update(memory_id, changed, edit)
            case Add(draft):
                self._edit_draft(draft, changed, edit)
            case _:
                return False
        return True

    def _edit_update(
        self, memory_id: str, changed: Callable[[Change | None], None], edit: _Edits
    ) -> None:
        staging = self.triage.staging
        seen = staging.seen[memory_id]

        def edited(result: Edit | Draft | None) -> None:
            if isinstance(result, Edit):
                self.stage_edit(seen, result)
                changed(staging.change_of(memory_id))

        edit(self.triage.draft_of(seen), edited)

    def _edit_draft(
        self, draft: Draft, changed: Callable[[Change | None], None], edit: _Edits
    ) -> None:
        memory = Memory(
            *("", draft.text, draft.scope, draft.metadata, draft.categories),
            expires_on=draft.expires_on,
        )

        def edited(result: Edit | Draft | None) -> None:
            if isinstance(result, Edit):
                after = result.applied_to(memory)
                added = replace(
                    draft,
                    text=after.text,
                    metadata=after.metadata,
                    expires_on=after.expires_on,
                    categories=after.categories,
                )
                self.triage.replace_draft(draft, added)
                changed(Add(added))

        edit(memory, edited)

    def _edit_text(self, memory: Memory, done: Callable[[Edit | Draft | None], None]) -> None:
        """Have the text of *memory* edited in the user's editor."""
        named = replace(memory, id=memory.id or "new")
        changed = self._in_editor([named])
        if changed is not None and not changed:
            self.tell(_UNCHANGED)
        done(Edit(text=changed[named.id]) if changed else None)

    def _edit_pane(
        self, memory: Memory | None, done: Callable[[Edit | Draft | None], None]
    ) -> None:
        from mem0_tui.tui.modals.edit_memory import EditMemory

        scope = memory.scope if memory else self._new_scope()
        pane = EditMemory(
            memory,
            scope=scope,
            types=self.types(),
            today=self.parts.now().date(),
            files=self.parts.takes_categories(),
        )
        self.app.push_screen(pane, done)
