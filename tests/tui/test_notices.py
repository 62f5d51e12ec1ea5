"""What the app says after an apply: how much was done, and the key that takes it back."""

from __future__ import annotations

import pytest
from textual.widgets import Input
from textual.widgets._toast import Toast

from mem0_tui.model.change import Edit
from mem0_tui.model.memory import Memory
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.report_view import ReportView
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.tui.harness import SIZE, Bench, browse, find, press, settle, text_of

pytestmark = pytest.mark.anyio


def told(app: Mem0App) -> str:
    """The newest notice."""
    return [note.message for note in app._notifications][-1]


def current(app: Mem0App) -> Memory:
    memory = browse(app).memories.current
    assert memory is not None
    return memory


async def test_a_notice_names_the_key_that_takes_it_back(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "d", "a", "y")
        assert told(app) == "1 done · u takes it back"
        await press(pilot, "u", "y")
        assert told(app) == "1 done · Ctrl+R applies it again"
        await press(pilot, "ctrl+r", "y")
        assert told(app) == "1 done · u takes it back"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_notices_hide_nothing_of_a_plan(desk: Bench, size: tuple[int, int]) -> None:
    app = desk.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d")
        assert "memories marked" in text_of(app)
        assert "pinned memories left out" in text_of(app)
        await press(pilot, "a")
        browse(app).tell("word " * 30, "error", title="Trouble")
        await settle(pilot)
        assert text_of(app).count("Trouble") == 1
        frame = app.screen.query_one(".frame")
        toasts = [toast for toast in app.screen.query(Toast) if toast.region.area]
        assert toasts
        assert not any(toast.region.overlaps(frame.region) for toast in toasts)
        for words in ("Plan for demo", "memories will be gone", "y apply", "is sent"):
            assert words in text_of(app)
        assert app.screen.query_one("#plan-item").size.height > 3
        app.clear_notifications()
        await settle(pilot)
        assert frame.size.height >= 0.9 * size[1] - 3, "the room is the frame's again"


async def test_what_is_said_again_stands_there_once(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "y", "y", "y")
        assert text_of(app).count("text copied") == 1
        await press(pilot, "Y", "y")
        assert text_of(app).count("text copied") == 2, "it is news again after another"
        app.clear_notifications()
        await press(pilot, "y")
        assert text_of(app).count("text copied") == 1


async def test_a_small_terminal_shows_the_newest_notice_only(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a")
        assert "pinned memories left out" in text_of(app)
        assert "memories marked" not in text_of(app)
        await press(pilot, "escape")
        assert "memories marked" in text_of(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_question_is_read_with_a_notice_below_it(
    desk: Bench, size: tuple[int, int]
) -> None:
    app = desk.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "q")
        assert "staged and not applied" in text_of(app)
        assert text_of(app).count("pinned memories left out") == 1
        assert text_of(app).index("n stay") < text_of(app).index("pinned memories left out")


async def test_a_notice_names_the_keys_of_the_users_own(desk: Bench) -> None:
    app = desk.app(keymap={"undo": "f9,u", "redo": "Z"})
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "d", "a", "y")
        assert told(app) == "1 done · F9 takes it back"
        await press(pilot, "f9", "y")
        assert told(app) == "1 done · Z applies it again"


async def test_a_report_of_an_undo_names_the_redo_key(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        changed = current(app)
        await press(pilot, "P", "down", "P", "a", "y", "u")
        await desk.backend.update(changed.id, Edit(text="somebody else was here"))
        await press(pilot, "y")
        assert isinstance(app.screen, ReportView)
        assert "1 done · 1 refused" in text_of(app)
        assert "Ctrl+R on the main screen applies it again" in text_of(app)


async def test_a_scope_delete_says_how_many_memories_went(desk: Bench) -> None:
    keys = await desk.store_library.keys(include_expired=True)
    memories = (await desk.store_library.memories(keys)).values()
    count = sum(memory.scope.app_id == "infra" for memory in memories)
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "1")
        tree = app.screen.query_one(ScopeList)
        while tree.current is None or tree.current.id != "infra":
            await pilot.press("j")
        await press(pilot, "D", "n")
        app.screen.query_one(Input).value = "app:infra"
        await press(pilot, "tab", "tab", "enter")
        assert count > 1
        assert told(app) == f"{count} memories of app:infra deleted · u takes it back"


async def test_a_notice_can_be_read_in_a_light_terminals_own_colours(desk: Bench) -> None:
    app = desk.app(theme="ansi-dark")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk")
        toast = app.screen.query(Toast).last()
        assert toast.styles.background.ansi == -1, "the terminal's own"
        assert toast.styles.color.ansi == -1
