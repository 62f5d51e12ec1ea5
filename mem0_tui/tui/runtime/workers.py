"""How screens do work: reads replace each other, writes queue up, and every error is shown.

A read that is replaced is cancelled. Writes wait for each other; the curator shields each of its
steps, so that even leaving the app cannot tear one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from inspect import CORO_CREATED, getcoroutinestate
from typing import Any, Literal, TypeVar

from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.tui.painting.pane import pane_of

R = TypeVar("R")
Severity = Literal["information", "warning", "error"]

_write_lock = asyncio.Lock()
"""One app runs in a process, and its writes go out one after the other."""


class WorkScreen(Screen[R]):
    """A screen whose workers cannot take the app down."""

    focused: var[Widget | None] = var(None)
    """As in Textual, but not all of the screen is painted when it changes."""

    def __init__(self) -> None:
        super().__init__()
        self._reading: dict[str, Coroutine[Any, Any, None]] = {}

    def watch_focused(self, left: Widget | None, entered: Widget | None) -> None:
        """Let the panes show where the focus is."""
        pane, before = pane_of(entered), pane_of(left)
        if pane is not before:
            if before is not None and before.is_attached:
                before.show_focus(False)
            if pane is not None:
                pane.show_focus(True)

    def looked_at_again(self) -> None:
        """The terminal has the focus again."""

    def read(self, group: str, work: Coroutine[Any, Any, None]) -> Worker[None]:
        """Run *work*, cancelling what is still running in *group*."""

        async def begin() -> None:
            await self.guarded(work)

        worker: Worker[None] = self.run_worker(
            begin, group=group, exclusive=True, exit_on_error=False
        )
        replaced = self._reading.get(group)
        if replaced is not None and getcoroutinestate(replaced) == CORO_CREATED:
            replaced.close()  # it was cancelled before it could begin
        self._reading[group] = work
        return worker

    def write(self, work: Coroutine[Any, Any, None]) -> Worker[None]:
        """Run *work* after every earlier write; it is never cancelled."""
        return self.run_worker(
            self._serial(work), group="write", exclusive=False, exit_on_error=False
        )

    async def _serial(self, work: Coroutine[Any, Any, None]) -> None:
        async with _write_lock:
            await self.guarded(work)

    async def guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Await *work*; what goes wrong is shown."""
        try:
            await work
        except Mem0TuiError as error:
            self.show_error(error)
        except Exception as error:
            self.tell(f"unexpected: {type(error).__name__}: {error}", "error")
            self.log.error(repr(error))

    def show_error(self, error: Mem0TuiError) -> None:
        """Say what went wrong and how to go on."""
        text = f"{error.message}\n{error.hint}" if error.hint else error.message
        self.tell(text, "error", title=error.title)

    def tell(self, text: str, severity: Severity = "information", *, title: str = "") -> None:
        """Show a short notice; its text is data, never markup."""
        safe = "\n".join(one_line(redact(part)) for part in text.split("\n"))
        self.notify(safe, title=title, severity=severity, markup=False)
