"""The trash: what was deleted and can be put back; restoring goes through a plan like all else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from mem0_tui.curator.trash import TrashEntry
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line
from mem0_tui.presenting.age import age
from mem0_tui.review.fuzzy import Narrower
from mem0_tui.review.row_window import RowWindow
from mem0_tui.review.targets import Target, target_of
from mem0_tui.tui.keys import KeyContext, bindings
from mem0_tui.tui.modals.which_memories import WhichMemories
from mem0_tui.tui.painting.pane import Pane
from mem0_tui.tui.runtime.workers import WorkScreen
from mem0_tui.tui.style_sheets import LATER_STYLES
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.line_input import LineInput
from mem0_tui.tui.widgets.memory_detail import Details, MemoryDetail
from mem0_tui.tui.widgets.memory_list import Decorations, MemoryList


class DeletedList(MemoryList, inherit_bindings=False):
    """Deleted memories, with how long ago each was deleted."""

    BINDING_GROUP_TITLE = "Deleted memories"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.mark", "mark", show=True, key_display="␣"),
        Binding("enter", "screen.mark", "mark", show=False),
        Binding("asterisk", "screen.mark_all", "mark all", show=True, key_display="*"),
    ]

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(now, id=id)
        self.deleted_at: dict[str, datetime] = {}

    def at_end(self, memory: Memory, now: datetime) -> str:
        """How long ago *memory* was deleted."""
        return age(self.deleted_at.get(memory.id), now)


class _FilterInput(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter,escape", "to_list", "to the list", show=True, key_display="⏎")
    ]

    def action_to_list(self) -> None:
        self.screen.query_one(DeletedList).focus()


@dataclass(frozen=True, slots=True)
class TrashChoice:
    """What was chosen in the trash, and what for."""

    entries: Sequence[TrashEntry]
    purge: bool = False
    """Whether they are to be gone for good, and not to be put back."""


class TrashScreen(WorkScreen[TrashChoice | None]):
    """Dismisses with what is to be restored or purged."""

    BINDING_GROUP_TITLE = "Trash"
    CSS_PATH = LATER_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "restore", "restore", show=True, tooltip="Restore the marked, or this one."),
        Binding(
            "exclamation_mark",
            "purge",
            "purge",
            show=True,
            key_display="!",
            tooltip="Purge the marked, or this one: for good, with no way back.",
        ),
        Binding("slash", "find", "find", show=True, key_display="/"),
        Binding("escape,q", "leave", "back", show=True, key_display="Esc"),
        *bindings(KeyContext.APP),
    ]
    AUTO_FOCUS = "DeletedList"

    def __init__(
        self, load: Callable[[], Awaitable[Sequence[TrashEntry]]], now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._load, self._now = load, now
        self._entries: Sequence[TrashEntry] = ()
        self._narrower = Narrower(())
        self._marked: dict[str, TrashEntry] = {}

    def compose(self) -> ComposeResult:
        with Pane(id="trash-pane", classes="pane") as pane:
            pane.border_title = "Trash"
            yield _FilterInput(placeholder="narrow by words", id="trash-find", compact=True)
            yield DeletedList(self._now, id="trash-list")
            yield Static("", id="trash-empty", markup=False)
        yield MemoryDetail(
            self._now,
            id="trash-detail",
        )
        yield KeyFooter()

    def on_mount(self) -> None:
        detail = self.query_one(MemoryDetail)
        detail.add_class("pane")
        detail.border_title = "Memory"
        self._say("reading …")
        self.read("trash", self._read())

    async def _read(self) -> None:
        self._entries = await self._load()
        self._narrower = Narrower([entry.memory for entry in self._entries])
        self.refresh_bindings()
        self.query_one(DeletedList).deleted_at = {e.memory.id: e.deleted_at for e in self._entries}
        self._show()

    def _show(self) -> None:
        typed = self.query_one(Input).value
        indices = [match.index for match in self._narrower.narrow(typed)]
        known = {index: self._entries[index].memory for index in indices}
        shown = self.query_one(DeletedList)
        shown.show(RowWindow(indices, known=known), cursor=0)
        if not self._entries:
            self._say("The trash is empty.\n\nWhat is deleted here can be put back from here.")
        else:
            self._say("" if indices else "Nothing in the trash matches.")
        self._decorate()
        self.on_memory_list_moved()

    def _say(self, text: str) -> None:
        self.query_one("#trash-empty", Static).update(Content(text))
        self.query_one("#trash-pane").set_class(bool(text), "-empty")

    def _decorate(self) -> None:
        self.query_one(DeletedList).decorate(Decorations(frozenset(self._marked)))
        marked = f" · {len(self._marked):,} marked" if self._marked else ""
        title = f"Trash · {plural(len(self._entries), 'memory')}{marked}"
        self.query_one("#trash-pane").border_title = Content(title)

    def _current(self) -> TrashEntry | None:
        key = self.query_one(DeletedList).rows.key(self.query_one(DeletedList).cursor)
        return self._entries[key] if key is not None else None

    def on_memory_list_moved(self) -> None:
        """Show the memory under the cursor, and how it got here."""
        entry = self._current()
        detail = self.query_one(MemoryDetail)
        detail.border_title = Content(self._how(entry) if entry else "Memory")
        notes = (f"It cannot be put back: {entry.obstacle}",) if entry and entry.obstacle else ()
        details = Details(neighbours=(), notes=notes)
        detail.show_memory(entry.memory if entry else None, details)

    def _how(self, entry: TrashEntry) -> str:
        when = age(entry.deleted_at, self._now())
        by = f" by {one_line(entry.by)}" if entry.by else ""
        where = " with this app" if entry.transaction_id else ""
        return f"deleted {when}{'' if when == 'now' else ' ago'}{by}{where}"

    def on_input_changed(self) -> None:
        """Narrow the list."""
        self._show()

    def action_find(self) -> None:
        """Go to the filter box."""
        self.query_one(Input).focus()

    def action_mark(self) -> None:
        """Mark the memory under the cursor, or no longer, and move down."""
        self.on_memory_list_ticked()
        self.query_one(DeletedList).move(1)

    def on_memory_list_ticked(self) -> None:
        """Mark the memory under the cursor, or no longer, and stay there."""
        entry = self._current()
        if entry is not None:
            if self._marked.pop(entry.memory.id, None) is None:
                self._marked[entry.memory.id] = entry
            self._decorate()

    def action_mark_all(self) -> None:
        """Mark everything that the list shows; once all are marked, unmark them."""
        shown = [self._entries[key] for key in self.query_one(DeletedList).rows.keys]
        if all(entry.memory.id in self._marked for entry in shown):
            for entry in shown:
                self._marked.pop(entry.memory.id, None)
        else:
            self._marked.update((entry.memory.id, entry) for entry in shown)
        self._decorate()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer no restoring where nothing can be put back."""
        return action != "restore" or any(not entry.obstacle for entry in self._entries)

    def action_restore(self) -> None:
        """Leave, to plan the restoring of the marked memories, or of this one."""

        def restore(entries: Sequence[TrashEntry]) -> None:
            possible = [entry for entry in entries if not entry.obstacle]
            if possible:
                self.dismiss(TrashChoice(possible))
            else:
                self.tell(f"it cannot be put back: {entries[0].obstacle}", "warning")

        self._on_target(restore, "restore")

    def action_purge(self) -> None:
        """Leave, to plan the purge of the marked memories, or of this one."""

        def purge(entries: Sequence[TrashEntry]) -> None:
            self.dismiss(TrashChoice(entries, purge=True))

        self._on_target(purge, "purge")

    def _on_target(self, act: Callable[[Sequence[TrashEntry]], None], verb: str) -> None:
        """Call *act* with what a key acts on, by the rule of the main list; ask where that is
        unclear."""
        shown = self.query_one(DeletedList).rows.keys
        marked = {id_: entry.memory for id_, entry in self._marked.items()}
        hidden = marked.keys() - {self._entries[key].memory.id for key in shown}
        current = self._current()
        target = target_of(marked, hidden, current.memory if current else None)
        if target is None:
            self.tell(f"there is nothing to {verb}")
            return

        def chosen(wanted: Target | None) -> None:
            ids = {memory.id for memory in wanted.memories} if wanted is not None else set()
            if ids:
                act([entry for entry in self._entries if entry.memory.id in ids])

        if isinstance(target, Target):
            chosen(target)
        else:
            self.app.push_screen(WhichMemories(target), chosen)

    def action_leave(self) -> None:
        """Back to the main screen."""
        self.dismiss(None)
