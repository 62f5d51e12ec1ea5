"""Four fields for whose a memory is: its app, user, agent and run."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import UnsafeScopeError
from mem0_tui.model.text import from_editable, to_editable

_ROWS = ((EntityKind.APP, EntityKind.USER), (EntityKind.AGENT, EntityKind.RUN))


class ScopeFields(Vertical):
    """Holds a scope to be changed; an empty field stands for no such entity."""

    def __init__(self, scope: Scope, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = scope

    def compose(self) -> ComposeResult:
        for kinds in _ROWS:
            with Horizontal(classes="edit-pair"):
                for place, kind in enumerate(kinds):
                    with Horizontal(classes="edit-row"):
                        yield Label(kind.value, classes="edit-second" if place else "")
                        yield Input(self._written(kind), id=f"edit-{kind}", placeholder="none")

    def read(self) -> Scope | str:
        """The scope that the fields name, or what is wrong with it."""
        found: dict[str, str] = {}
        for kind, typed in self._typed():
            if typed == self._written(kind):  # an odd id stays as it is
                id_ = self._given.get(kind)
            else:
                id_ = from_editable(typed).strip() or None
                if id_ is not None:
                    try:
                        EntityRef(kind, id_).checked()
                    except UnsafeScopeError as error:
                        return error.message
            if id_ is not None:
                found[kind.id_field] = id_
        if not found and self._given:
            return "a memory needs a user, an agent, an app or a run"
        return Scope(**found)

    def _typed(self) -> Iterator[tuple[EntityKind, str]]:
        for kind in EntityKind:
            yield kind, self.query_one(f"#edit-{kind}", Input).value

    def _written(self, kind: EntityKind) -> str:
        return to_editable(self._given.get(kind) or "", even=True)
