"""The health screen: what is wrong comes first, and is repaired and taken back by keys."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mem0_tui.presenting.way.drawing import HEIGHT
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.fix_view import FixView
from mem0_tui.tui.screens.health import HealthScreen
from mem0_tui.tui.widgets.health_detail import HealthDetail
from mem0_tui.tui.widgets.row_list import RowList
from tests.codex.fakecodex import answering
from tests.codex.homes import KEY, Home
from tests.tui.harness import SIZE, browse, press, settle, text_of, until
from tests.tui.installs import clinic, scenario

pytestmark = pytest.mark.anyio
SIZES = [(140, 40), (80, 24), (60, 20)]


async def opened(pilot: Pilot[Any]) -> HealthScreen:
    await settle(pilot)
    await press(pilot, "h")
    screen = pilot.app.screen
    assert isinstance(screen, HealthScreen)
    return screen


def row(app: Mem0App, words: str) -> str:
    """The line of the screen that holds *words*."""
    return next(line for line in text_of(app).splitlines() if words in line)


async def test_a_healthy_install_says_so_at_every_size(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("b_ok")) as made:
        app = made.ward()
        async with app.run_test(size=SIZES[0]) as pilot:
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await settle(pilot)
                shown = text_of(app)
                assert "✓ nothing is wrong" in shown
                assert "What is wrong" not in shown
                assert "✓ ok      config" in shown
                assert "? help" in shown.splitlines()[-1]


BROKEN = [
    ("a_env_missing", "✗ 1 problem", "MEM0_API_KEY is not set", "Repair  for you"),
    ("a_disabled", "! 1 warning", "the mem0 server is disabled", "enable the server"),
    ("a_typo_mcpServers", "✗ 1 problem", "mcpServers", "Repair  f applies it"),
    ("a_literal_bearer", "✗ 1 problem, 1 warning", "bearer_token", "Repair"),
    ("b_plugin_disabled", "! 1 warning", "is disabled", "codex plugin add"),
    ("b_cache_deleted", "✗ 1 problem", "not in Codex's cache", "codex plugin add"),
    ("b_stray_dirs", "✗ 1 problem", "backup", "move backup out of the cache"),
    ("h_malformed", "✗ 1 problem", "hooks.json", "Repair  for you"),
    ("h_seed_full", "✗ 1 problem, 1 warning", "hooks run twice", "remove 9 handlers"),
    ("h_clone_moved", "✗ 1 problem", "scripts are not there", "remove 9 handlers"),
    ("h_feature_off", "✗ 1 problem", "hooks are switched off", "codex features enable hooks"),
    ("c_malformed", "✗ 1 problem", "config.toml does not parse", "correct the line"),
]


@pytest.mark.parametrize(("name", "verdict", "title", "repair"), BROKEN)
async def test_what_is_wrong_is_on_the_first_rows(
    name: str, verdict: str, title: str, repair: str, tmp_path: Path
) -> None:
    with clinic(tmp_path, scenario(name)) as made:
        app = made.ward()
        async with app.run_test(size=SIZES[0]) as pilot:
            await settle(pilot)
            lines = text_of(app).splitlines()
            assert "What is wrong" in lines[3 + HEIGHT], "below the picture"
            assert title in " ".join(lines[4 + HEIGHT : 6 + HEIGHT])
            assert repair in "\n".join(lines)
            assert verdict in lines[0]
            await pilot.resize_terminal(*SIZES[-1])
            await settle(pilot)
            lines = text_of(app).splitlines()
            assert verdict in lines[0]
            assert sum(verdict[0] in line for line in lines) >= 3
            assert app.screen.query_one(HealthDetail).region.height >= 6


async def test_a_repair_is_shown_asked_about_applied_and_taken_back(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_disabled")) as made:
        before = made.home.config.read_bytes()
        app = made.ward()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "f")
            assert isinstance(app.screen, FixView)
            assert "-enabled = false" in text_of(app)
            assert "+enabled = true" in text_of(app)
            await press(pilot, "enter")
            assert made.home.config.read_bytes() == before, "Enter alone must not apply"
            await press(pilot, "f", "y")
            assert b"enabled = true" in made.home.config.read_bytes()
            assert "✓ nothing is wrong" in text_of(app)
            await press(pilot, "u")
            assert isinstance(app.screen, Confirm)
            await press(pilot, "enter")
            assert b"enabled = true" in made.home.config.read_bytes()
            await press(pilot, "u", "y")
            assert made.home.config.read_bytes() == before
            assert "! 1 warning" in text_of(app)


async def test_a_step_for_the_user_cannot_be_applied(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_env_missing")) as made:
        app = made.ward()
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "f")
            assert "A step for you" in text_of(app)
            assert "export MEM0_API_KEY" in text_of(app)
            await press(pilot, "y")
            assert isinstance(app.screen, FixView)
            await press(pilot, "enter")
            assert isinstance(app.screen, HealthScreen)


async def test_a_repair_that_fails_says_why(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("h_feature_off")) as made:
        before = made.home.config.read_bytes()
        app = made.ward()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "f", "y")
            assert any("not on PATH" in note.message for note in app._notifications)
            assert made.home.config.read_bytes() == before
            assert "✗ 1 problem" in text_of(app)


async def test_a_repair_of_an_outdated_view_is_refused(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_disabled")) as made:
        app = made.ward()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "f")
            made.home.add_config("# somebody else was here\n")
            changed = made.home.config.read_bytes()
            await press(pilot, "y")
            assert made.home.config.read_bytes() == changed
            assert any("changed" in note.message for note in app._notifications)


async def test_its_keys_are_the_users_own(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_disabled")) as made:
        app = made.app(keymap={"health.repair": "F", "health.undo": "z", "health.open": "H"})
        async with app.run_test(size=(140, 40)) as pilot:
            await settle(pilot)
            assert "H details and fixes" in text_of(app)
            await press(pilot, "H")
            assert "F applies it" in text_of(app)
            await press(pilot, "f")
            assert isinstance(app.screen, HealthScreen)
            await press(pilot, "F")
            assert "z takes it back" in text_of(app)
            await press(pilot, "y", "z", "y")
            assert b"enabled = false" in made.home.config.read_bytes()
            await press(pilot, "question_mark")
            assert "Health screen" in text_of(app)
            assert "Take the last repair back." in text_of(app)


async def test_what_follows_is_folded_under_its_cause(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_env_missing")) as made:
        app = made.ward()
        async with app.run_test(size=(140, 40)) as pilot:
            await settle(pilot)
            assert "▸ ✗ broken  MEM0_API_KEY is not set  +1" in text_of(app)
            assert "└" not in text_of(app)
            await press(pilot, "space")
            assert "└ ✗ the mem0 server does not start" in text_of(app)
            await press(pilot, "j")
            assert "Because" in text_of(app)
            await press(pilot, "f")
            assert "export MEM0_API_KEY" in text_of(app), "the repair is that of its cause"
            await press(pilot, "escape", "space")
            assert "└" not in text_of(app)


async def test_the_hook_table_shows_what_runs_in_order(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("h_seed_full_trusted")) as made:
        app = made.ward()
        async with app.run_test(size=(140, 50)) as pilot:
            await settle(pilot)
            await press(pilot, "right_square_bracket")
            shown = text_of(app)
            assert "[Hooks 18]" in shown
            assert "6 of 6 hooks run" in row(app, "│PreToolUse    ")
            assert "on_session_start.sh" in shown
            first = shown.index("1 ✓ runs      on_stop.sh")
            assert first < shown.index("2 ✓ runs      on_stop.sh")
            assert "mem0@mem0-plugins" in row(app, "2 ✓ runs      on_stop.sh")
            assert "Write|Edit|MultiEdit" in shown
            await press(pilot, "end")
            assert "${PLUGIN_ROOT}/scripts/on_stop.sh" in text_of(app)
            await press(pilot, "left_square_bracket")
            assert "What is wrong" in text_of(app)


@pytest.mark.parametrize(
    ("name", "word"),
    [("h_installer", "! untrusted"), ("h_clone_moved_rerun", "! modified")]
    + [("h_state_disabled", "· disabled"), ("h_feature_off", "· off")],
)
async def test_a_hook_that_does_not_run_says_why(name: str, word: str, tmp_path: Path) -> None:
    with clinic(tmp_path, scenario(name)) as made:
        app = made.ward()
        async with app.run_test(size=(120, 50)) as pilot:
            await settle(pilot)
            await press(pilot, "right_square_bracket")
            assert word in text_of(app)


async def test_files_that_change_are_followed(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("b_ok")) as made:
        app = made.app()
        async with app.run_test(size=SIZE) as pilot:
            screen = await opened(pilot)
            made.home.add_config("[broken\n")
            screen._poll()
            await until(pilot, lambda: "✗ 1 problem" in text_of(app))
            assert "✗ 1 problem" in text_of(app)
            await press(pilot, "escape")
            assert "✗ 1 problem" in text_of(app), "the main screen knows it too"
            text = made.home.config.read_text()
            made.home.write_config(text.replace("[broken\n", ""))
            browse(app).controllers.go.poll_install()
            await until(pilot, lambda: "✓ install" in text_of(app))
            assert "✓ install" in text_of(app)


async def test_the_live_check_asks_first_and_shows_what_it_saw(tmp_path: Path) -> None:
    def build(home: Home) -> None:
        home.option_a()
        hooks: dict[str, Any] = {"data": [{"hooks": [], "warnings": []}]}
        started: dict[str, Any] = {
            "name": "mem0",
            "pluginId": None,
            "tools": {"a": {}},
            "toolsError": None,
        }
        if os.name != "nt":
            answering(home, {"hooks/list": hooks, "mcpServerStatus/list": {"data": [started]}})

    with clinic(tmp_path, build) as made:
        app = made.ward()
        async with app.run_test(size=(140, 40)) as pilot:
            await settle(pilot)
            await press(pilot, "l")
            assert "sends your key to 127.0.0.1" in " ".join(text_of(app).replace("│", "").split())
            await press(pilot, "enter")
            assert "files read" in text_of(app)
            await press(pilot, "l", "y")
            shown = text_of(app)
            assert "Codex asked" in shown.splitlines()[0]
            assert "Codex reaches the server, and we do not" in shown
            assert "observed" in row(app, "ok      config")
            await press(pilot, "r")
            assert "files read" in text_of(app)


async def test_the_copied_report_holds_no_key_and_no_home(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_literal_bearer")) as made:
        app = made.ward()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "y")
            assert "✗ broken   config" in app.clipboard
            assert "k3yk3y" not in app.clipboard
            assert str(made.home.folder) not in app.clipboard
            assert "~/.codex/config.toml" in app.clipboard


async def test_no_key_is_ever_drawn(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("a_literal_bearer")) as made:
        app = made.ward()
        async with app.run_test(size=(140, 60)) as pilot:
            await settle(pilot)
            for key in ("j", "j", "f", "escape", "right_square_bracket"):
                assert KEY[5:15] not in text_of(app)
                await press(pilot, key)


async def test_names_from_files_cannot_draw(tmp_path: Path) -> None:
    def build(home: Home) -> None:
        name = "mem0\\u001b[2J\\u202e[red]"
        home.write_config(f'[mcp_servers."{name}"]\nurl = "https://mcp.mem0.ai/mcp"\n')

    with clinic(tmp_path, build) as made:
        app = made.ward()
        async with app.run_test(size=(140, 40)) as pilot:
            await settle(pilot)
            assert "\x1b" not in text_of(app)
            assert "\u202e" not in text_of(app)
            assert "[red]" in text_of(app)


async def test_no_file_and_no_editor_are_no_trouble(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("n_none")) as made:
        app = made.ward()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            await press(pilot, "f", "u", "end", "enter")
            told = [note.message for note in app._notifications]
            assert told == [
                "nothing to repair",
                "there is no repair to take back",
                "this one is not about a file",
            ]


async def test_keys_mouse_and_command_lead_there_and_back(tmp_path: Path) -> None:
    with clinic(tmp_path, scenario("h_seed_full")) as made:
        app = made.app()
        async with app.run_test(size=(140, 40)) as pilot:
            await settle(pilot)
            await press(pilot, "colon")
            app.screen.query_one("#command-input", Input).value = "doctor"
            await press(pilot, "enter")
            assert isinstance(app.screen, HealthScreen)
            rows = app.screen.query_one(RowList)
            await pilot.click(RowList, offset=(10, 2))
            await settle(pilot)
            assert rows.key == "finding:hooks.untrusted"
            assert "/hooks" in text_of(app)
            await pilot.click("#health-tabs", offset=(13, 0))
            await settle(pilot)
            assert "[Hooks 18]" in text_of(app)
            await press(pilot, "question_mark")
            assert "Take the last repair back." in text_of(app)
            await press(pilot, "escape", "q")
            assert len(app.screen_stack) == 1
            await press(pilot, "4", "enter")
            assert len(app.screen_stack) == 2
