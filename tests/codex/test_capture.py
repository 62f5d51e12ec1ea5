"""Plugin 0.3 as its own files tell: which key, which service, what was sent, and what is left."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
from pathlib import Path

import pytest

from mem0_tui.cli.rendering.doctor import Style, render
from mem0_tui.codex import Finding, InstallReport
from mem0_tui.codex.capture import Capture
from mem0_tui.codex.facts.environment import codex_environment
from mem0_tui.codex.facts.paths import find_homes
from mem0_tui.codex.fixes.apply import apply
from mem0_tui.codex.fixes.backup import undo
from tests.codex import plugin3
from tests.codex.homes import Home
from tests.codex.plugin3 import Evidence

OPTION, SECOND, THIRD = (
    "PLUGIN_OPTION_API_KEY",
    "CLAUDE_PLUGIN_OPTION_API_KEY",
    "CLAUDE_PLUGIN_OPTION_MEM0_API_KEY",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.option_b3()
    made.trust()
    return made


def capture(home: Home) -> Capture:
    found = home.scan().capture
    assert found is not None
    return found


def finding(report: InstallReport, id_: str) -> Finding:
    return next(each for each in report.findings if each.id == id_)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("given", "hooks", "server"),
    [
        ("env option second third file server settings", "env", "env"),
        ("option second third file server settings", "option", "server"),
        ("second third file server settings", "second", "server"),
        ("third file server settings", "third", "server"),
        ("file server settings", "file", "server"),
        ("server settings", "settings", "server"),
        ("settings", "settings", "settings"),
        ("file", "file", None),
        ("server", None, "server"),
        ("", None, None),
    ],
)
def test_hooks_and_server_take_the_first_key_that_each_sees(
    home: Home, given: str, hooks: str | None, server: str | None
) -> None:
    del home.environ["MEM0_API_KEY"]
    variables = {"env": "MEM0_API_KEY", "option": OPTION, "second": SECOND, "third": THIRD}
    files = {
        "file": home.data3 / "api-key",
        "server": home.folder / ".mem0/mem0-plugin/api-key",
    }
    for name in given.split():
        if name in variables:
            home.environ[variables[name]] = f"m0-{name}-key"
        elif name in files:
            write(files[name], f" m0-{name}-key\n")
        else:
            settings = {"platform": {"api_key": "m0-settings-key"}}
            write(home.folder / ".mem0/config.json", json.dumps(settings))

    service = capture(home).service

    assert (service.hooks_key and service.hooks_key.value) == (hooks and f"m0-{hooks}-key")
    assert (service.server_key and service.server_key.value) == (server and f"m0-{server}-key")


def test_blanks_alone_hide_the_options_as_they_do_in_the_plugin(home: Home) -> None:
    home.environ |= {"MEM0_API_KEY": "  ", OPTION: "m0-option-key"}
    assert capture(home).service.hooks_key is None


def test_codex_s_own_env_file_wins_over_the_environment(home: Home) -> None:
    text = (
        "# mine\nexport MEM0_API_KEY='m0-of-the-file'\nMEM0_API_URL=\"http://127.0.0.1:${PORT}\" \n"
        "PORT=81\nPLAIN='a b' # said\nCODEX_HOME=/nowhere\nnot an assignment\n"
    )
    home.environ |= {"MEM0_API_URL": "https://elsewhere.example", "PORT": "80"}
    (home.codex_home / ".env").write_text(text)

    known = codex_environment(find_homes(environ=home.environ))

    assert known["MEM0_API_KEY"] == "m0-of-the-file"
    assert known["MEM0_API_URL"] == "http://127.0.0.1:80"
    assert known["PLAIN"] == "a b"
    assert known.get("CODEX_HOME") == home.environ.get("CODEX_HOME")
    assert capture(home).service.url == "http://127.0.0.1:80"


def test_the_report_names_the_service(home: Home) -> None:
    assert "https://api.mem0.ai" in home.report().area("mcp").summary
    home.environ["MEM0_API_URL"] = "http://127.0.0.1:8765/"
    assert home.report().area("mcp").summary.endswith("talks to http://127.0.0.1:8765")


def test_a_pause_comes_with_the_command_that_reaches_the_hooks(home: Home) -> None:
    Evidence(home.data3).paused(days=1)
    fix = finding(home.report(), "capture.paused").fix
    assert fix is not None
    words = shlex.split(fix.summary.removeprefix("run: "))
    assert words == [
        "python3",
        str(home.cached3 / "core/memory_cli.py"),
        "--plugin-data-dir",
        str(home.data3),
        "resume",
    ]


def test_looking_writes_nothing_and_locks_nothing(home: Home) -> None:
    evidence = Evidence(home.data3).flush("semantic-succeeded", hours=2)
    with sqlite3.connect(evidence.path, isolation_level=None) as worker:
        worker.execute("PRAGMA wal_autocheckpoint=0")
        evidence.flush("gave-up", "timed out", hours=1)
        before = _tree(home.root)
        report = home.report()
        assert _tree(home.root) == before
        worker.execute("PRAGMA busy_timeout=0")
        worker.execute("DELETE FROM settings")
    worker.close()
    assert finding(report, "capture.failing").evidence.value == "observed"


def _tree(root: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for folder, _, names in os.walk(root):
        for name in [*names, "."]:
            status = os.lstat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = (status.st_mtime_ns, status.st_size)
    return found


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT);"
        "CREATE TABLE flushes (packet_id TEXT PRIMARY KEY, status TEXT, updated_at TEXT);",
        "CREATE TABLE settings (key TEXT, value TEXT, updated_at TEXT);",
    ],
)
def test_an_older_database_is_read_as_far_as_it_goes(home: Home, schema: str) -> None:
    path = Evidence(home.data3, schema).path
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO settings (key, value) VALUES ('paused', 'true')")
    connection.close()
    activity = capture(home).hooks.activity
    assert activity is not None
    assert (activity.problem, activity.paused) == (None, True)


def test_odd_values_in_the_database_are_no_fault_of_the_look(home: Home) -> None:
    evidence = Evidence(home.data3)
    with sqlite3.connect(evidence.path) as connection:
        for status in ("prepared", "gave-up", "semantic-succeeded", "no-such-status"):
            connection.execute(
                "INSERT INTO flushes (packet_id, status, error, updated_at) VALUES (?, ?, ?, ?)",
                (status, status, b"\xff\x1b[2J", "last week"),
            )
        connection.execute("INSERT INTO operations (operation, success) VALUES ('x-search', NULL)")
        connection.execute("INSERT INTO retrievals (injected_at) VALUES (1e400)")
    connection.close()
    report = home.report()
    assert report.area("hooks").status.value in ("warn", "fail")


def test_lost_sessions_are_counted_with_the_reason(home: Home) -> None:
    evidence = Evidence(home.data3)
    for days in (5, 4, 3):
        evidence.flush("gave-up", "HTTP Error 401: Unauthorized", days=days)
    evidence.flush("error", "HTTP Error 401: Unauthorized", hours=3)
    report = home.report()
    assert [each.id for each in report.roots] == ["capture.key-refused"]
    assert "3 deliveries given up" in finding(report, "capture.given-up").title
    assert finding(report, "capture.failing").cause == "capture.key-refused"
    assert "api.mem0.ai refuses" in finding(report, "capture.key-refused").title


def upgraded(home: Home, *, keep: bool) -> None:
    """A seed install of 0.2 with a hook of the user's own behind Mem0's, upgraded to 0.3."""
    home.installer()

    def own(data: dict[str, dict[str, list[object]]]) -> None:
        mine = {"type": "command", "command": "/usr/bin/true"}
        data["hooks"]["Stop"].append({"hooks": [mine]})
        data["hooks"]["Notification"] = []

    home.edit_json(home.hooks, own)
    home.trust()
    home.pull3(keep=keep)


@pytest.mark.parametrize("keep", [False, True])
def test_the_former_generation_goes_and_the_user_s_own_hook_stays_trusted(
    home: Home, keep: bool
) -> None:
    upgraded(home, keep=keep)
    install = home.scan()
    found = finding(home.report(), "hooks.former-generation")
    assert ("run together" in found.title) == keep
    assert found.fix is not None
    before = home.hooks.read_text(), home.config.read_text()

    assert apply(found.fix, install).resolved

    (left,) = [h for h in home.scan().hooks.handlers if h.root is None]
    assert (left.command, left.group, left.runs) == ("/usr/bin/true", 0, True)
    states = home.scan().hooks.states
    assert len([key for key in states if key.startswith(str(home.hooks))]) == 1
    undo(home.scan().homes)
    assert (home.hooks.read_text(), home.config.read_text()) == before


def test_dead_handlers_of_0_2_are_removed_where_no_installer_is_left(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    home.installer()
    home.trust()
    installer = home.source / "scripts/install_codex_hooks.py"
    (home.source / "scripts/on_stop.sh").unlink()
    fix = finding(home.report(), "hooks.script-missing").fix
    assert fix is not None
    assert fix.id == "hooks.remove-dead"
    assert fix.automatic

    installer.write_text("")
    fix = finding(home.report(), "hooks.script-missing").fix
    assert fix is not None
    assert (fix.id, fix.automatic) == ("hooks.reinstall", False)
    assert str(installer) in fix.summary


def test_the_portable_package_is_told_from_the_plugin(tmp_path: Path) -> None:
    home = Home(tmp_path)
    place = home.clone / "integrations/mem0-agent-plugin"
    plugin3.write_portable(place)
    home.add_marketplace()
    home.add_plugin(place)
    report = home.report()
    found = finding(report, "plugin.portable")
    assert found.fix is not None
    assert not found.fix.automatic
    assert "plugin.manifest-missing" not in {each.id for each in report.findings}


def test_a_server_that_somebody_set_up_beside_the_plugin_is_not_taken_away(home: Home) -> None:
    home.option_a()
    fix = finding(home.report(), "mcp.shadows-plugin").fix
    assert fix is not None
    assert not fix.automatic


def test_what_the_plugin_noted_is_not_taken_for_an_answer_of_the_server(home: Home) -> None:
    Evidence(home.data3).flush("semantic-succeeded", hours=1)
    text = render(home.report(), Style(100, False), home=str(home.folder))
    assert "sessions reach Mem0" in text
    assert "Everything that can be seen in files is in order." in text
