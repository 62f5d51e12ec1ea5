"""The scope tree: users, agents, apps and runs with their counts, and which of them are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.presenting.age import age
from mem0_tui.presenting.signs import MISSING
from mem0_tui.review.scope_rows import Folding, ScopeRow, rows_of
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.keys import KeyContext, bindings
from mem0_tui.tui.painting.line_count import CountedLines
from mem0_tui.tui.render import fit, label

if TYPE_CHECKING:
    from mem0_tui.backends.library.entities import EntityList
    from mem0_tui.review.lanes import AppPart

_TITLES = {
    EntityKind.USER: "Users",
    EntityKind.AGENT: "Agents",
    EntityKind.APP: "Apps",
    EntityKind.RUN: "Runs",
}
_AGES_FROM = 26
"""Columns from which on there is room for ages."""


class ScopeList(CountedLines, can_focus=True):
    """Entities by kind. Enter shows only one, Space adds or removes one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "scope-list--heading",
        "scope-list--entity",
        "scope-list--chosen",
        "scope-list--muted",
        "scope-list--cursor",
        "scope-list--cursor-blurred",
    }
    PREFIX = "scope-list"
    BINDING_GROUP_TITLE = "Scope"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False),
        Binding("home,g", "move(-100000)", "first", show=False),
        Binding("end,G", "move(100000)", "last", show=False),
        Binding("enter", "only", "only", show=True, key_display="⏎", tooltip="Show only this one."),
        Binding(
            "space",
            "add",
            "add",
            show=True,
            key_display="␣",
            tooltip="Show this one too: any of one kind, all of several kinds.",
        ),
        Binding("left,right", "fold", "fold", show=False),
        Binding("i", "ids", "ids", show=True, tooltip="Show what apps consist of, or plain ids."),
        Binding(
            "z",
            "empty",
            "empty",
            show=False,
            tooltip="Show or hide those without memories; D removes them.",
        ),
        *bindings(KeyContext.SCOPE),
    ]

    cursor: var[int] = var(0, init=False)

    class Chosen(Message):
        """Show only what belongs to all of *refs*, which is everything where there are none;
        *unscoped*: what belongs to no entity."""

        def __init__(self, refs: frozenset[EntityRef], *, unscoped: bool = False) -> None:
            super().__init__()
            self.refs, self.unscoped = refs, unscoped

    class Toggled(Message):
        """Show these too, one entity or the part of an app, or no longer."""

        def __init__(self, refs: frozenset[EntityRef]) -> None:
            super().__init__()
            self.refs = refs

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._shown_at = now()
        self._entities: EntityList | None = None
        self._state = BrowseState()
        self._folding = Folding()
        self._rows: list[ScopeRow] = [ScopeRow()]

    def show(self, entities: EntityList, state: BrowseState) -> None:
        """Show *entities* and which of them *state* lets through; the cursor stays on its own."""
        if self._shows(entities, state):
            return
        self._shown_at = self._now()
        before = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        self._entities, self._state = entities, state
        self._rebuild()
        if before is not None and before.refs:
            for index, row in enumerate(self._rows):
                if row.refs == before.refs:
                    self.set_reactive(ScopeList.cursor, index)
                    break
        self.refresh()

    def _shows(self, entities: EntityList, state: BrowseState) -> bool:
        """Whether that is what is shown; what shows ages is shown anew each minute."""
        seen = self._state
        return (
            len(self._rows) > 1
            and self._now() - self._shown_at < timedelta(minutes=1)
            and state.scope == seen.scope
            and state.without_entity == seen.without_entity
            and entities is self._entities
        )

    @property
    def current(self) -> EntityRef | None:
        """The entity under the cursor; None also where that is only a part of an app."""
        row = self._row
        return row.entity.ref if row.entity and row.part is None else None

    @property
    def current_part(self) -> AppPart | None:
        """The part of an app under the cursor."""
        return self._row.part

    @property
    def on_empty(self) -> bool:
        """Whether the cursor is on the line that counts the entities without memories."""
        return self._row.hidden

    @property
    def _row(self) -> ScopeRow:
        return self._rows[self.cursor] if self.cursor < len(self._rows) else ScopeRow()

    def _rebuild(self) -> None:
        self._rows = rows_of(self._entities, self._state.scope, self._folding)
        self.has_lines(len(self._rows))

    def action_ids(self) -> None:
        """Show the lanes as what they are, agents, or under their app again."""
        self._folding.shows_ids = not self._folding.shows_ids
        self._rebuild()
        self.cursor = min(self.cursor, len(self._rows) - 1)
        self.refresh()

    def action_empty(self) -> None:
        """Show the entities that hold no memory, or hide them again."""
        self._folding.shows_empty = not self._folding.shows_empty
        self._rebuild()
        self.cursor = min(self.cursor, len(self._rows) - 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if index >= len(self._rows):
            return Strip.blank(width, self.whole())
        text, name = self._text(self._rows[index], width)
        style = self.whole(name)
        if index == self.cursor:
            style += self.part("cursor" if self.has_focus else "cursor-blurred")
        return Strip([Segment(fit(text, width), style)], width)

    def _text(self, row: ScopeRow, width: int) -> tuple[str, str]:
        if row.hidden:
            does = "hides" if self._folding.shows_empty else "shows"
            empty = self._entities.empty if self._entities is not None else 0
            removes = " · D removes" if width >= _AGES_FROM + 4 else ""
            return label(f"  {empty:,} empty · z {does}{removes}", width), "muted"
        if row.unscoped:
            chosen = self._state.without_entity
            return f"{'●' if chosen else ' '} no entity", "chosen" if chosen else "muted"
        if row.kind is None:
            everything = not self._state.scope and not self._state.without_entity
            return f"{'●' if everything else ' '} Everything", "chosen" if everything else "heading"
        if row.entity is None:
            closed = row.members is None or self._folding.kinds.get(row.kind)
            members = "…" if row.members is None else row.members
            return f"{'▸' if closed else '▾'} {_TITLES[row.kind]} {members}", "heading"
        number, active = row.entity.memory_count, row.entity.updated_at
        if row.part is not None:
            number, active = row.part.count, row.part.updated_at
        tail = f" {MISSING if number is None else f'{number:,}':>5}"
        if width >= _AGES_FROM:
            tail += f" {age(active, self._now()):>4}" if active else " " * 5
        chosen = row.refs <= self._state.scope
        room = max(1, width - 3 - len(tail))
        shown = row.entity.id if row.part is None else f"  {row.part.name_within(room - 2)}"
        name = label(shown, room)
        return f" {'●' if chosen else ' '} {name}{tail}", "chosen" if chosen else "entity"

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self._rows) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_line(old)
        self.refresh_line(new)
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if new < top:
            self.scroll_to(y=new, animate=False, force=True)
        elif new >= top + height:
            self.scroll_to(y=new - height + 1, animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages of what is in sight."""
        self.cursor += round(pages * max(1, self.size.height - 1))

    def action_only(self) -> None:
        """Show only what is under the cursor."""
        row = self._row
        if row.hidden:
            self.action_empty()
        elif row.kind is not None and row.entity is None:
            self.action_fold()
        else:
            self.post_message(self.Chosen(row.refs, unscoped=row.unscoped))

    def action_add(self) -> None:
        """Show the entity under the cursor too, or no longer."""
        if self._row.refs:
            self.post_message(self.Toggled(self._row.refs))
        else:
            self.action_only()

    def action_fold(self) -> None:
        """Fold or unfold the app under the cursor, or else the kind."""
        row = self._row
        if row.kind is None:
            return
        apps = 0 if self._entities is None else len(self._entities.ids(EntityKind.APP))
        self._folding.toggle(row, apps)
        self._rebuild()
        above = row.entity if row.kind is EntityKind.APP else None
        self.cursor = next(
            (i for i, r in enumerate(self._rows) if r.kind is row.kind and r.entity == above), 0
        )
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < len(self._rows):
            self.cursor = index
            if event.ctrl:
                self.action_add()
            else:
                self.action_only()

    def on_resize(self) -> None:
        self.has_lines(len(self._rows))

    def on_focus(self) -> None:
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        self.refresh_line(self.cursor)
