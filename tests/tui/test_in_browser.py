"""The app in a tab of a browser: nothing is offered that needs a shell, and one that is locked
changes nothing, neither memories nor what is around them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.driver import Driver
from textual.messages import ExitApp

from mem0_tui.cli.composition.screen_parts import make_parts
from mem0_tui.settings.load import load
from mem0_tui.tui.screens.health import HealthScreen
from tests.tui.harness import SIZE, Bench, browse, notices, press, settle, text_of, until
from tests.tui.installs import clinic, scenario

pytestmark = pytest.mark.anyio
LOCKED = "read-only: mem0-tui web --write allows changes"


@pytest.fixture
def in_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app finds itself under a driver that a browser is behind."""
    monkeypatch.setattr(Driver, "is_web", property(lambda _: True))


@pytest.mark.usefixtures("in_browser")
async def test_what_needs_a_shell_is_named_nowhere_and_its_key_says_why(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(200, 90), notifications=True) as pilot:
        await settle(pilot)
        assert "$EDITOR" not in text_of(app)
        await press(pilot, "ctrl+z")
        assert len(app.screen_stack) == 1, "no modal"
        assert "no shell behind a browser's tab" in notices(app)
        assert "u takes back" in notices(app)
        await press(pilot, "d", "a")
        assert "$EDITOR" not in text_of(app)
        await press(pilot, "escape", "question_mark")
        shown = text_of(app)
        assert "Take back what was done last" in shown
        assert "suspend" not in shown.casefold()
        assert "Go to the background" not in shown
        assert "$EDITOR" not in shown


async def test_in_a_terminal_all_of_that_is_named(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(200, 90)) as pilot:
        await settle(pilot)
        assert "$EDITOR" in text_of(app)
        await press(pilot, "question_mark")
        assert "Go to the background" in text_of(app)
        assert "in $EDITOR" in text_of(app)


@pytest.mark.usefixtures("in_browser")
async def test_the_demo_is_another_tab(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        browse(app).controllers.go.open_demo()
        await settle(pilot)
        assert "run mem0-tui --demo web" in notices(app)
        assert app.is_running


@pytest.mark.usefixtures("in_browser")
async def test_the_browser_is_told_when_closing_the_tab_would_lose_something(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(Driver, "write_meta", lambda _, data: told.append(data), raising=False)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "d")
        assert told == [{"type": "unsaved", "value": True}], "once"
        await press(pilot, "u", "u")
        assert told[1:] == [{"type": "unsaved", "value": False}]


async def test_no_key_and_no_command_lifts_the_lock(desk: Bench) -> None:
    app = desk.app(read_only=True, locked=LOCKED)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "W")
        assert LOCKED in notices(app)
        await press(pilot, "colon", *"write", "enter")
        assert browse(app).read_only
        await press(pilot, "d", "a")
        assert LOCKED in text_of(app), "and not that W allows it"
        before = await desk.store.count()
        app.clear_notifications()
        await press(pilot, "y")
        assert LOCKED in notices(app), "where the line of keys has no room for it"
        await press(pilot, "escape")
        assert await desk.store.count() == before


async def test_a_lock_holds_for_repairs_of_the_install(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_env_missing")) as made:
        app = made.app(read_only=True, locked=LOCKED)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "h")
            screen = app.screen
            assert isinstance(screen, HealthScreen)
            await until(pilot, lambda: "problem" in text_of(app))
            for key in ("f", "u"):
                app.clear_notifications()
                await press(pilot, key)
                assert LOCKED in notices(app)
                assert app.screen is screen


async def test_a_lock_holds_for_settings_keys_and_saved_searches(tmp_path: Path) -> None:
    settings = load({"store": str(tmp_path / "memories.db")}, environ=dict(os.environ))
    assert not settings.read_only
    locked, free = make_parts(settings, locked=LOCKED), make_parts(settings)
    for name in ("save_setting", "save_theme", "save_search", "forget_search", "own_keys"):
        assert getattr(locked, name) is None
        assert getattr(free, name) is not None
    assert locked.read_only
    for parts in (locked, free):
        assert parts.close is not None
        await parts.close()


@pytest.mark.parametrize("left", [True, False])
async def test_what_is_typed_is_kept_where_somebody_else_ends_the_app(
    desk: Bench, tmp_path: Path, left: bool
) -> None:
    (tmp_path / "typed").mkdir()
    app = desk.app(typed_folder=tmp_path / "typed")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "n", *"half")
        if left:
            app.exit()
        else:
            app.post_message(ExitApp())  # what a driver sends when it is told to quit
        await until(pilot, lambda: not app.is_running)
    assert len(os.listdir(tmp_path / "typed") if (tmp_path / "typed").exists() else []) == (
        not left
    )
