"""Marks, and stages deletes, edits, types, expiries and pins; nothing here is sent anywhere."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from mem0_tui.model.counting import plural
from mem0_tui.model.memory import PLUGIN_CATEGORIES
from mem0_tui.review.effects import AskAboutPinned
from mem0_tui.review.events import (
    ClearRequested,
    DeleteRequested,
    DeletesChosen,
    DropRequested,
    EditRequested,
    MarksCleared,
    MarksInverted,
    MarkToggled,
    MemoriesMarked,
    RangeBegun,
)
from mem0_tui.review.expiry import FORM
from mem0_tui.review.staged import StagedKind
from mem0_tui.review.targets import Target, target_of
from mem0_tui.tui.controllers.controller import Act, Controller
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


class StageController(Controller):
    """What the keys for marking and staging do; the keys that follow wait until it is done."""

    def actions(self) -> Mapping[str, Act]:
        send = self.screen.send
        return {
            "mark.toggle": self.toggle_and_move,
            "mark.range": self.mark_range,
            "mark.all": self.mark_all,
            "mark.invert": self.invert,
            "mark.clear": lambda: send(MarksCleared()),
            "memory.delete": lambda: self.on_target(lambda t: send(DeleteRequested(t))),
            "memory.retype": lambda: self.on_target(self._ask_for_type),
            "memory.expire": lambda: self.on_target(self._ask_for_expiry),
            "memory.pin": lambda: self.on_target(self._pin),
            "stage.drop": lambda: self.on_target(lambda t: send(DropRequested(t))),
            "stage.clear": lambda: send(ClearRequested()),
        }

    def on_target(self, act: Callable[[Target], None]) -> Coroutine[Any, Any, None]:
        """Call *act* with what the key acts on, after asking where that is unclear.

        It stays what it was when the key was pressed, whatever *act* asks before it is done.
        """
        return self.screen.guarded(self._on_target(act))

    async def _on_target(self, act: Callable[[Target], None]) -> None:
        hidden = await self.screen.controllers.load.find_hidden_marks()
        marked = self.session.triage.marked
        target = target_of(marked, hidden, self.screen.memories.current)
        if isinstance(target, Target):
            act(target)
        elif target is not None:
            from mem0_tui.tui.modals.which_memories import WhichMemories

            def answered(chosen: Target | None) -> None:
                if chosen is not None:
                    act(chosen)

            self.screen.app.push_screen(WhichMemories(target), answered)

    # -- marks

    async def toggle_and_move(self) -> None:
        """Mark the memory under the cursor and move down; or mark the range."""
        if self.session.range_start is not None:
            await self.mark_range()
        else:
            self.toggle(move=True)

    def toggle(self, *, move: bool = False) -> None:
        """Mark the memory under the cursor, or no longer; *move* down or stay there."""
        memory = self.screen.memories.current
        if memory is None:
            return
        if move:
            self.screen.memories.move(1)
        self.screen.send(MarkToggled(memory))

    async def mark_range(self) -> None:
        """Begin a range, or mark the one that was begun."""
        start = self.session.range_start
        if start is None:
            self.screen.send(RangeBegun(self.screen.memories.cursor))
        else:
            await self.screen.guarded(self._mark_range(start))

    async def _mark_range(self, start: int) -> None:
        low, high = sorted((start, self.screen.memories.cursor))
        keys = self.screen.memories.rows.keys[low : high + 1]
        found = await self.parts.library.memories(keys)
        self.screen.send(MemoriesMarked(tuple(found.values()), by_query=False))
        self.screen.send(RangeBegun(None))

    async def mark_all(self) -> None:
        """Mark everything that the query matches, where that is known in full."""
        if self._list_is_sharp():
            await self.screen.guarded(self._mark_all())

    async def _mark_all(self) -> None:
        shown = await self.screen.controllers.load.all_matching()
        if shown:
            self.screen.send(MemoriesMarked(tuple(shown), by_query=True))
        elif len(self.screen.memories.rows):
            marks = spelt_keys(key_for("mark.toggle", self.parts.keymap))
            words = "nothing matches to the letter: mark what is only spelt alike with"
            self.screen.tell(f"{words} {marks}")
        else:
            self.screen.tell("nothing matches, so nothing was marked")

    async def invert(self) -> None:
        """Mark what is unmarked among the shown, and the other way round."""
        if self._list_is_sharp():
            await self.screen.guarded(self._invert())

    async def _invert(self) -> None:
        self.screen.send(MarksInverted(tuple(await self.screen.controllers.load.all_matching())))

    def _list_is_sharp(self) -> bool:
        """Whether the list is exactly what the query matches; says so where it is not."""
        if self.screen.box.has_class("-error"):
            words = "the query is not understood: the list shows an earlier one"
        elif self.parts.library.partial:
            words = "the list is incomplete, so «all» would not be all"
        elif not self.screen.memories.rows.whole:
            words = "the list is still being read, so «all» would not be all"
        elif self.session.view.searches:
            words = "a search by meaning has no sharp edge: mark a range with v"
        else:
            return True
        self.screen.tell(words, "warning")
        return False

    # -- staging

    def ask_about_pinned(self, question: AskAboutPinned) -> None:
        """Ask whether the pinned ones are to be deleted, too."""
        from mem0_tui.tui.modals.confirm import Confirm

        pinned = [memory for memory in question.meant if memory.pinned]

        def answered(yes: bool | None) -> None:
            if yes is None:
                return
            meant = tuple(m for m in question.meant if yes or not m.pinned)
            self.screen.send(DeletesChosen(question.target, meant, question.left_out))

        self.screen.app.push_screen(
            Confirm(
                "Pinned",
                f"{plural(len(pinned), 'memory')} {'is' if len(pinned) == 1 else 'are'} pinned."
                " Stage the delete all the same?",
                yes="Stage",
                no="Leave out",
            ),
            answered,
        )

    def _ask_for_type(self, target: Target) -> None:
        from mem0_tui.tui.modals.prompt import Prompt

        drafts = [self.session.triage.draft_of(memory) for memory in target.memories]
        filing = self.parts.takes_categories()
        question = type_question([draft.kind if filing else draft.type for draft in drafts])
        filed = not filing and any(draft.type is None and draft.categories for draft in drafts)

        def chosen(text: str | None) -> None:
            if text is None:
                return
            type_ = question.read(text)
            self.screen.send(
                EditRequested(
                    target,
                    StagedKind.TYPE,
                    lambda memory: retype_edit(memory, type_, filing=filing),
                )
            )

        self.screen.app.push_screen(
            Prompt(
                "Type",
                f"The type for {target.words}. {question.explanation}"
                + (" The server takes no categories: a type counts before them." if filed else ""),
                value=question.filled_in,
                choices=[
                    *self.screen.controllers.edit.types(),
                    *(PLUGIN_CATEGORIES if filing else ()),
                    UNTYPED,
                ],
                check=question.problem,
            ),
            chosen,
        )

    def _ask_for_expiry(self, target: Target) -> None:
        from mem0_tui.tui.modals.prompt import Prompt

        draft_of = self.session.triage.draft_of
        days = [draft_of(memory).expires_on for memory in target.memories]
        question = expiry_question(days, self.parts.now().date())

        def chosen(text: str | None) -> None:
            if text is None:
                return
            day = question.read(text)
            edit = EditRequested(target, StagedKind.EXPIRY, lambda memory: expiry_edit(memory, day))
            self.screen.send(edit)

        self.screen.app.push_screen(
            Prompt(
                "Expiry",
                f"The last day on which {target.words} will be shown: {FORM}."
                f" {question.explanation}",
                value=question.filled_in,
                check=question.problem,
            ),
            chosen,
        )

    def _pin(self, target: Target) -> None:
        """Stage pinning; where all are pinned, unpinning."""
        draft_of = self.session.triage.draft_of
        pin = not all(draft_of(memory).pinned for memory in target.memories)
        self.screen.send(
            EditRequested(target, StagedKind.PIN, lambda memory: pin_edit(memory, pin))
        )
