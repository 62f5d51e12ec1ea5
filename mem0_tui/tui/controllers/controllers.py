"""All controllers of the main screen: who does which action, and who carries out which effect."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mem0_tui.model.text import one_line
from mem0_tui.review.effects import (
    AskAboutInterrupted,
    AskAboutPinned,
    Begin,
    ClearNotices,
    Effect,
    MoveOn,
    PlanReversal,
    ReadBackend,
    ReadRevision,
    ReadRows,
    ShowError,
    ShowHeader,
    ShowPlace,
    ShowReading,
    ShowRow,
    ShowTabs,
    ShowTriage,
    StopReading,
    Tell,
)
from mem0_tui.review.queues.effects import (
    AskAboutProposals,
    CountTabs,
    KeepVerdicts,
    NextItem,
    ScanMemories,
)
from mem0_tui.review.reading import ChangesRequested, LookedAtAgain, Tick
from mem0_tui.settings.locations import tilde
from mem0_tui.tui.controllers.apply import ApplyController
from mem0_tui.tui.controllers.controller import Act
from mem0_tui.tui.controllers.detail import DetailController
from mem0_tui.tui.controllers.edit import EditController
from mem0_tui.tui.controllers.find import FindController
from mem0_tui.tui.controllers.go import GoController
from mem0_tui.tui.controllers.link import LinkController
from mem0_tui.tui.controllers.load import LoadController
from mem0_tui.tui.controllers.merge import MergeController
from mem0_tui.tui.controllers.move import MoveController
from mem0_tui.tui.controllers.origin import OriginController
from mem0_tui.tui.controllers.prompt import PromptController
from mem0_tui.tui.controllers.purge import PurgeController
from mem0_tui.tui.controllers.queues import QueueController
from mem0_tui.tui.controllers.refresh import RefreshController
from mem0_tui.tui.controllers.resume import ResumeController
from mem0_tui.tui.controllers.scopes import ScopesController
from mem0_tui.tui.controllers.show import ShowController
from mem0_tui.tui.controllers.stage import StageController
from mem0_tui.tui.controllers.stats import StatsController
from mem0_tui.tui.controllers.use import UseController

if TYPE_CHECKING:
    from mem0_tui.tui.screens.browse import BrowseScreen


class Controllers:
    """One of each; they know each other only through the screen that they are given."""

    def __init__(self, screen: BrowseScreen) -> None:
        self._screen = screen
        self.load = LoadController(screen)
        self.refresh = RefreshController(screen)
        self.show = ShowController(screen)
        self.find = FindController(screen)
        self.stage = StageController(screen)
        self.queues = QueueController(screen)
        self.edit = EditController(screen)
        self.apply = ApplyController(screen)
        self.resume = ResumeController(screen)
        self.merge = MergeController(screen)
        self.move = MoveController(screen)
        self.purge = PurgeController(screen)
        self.prompt = PromptController(screen)
        self.origin = OriginController(screen)
        self.scopes = ScopesController(screen)
        self.stats = StatsController(screen)
        self.detail = DetailController(screen)
        self.link = LinkController(screen)
        self.use = UseController(screen)
        self.go = GoController(screen)
        every = (self.refresh, self.show, self.find, self.stage, self.edit, self.apply, self.resume)
        others = (self.queues, self.merge, self.move, self.purge, self.detail, self.link, self.go)
        self.actions: Mapping[str, Act] = {
            action_id: act
            for each in (*every, *others, self.prompt, self.origin, self.scopes, self.stats)
            for action_id, act in each.actions().items()
        }

    def poll(self) -> None:
        """A moment has passed."""
        self._screen.send(Tick())

    def ask_for_changes(self) -> None:
        """It is time to ask a backend what others wrote."""
        self._screen.send(ChangesRequested())

    def look_again(self) -> None:
        """The terminal has the focus again."""
        self._screen.send(LookedAtAgain())

    def carry_out(self, effect: Effect) -> None:
        """Do what the session asks for."""
        screen = self._screen
        match effect:
            case ReadRows(only_view):
                self.load.reload(only_view=only_view)
            case ReadBackend(changes_only):
                self.refresh.read_backend(changes_only=changes_only)
            case ReadRevision():
                screen.read("poll", self.refresh.check_revision())
            case StopReading():
                screen.workers.cancel_group(screen, "refresh")
            case Begin():
                self._begin()
            case AskAboutInterrupted():
                self.resume.ask()
            case AskAboutPinned():
                self.stage.ask_about_pinned(effect)
            case PlanReversal(redo):
                self.apply.plan_reversal(redo=redo)
            case MoveOn():
                screen.memories.move(1)
            case ScanMemories():
                self.queues.scan()
            case KeepVerdicts():
                self.queues.keep(effect)
            case AskAboutProposals():
                self.queues.ask(effect)
            case CountTabs():
                screen.read("tabs", self.show.count_tabs())
            case NextItem():
                self.queues.next_item()
            case _:
                self._show(effect)

    def _show(self, effect: Effect) -> None:
        screen = self._screen
        match effect:
            case ShowTriage():
                self.show.triage()
            case ShowTabs():
                self.show.tabs()
                self.queues.show_keys()
                self.queues.show_reason()
            case ShowPlace(place):
                self.link.show(place)
            case ShowRow(key):
                self.link.show_row(key)
            case ShowHeader():
                self.show.header_soon()
            case ShowReading():
                self.show.reading()
            case Tell(text, severity, title):
                screen.tell(text, severity, title=title)
            case ClearNotices():
                screen.app.clear_notifications()
            case ShowError(error):
                screen.show_error(error)

    def _begin(self) -> None:
        if self._screen.parts.started is not None:
            self._screen.parts.started()
        self._ask_about_kept()

    def _ask_about_kept(self) -> None:
        """Name the files that keep what was typed when a terminal went away; ask what becomes of
        them."""
        from mem0_tui.tui.typed import kept

        folder = self._screen.parts.typed_folder
        files = kept(folder) if folder is not None else []
        if not files:
            return

        from mem0_tui.tui.modals.confirm import Confirm

        def answered(remove: bool | None) -> None:
            if remove:
                for file in files:
                    file.unlink(missing_ok=True)

        names = ", ".join(one_line(tilde(file, os.environ)) for file in files)
        self._screen.app.push_screen(
            Confirm(
                "Kept for you",
                f"What was typed and not applied when the terminal went away is kept in {names}."
                " Remove it? You are asked at each start while it is there.",
                yes="Remove",
                no="Keep",
            ),
            answered,
        )
