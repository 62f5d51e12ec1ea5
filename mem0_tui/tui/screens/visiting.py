"""The main screen's ways to other places: trash, command line, jump mode, welcome page."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.geometry import Offset

from mem0_tui.model.entity import EntityRef
from mem0_tui.tui.keys import find_action
from mem0_tui.tui.screens.purging import Purging
from mem0_tui.tui.screens.trail import Trail
from mem0_tui.tui.theme import theme_names
from mem0_tui.tui.visits import DEMO_WANTED, Visits
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.status_line import StatusLine
from mem0_tui.tui.widgets.type_bar import TypeBar
from mem0_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from mem0_tui.codex import Report
    from mem0_tui.curator.trash import TrashEntry
    from mem0_tui.tui.commands import Command
    from mem0_tui.tui.modals.jump import Spot

INSTALL_SECONDS = 2.0
"""How often the files of the install are looked at for changes."""
_PANES = ("#scope", "#list", "#detail", "#health", "#search-input")
_LINK = "memory:"
"""What the name of a spot begins with that leads to another memory."""


class Visiting(Trail, Purging):
    """Everything that leads away from the list and back."""

    # -- showing something in particular, for palette and command line

    def show_scope(self, entity: EntityRef | None) -> None:
        """Show the memories of *entity* only; None shows all."""
        scope = frozenset() if entity is None else frozenset({entity})
        self.set_state(replace(self.state, scope=scope, without_entity=False), top=True)

    def show_section(self, index: int) -> None:
        """Show a saved search."""
        self.choose_section(index)

    def action_memory_step(self, by: int) -> None:
        """Go to another memory without leaving the pane that shows it."""
        self.memories.move(by)

    async def on_status_line_clicked(self, event: StatusLine.Clicked) -> None:
        """Do what the piece of the header stands for."""
        await self.app.run_action(find_action(event.action_id).action)

    # -- command line

    def action_command(self) -> None:
        """Open the command line."""
        self.add_class("-commanding")
        queries = self.query_one(SearchBox).suggester
        self.query_one(CommandLine).open(queries, theme_names(), self.own_searches)

    def on_command_line_closed(self) -> None:
        """Back to the list."""
        self.remove_class("-commanding")
        self.query_one(CommandLine).close()
        self.memories.focus()

    async def on_command_line_given(self, event: CommandLine.Given) -> None:
        """Do what was asked for."""
        self.on_command_line_closed()
        await self.guarded(self._carry_out(event.command))

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
                await self.app.run_action(find_action(action_id).action)
            case ShowQuery(query):
                self.query_one(SearchBox).set_text(str(query))
            case ShowScope(entities, unscoped):
                state = replace(self.state, scope=entities, without_entity=unscoped)
                self.set_state(state, top=True)
            case SortBy(sort):
                self.sort_by(sort)
            case UseTheme(name):
                if isinstance(self.app, Visits):
                    self.app.use_theme(name)
            case SaveSearch(name):
                self.save_section(name)
            case ForgetSearch(name):
                self.forget_section(name)
            case AllowWriting(allowed):
                if allowed is self.read_only:
                    self.action_write_toggle()

    # -- welcome page

    def show_welcome(self, shown: bool) -> None:
        """Show the ways to start in place of an empty list, or no longer."""
        if shown == self.has_class("-welcome"):
            return
        self.set_class(shown, "-welcome")
        self.focus_pane(self.query_one(Welcome) if shown else self.memories)

    def on_welcome_demo_wanted(self) -> None:
        """Leave in favour of the demo, which is another store, journal and title."""
        self.app.exit(DEMO_WANTED)

    def on_welcome_copy_wanted(self, event: Welcome.CopyWanted) -> None:
        """Copy through the terminal."""
        self.app.copy_to_clipboard(event.text)
        self.tell(f"copied, if your terminal allows it: {event.text}")

    # -- jump mode

    def action_jump(self) -> None:
        """Show a letter on every pane, link and type."""
        from mem0_tui.tui.modals.jump import Jump

        async def chosen(spot: Spot | None) -> None:
            if spot is not None:
                await self._jump_to(spot.name)

        self.app.push_screen(Jump(self._spots()), chosen)

    def _spots(self) -> list[Spot]:
        from mem0_tui.tui.modals.jump import Spot

        panes = [self.query_one(selector) for selector in _PANES]
        spots = [
            Spot(f"#{pane.id}", pane.region.offset + Offset(min(1, pane.gutter.left), 0))
            for pane in panes
            if pane.region.area
        ]
        detail = self.query_one(ListedMemory)
        spots += [Spot(f"{_LINK}{to}", place) for to, place in detail.links_in_sight()]
        bar = self.query_one(TypeBar)
        spots += [Spot(str(index), bar.region.offset + Offset(x, 0)) for x, index in bar.chips()]
        return spots

    async def _jump_to(self, name: str) -> None:
        if name.startswith("#"):
            self.query_one(name).focus()
            return
        if name.startswith(_LINK):
            await self.follow(name.removeprefix(_LINK))
            return
        bar = self.query_one(TypeBar)
        bar.cursor = int(name)
        bar.focus()

    # -- install

    @abstractmethod
    def show_install(self, report: Report) -> None:
        """Show the install's state in sidebar and header."""

    def poll_install(self) -> None:
        """Look whether a file behind the install's state changed, and show what came of it."""
        if self.app.screen is self:
            self.read("health", self._follow_install())

    async def _follow_install(self) -> None:
        install = self.parts.install
        if install is not None:
            look = await asyncio.to_thread(lambda: install().latest())
            self.show_install(look.report)

    def action_health_open(self) -> None:
        """Show what is wrong with the install, and its repairs."""
        from mem0_tui.tui.screens.health import HealthScreen

        if self.parts.install is None:
            self.tell("the install is not looked at here")
            return
        self.app.push_screen(
            HealthScreen(self.parts.install(), lambda look: self.show_install(look.report))
        )

    # -- trash

    def action_trash_open(self) -> None:
        """Show what was deleted."""
        from mem0_tui.tui.screens.trash import TrashChoice, TrashScreen

        def chosen(choice: TrashChoice | None) -> None:
            if choice is not None and choice.purge:
                self.read("plan", self.plan_purge_of(choice.entries))
            elif choice is not None:
                self.read("plan", self._plan_restore(choice.entries))

        self.app.push_screen(TrashScreen(self._deleted, self.parts.now), chosen)

    async def _deleted(self) -> Sequence[TrashEntry]:
        return await self.parts.curator().trash()

    async def _plan_restore(self, entries: Sequence[TrashEntry]) -> None:
        ids = [entry.memory.id for entry in entries]
        self._show_plan(await self.parts.curator().plan_restore(ids))
