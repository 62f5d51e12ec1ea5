"""Moving all memories of what is under the scope tree's cursor to another entity of its kind."""

from __future__ import annotations

from collections.abc import Mapping

from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import UnsafeScopeError
from mem0_tui.model.text import one_line
from mem0_tui.presenting.memory import scope_name
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.widgets.scope_list import ScopeList


class MoveController(Controller):
    """Asks for the new name, and shows the plan."""

    def actions(self) -> Mapping[str, Act]:
        return {"scope.move": self.move_scope}

    def move_scope(self) -> None:
        """Move the memories of the entity, or of the part of an app, under the tree's cursor."""
        tree = self.screen.query_one(ScopeList)
        if tree.current_part is not None:
            self._ask(tree.current_part.scope, EntityKind.APP)
        elif tree.current is not None and not tree.on_empty:
            self._ask(Scope.of(tree.current), tree.current.kind)
        else:
            self.screen.tell("choose one user, agent, app or run in the scope tree")

    def _ask(self, scope: Scope, kind: EntityKind) -> None:
        from mem0_tui.tui.modals.prompt import Prompt

        present = scope.get(kind)

        def check(typed: str) -> str | None:
            name = typed.strip()
            if not name or name == present:
                return f"write the name of another {kind}"
            try:
                EntityRef(kind, name).checked()
            except UnsafeScopeError as error:
                return error.message
            return None

        def chosen(typed: str | None) -> None:
            if typed is not None:
                self.screen.open_with(self._plan(scope, EntityRef(kind, typed.strip())))

        known = self.screen.box.suggester.values.get(kind.value, ())
        self.screen.app.push_screen(
            Prompt(
                "Move",
                f"The {kind} that all memories of {scope_name(scope)} are to belong to:",
                choices=[name for name in known if name != present],
                check=check,
            ),
            chosen,
        )

    async def _plan(self, scope: Scope, target: EntityRef) -> None:
        plan = await self.parts.curator().plan_move(scope, target)
        if plan:
            self.screen.controllers.apply.show_plan(plan)
        else:
            nothing = f"nothing to move of {one_line(str(scope))}"
            self.screen.tell("; ".join([nothing, *plan.notes]))
