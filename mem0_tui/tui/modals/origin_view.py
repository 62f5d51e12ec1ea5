"""A session of Codex, one turn at a time: what was asked, said and done, and the memories in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.text import one_line
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from mem0_tui.evidence.origin import Origin


class _Turn(TextView):
    PREFIX = "origin"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"origin--{name}" for name in ("title", "key", "id", "muted", "warning")
    }


class OriginView(FramedModal[str]):
    """Dismisses with the id of the session if its memories are to be listed."""

    LARGE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,n", "step(1)", "next turn", show=True, key_display="→"),
        Binding("left,p", "step(-1)", "turn before", show=True, key_display="←"),
        Binding("m", "memories", "its memories", show=True),
        Binding("y", "copy", "copy codex resume", show=True),
        Binding("q", "leave", "close", show=False),
    ]

    def __init__(
        self, origin: Origin, read: Callable[[Origin, int], Awaitable[Sequence[Line]]]
    ) -> None:
        """*read* gives the lines of a turn."""
        super().__init__()
        self._origin, self._read = origin, read
        self._at = origin.at

    def title_text(self) -> str:
        return "Where it comes from"

    def keys_text(self) -> str:
        if self._origin.session is None:
            return "Esc close"
        resume = "   y copy codex resume" if self._origin.session.resumes else ""
        return f"← → turn   ↑↓ scroll   m its memories{resume}   Esc close"

    def body(self) -> Iterable[Widget]:
        yield _Turn(id="origin-turn")

    def on_mount(self) -> None:
        self.query_one(_Turn).focus()
        self._show()
        super().on_mount()

    def _show(self) -> None:
        self.run_worker(self._load(self._at), group="turn", exclusive=True, exit_on_error=False)

    async def _load(self, at: int) -> None:
        try:
            lines = await self._read(self._origin, at)
        except Mem0TuiError as error:
            lines = [line((one_line(error.message), "warning"))]
        self.query_one(_Turn).show_lines(lines)

    def action_step(self, by: int) -> None:
        """Go to another turn."""
        at = min(max(0, self._at + by), max(0, len(self._origin.turns) - 1))
        if at != self._at:
            self._at = at
            self._show()

    def action_memories(self) -> None:
        """List the memories of this session."""
        if self._origin.session is not None:
            self.dismiss(self._origin.session.id)

    def action_copy(self) -> None:
        """Copy the command that goes on with the session, through the terminal."""
        session = self._origin.session
        if session is None or not session.resumes:
            self.notify("there is nothing to resume")
            return
        self.app.copy_to_clipboard(session.resumes)
        self.notify(f"copied, if your terminal allows it: {one_line(session.resumes)}")
