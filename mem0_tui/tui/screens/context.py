"""What the parts of the main screen share: its state, its list, and how to show a change."""

from __future__ import annotations

import asyncio
import os
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Word
from mem0_tui.model.text import one_line
from mem0_tui.review.targets import Target, target_of
from mem0_tui.review.triage import Triage
from mem0_tui.review.view import BrowseState
from mem0_tui.settings.locations import tilde
from mem0_tui.tui.runtime.workers import WorkScreen
from mem0_tui.tui.widgets.memory_list import Decorations, MemoryList

if TYPE_CHECKING:
    from mem0_tui.backends.library.local import Library
    from mem0_tui.model.change import Change
    from mem0_tui.tui.parts import Parts

_LONG = 2.0
"""Seconds after which a request that is not answered is worth a word."""
_TRY_LATER = 429
_SOON = 0.5
"""Seconds after which the header says that something is being prepared."""
_PREPARING = "preparing"
"""The least HTTP status after which a request is sent again."""


class BrowseContext(WorkScreen[None]):
    """The main screen as its parts see it."""

    parts: Parts
    library: Library
    state: BrowseState
    triage: Triage
    memories: MemoryList

    busy: str = ""
    """What is going on, for the header."""
    applying: bool = False
    """Whether a plan is being applied."""
    unread: Mem0TuiError | None = None
    """Why the memories could not be read again, where that is so."""
    range_start: int | None = None
    """The row at which a range selection began."""
    _read_only: bool | None = None

    def __init__(self) -> None:
        super().__init__()
        self._focus_has_moved = asyncio.Event()
        self._focus_has_moved.set()

    def focus_pane(self, pane: Widget) -> None:
        """Give *pane* the focus once it is displayed; the keys that follow are meant for it."""

        moved = self._focus_has_moved = asyncio.Event()

        def arrived() -> None:
            self.set_focus(pane)
            moved.set()

        self.call_after_refresh(arrived)

    def open_with(self, work: Coroutine[Any, Any, None]) -> None:
        """Run *work*, which reads something and opens a modal with it; the keys that follow are
        meant for that."""
        opened = self._focus_has_moved = asyncio.Event()

        def say(words: str) -> None:
            if self.busy in ("", _PREPARING):
                self.busy = words
                self.show_status()

        async def work_then_let_keys_in() -> None:
            slow = self.set_timer(_SOON, partial(say, _PREPARING))
            try:
                await work
            finally:
                slow.stop()
                say("")
                self.app.screen.call_after_refresh(opened.set)

        self.read("plan", work_then_let_keys_in())

    @property
    def read_only(self) -> bool:
        """Whether writing is switched off."""
        return self.parts.read_only if self._read_only is None else self._read_only

    def what_goes_on(self) -> str:
        """What is going on, and whether the server keeps it waiting."""
        waiting = self.parts.waiting() if self.busy else None
        if waiting is not None and waiting.seconds >= _LONG:
            again = f", try {waiting.attempt} of {waiting.attempts}" if waiting.attempt > 1 else ""
            return f"no answer for {waiting.seconds:,.0f} s{again} · {self.busy}"
        sent = self.parts.requests() if self.busy and self.parts.requests is not None else ()
        if not sent or sent[-1].withdrawn or (sent[-1].status or 500) < _TRY_LATER:
            return self.busy
        answer = f"HTTP {sent[-1].status}" if sent[-1].status else "no answer"
        return f"{answer}, trying again · {self.busy}"

    @abstractmethod
    def reload(self) -> None:
        """Read the rows again."""

    @abstractmethod
    def awaited_by_key(self, *, moves: bool) -> asyncio.Event | None:
        """What must be on the screen before the next key means anything, if there is such.

        *moves* says that the key does no more than move a cursor.
        """

    @abstractmethod
    def rows_will_change(self) -> None:
        """Let keys for the list wait until the rows are read again."""

    @abstractmethod
    def refresh_library(self) -> None:
        """Read everything again from where it really is."""

    @abstractmethod
    def stop_applying(self) -> bool:
        """Ask the apply that is going on, if one is, to stop; whether one is."""

    @abstractmethod
    def stop_reading(self) -> bool:
        """Give up on a server that has not sent all memories yet; whether one was being read."""

    @abstractmethod
    def edit_staged(
        self, change: Change, changed: Callable[[Change | None], None], *, in_editor: bool = False
    ) -> bool:
        """Open the edit pane on what is staged; whether there is anything in it to edit."""

    def ask_about_kept(self) -> None:
        """Name the files that keep what was typed when a terminal went away; ask what becomes of
        them."""
        from mem0_tui.tui.typed import kept

        folder = self.parts.typed_folder
        files = kept(folder) if folder is not None else []
        if not files:
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def answered(remove: bool | None) -> None:
            if remove:
                for file in files:
                    file.unlink(missing_ok=True)

        names = ", ".join(one_line(tilde(file, os.environ)) for file in files)
        self.app.push_screen(
            Confirm(
                "Kept for you",
                f"What was typed and not applied when the terminal went away is kept in {names}."
                " Remove it? It is asked at each start while it is there.",
                yes="Remove",
                no="Keep",
            ),
            answered,
        )

    @abstractmethod
    async def offer_resume(self) -> None:
        """Ask what to do about a plan that was left half applied."""

    @abstractmethod
    def set_state(self, state: BrowseState, *, top: bool = False) -> None:
        """Show another state."""

    @abstractmethod
    def show_status(self) -> None:
        """Bring the header up to date."""

    @abstractmethod
    def show_detail(self) -> None:
        """Bring the detail pane up to date."""

    def show_triage(self) -> None:
        """Bring gutter, header and detail up to date after marks or staged changes changed."""
        self.memories.decorate(self.decorations())
        self.show_status()
        self.show_detail()

    def decorations(self) -> Decorations:
        """What is marked, staged and searched for."""
        words: tuple[str, ...] = ()
        if not self.state.searches:
            terms = self.state.query.terms
            words = tuple(t.value.text for t in terms if isinstance(t, Word) and not t.negated)
        triage = self.triage
        marked = frozenset(triage.marked)
        return Decorations(marked, triage.letters(), self.range_start, words)

    async def all_matching(self) -> list[Memory]:
        """The memories that match the query, without those that are only alike."""
        rows = self.memories.rows
        found = await self.library.memories(rows.keys[: rows.matching])
        return list(found.values())

    @abstractmethod
    async def find_hidden_marks(self) -> frozenset[str]:
        """Find out which marked memories the list does not show."""

    async def on_target(self, act: Callable[[Target], None]) -> None:
        """Call *act* with what the key acts on, after asking where that is unclear.

        It stays what it was when the key was pressed, whatever *act* asks before it is done.
        """
        hidden = await self.find_hidden_marks()
        target = target_of(self.triage.marked, hidden, self.memories.current)
        if isinstance(target, Target):
            act(target)
        elif target is not None:
            from mem0_tui.tui.modals.which_memories import WhichMemories

            def answered(chosen: Target | None) -> None:
                if chosen is not None:
                    act(chosen)

            self.app.push_screen(WhichMemories(target), answered)
