"""What Codex would be given for a prompt: type one, see each source's text, and what is staged do
to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Input

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.text import one_line
from mem0_tui.presenting.spans import Line, line
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.runtime.threads import in_background
from mem0_tui.tui.widgets.line_input import LineInput
from mem0_tui.tui.widgets.text_view import TextView


class _Given(TextView):
    PREFIX = "given"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"given--{name}" for name in ("title", "muted", "removed", "added", "warning")
    }


class PromptPreview(FramedModal[str]):
    """Dismisses with the prompt that was asked about last, for the next time; None for none."""

    LARGE = True

    def __init__(
        self, look: Callable[[str], Sequence[Line]], *, prompt: str = "", staged: int = 0
    ) -> None:
        """*look* gives the lines for a prompt, and is called in a thread; *staged* changes are
        taken into account by it."""
        super().__init__()
        self._look = look
        self._prompt = prompt
        self._staged = staged

    def title_text(self) -> str:
        return "What Codex would be given"

    def keys_text(self) -> str:
        return "⏎ look   Tab to the text   ↑↓ scroll   Esc close"

    def body(self) -> Iterable[Widget]:
        yield LineInput(
            self._prompt, id="given-prompt", placeholder="A prompt, as you would type it to Codex"
        )
        yield _Given(id="given-text")

    def on_mount(self) -> None:
        self.query_one(LineInput).focus()
        self.query_one(_Given).show_lines(self._introduction())
        if self._prompt:
            self._ask(self._prompt)
        super().on_mount()

    def _introduction(self) -> list[Line]:
        about = (
            "Each source that Codex has: Mem0's plugin, the hooks of mem0-tui, its own memories."
        )
        lines = [line((about, "muted"))]
        if self._staged:
            plan = "Lines that go with what is staged are marked -, lines that come with it +."
            lines.append(line((plan, "muted")))
        return lines

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._ask(event.value)

    def _ask(self, prompt: str) -> None:
        self._prompt = prompt
        self.query_one(_Given).show_lines([line(("Looking …", "muted"))])
        self.run_worker(self._show(prompt), group="prompt", exclusive=True, exit_on_error=False)

    async def _show(self, prompt: str) -> None:
        try:
            lines = await in_background(lambda: self._look(prompt))
        except Mem0TuiError as error:
            lines = [line((one_line(error.message), "warning"))]
        self.query_one(_Given).show_lines(lines)

    def action_leave(self) -> None:
        """Close it."""
        self.dismiss(self._prompt or None)
