"""Which server, which ids, which folders: the same answers as the rest of mem0-tui gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.codex.facts.identity import read_identity
from mem0_tui.codex.facts.paths import find_homes
from mem0_tui.hooks.block import block, without_blocks
from mem0_tui.hooks.document import dumps, loads
from mem0_tui.hooks.identity import HookIdentity, find_identity
from mem0_tui.hooks.memories import RecalledMemory
from mem0_tui.hooks.places import data_folder, settings_file, state_folder
from mem0_tui.hooks.server import NoServerError, find_server
from mem0_tui.settings.locations import locations

LOCAL = '[mcp_servers.mem0]\nurl = "http://127.0.0.1:9000/mcp/"\n'
HOSTED = (
    '[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\nbearer_token_env_var = "MEM0_API_KEY"\n'
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".codex").mkdir()
    (tmp_path / "plugin").mkdir()
    entry = {"url": "http://localhost:7000/mcp", "bearer_token_env_var": "LOCAL_KEY"}
    text = json.dumps({"mcpServers": {"mem0": entry}})
    (tmp_path / "plugin" / ".codex-mcp.json").write_text(text)
    return {"HOME": str(tmp_path), "USER": "kim", "PLUGIN_ROOT": str(tmp_path / "plugin")}


def configure(environ: dict[str, str], text: str) -> None:
    Path(environ["HOME"], ".codex", "config.toml").write_text(text, encoding="utf-8")


def test_the_plugin_names_the_server(environ: dict[str, str]) -> None:
    server = find_server({**environ, "LOCAL_KEY": "k"})
    assert (server.base, server.key) == ("http://localhost:7000", "k")
    assert (server.host, server.port, server.tls) == ("localhost", 7000, False)


def test_the_configured_server_wins_over_the_plugins(environ: dict[str, str]) -> None:
    configure(environ, LOCAL)
    assert find_server(environ).base == "http://127.0.0.1:9000"


def test_codex_home_counts(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "config.toml").write_text("\ufeff" + LOCAL, encoding="utf-8")
    found = find_server({**environ, "CODEX_HOME": str(tmp_path / "elsewhere")})
    assert found.base == "http://127.0.0.1:9000"


def test_the_hosted_servers_memories_are_at_its_rest_interface(environ: dict[str, str]) -> None:
    configure(environ, HOSTED)
    keyed = {**environ, "MEM0_API_KEY": "m0-key"}
    assert find_server(keyed).base == "https://api.mem0.ai"
    assert find_server(keyed).port == 443
    moved = {**keyed, "MEM0_BASE_URL": "https://mem0.example/api/"}
    server = find_server(moved)
    assert (server.host, server.path, server.key) == ("mem0.example", "/api", "m0-key")


def test_without_any_entry_the_local_server_is_meant(environ: dict[str, str]) -> None:
    del environ["PLUGIN_ROOT"]
    configure(environ, "# nothing of mem0 here\n")
    assert find_server(environ).base == "http://127.0.0.1:8765"


@pytest.mark.skipif(sys.platform != "linux", reason="where Linux keeps data")
def test_the_local_key_is_found_beside_the_store(environ: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "share" / "mem0-tui"
    folder.mkdir(parents=True)
    (folder / "serve.key").write_text("m0-local-key\n")
    assert find_server(environ).key == "m0-local-key"
    (tmp_path / "serve.key").write_text("another")
    assert find_server({**environ, "MEM0_TUI_STORE": str(tmp_path / "x.db")}).key == "another"


@pytest.mark.parametrize("url", ["ftp://x/mcp", "http://h:port/mcp", "mem0"])
def test_a_url_that_is_none_is_no_server(environ: dict[str, str], url: str) -> None:
    configure(environ, f'[mcp_servers."mem0"]\nurl = "{url}"\n')
    with pytest.raises(NoServerError):
        find_server(environ)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("named", [False, True])
def test_folders_are_those_of_the_settings(platform: str, named: bool, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XDG_DATA_HOME": "relative"}
    if named:
        folders = {"XDG_DATA_HOME": "d", "XDG_STATE_HOME": "s", "LOCALAPPDATA": "l"}
        folders |= {"XDG_CONFIG_HOME": "c", "APPDATA": "r"}
        environ |= {name: str(tmp_path / folder) for name, folder in folders.items()}
    places = locations(environ, platform)
    assert data_folder(environ, platform) == str(places.data)
    assert state_folder(environ, platform) == str(places.state / "hooks")
    assert settings_file(environ, platform) == str(places.settings_file)


REMOTES = [
    "git@github.com:kim/shop.git",
    "https://github.com/kim/shop",
    "ssh://git@host:2222/team/deep/shop.git",
    "/srv/git/shop.git",
]


@pytest.mark.parametrize("remote", ["", *REMOTES])
@pytest.mark.parametrize("mapped", ["", "folder", "remote"])
def test_ids_are_those_that_the_doctor_shows(
    environ: dict[str, str], tmp_path: Path, remote: str, mapped: str
) -> None:
    root = tmp_path / "checkout"
    (root / "src").mkdir(parents=True)
    if remote:
        subprocess.run(["git", "init", "-q", "-b", "trunk", str(root)], check=True)
        subprocess.run(["git", "-C", str(root), "remote", "add", "origin", remote], check=True)
    if mapped:
        import hashlib

        digest = hashlib.sha256(remote.encode()).hexdigest()[:16]
        key = str(root / "src") if mapped == "folder" else f"remote:{digest}"
        (tmp_path / ".mem0").mkdir()
        (tmp_path / ".mem0" / "project_map.json").write_text(json.dumps({key: " mapped "}))

    ours = find_identity(environ, str(root / "src"))
    shown = read_identity(find_homes(environ=environ, cwd=root / "src"))

    assert (ours.user, ours.app) == (shown.user, shown.app)
    assert ours.branch == ("trunk" if remote else "")


def test_a_worktree_is_the_same_project(environ: dict[str, str], tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=k", "-c", "user.email=k@example.org", *words],
            cwd=tmp_path / "a",
            check=True,
            capture_output=True,
        )

    (tmp_path / "a").mkdir()
    git("init", "-q", "-b", "trunk")
    git("remote", "add", "origin", REMOTES[0])
    git("commit", "--allow-empty", "-m", "x")
    git("worktree", "add", "-b", "other", str(tmp_path / "b"))
    found = find_identity(environ, str(tmp_path / "b"))
    assert (found.app, found.branch) == ("kim-shop", "other")


def test_ids_can_be_given(environ: dict[str, str]) -> None:
    given_ids = {**environ, "MEM0_USER_ID": "alex", "MEM0_PROJECT_ID": "infra"}
    found = find_identity(given_ids, "/nowhere/at/all")
    assert (found.user, found.app) == ("alex", "infra")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_json_is_what_json_says(value: object) -> None:
    assert loads(json.dumps(value)) == json.loads(json.dumps(value))
    assert json.loads(dumps(value)) == json.loads(json.dumps(value))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[]",:0eE.-+ntf\\u \n') | st.text())
def test_json_that_is_none_is_refused(text: str) -> None:
    try:
        expected = json.loads(text.strip(" \t\r\n\ufeff"), strict=False)
    except ValueError:
        with pytest.raises(ValueError, match="."):
            loads(text)
    else:
        assert repr(loads(text)) == repr(expected)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet="<>/mem0-oryMEM \n\x1bé")), st.text(), st.text())
def test_a_block_is_taken_out_whole(texts: list[str], before: str, after: str) -> None:
    memories = [RecalledMemory({"id": text, "memory": text}) for text in texts]
    whole = block(memories, HookIdentity("kim", 'a">b', ""))
    surrounded = f"{before.replace('<', '')}{whole}{after.replace('<', '')}"
    assert without_blocks(surrounded) == before.replace("<", "") + after.replace("<", "")
