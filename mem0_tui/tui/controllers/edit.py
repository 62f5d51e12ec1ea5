"""Writes texts and fields: the edit pane, $EDITOR, new memories. All of it is staged only."""

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
from mem0_tui.review.events import DraftAdded, DraftReplaced, EditRequested
from mem0_tui.review.staged import StagedKind
from mem0_tui.review.targets import Target
from mem0_tui.tui.controllers.controller import Act, Controller

_Edits: TypeAlias = Callable[[Memory, Callable[[Edit | Draft | None], None]], None]
"""Has a memory edited, and tells what came of it: None where that is nothing."""


class EditController(Controller):
    """What opens a pane or an editor to write in."""

    def actions(self) -> Mapping[str, Act]:
        return {
            "memory.edit": self.edit,
            "memory.editor": lambda: self.screen.controllers.stage.on_target(self._edit_texts),
            "memory.add": self.add,
        }

    def edit(self) -> None:
        """Open the edit pane on the memory under the cursor."""
        memory = self.screen.memories.current
        if memory is None:
            return
        if memory.immutable:
            self.screen.tell("this memory is immutable: delete it and add another", "warning")
            return

        def edited(result: Edit | Draft | None) -> None:
            if isinstance(result, Edit):
                self.stage_edit(memory, result)

        self._edit_pane(self.session.triage.draft_of(memory), edited)

    def stage_edit(self, memory: Memory, edit: Edit) -> None:
        """Stage *edit* of one memory; say what it takes the place of."""
        self.screen.send(EditRequested(Target((memory,)), StagedKind.TEXT, lambda _: edit))

    def _edit_texts(self, target: Target) -> None:
        """Edit the texts of *target* in the user's editor."""
        drafts = [self.session.triage.draft_of(m) for m in target.memories if not m.immutable]
        if len(drafts) < len(target.memories):
            left_out = plural(len(target.memories) - len(drafts), "immutable memory")
            self.screen.tell(f"{left_out} left out: delete it and add another", "warning")
        changed = self._in_editor(drafts) if drafts else None
        if changed is None:
            return

        def edit(memory: Memory) -> Edit | None:
            return Edit(text=changed[memory.id]) if memory.id in changed else None

        self.screen.send(EditRequested(target, StagedKind.TEXT, edit, spoken=True))

    def _in_editor(self, drafts: Sequence[Memory]) -> Mapping[str, str] | None:
        """The texts of *drafts* that were changed in the user's editor, by id; None where there
        are none to be had, which has been told."""
        from mem0_tui.tui.editor import edit_texts

        try:
            with self.screen.app.suspend():
                return edit_texts(drafts, os.environ)
        except SuspendNotSupported:
            self.screen.tell("this terminal cannot be handed to an editor", "warning")
        except Mem0TuiError as error:
            self.screen.show_error(error)
        return None

    def add(self) -> None:
        """Write a new memory, in the chosen scope or the user's own."""

        def written(result: Edit | Draft | None) -> None:
            if isinstance(result, Draft):
                self.screen.send(DraftAdded(result))

        self._edit_pane(None, written)

    def _new_scope(self) -> Scope:
        chosen: dict[EntityKind, EntityRef] = {}
        for entity in sorted(self.session.view.scope):
            chosen.setdefault(entity.kind, entity)
        scope = Scope.of(*chosen.values())
        if scope:
            return scope
        return Scope(user_id=self.parts.default_user, app_id=self.parts.default_app)

    def types(self) -> list[str]:
        """The types there are to choose from, the protocol's first."""
        seen = self.screen.box.suggester.values.get("type", ())
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
        staging = self.session.triage.staging
        seen = staging.seen[memory_id]

        def edited(result: Edit | Draft | None) -> None:
            if isinstance(result, Edit):
                self.stage_edit(seen, result)
                changed(staging.change_of(memory_id))

        edit(self.session.triage.draft_of(seen), edited)

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
                    scope=after.scope,
                )
                self.screen.send(DraftReplaced(draft, added))
                changed(Add(added))

        edit(memory, edited)

    def _edit_text(self, memory: Memory, done: Callable[[Edit | Draft | None], None]) -> None:
        """Have the text of *memory* edited in the user's editor."""
        named = replace(memory, id=memory.id or "new")
        changed = self._in_editor([named])
        if changed is not None and not changed:
            self.screen.tell("nothing was changed")
        done(Edit(text=changed[named.id]) if changed else None)

    def _edit_pane(
        self, memory: Memory | None, done: Callable[[Edit | Draft | None], None]
    ) -> None:
        from mem0_tui.tui.modals.edit_memory import EditMemory

        pane = EditMemory(
            memory,
            scope=memory.scope if memory else self._new_scope(),
            types=self.types(),
            today=self.parts.now().date(),
            files=self.parts.takes_categories(),
        )
        self.screen.app.push_screen(pane, done)
