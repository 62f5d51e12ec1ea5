"""What there is to narrow by, with counts: type to find it, and choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mem0_tui.presenting.memory import UNTYPED, quoted
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.render import shorten
from mem0_tui.tui.widgets.line_input import LineInput

_NAME_CELLS = 34
_FACET_CELLS = 9


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a field that memories have, and how many have it."""

    field: str
    """As the query language names it: ``kind``, ``app``, ``author``."""
    value: str | None
    """None for the memories without a kind."""
    count: int | None
    """None where the backend does not say."""
    chosen: bool = False
    hidden: bool = False
    """Whether what has it is left out."""

    @property
    def name(self) -> str:
        """The value as it is shown, before it is made safe."""
        return UNTYPED if self.value is None else self.value


class _FindInput(LineInput):
    """What is typed here narrows the values, and does nothing else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", "down", show=False),
        Binding("up", "screen.move(-1)", "up", show=False),
        Binding("pagedown", "screen.move(8)", "page down", show=False),
        Binding("pageup", "screen.move(-8)", "page up", show=False),
    ]


class FacetPicker(FramedModal[Facet]):
    """Dismisses with the value that was chosen."""

    LARGE = True

    def __init__(self, facets: Sequence[Facet]) -> None:
        super().__init__()
        self._facets = facets
        self._offered: Sequence[Facet] = facets
        self._hides = False

    def title_text(self) -> str:
        return "Narrow by"

    def keys_text(self) -> str:
        return "type to find   - before it hides   ↑↓ move   ⏎ choose or unchoose   Esc close"

    def body(self) -> Iterable[Widget]:
        yield _FindInput(placeholder="kind, app, user, category …", id="facet-find", compact=True)
        yield OptionList(id="facet-values")

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self._offer("")
        self.query_one(_FindInput).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    def _offer(self, typed: str) -> None:
        self._hides = typed.lstrip().startswith("-")
        wanted = typed.strip().removeprefix("-").casefold().split()
        self._offered = [
            facet
            for facet in self._facets
            if all(word in f"{facet.field}:{facet.name}".casefold() for word in wanted)
        ]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(_line(facet)) for facet in self._offered)
        if self._offered:
            options.highlighted = 0

    def action_move(self, by: int) -> None:
        """Move among the values while the line keeps the focus."""
        options = self.query_one(OptionList)
        if self._offered:
            at = (options.highlighted or 0) + by
            options.highlighted = max(0, min(at, len(self._offered) - 1))

    def on_input_submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and self._offered:
            self._choose(self._offered[at])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(self._offered[event.option_index])

    def _choose(self, facet: Facet) -> None:
        """Dismiss with it: to be hidden after a ``-``, and to be shown again where it is hidden."""
        self.dismiss(replace(facet, hidden=self._hides or facet.hidden))


def _line(facet: Facet) -> Content:
    mark = "●" if facet.chosen else "-" if facet.hidden else " "
    count = "?" if facet.count is None else f"{facet.count:,}"
    name = Content(shorten(quoted(facet.name), _NAME_CELLS))
    head = Content.styled(f"{mark} {facet.field:<{_FACET_CELLS}} ", "$muted")
    return head + name + Content.styled(f"  {count}", "$muted")
