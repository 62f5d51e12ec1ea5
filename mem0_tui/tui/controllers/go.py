"""The ways to other places: panes, command line, jump mode, welcome page, install, trash."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.geometry import Offset

from mem0_tui.review.events import ViewChosen
from mem0_tui.tui.controllers.controller import Act, Controller
from mem0_tui.tui.keys import find_action
from mem0_tui.tui.theme import theme_names
from mem0_tui.tui.visits import DEMO_WANTED, Navigation
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.type_bar import TypeBar
from mem0_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from mem0_tui.curator.trash import TrashEntry
    from mem0_tui.tui.commands import Command
    from mem0_tui.tui.modals.jump import JumpSpot

_PANES = ("#scope", "#list", "#detail", "#health", "#search-input")
_LINK = "memory:"
"""What the name of a spot begins with that leads to another memory."""


class GoController(Controller):
    """Everything that leads away from the list and back."""

    def actions(self) -> Mapping[str, Act]:
        return {
            "focus.scope": lambda: self.go("#scope", "-show-scope"),
            "focus.list": lambda: self.go("#list", ""),
            "focus.detail": lambda: self.go("#detail", "-show-detail"),
            "focus.health": lambda: self.go("#health", "-show-health"),
            "command": self.open_command_line,
            "jump": self.jump,
            "health.open": self.open_health,
            "trash.open": self.open_trash,
        }

    def go(self, selector: str, shown_class: str) -> None:
        """Go to a pane, and on a small screen show it in place of the others."""
        pane = self.screen.query_one(selector)
        if not pane.display or self.screen.has_class("-narrow") or self.screen.has_class("-slim"):
            for name in ("-show-scope", "-show-health", "-show-detail"):
                self.screen.set_class(name == shown_class, name)
        self.screen.focus_pane(pane)

    # -- command line

    def open_command_line(self) -> None:
        """Open the command line."""
        self.screen.add_class("-commanding")
        queries = self.screen.box.suggester
        self.screen.query_one(CommandLine).open(queries, theme_names(), self.session.tabs.own_names)

    def close_command_line(self) -> None:
        """Back to the list."""
        self.screen.remove_class("-commanding")
        self.screen.query_one(CommandLine).close()
        self.screen.memories.focus()

    async def obey(self, command: Command) -> None:
        """Do what was asked for on the command line."""
        self.close_command_line()
        await self.screen.guarded(self._carry_out(command))

    async def _carry_out(self, command: Command) -> None:
        from mem0_tui.tui.commands import (
            AllowWriting,
            ForgetSearch,
            RunAction,
            SaveSearch,
            ShowQuery,
            ShowScope,
            SortBy,
            UseTheme,
        )

        match command:
            case RunAction(action_id):
                await self.screen.app.run_action(find_action(action_id).action)
            case ShowQuery(query):
                self.screen.box.set_text(str(query))
            case ShowScope(entities, unscoped):
                view = replace(self.session.view, scope=entities, without_entity=unscoped)
                self.screen.send(ViewChosen(view, top=True))
            case SortBy(sort):
                self.screen.controllers.find.sort_by(sort)
            case UseTheme(name):
                if isinstance(app := self.screen.app, Navigation):
                    app.use_theme(name)
            case SaveSearch(name):
                self.screen.controllers.find.save_tab(name)
            case ForgetSearch(name):
                self.screen.controllers.find.forget_tab(name)
            case AllowWriting(allowed):
                if allowed is self.screen.read_only:
                    self.screen.controllers.apply.toggle_writing()

    # -- welcome page

    def show_welcome(self, shown: bool) -> None:
        """Show the ways to start in place of an empty list, or no longer."""
        if shown == self.screen.has_class("-welcome"):
            return
        self.screen.set_class(shown, "-welcome")
        self.screen.focus_pane(self.screen.query_one(Welcome) if shown else self.screen.memories)

    # -- jump mode

    def jump(self) -> None:
        """Show a letter on every pane, link and type."""
        from mem0_tui.tui.modals.jump import Jump

        async def chosen(spot: JumpSpot | None) -> None:
            if spot is not None:
                await self._jump_to(spot.name)

        self.screen.app.push_screen(Jump(self._spots()), chosen)

    def _spots(self) -> list[JumpSpot]:
        from mem0_tui.tui.modals.jump import JumpSpot

        panes = [self.screen.query_one(selector) for selector in _PANES]
        spots = [
            JumpSpot(f"#{pane.id}", pane.region.offset + Offset(min(1, pane.gutter.left), 0))
            for pane in panes
            if pane.region.area
        ]
        detail = self.screen.query_one(ListedMemory)
        spots += [JumpSpot(f"{_LINK}{to}", place) for to, place in detail.links_in_sight()]
        bar = self.screen.query_one(TypeBar)
        spots += [
            JumpSpot(str(index), bar.region.offset + Offset(x, 0)) for x, index in bar.chips()
        ]
        return spots

    async def _jump_to(self, name: str) -> None:
        if name.startswith("#"):
            self.screen.query_one(name).focus()
            return
        if name.startswith(_LINK):
            await self.screen.controllers.link.follow(name.removeprefix(_LINK))
            return
        bar = self.screen.query_one(TypeBar)
        bar.cursor = int(name)
        bar.focus()

    def open_demo(self) -> None:
        """Leave in favour of the demo, which is another store, journal and title."""
        if self.screen.app.is_web:  # the tab ends with this app
            self.screen.tell("for the demo in a browser, run mem0-tui --demo web")
            return
        self.screen.app.exit(DEMO_WANTED)

    def copy(self, text: str) -> None:
        """Copy through the terminal."""
        self.screen.app.copy_to_clipboard(text)
        self.screen.tell(f"copied, if your terminal allows it: {text}")

    # -- install

    async def scan_install(self) -> None:
        """Look at the install for the first time."""
        self.screen.controllers.show.install(await asyncio.to_thread(self.parts.doctor))

    def poll_install(self) -> None:
        """Look whether a file behind the install's state changed, and show what came of it."""
        if not self.screen.covered:
            self.screen.read("health", self._follow_install())

    async def _follow_install(self) -> None:
        install = self.parts.install
        if install is not None:
            look = await asyncio.to_thread(lambda: install().latest())
            self.screen.controllers.show.install(look.report)

    def open_health(self) -> None:
        """Show what is wrong with the install, and its repairs."""
        from mem0_tui.tui.screens.health import HealthScreen

        if self.parts.install is None:
            self.screen.tell("the install is not checked here")
            return
        self.screen.app.push_screen(
            HealthScreen(
                self.parts.install(),
                lambda look: self.screen.controllers.show.install(look.report),
                locked=self.parts.locked,
            )
        )

    # -- trash

    def open_trash(self) -> None:
        """Show what was deleted."""
        from mem0_tui.tui.screens.trash import TrashChoice, TrashScreen

        def chosen(choice: TrashChoice | None) -> None:
            if choice is not None and choice.purge:
                self.screen.read(
                    "plan", self.screen.controllers.purge.plan_purge_of(choice.entries)
                )
            elif choice is not None:
                self.screen.read("plan", self._plan_restore(choice.entries))

        self.screen.app.push_screen(TrashScreen(self._deleted, self.parts.now), chosen)

    async def _deleted(self) -> Sequence[TrashEntry]:
        return await self.parts.curator().trash()

    async def _plan_restore(self, entries: Sequence[TrashEntry]) -> None:
        ids = [entry.memory.id for entry in entries]
        self.screen.controllers.apply.show_plan(await self.parts.curator().plan_restore(ids))
