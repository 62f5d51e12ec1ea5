"""``mem0-tui codex`` and ``mem0-tui serve --status`` on homes without a Codex program."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.codex.homes import Home
from tests.support.serving import KEY, serving


@pytest.fixture(autouse=True)
def without_codex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin" if os.name == "posix" else "")


@pytest.fixture
def config() -> Path:
    path = Path(os.environ["HOME"], ".codex", "config.toml")
    path.parent.mkdir()
    path.write_text('model = "x" # mine\n')
    return path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_dry_run_shows_the_plan_and_does_nothing(program: Program, config: Path) -> None:
    done = program("codex", "install", "--dry-run")
    assert done.code == 0
    assert '+[plugins."mem0-tui@mem0-tui"]' in done.out
    assert config.read_text() == 'model = "x" # mine\n'


def test_nobody_to_ask_means_no(program: Program, config: Path) -> None:
    done = program("codex", "install")
    assert done.code == 3
    assert "--yes" in done.err
    assert config.read_text() == 'model = "x" # mine\n'


@pytest.mark.parametrize(("answer", "applied"), [("y\n", True), ("\n", False), ("no\n", False)])
def test_it_asks_first(program: Program, config: Path, answer: str, applied: bool) -> None:
    done = program("codex", "install", typed=answer)
    assert done.code == 0
    assert ("mem0-tui" in config.read_text()) is applied
    assert ("Installed" in done.out) is applied


def test_what_is_to_be_done_then_is_said(program: Program, config: Path) -> None:
    done = program("codex", "install", "--yes")
    assert "the next time it starts" in done.out
    assert "mem0-tui serve" in done.out
    assert 'export MEM0_TUI_SERVE_KEY="$(cat ' in done.out
    assert "trust the four hooks" in done.out
    again = program("codex", "install", "--yes", "--json").document
    assert (again["applied"], again["steps"]) == (False, [])
    assert config.exists()


def test_the_plan_as_json(program: Program, config: Path) -> None:
    document = program("codex", "install", "--mcp", "--cloud", "--json", "--dry-run").document
    (step,) = document["steps"]
    assert step["files"] == [{"path": str(config), "change": "change"}]
    assert '+bearer_token_env_var = "MEM0_API_KEY"' in step["diff"]
    assert document["applied"] is False
    assert any("export MEM0_API_KEY=YOUR_KEY" in line for line in document["next"])


def test_it_is_taken_back(program: Program, config: Path) -> None:
    program("codex", "install", "--yes")
    done = program("codex", "uninstall", "--yes")
    assert (done.code, "Uninstalled" in done.out) == (0, True)
    assert config.read_text() == 'model = "x" # mine\n'
    assert "nothing to do" in program("codex", "uninstall", "--yes").out


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
def test_the_service_serves_where_codex_looks(program: Program, config: Path) -> None:
    done = program("codex", "install", "--yes", "--service", "--url", "http://localhost:9123")
    assert "systemctl --user enable --now mem0-tui" in done.out
    (unit,) = Path(os.environ["XDG_CONFIG_HOME"]).rglob("mem0-tui.service")
    assert '"serve" "--port" "9123"' in unit.read_text()
    assert "First stop the service" in program("codex", "uninstall", "--dry-run").out
    program("codex", "uninstall", "--yes")
    assert not unit.exists()
    assert config.read_text() == 'model = "x" # mine\n'


def test_a_key_is_not_sent_in_the_clear(program: Program, config: Path) -> None:
    done = program("codex", "install", "--yes", "--url", "http://mem0.example")
    assert (done.code, "https" in done.err) == (3, True)
    assert "mem0" not in config.read_text()


def test_a_duplicate_is_refused(program: Program, config: Path) -> None:
    config.write_text('[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\n')
    done = program("codex", "install", "--yes")
    assert done.code == 3
    assert "codex mcp remove mem0" in done.err


def test_options_may_stand_anywhere_and_belong_to_an_action(program: Program, config: Path) -> None:
    done = program("--no-color", "codex", "--dry-run", "install", "--no-color", "--mcp")
    assert done.code == 0
    assert "+[mcp_servers.mem0]" in done.out
    assert program("codex", "uninstall", "--mcp").code == 2
    assert program("codex", "status", "--yes").code == 2
    assert program("codex").code == 2
    assert config.read_text() == 'model = "x" # mine\n'


def test_status_of_nothing(program: Program) -> None:
    done = program("codex", "status")
    assert done.code == 0
    assert "mem0-tui codex install" in done.out


def test_status_of_an_install(
    program: Program, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "served.db") as server:
        program("codex", "install", "--yes", "--url", server.url)
        monkeypatch.setenv("MEM0_TUI_SERVE_KEY", KEY)
        document = program("codex", "status", "--json").document
        assert document["server"]["said"] == "answers"
        assert document["hooks"]["installed"] == 4
        monkeypatch.setenv("MEM0_TUI_SERVE_KEY", "m0-another-key-entirely")
        wrong = program("codex", "status")
        assert (wrong.code, "refuses the key" in wrong.out) == (5, True)
    assert "does not answer" in program("codex", "status").out
    assert config.exists()


def test_status_of_plugin_0_3_names_the_service_it_talks_to(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "made")
    home.option_b3()
    home.trust()
    monkeypatch.setenv("HOME", str(home.folder))
    monkeypatch.setenv("MEM0_API_KEY", KEY)
    with serving(tmp_path / "served.db") as server:
        monkeypatch.setenv("MEM0_API_URL", server.url)
        document = program("codex", "status", "--json").document
        assert document["server"]["url"] == server.url
        assert document["server"]["said"] == "answers"
        assert document["server"]["command"] == "python3 ./core/mcp_server.py"
        assert document["hooks"] == {"installed": 8, "run": 8, "last": None}
        assert f"{server.url} answers" in program("codex", "status").out
        monkeypatch.delenv("MEM0_API_KEY")
        assert "has no key" in program("codex", "status").out
    monkeypatch.setenv("MEM0_API_URL", "")
    wrong = program("codex", "status")
    assert (wrong.code, "MEM0_API_URL is set, but empty" in wrong.out) == (5, True)


def test_status_of_a_server_that_codex_starts_names_its_command(
    program: Program, config: Path
) -> None:
    config.write_text('[mcp_servers.mem0]\ncommand = "env"\nargs = ["mem0-mcp", "a b"]\n')
    done = program("codex", "status")
    assert "None" not in done.out
    assert "env mem0-mcp 'a b' is started by Codex" in done.out


def test_status_of_the_server(program: Program, tmp_path: Path) -> None:
    with serving(tmp_path / "served.db") as server:
        port = server.url.rpartition(":")[2]
        good = program("serve", "--status", "--port", port, "--api-key", KEY)
        assert (good.code, "answers" in good.out) == (0, True)
        bad = program("serve", "--status", "--port", port, "--api-key", "m0-another", "--json")
        assert bad.code == 4
        assert json.loads(bad.out)["running"] is False
    gone = program("serve", "--status", "--port", str(free_port()))
    assert (gone.code, "does not answer" in gone.out) == (4, True)
