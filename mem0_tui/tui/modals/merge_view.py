"""Merging: the memories side by side, each part chosen, the text edited, with what would change in
the one that stays.

Nothing is sent from here: saving stages the merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import TextArea

from mem0_tui.model.change import Edit
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import from_editable, to_editable
from mem0_tui.presenting.edit import edit_lines
from mem0_tui.presenting.plan import warning_line
from mem0_tui.presenting.spans import Line, line
from mem0_tui.review.merge_choice import MergeChoice, MergePart
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.modals.confirm import Confirm, leave_unsaved
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.key_line import KeyLine
from mem0_tui.tui.widgets.merge_table import MergeTable
from mem0_tui.tui.widgets.plan_lines import PlanLines


class MergeView(FramedModal[tuple[Memory, Memory]]):
    """Dismisses with the memory that stays, as it is and as it is to be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "stage", show=True),
    ]

    def __init__(self, memories: Sequence[Memory], *, files: bool, of: str = "") -> None:
        """*files*: whether the backend takes categories; *of* says what these are, where they were
        not marked."""
        super().__init__()
        self._of = of
        self._choice = MergeChoice(memories, files=files)

    def title_text(self) -> str:
        what = plural(len(self._choice.memories), "memory")
        return f"Merge {what} into one" + (f": {self._of}" if self._of else "")

    def keys_text(self) -> str:
        return "←↑↓→ move   ␣ choose   Tab text   Ctrl+S stage   Esc leave"

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame frame-large") as frame:
            frame.border_title = Content(self.title_text())
            frame.border_subtitle = self._position(0)
            yield MergeTable(self._choice, id="merge-table")
            with Horizontal(id="merge-columns"):
                yield TextArea(
                    self._chosen_text(),
                    id="merge-text",
                    soft_wrap=True,
                    tab_behavior="focus",
                    compact=True,
                )
                yield PlanLines(id="merge-preview")
            yield KeyLine(self.keys_text())
        yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one("#merge-table", MergeTable).styles.height = len(self._choice.parts)
        self.query_one(MergeTable).focus()
        self._refresh()

    def on_merge_table_stepped(self, event: MergeTable.Stepped) -> None:
        self.query_one(".frame").border_subtitle = self._position(event.place)

    def _position(self, place: int) -> str:
        return f"memory {place + 1} of {len(self._choice.memories)}"

    def on_text_area_changed(self) -> None:
        self._refresh()

    def on_merge_table_chosen(self, event: MergeTable.Chosen) -> None:
        """The text follows the choice, unless it is one's own and another part was chosen."""
        area = self.query_one("#merge-text", TextArea)
        if event.part is MergePart.TEXT or not self._own_text:
            area.load_text(self._chosen_text())
        self._refresh()

    _own_text = False
    """Whether the text was changed by hand."""

    def _chosen_text(self) -> str:
        return to_editable(self._choice.wanted().text, even=True)

    def _wanted(self) -> Memory:
        typed = self.query_one("#merge-text", TextArea).text
        if typed == self._chosen_text():
            return self._choice.wanted()
        return self._choice.wanted(from_editable(typed))

    def _refresh(self) -> None:
        wanted = self._wanted()
        texts = {to_editable(each.text, even=True) for each in self._choice.memories}
        self._own_text = self.query_one("#merge-text", TextArea).text not in texts
        self.query_one(MergeTable).text_is_edited(self._own_text)
        self.query_one("#merge-preview", PlanLines).show_lines(
            [*self._remarks(wanted), *self._changes(wanted)], keep_scroll=True
        )

    def _changes(self, wanted: Memory) -> list[Line]:
        survivor = self._choice.survivor
        if edit := Edit.between(survivor, wanted):
            return [line(("what changes in the one that stays", "title"))] + edit_lines(
                survivor, edit
            )
        return [line(("the one that stays is not changed", "muted"))]

    def _remarks(self, wanted: Memory) -> list[Line]:
        lines = [] if wanted.text.strip() else [warning_line("a memory needs text")]
        pinned = len(self._pinned())
        if pinned:
            goes = "goes" if pinned == 1 else "go"
            lines.append(warning_line(f"{plural(pinned, 'pinned memory')} {goes}"))
        return lines

    def _pinned(self) -> list[Memory]:
        """The pinned memories that are to go."""
        survivor = self._choice.survivor
        return [each for each in self._choice.memories if each.pinned and each is not survivor]

    def action_save(self) -> None:
        """Stage the merge; pinned memories that are to go are asked about."""
        wanted = self._wanted()
        if not wanted.text.strip():
            self.app.bell()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss((self._choice.survivor, wanted))

        if not self._pinned():
            answered(True)
            return
        count = len(self._pinned())
        question = f"{plural(count, 'pinned memory')} would go. Stage the merge all the same?"
        self.app.push_screen(Confirm("Pinned", question, yes="Stage", no="Not yet"), answered)

    def action_leave(self) -> None:
        """Leave, after asking where a text was written."""
        if not self._own_text:
            self.dismiss(None)
            return
        leave_unsaved(self, "text")

    def unsaved(self) -> list[str]:
        """The text that was written, where one was."""
        written = self.is_attached and self._own_text
        return [self.query_one("#merge-text", TextArea).text] if written else []
