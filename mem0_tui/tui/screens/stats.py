"""The statistics: how the memory grows and is used; each number leads to its memories."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line
from mem0_tui.presenting.masking import MASKED
from mem0_tui.presenting.suspicion import MEANINGS
from mem0_tui.tui.keys import KeyContext, bindings
from mem0_tui.tui.painting.pane import Pane
from mem0_tui.tui.runtime.workers import WorkScreen
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.stats_view import StatsView

if TYPE_CHECKING:
    from mem0_tui.presenting.stats.statistics import CountCell, Statistics


class StatsScreen(WorkScreen["CountCell | None"]):
    """Dismisses with the number whose memories are to be listed."""

    BINDING_GROUP_TITLE = "Statistics"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,f5", "look", "count again", show=True, tooltip="Count everything again."),
        Binding("escape,q,C", "leave", "back", show=True, key_display="Esc"),
        *bindings(KeyContext.APP),
    ]
    AUTO_FOCUS = "StatsView"
    CSS_PATH = "../styles/statistics.tcss"

    def __init__(
        self,
        count: Callable[[], AsyncIterator[Statistics]],
        where: str,
        cell: CountCell | None = None,
    ) -> None:
        """*count* gives the numbers, the quick ones first; the cursor goes to *cell*."""
        super().__init__()
        self._count, self._where, self._cell = count, where, cell

    def compose(self) -> ComposeResult:
        yield Static("", id="stats-title", markup=False)
        with Pane(id="stats-pane", classes="pane") as pane:
            pane.border_title = "Statistics"
            yield StatsView(id="stats-view")
        yield Static("", id="stats-now", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._say(f"{self._where} · counting …")
        self.action_look()

    def action_look(self) -> None:
        """Count everything again."""
        self.read("stats", self._look())

    async def _look(self) -> None:
        async for found in self._count():
            amount = plural(found.total, "memory")
            words = [self._where, f"{found.at_least}{amount}", one_line(found.query)]
            words += [one_line(each) for each in found.missing]
            self._say(" · ".join(filter(None, words)))
            self.query_one(StatsView).show(found, self._cell)
            self._cell = None

    def _say(self, words: str) -> None:
        self.query_one("#stats-title", Static).update(Content(words))

    def on_stats_view_moved(self) -> None:
        """Say what the cursor is on."""
        cell = self.query_one(StatsView).cell
        self.query_one("#stats-now", Static).update(Content(_said(cell) if cell else ""))

    def on_stats_view_chosen(self) -> None:
        """Leave, to list what is counted under the cursor."""
        self.dismiss(self.query_one(StatsView).cell)

    def action_leave(self) -> None:
        """Back to the main screen."""
        self.dismiss(None)


def _said(cell: CountCell) -> str:
    amount = plural(cell.count, "memory")
    if cell.queue is not None:
        return f"{cell.label} · {amount} that {MEANINGS[cell.queue]}"
    return f"{cell.label} · {amount} · {one_line(MASKED.text(cell.query))}"
