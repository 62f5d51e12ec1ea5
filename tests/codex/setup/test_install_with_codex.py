"""Installing with the real Codex on PATH: it does the work, agrees, and it is all taken back."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.codex.appserver import app_server, trust_all
from tests.codex.homes import Home
from tests.codex.setup.test_install import CONFIGS
from tests.codex.test_against_codex import agree, real_home

pytestmark = [pytest.mark.codex, pytest.mark.slow]

WAYS = {
    "plugin": (),
    "mcp": ("--mcp",),
    "mcp+hooks": ("--mcp", "--hooks"),
    "cloud": ("--cloud", "--service"),
}
REFUSED = "http://127.0.0.1:9"
# What Codex writes back in another form; `false` ends at once, where Codex waits for other servers.
REFORMATTED: dict[str, bytes | None] = {
    "odd": b'"model" = \'x\'   # literal\r\n\r\n[ mcp_servers . docs ]\r\ncommand = """false"""\r\n'
    b'args = [\r\n  "-y", # why\r\n]\r\n[features]\r\nhooks=true # keep\r\n'
    b"[mcp_servers.docs.env]\r\n'A' = \"b\"\r\n# last",
    "inline": b'mcp_servers = { docs = { url = "https://docs.example/mcp" } } # mine\n'
    b'plugins = { "a@b" = { enabled = true } }\ntui . notifications = true\n',
    "parents": b"[mcp_servers]\n\n[plugins]\n\n[marketplaces]\n",
}


@pytest.fixture
def home(tmp_path: Path, codex: str) -> Home:
    return home_of(codex, tmp_path)


def home_of(codex: str, folder: Path) -> Home:
    """An empty home of that *codex*, which can be installed into."""
    made = real_home(folder, codex)
    made.environ["MEM0_TUI_SERVE_KEY"] = "m0-local-key-for-tests"
    made.environ["XDG_STATE_HOME"] = str(folder / "state")
    made.environ["XDG_DATA_HOME"] = str(folder / "data")
    return made


def program(home: Home, *words: str, code: int = 0) -> dict[str, object]:
    """Run ``mem0-tui codex WORDS --json``."""
    done = subprocess.run(
        [sys.executable, "-m", "mem0_tui", "codex", *words, "--json"],
        env=home.environ,
        cwd=home.cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    document: dict[str, object] = json.loads(done.stdout)
    return document


def settings(home: Home) -> dict[str, bytes]:
    """The files that an install may touch: Codex's settings, the plugin's copies, services."""
    places = [home.config, home.hooks, home.codex_home / "plugins", home.folder / ".config"]
    places.append(home.root / "data")
    files = [path for place in places for path in ([place] if place.is_file() else _below(place))]
    return {str(path): path.read_bytes() for path in files if path.name != "serve.key"}


def _below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("config", ["absent", "comments", "crlf", "neighbours", *REFORMATTED])
def test_codex_agrees_and_every_byte_comes_back(home: Home, config: str, way: str) -> None:
    data = {**CONFIGS, **REFORMATTED}[config]
    if data is not None:
        home.codex_home.mkdir()
        home.config.write_bytes(data)
    before = settings(home)
    words = WAYS[way] if way == "cloud" else (*WAYS[way], "--url", home.url.removesuffix("/mcp"))

    done = program(home, "install", "--yes", *words)

    assert done["applied"] is True
    if config in ("absent", "comments", "crlf"):  # other servers are none of the doctor's business
        agree(home)
    assert program(home, "install", "--yes", *words)["steps"] == []
    if "mcp" not in way or "hooks" in way:
        trust_all(home)

    program(home, "uninstall", "--yes")
    assert settings(home) == before
    assert program(home, "uninstall", "--yes")["steps"] == []
    with app_server(home) as codex:
        status = codex.ask("mcpServerStatus/list", {"detail": "toolsAndAuthOnly"})["result"]
        hooks = codex.ask("hooks/list", {"cwds": [str(home.cwd)]})["result"]["data"][0]
    assert "mem0" not in [server["name"] for server in status["data"]]
    assert hooks["hooks"] == []


def test_comments_on_other_servers_stay_while_it_is_installed(home: Home) -> None:
    text = '[mcp_servers.docs]\ncommand = "npx"\nargs = [\n  "-y", # why\n]\n'
    home.write_config(text)
    program(home, "install", "--yes", "--mcp", "--url", REFUSED)
    assert home.config.read_text().startswith(text)


INLINE_MARKETPLACES = 'marketplaces = { mine = { source_type = "local", source = "/mine" } }\n'
"""Codex 0.169.0 drops the inline table when it adds a marketplace; 0.171.0 keeps it."""


def test_an_install_that_would_lose_a_setting_is_taken_back(
    tmp_path: Path, codex_program: Callable[[str], str]
) -> None:
    home = home_of(codex_program("0.169.0"), tmp_path)
    home.write_config(INLINE_MARKETPLACES)
    before = settings(home)
    error = program(home, "install", "--yes", "--url", REFUSED, code=3)["error"]
    assert isinstance(error, dict)
    assert "marketplaces.mine.source_type" in error["message"]
    assert settings(home) == before


def test_an_inline_table_is_kept_where_codex_keeps_it(home: Home) -> None:
    home.write_config(INLINE_MARKETPLACES)
    program(home, "install", "--yes", "--url", REFUSED)
    kept = tomllib.loads(home.config.read_text())["marketplaces"]["mine"]
    assert kept == {"source_type": "local", "source": "/mine"}


def test_codex_loads_what_was_installed_without_it(home: Home, codex: str) -> None:
    path = home.environ["PATH"]
    home.environ["PATH"] = "/usr/bin:/bin"
    home.codex = None
    done = program(home, "install", "--yes", "--url", home.url.removesuffix("/mcp"))
    assert any("codex is not on PATH" in str(note) for note in done["notes"])  # type: ignore[attr-defined]
    home.environ["PATH"], home.codex = path, codex
    agree(home)
    with app_server(home) as server:
        hooks = server.ask("hooks/list", {"cwds": [str(home.cwd)]})["result"]["data"][0]["hooks"]
        skills = server.ask("skills/list", {"cwds": [str(home.cwd)]})["result"]["data"][0]
        installed = server.ask("plugin/installed")["result"]
    assert len(hooks) == 4
    assert sum("mem0" in str(skill.get("pluginId")) for skill in skills["skills"]) == 2
    assert [p["id"] for m in installed["marketplaces"] for p in m["plugins"]] == [
        "mem0-tui@mem0-tui"
    ]
    assert program(home, "install", "--yes", "--url", home.url.removesuffix("/mcp"))["steps"] == []


def test_moving_the_data_folder_moves_the_marketplace(home: Home) -> None:
    program(home, "install", "--yes", "--url", home.url.removesuffix("/mcp"))
    home.environ["XDG_DATA_HOME"] = str(home.root / "elsewhere")
    done = program(home, "install", "--yes", "--url", home.url.removesuffix("/mcp"))
    steps = done["steps"]
    assert isinstance(steps, list)
    assert [step["id"] for step in steps][:3] == [
        "codex.bundle",
        "codex.forget",
        "codex.marketplace",
    ]
    agree(home)


def test_status_says_what_is_missing(home: Home) -> None:
    assert program(home, "status")["install"] == "none"
    program(home, "install", "--yes", "--url", home.url.removesuffix("/mcp"))
    status = program(home, "status", code=5)
    assert status["plugin"] == "mem0-tui@mem0-tui"
    assert status["hooks"] == {"installed": 4, "run": 0, "last": None}
    trust_all(home)
    hooks = program(home, "status", code=5)["hooks"]
    assert isinstance(hooks, dict)
    assert hooks["run"] == 4
