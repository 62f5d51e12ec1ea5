"""The main screen's triage: marks, and staging of deletes, edits, types, expiries and pins."""

from __future__ import annotations

from collections.abc import Callable

from mem0_tui.model.change import Edit, with_metadata
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import PIN_PREFIX, Memory
from mem0_tui.tui.expiry import FORM, expiry_problem, read_expiry
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
        self.triage.mark(found.values(), by_query=False)
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
        elif self.state.searches:
            self.tell("a search by meaning has no sharp edge: mark a range with v", "warning")
        else:
            return True
        return False

    async def _mark_all(self) -> None:
        shown = await self.all_matching()
        self.triage.mark(shown, by_query=True)
        self.show_triage()
        self.tell(f"{plural(len(shown), 'memory')} marked")

    async def action_mark_invert(self) -> None:
        """Mark what is unmarked among the shown, and the other way round."""
        if not self._list_is_sharp():
            return
        await self.guarded(self._invert())

    async def _invert(self) -> None:
        shown = await self.all_matching()
        marked = {memory.id for memory in shown if memory.id in self.triage.marked}
        self.triage.mark(shown, by_query=True)
        self.triage.unmark(marked)
        self.show_triage()

    def action_mark_clear(self) -> None:
        """Take all marks away."""
        self.triage.unmark_all()
        self.show_triage()

    # -- staging

    def action_memory_delete(self) -> None:
        """Stage a delete; pinned memories that only a query marked are left out."""
        chosen = self.chosen()
        by_hand = [m for m in chosen if not (m.pinned and m.id in self.triage.by_query)]
        self._leave_out(len(chosen) - len(by_hand))
        pinned = [memory for memory in by_hand if memory.pinned]
        if pinned and not all(map(self.triage.goes, pinned)):
            self._ask_about_pinned(pinned, by_hand)
            return
        self._stage_deletes(by_hand)

    def _leave_out(self, count: int) -> None:
        if count:
            self.tell(
                f"{plural(count, 'pinned memory')} left out: mark by hand what you mean",
                "warning",
            )

    def _ask_about_pinned(self, pinned: list[Memory], chosen: list[Memory]) -> None:
        from mem0_tui.tui.modals.confirm import Confirm

        def answered(yes: bool | None) -> None:
            if yes is None:
                return
            gone = {memory.id for memory in pinned}
            self._stage_deletes(chosen if yes else [m for m in chosen if m.id not in gone])

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

    def _stage_deletes(self, memories: list[Memory]) -> None:
        if not memories:
            return
        single = not self.triage.marked
        self.triage.staging.toggle_delete(*memories)
        self.triage.unmark_all()
        if single:
            self.memories.move(1)
        self.show_triage()

    def action_memory_retype(self) -> None:
        """Ask for a type and stage it."""
        from mem0_tui.tui.modals.prompt import Prompt

        def chosen(type_: str | None) -> None:
            if type_ is not None:
                value = type_.strip() or None
                self._stage_each(lambda memory: with_metadata(memory, {"type": value}))

        self.app.push_screen(
            Prompt(
                "Type",
                "The metadata type for the marked memories, or this one. Empty: untyped.",
                value=(self.memories.current.type or "") if self.memories.current else "",
                choices=self.types(),
            ),
            chosen,
        )

    def action_memory_expire(self) -> None:
        """Ask for an expiry and stage it."""
        from mem0_tui.tui.modals.prompt import Prompt

        def chosen(text: str | None) -> None:
            if text is None:
                return
            day = read_expiry(text, self.parts.now().date())
            self._stage_each(lambda _: Edit(expires_on=day))

        self.app.push_screen(
            Prompt(
                "Expiry",
                f"The last day on which it is shown: {FORM}. Empty: it never expires.",
                check=lambda text: expiry_problem(text, self.parts.now().date()),
            ),
            chosen,
        )

    def action_memory_pin(self) -> None:
        """Stage pinning; where all are pinned, unpinning."""
        chosen = self.chosen()
        pin = not all(self.triage.draft_of(memory).pinned for memory in chosen)
        self._stage_each(lambda memory: pin_edit(memory, pin))

    def _stage_each(self, edit: Callable[[Memory], Edit]) -> None:
        memories = self.chosen()
        refused = [memory for memory in memories if memory.immutable]
        for memory in memories:
            if not memory.immutable:
                now = self.triage.draft_of(memory)
                self.triage.stage_edit(memory, edit(now))
        if refused:
            self.tell(f"{plural(len(refused), 'immutable memory')} left out")
        self.show_triage()

    def action_stage_drop(self) -> None:
        """Take back what is staged for the marked memories, or this one."""
        if self.triage.marked:
            self.triage.staging.unstage(*self.triage.marked)
        elif self.memories.current is not None:
            self.triage.staging.unstage(self.memories.current.id)
        self.show_triage()

    def action_stage_clear(self) -> None:
        """Take back everything that is staged."""
        self.triage.staging.clear()
        self.show_triage()

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


def pin_edit(memory: Memory, pin: bool) -> Edit:
    """The edit that pins *memory*, or unpins it in both spellings."""
    if pin:
        return with_metadata(memory, {"pinned": True})
    edit = with_metadata(memory, {"pinned": None}) if "pinned" in memory.metadata else Edit()
    text = memory.text.lstrip()
    if text.startswith(PIN_PREFIX):
        edit = edit.then(Edit(text=text.removeprefix(PIN_PREFIX).lstrip()))
    return edit
