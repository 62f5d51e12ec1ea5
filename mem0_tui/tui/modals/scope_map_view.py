"""Who finds which memories of the repository, and what lies out of place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from mem0_tui.presenting.scopes import lane_words, others_words, place_words, stray_words
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.row_list import Row, RowList, between, heading

if TYPE_CHECKING:
    from mem0_tui.codex.reach.scope_map import ScopeMap, Stray
    from mem0_tui.presenting.spans import Span

MapChoice = tuple[str, "Stray | None"]
"""A query that means the chosen memories, and the group to be moved, where that is wanted."""


class ScopeMapView(FramedModal[MapChoice]):
    """Dismisses with what is to be shown or moved; None for neither."""

    LARGE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "show", "show", show=True, key_display="⏎"),
        Binding("m", "move", "move", show=True),
    ]

    def __init__(self, found: ScopeMap) -> None:
        super().__init__()
        self._found = found

    def title_text(self) -> str:
        return "Who finds which memories"

    def keys_text(self) -> str:
        return "⏎ show them   m move what is out of place   Esc close"

    def body(self) -> Iterable[Widget]:
        for words in place_words(self._found.place):
            yield Static(Content(words), classes="question")
        yield RowList(id="scope-map")

    def on_mount(self) -> None:
        rows = self.query_one(RowList)
        rows.show(self._rows())
        rows.focus()
        super().on_mount()

    def _rows(self) -> list[Row]:
        found = self._found
        rows = [heading("Found by")]
        for at, (lane, count) in enumerate(found.reached):
            rows.append(_row(f"lane {at}", *lane_words(lane), count, "muted"))
        if others := others_words(found):
            rows.append(Row(lambda width: [(others[:width], "muted")]))
        words = "Out of place" if found.strays else "Nothing is out of place"
        rows += [Row(lambda _: ()), heading(words)]
        for at, stray in enumerate(found.strays):
            rows.append(_row(f"stray {at}", *stray_words(stray), stray.count, "warn"))
        return rows

    def _chosen(self) -> MapChoice | None:
        kind, _, at = (self.query_one(RowList).key or "").partition(" ")
        if not at:
            return None
        if kind == "lane":
            return self._found.reached[int(at)][0].query, None
        stray = self._found.strays[int(at)]
        return stray.query, stray

    def action_show(self) -> None:
        """Show the memories of the row in the list."""
        chosen = self._chosen()
        self.dismiss(None if chosen is None else (chosen[0], None))

    def action_move(self) -> None:
        """Put the memories of the row where they belong."""
        chosen = self._chosen()
        if chosen is None or chosen[1] is None:
            self.app.bell()
        else:
            self.dismiss(chosen)

    def on_row_list_chosen(self) -> None:
        self.action_show()


def _row(key: str, name: str, ids: str, count: int, status: str) -> Row:
    def spans(width: int) -> Sequence[Span]:
        left: list[Span] = [(f"{name}  ", "" if status == "muted" else status), (ids, "muted")]
        return between(left, [(f" {count:,}", "title")], width)

    return Row(spans, key)
