"""What the doctor calls a server's tools is what the real Codex tells the model."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mem0_tui.codex import diagnose
from mem0_tui.codex.facts.servers import tool_namespace
from tests.codex.homes import Home
from tests.codex.model import standin
from tests.codex.stdioserver import STUB
from tests.codex.test_against_codex import real_home

pytestmark = pytest.mark.codex


def told(home: Home) -> set[str]:
    """The namespaces of MCP tools that a model is told of."""
    assert home.codex
    with standin() as model:
        asked = (home.codex, "exec", "--skip-git-repo-check", *model.options, "hello")
        subprocess.run(
            asked,
            env=home.environ,
            cwd=home.cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=True,
        )
        tools = model.requests[0]["tools"]
    names = {tool["name"] for tool in tools if tool["type"] == "namespace"}
    return {name for name in names if name.startswith("mcp__")}


def serve(home: Home, *names: str, off: tuple[str, ...] = ()) -> None:
    """Servers of these names in config.toml, those of *off* disabled."""
    server = home.root / "server"
    server.write_text(STUB)
    server.chmod(0o755)
    tables = [f'[mcp_servers."{name}"]\ncommand = "{server}"\n' for name in (*names, *off)]
    tables[len(names) :] = [table + "enabled = false\n" for table in tables[len(names) :]]
    home.write_config("".join(tables))


def test_names_that_become_one_get_a_digest_each(tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    names = ("mem0-mcp", "mem0_mcp", "other.one")
    serve(home, *names)

    assert told(home) == {tool_namespace(name, names) for name in names}


def test_a_disabled_server_takes_no_name(tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    serve(home, "mem0-mcp", off=("mem0_mcp",))

    assert told(home) == {"mcp__mem0_mcp"}
    assert "its tools are mcp__mem0_mcp__…;" in detail(home)


def test_the_doctor_names_the_tools_as_the_model_is_told(tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    serve(home, "mem0-mcp", "mem0_mcp")

    names = told(home)

    assert len(names) == 2
    assert all(f"its tools are {name}__…;" in detail(home) for name in names)


def detail(home: Home) -> str:
    return " ".join(f.detail for f in diagnose(home.scan()).findings if f.id == "mcp.name")
