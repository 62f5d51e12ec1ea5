"""The scope tree: users, agents, apps and runs with their counts, and which of them are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.presenting.age import age
from mem0_tui.presenting.signs import MISSING
from mem0_tui.tui.keys import Where, bindings
from mem0_tui.tui.lanes import lanes_of
from mem0_tui.tui.render import fit, label
from mem0_tui.tui.state import BrowseState
from mem0_tui.tui.widgets.line_count import CountedLines

if TYPE_CHECKING:
    from mem0_tui.backends.entity_list import EntityList

_TITLES = {
    EntityKind.USER: "Users",
    EntityKind.AGENT: "Agents",
    EntityKind.APP: "Apps",
    EntityKind.RUN: "Runs",
}
_FOLD_ABOVE = 12
"""A kind with more entities than this starts folded."""


@dataclass(frozen=True, slots=True)
class _Row:
    kind: EntityKind | None = None
    entity: Entity | None = None
    members: int = 0
    """How many entities the heading of a kind stands above, or would."""
    unscoped: bool = False
    lane: str = ""
    """What the row of an app's shared lane says; the entity is the agent behind it."""
    hidden: bool = False
    """Whether it says how many empty entities there are."""


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
        Binding("i", "ids", "ids", show=False, tooltip="Show lanes under their app, or plain ids."),
        Binding("z", "empty", "empty", show=False, tooltip="Show or hide those without memories."),
        *bindings(Where.SCOPE),
    ]

    cursor: var[int] = var(0, init=False)

    class Chosen(Message):
        """Show only *entity*; None shows everything, *unscoped* what belongs to none."""

        def __init__(self, entity: EntityRef | None, *, unscoped: bool = False) -> None:
            super().__init__()
            self.entity, self.unscoped = entity, unscoped

    class Toggled(Message):
        """Show *entity* too, or no longer."""

        def __init__(self, entity: EntityRef) -> None:
            super().__init__()
            self.entity = entity

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._shown_at = now()
        self._entities: EntityList | None = None
        self._state = BrowseState()
        self._folded: dict[EntityKind, bool] = {}
        self._rows: list[_Row] = [_Row()]
        self._empty = 0
        """How many entities hold no memory."""
        self._shows_empty = False
        self._shows_ids = False
        """Whether the agents behind lanes are shown as agents."""

    def show(self, entities: EntityList, state: BrowseState) -> None:
        """Show *entities* and which of them *state* lets through; the cursor stays on its own."""
        if self._shows(entities, state):
            return
        self._shown_at = self._now()
        before = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        self._entities, self._state = entities, state
        self._rebuild()
        if before is not None and before.entity is not None:
            for index, row in enumerate(self._rows):
                if row.entity is not None and row.entity.ref == before.entity.ref:
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
        """The entity under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else _Row()
        return row.entity.ref if row.entity else None

    def _rebuild(self) -> None:
        rows, entities = [_Row()], self._entities
        lanes = {} if entities is None or self._shows_ids else lanes_of(entities)
        lane_ids = {lane.entity.id for found in lanes.values() for lane in found}
        for kind in EntityKind:
            members = 0 if entities is None else len(entities.ids(kind))
            if kind is EntityKind.AGENT:
                members -= len(lane_ids)
            if entities is None or not members:
                continue
            rows.append(_Row(kind, members=members))
            if not self._folded.setdefault(kind, members > _FOLD_ABOVE):
                for entity in entities.of_kind(kind):
                    if (kind is EntityKind.AGENT and entity.id in lane_ids) or not (
                        self._is_shown(entity) or (kind is EntityKind.APP and entity.id in lanes)
                    ):
                        continue
                    rows.append(_Row(kind, entity))
                    if kind is EntityKind.APP:
                        rows += [
                            _Row(kind, lane.entity, lane=lane.name)
                            for lane in lanes.get(entity.id, ())
                            if self._is_shown(lane.entity)
                        ]
        self._empty = 0 if entities is None else entities.empty
        if self._empty:
            rows.append(_Row(hidden=True))
        rows.append(_Row(unscoped=True))
        self._rows = rows
        self.has_lines(len(rows))

    def _is_shown(self, entity: Entity) -> bool:
        """Whether it has a row: it holds something, it is chosen, or empty ones are wanted."""
        return entity.memory_count != 0 or self._shows_empty or entity.ref in self._state.scope

    def action_ids(self) -> None:
        """Show the lanes as what they are, agents, or under their app again."""
        self._shows_ids = not self._shows_ids
        self._rebuild()
        self.cursor = min(self.cursor, len(self._rows) - 1)
        self.refresh()

    def action_empty(self) -> None:
        """Show the entities that hold no memory, or hide them again."""
        self._shows_empty = not self._shows_empty
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

    def _text(self, row: _Row, width: int) -> tuple[str, str]:
        if row.hidden:
            what = "shown" if self._shows_empty else "hidden"
            return label(f"  {self._empty:,} empty {what}, z", width), "muted"
        if row.unscoped:
            chosen = self._state.without_entity
            return f"{'●' if chosen else ' '} no entity", "chosen" if chosen else "muted"
        if row.kind is None:
            everything = not self._state.scope and not self._state.without_entity
            return f"{'●' if everything else ' '} Everything", "chosen" if everything else "heading"
        if row.entity is None:
            mark = "▸" if self._folded.get(row.kind) else "▾"
            return f"{mark} {_TITLES[row.kind]} {row.members}", "heading"
        entity = row.entity
        count = MISSING if entity.memory_count is None else f"{entity.memory_count:,}"
        tail = f" {count:>5}"
        if width >= 26 and entity.updated_at:
            tail += f" {age(entity.updated_at, self._now()):>4}"
        chosen = entity.ref in self._state.scope
        shown = f"  {row.lane}" if row.lane else entity.id
        name = label(shown, max(1, width - 3 - len(tail)))
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
        row = self._rows[self.cursor]
        if row.hidden:
            self.action_empty()
        elif row.kind is not None and row.entity is None:
            self.action_fold()
        else:
            self.post_message(
                self.Chosen(row.entity.ref if row.entity else None, unscoped=row.unscoped)
            )

    def action_add(self) -> None:
        """Show the entity under the cursor too, or no longer."""
        row = self._rows[self.cursor]
        if row.entity is not None:
            self.post_message(self.Toggled(row.entity.ref))
        else:
            self.action_only()

    def action_fold(self) -> None:
        """Fold or unfold the kind under the cursor."""
        kind = self._rows[self.cursor].kind
        if kind is None:
            return
        self._folded[kind] = not self._folded.get(kind, False)
        self._rebuild()
        heading = next(i for i, row in enumerate(self._rows) if row.kind is kind)
        self.cursor = heading
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
