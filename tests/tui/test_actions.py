"""Every action of the registry does something that its help announces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from mem0_tui.model.page import Sort
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.keys import ACTIONS, KeyContext
from mem0_tui.tui.modals.edit_memory import EditMemory
from mem0_tui.tui.modals.facet_picker import FacetPicker
from mem0_tui.tui.modals.help_view import HelpView
from mem0_tui.tui.modals.jump import Jump
from mem0_tui.tui.modals.prompt import Prompt
from mem0_tui.tui.modals.request_log import RequestLogView
from mem0_tui.tui.modals.settings.view import SettingsView
from mem0_tui.tui.screens.browse import BrowseScreen
from mem0_tui.tui.screens.stats import StatsScreen
from mem0_tui.tui.screens.trash import TrashScreen
from mem0_tui.tui.widgets.command_line import CommandLine
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, browse, find, focus, press, settle, text_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def focused_id(app: Mem0App) -> str | None:
    widget = focus(app)
    return widget.id if widget is not None else None


def marked(app: Mem0App) -> int:
    return len(browse(app).session.triage.marked)


Outcome = Callable[[Mem0App], bool]

OUTCOMES: dict[str, Outcome] = {
    "mark.toggle": lambda app: marked(app) == 1,
    "mark.range": lambda app: browse(app).session.range_start == 0,
    "mark.all": lambda app: marked(app) == len(browse(app).memories.rows),
    "mark.invert": lambda app: marked(app) == len(browse(app).memories.rows),
    "mark.clear": lambda app: not browse(app).session.triage.marked,
    "memory.delete": lambda app: text_has(app, " D decision"),
    "memory.edit": lambda app: isinstance(app.screen, EditMemory),
    "memory.retype": lambda app: isinstance(app.screen, Prompt),
    "memory.expire": lambda app: isinstance(app.screen, Prompt),
    "memory.pin": lambda app: text_has(app, " P decision"),
    "memory.add": lambda app: isinstance(app.screen, EditMemory),
    "memory.copy": lambda app: app.clipboard == current_text(app),
    "memory.copy-id": lambda app: app.clipboard == current_id(app),
    "stage.drop": lambda app: not browse(app).session.triage.staging,
    "stage.clear": lambda app: not browse(app).session.triage.staging,
    "stats.open": lambda app: isinstance(app.screen, StatsScreen),
    "plan.open": lambda app: app.screen is browse(app),
    "trash.open": lambda app: isinstance(app.screen, TrashScreen),
    "find.focus": lambda app: focused_id(app) == "search-input",
    "find.clear": lambda app: app.screen.query_one(SearchBox).input.value == "",
    "section.next": lambda app: browse(app).session.tabs.index == 0,
    "section.previous": lambda app: browse(app).session.tabs.index == 0,
    "memory.alike": lambda app: browse(app).session.view.searches,
    "sort.next": lambda app: browse(app).session.view.sort is list(Sort)[1],
    "show.expired": lambda app: browse(app).session.view.include_expired,
    "type.bar": lambda app: focused_id(app) == "types",
    "type.pick": lambda app: isinstance(app.screen, FacetPicker),
    "view.refresh": lambda app: text_has(app, "decision"),
    "focus.scope": lambda app: focused_id(app) == "scope",
    "focus.list": lambda app: focused_id(app) == "list",
    "focus.detail": lambda app: focused_id(app) == "detail",
    "focus.health": lambda app: focused_id(app) == "health",
    "log.open": lambda app: isinstance(app.screen, RequestLogView),
    "settings.open": lambda app: isinstance(app.screen, SettingsView),
    "write.toggle": lambda app: browse(app).read_only,
    "palette.open": lambda app: isinstance(app.screen, CommandPalette),
    "theme.next": lambda app: app.theme == "mem0-light",
    "jump": lambda app: isinstance(app.screen, Jump),
    "help": lambda app: isinstance(app.screen, HelpView),
    "command": lambda app: app.screen.query_one(CommandLine).has_class("-open"),
    "quit": lambda app: app.return_value == 0,
}
ELSEWHERE = {
    "memory.editor": "test_triage",
    "memory.purge": "test_purge",
    "memory.merge": "test_merging",
    "memory.secrets": "test_secrets",
    "memory.follow": "test_trail",
    "trail.back": "test_trail",
    **{action.id: "queues/test_judging" for action in ACTIONS if action.id.startswith("queue.")},
    "undo": "test_triage",
    "redo": "test_triage",
    "scope.delete": "test_triage",
    "scope.move": "test_moving",
    "prompt.open": "test_prompt",
    "scopes.open": "test_scope_map",
    "memory.origin": "test_origin",
    "suspend": "test_suspending",
    "health.open": "the doctor's own tests",
    **{action.id: "test_health" for action in ACTIONS if action.where is KeyContext.HEALTH},
}


def text_has(app: Mem0App, text: str) -> bool:
    return text in text_of(app)


def current_text(app: Mem0App) -> str:
    memory = browse(app).memories.current
    assert memory is not None
    return memory.text


def current_id(app: Mem0App) -> str:
    memory = browse(app).memories.current
    assert memory is not None
    return memory.id


def test_every_action_is_tried_here_or_elsewhere() -> None:
    assert {action.id for action in ACTIONS} == OUTCOMES.keys() | ELSEWHERE.keys()


async def to_start(pilot: Pilot[Any]) -> None:
    """Back to the list, with nothing marked or staged."""
    app = pilot.app
    while len(app.screen_stack) > 1:
        app.pop_screen()
    screen = app.screen
    assert isinstance(screen, BrowseScreen)
    screen.query_one(CommandLine).close()
    screen.session.triage.unmark_all()
    screen.session.triage.staging.clear()
    screen.session.range_start = None
    screen.controllers.find.choose_tab(1)
    screen.memories.move_to(0)
    screen.controllers.show.triage()
    if screen.session.view.searches:
        screen.query_one(SearchBox).clear()
    if not screen.query_one(SearchBox).input.value:
        screen.query_one(SearchBox).set_text("type:decision -pinned:yes")
    screen.set_focus(screen.memories)
    await settle(pilot)


async def test_every_key_does_what_its_help_says(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        for action in ACTIONS:
            if action.id in ELSEWHERE or action.id == "quit":
                continue
            await press(pilot, action.keys.split(",")[0])
            assert OUTCOMES[action.id](app), f"{action.id}: {action.help}"
            if action.id in ("show.expired", "write.toggle"):
                await press(pilot, action.keys)
            await to_start(pilot)
        await press(pilot, "q")
    assert OUTCOMES["quit"](app)


async def test_the_expired_show_and_hide(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "59 of 60 · 1 expired hidden" in text_of(app)
        await press(pilot, "X")
        assert "60 of 60" in text_of(app)
        assert "expired hidden" not in text_of(app)


async def test_types_are_chosen_several_at_once_and_hidden(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "F", "right", "space", "right", "enter")
        shown = {memory.type for memory in browse(app).memories.rows.loaded().values()}
        assert shown == {"decision", "task_learning"}
        await press(pilot, "minus")
        assert browse(app).session.view.hidden_types == {"task_learning"}
        await press(pilot, "left", "left", "space")
        assert not browse(app).session.view.types
        assert not browse(app).session.view.hidden_types


async def test_scopes_are_shown_alone_and_together(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "1", "j", "j", "enter")
        (only,) = browse(app).session.view.scope
        rows = browse(app).memories.rows.loaded().values()
        assert rows
        assert all(only in memory.scope for memory in rows)
        assert str(only) in text_of(app).splitlines()[0]
        await press(pilot, "j", "space")
        assert len(browse(app).session.view.scope) == 2
        await press(pilot, "g", "enter")
        assert not browse(app).session.view.scope


async def test_a_search_is_kept_as_a_tab_and_handed_to_the_settings(desk: Bench) -> None:
    saved: list[tuple[str, str]] = []
    app = desk.app(save_search=lambda name, query: saved.append((name, query)))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision")
        browse(app).controllers.find.save_tab("choices")
        await settle(pilot)
        assert saved == [("choices", "type:decision")]
        assert "[choices]" in text_of(app)
        await press(pilot, "left_square_bracket")
        assert "[All]" in text_of(app)


async def test_what_is_saved_is_what_is_seen_and_all_is_not_saved(desk: Bench) -> None:
    saved: list[tuple[str, str]] = []
    app = desk.app(save_search=lambda name, query: saved.append((name, query)))
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "colon", *"save x", "enter")
        assert saved == []
        assert any("no search to save" in note.message for note in app._notifications)
        await press(pilot, "1", "j", "j", "enter", "F", "right", "minus")
        seen = len(browse(app).memories.rows)
        await press(pilot, "colon", *"save mine", "enter")
        assert saved == [("mine", 'user:"kim" -kind:"decision"')]
        await press(pilot, "F", "home", "space", "1", "g", "enter")
        assert "[mine]" in text_of(app)
        assert len(browse(app).memories.rows) == seen


@pytest.mark.parametrize("size", [(60, 20), (120, 36)])
async def test_the_shown_memory_is_curated_from_the_detail_pane(
    desk: Bench, size: tuple[int, int]
) -> None:
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await find(pilot, "-pinned:yes")
        first = current_id(app)
        await press(pilot, "3", "right")
        second = current_id(app)
        assert second != first
        assert second[:8] in text_of(app)
        await press(pilot, "left", "d")
        assert current_id(app) == second, "as in the list, the next one is shown"
        await press(pilot, "P")
        letters = browse(app).session.triage.letter
        assert (letters(first), letters(second)) == ("D", "P")
        assert "staged: pin" in text_of(app)
        await press(pilot, "e", "escape")
        assert focused_id(app) == "detail"


async def test_the_detail_pane_tells_everything_and_escape_leaves_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "3", "G")
        assert "history" in text_of(app)
        assert current_id(app)[:8] in text_of(app)
        await press(pilot, "escape")
        assert focused_id(app) == "list"
