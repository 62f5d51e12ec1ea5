"""The main screen's triage: marks, and staging of deletes, edits, types, expiries and pins."""

from __future__ import annotations

from collections.abc import Callable

from mem0_tui.model.change import Edit
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import PLUGIN_CATEGORIES, Memory
from mem0_tui.review.expiry import FORM
from mem0_tui.review.staged import Kind
from mem0_tui.review.targets import Target
from mem0_tui.review.triage import Outcome
from mem0_tui.tui.glyphs import spelt_keys
from mem0_tui.tui.keys import key_for
from mem0_tui.tui.questions import (
    UNTYPED,
    expiry_edit,
    expiry_question,
    pin_edit,
    retype_edit,
    type_question,
)
from mem0_tui.tui.screens.editing import Editing
from mem0_tui.tui.widgets.search_box import SearchBox


class Staging(Editing):
    """Marking and staging; nothing here is sent anywhere."""

    # -- marks; the keys that follow wait until the marks are there

    async def action_mark_toggle(self) -> None:
        """Mark the memory under the cursor and move down; or mark the range."""
        if self.range_start is not None:
            await self.guarded(self._mark_range(self.range_start))
        elif self.memories.current is not None:
            self.triage.toggle(self.memories.current)
            self.memories.move(1)
            self.show_triage()

    def on_memory_list_ticked(self) -> None:
        """Mark the memory under the cursor, or no longer, and stay there."""
        if self.memories.current is not None:
            self.triage.toggle(self.memories.current)
            self.show_triage()

    async def action_mark_range(self) -> None:
        """Begin a range, or mark the one that was begun."""
        if self.range_start is None:
            self.range_start = self.memories.cursor
            self.show_triage()
        else:
            await self.guarded(self._mark_range(self.range_start))

    async def _mark_range(self, start: int) -> None:
        low, high = sorted((start, self.memories.cursor))
        keys = self.memories.rows.keys[low : high + 1]
        found = await self.library.memories(keys)
        self.triage.mark(list(found.values()), by_query=False)
        self.range_start = None
        self.show_triage()

    async def action_mark_all(self) -> None:
        """Mark everything that the query matches, where that is known in full."""
        if not self._list_is_sharp():
            return
        await self.guarded(self._mark_all())

    def _list_is_sharp(self) -> bool:
        """Whether the list is exactly what the query matches; says so where it is not."""
        if self.query_one(SearchBox).has_class("-error"):
            self.tell("the query is not understood: the list shows an earlier one", "warning")
        elif self.library.partial:
            self.tell("the list is incomplete, so «all» would not be all", "warning")
        elif not self.memories.rows.whole:
            self.tell("the list is still being read, so «all» would not be all", "warning")
        elif self.state.searches:
            self.tell("a search by meaning has no sharp edge: mark a range with v", "warning")
        else:
            return True
        return False

    async def _mark_all(self) -> None:
        shown = await self.all_matching()
        if not shown:
            near = bool(len(self.memories.rows))
            words = "nothing matches to the letter: mark what is only spelt alike with "
            marks = spelt_keys(key_for("mark.toggle", self.parts.keymap))
            self.tell(f"{words}{marks}" if near else "nothing matches, so nothing was marked")
            return
        self.triage.mark(shown, by_query=True)
        self.show_triage()
        self.tell(f"{plural(len(shown), 'memory')} marked")

    async def action_mark_invert(self) -> None:
        """Mark what is unmarked among the shown, and the other way round."""
        if not self._list_is_sharp():
            return
        await self.guarded(self._invert())

    async def _invert(self) -> None:
        self.triage.invert(await self.all_matching())
        self.show_triage()

    def action_mark_clear(self) -> None:
        """Take all marks away."""
        count = len(self.triage.marked)
        self.triage.unmark_all()
        self.show_triage()
        if count:
            self.tell(f"{plural(count, 'mark')} taken away · {self._undo_key()} gives them back")
        else:
            self.tell("no memory is marked")

    def _undo_key(self) -> str:
        return key_for("undo", self.parts.keymap)

    # -- staging

    def _staged(self, target: Target, outcome: Outcome, left_out: str = "") -> None:
        """Show what was staged, and say it where it is more than the letter in one row tells.

        *left_out* says in words what was left out. It is all one notice, for a small terminal shows
        only the newest.
        """
        self.show_triage()
        lines = [left_out] if left_out else []
        if outcome.what and (target.of_marks or outcome.replaced):
            lines.append(f"{outcome.words} · {self._undo_key()} takes it back")
        if lines:
            self.tell("\n".join(lines), "warning" if left_out else "information")

    async def action_memory_delete(self) -> None:
        """Stage a delete; pinned memories that only a query marked are left out."""
        await self.guarded(self.on_target(self._delete))

    def _delete(self, target: Target) -> None:
        by_query = self.triage.by_query if target.of_marks else set()
        meant = [m for m in target.memories if not (m.pinned and m.id in by_query)]
        left_out = len(target.memories) - len(meant)
        words = f"{plural(left_out, 'pinned memory')} left out: mark by hand what you mean"
        pinned = [memory for memory in meant if memory.pinned]
        if pinned and not all(map(self.triage.goes, pinned)):
            self._ask_about_pinned(target, pinned, meant, words if left_out else "")
        else:
            self._stage_deletes(target, meant, words if left_out else "")

    def _ask_about_pinned(
        self, target: Target, pinned: list[Memory], meant: list[Memory], left_out: str
    ) -> None:
        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes is None:
                return
            gone = {memory.id for memory in pinned}
            memories = meant if yes else [m for m in meant if m.id not in gone]
            self._stage_deletes(target, memories, left_out)

        self.app.push_screen(
            Confirm(
                "Pinned",
                f"{plural(len(pinned), 'memory')} {'is' if len(pinned) == 1 else 'are'} pinned."
                " Stage the delete all the same?",
                yes="Stage",
                no="Leave out",
            ),
            answered,
        )

    def _stage_deletes(self, target: Target, memories: list[Memory], left_out: str) -> None:
        outcome = self.triage.toggle_deletes(target, memories)
        if outcome.what and not target.of_marks:
            self.memories.move(1)
        self._staged(target, outcome, left_out)

    def _stage_edits(
        self, target: Target, kind: Kind, edit: Callable[[Memory], Edit | None]
    ) -> None:
        refused = sum(memory.immutable for memory in target.memories)
        outcome = self.triage.stage_edits(target, kind, edit)
        left_out = f"{plural(refused, 'immutable memory')} left out: delete it and add another"
        self._staged(target, outcome, left_out if refused else "")
        if not outcome.what and not refused:
            self.tell("nothing was changed")

    async def action_memory_retype(self) -> None:
        """Ask for a type and stage it."""
        await self.guarded(self.on_target(self._ask_for_type))

    def _ask_for_type(self, target: Target) -> None:
        from mem0_tui.tui.modals.prompt import Prompt

        drafts = [self.triage.draft_of(memory) for memory in target.memories]
        filing = self.parts.takes_categories()
        question = type_question([draft.kind if filing else draft.type for draft in drafts])
        filed = not filing and any(draft.type is None and draft.categories for draft in drafts)

        def chosen(text: str | None) -> None:
            if text is None:
                return
            type_ = question.read(text)
            self._stage_edits(
                target, Kind.TYPE, lambda memory: retype_edit(memory, type_, filing=filing)
            )

        self.app.push_screen(
            Prompt(
                "Type",
                f"The type for {target.words}. {question.explanation}"
                + (" The server takes no categories: a type counts before them." if filed else ""),
                value=question.filled_in,
                choices=[*self.types(), *(PLUGIN_CATEGORIES if filing else ()), UNTYPED],
                check=question.problem,
            ),
            chosen,
        )

    async def action_memory_expire(self) -> None:
        """Ask for an expiry and stage it."""
        await self.guarded(self.on_target(self._ask_for_expiry))

    def _ask_for_expiry(self, target: Target) -> None:
        from mem0_tui.tui.modals.prompt import Prompt

        today = self.parts.now().date()
        days = [self.triage.draft_of(memory).expires_on for memory in target.memories]
        question = expiry_question(days, today)

        def chosen(text: str | None) -> None:
            if text is None:
                return
            day = question.read(text)
            self._stage_edits(target, Kind.EXPIRY, lambda memory: expiry_edit(memory, day))

        self.app.push_screen(
            Prompt(
                "Expiry",
                f"The last day on which {target.words} will be shown: {FORM}."
                f" {question.explanation}",
                value=question.filled_in,
                check=question.problem,
            ),
            chosen,
        )

    async def action_memory_pin(self) -> None:
        """Stage pinning; where all are pinned, unpinning."""
        await self.guarded(self.on_target(self._pin))

    def _pin(self, target: Target) -> None:
        pin = not all(self.triage.draft_of(memory).pinned for memory in target.memories)
        self._stage_edits(target, Kind.PIN, lambda memory: pin_edit(memory, pin))

    async def action_stage_drop(self) -> None:
        """Take back what is staged for the marked memories, or this one."""
        await self.guarded(self.on_target(self._drop))

    def _drop(self, target: Target) -> None:
        self._staged(target, self.triage.drop(target))

    def action_stage_clear(self) -> None:
        """Take back everything that is staged."""
        outcome = self.triage.clear()
        self.show_triage()
        if outcome.what:
            self.tell(f"{outcome.words} · {self._undo_key()} stages it again")

    # -- copying

    def action_memory_copy(self) -> None:
        """Copy the text to the clipboard, through the terminal."""
        if self.memories.current is not None:
            self.app.copy_to_clipboard(self.memories.current.text)
            self.tell("text copied, if your terminal allows it (OSC 52)")

    def action_memory_copy_id(self) -> None:
        """Copy the id to the clipboard, through the terminal."""
        if self.memories.current is not None:
            self.app.copy_to_clipboard(self.memories.current.id)
            self.tell("id copied, if your terminal allows it (OSC 52)")
