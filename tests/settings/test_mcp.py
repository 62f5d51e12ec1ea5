"""Which settings mean an MCP server: a URL that ends in /mcp, or a command."""

from __future__ import annotations

import pytest

from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import load

URL = "http://127.0.0.1:8765/mcp"
COMMAND = "uvx 'a server' --flag"


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        ({"url": URL}, {}, ("mcp", URL, None)),
        ({"url": f"{URL}/"}, {}, ("mcp", URL, None)),
        ({"url": "http://127.0.0.1:8765"}, {}, ("auto", "http://127.0.0.1:8765", None)),
        ({"url": URL, "backend": "platform"}, {}, ("platform", URL, None)),
        ({"command": COMMAND}, {}, ("mcp", None, COMMAND)),
        ({}, {"MEM0_TUI_COMMAND": COMMAND}, ("mcp", None, COMMAND)),
        ({}, {"MEM0_TUI_COMMAND": COMMAND, "MEM0_API_KEY": "m0-k"}, ("mcp", None, COMMAND)),
        ({"url": URL}, {"MEM0_TUI_COMMAND": COMMAND}, ("mcp", URL, None)),
        ({"command": COMMAND}, {"MEM0_TUI_URL": URL}, ("mcp", None, COMMAND)),
        ({"backend": "local"}, {"MEM0_TUI_COMMAND": COMMAND}, ("local", None, None)),
        ({"backend": "mcp", "url": "http://h"}, {}, ("mcp", "http://h", None)),
    ],
)
def test_the_strongest_place_decides(
    options: dict[str, object], environ: dict[str, str], expected: tuple[str, str, str]
) -> None:
    settings = load(options, environ=environ)
    assert (settings.backend, settings.url, settings.command) == expected
    assert settings.read_only is (settings.backend != "local")


def test_a_command_is_taken_apart_as_a_shell_would() -> None:
    settings = load({"command": COMMAND}, environ={})
    assert settings.command_words == ("uvx", "a server", "--flag")
    assert settings.server == COMMAND


def test_a_key_in_a_command_is_not_shown() -> None:
    settings = load({"command": "run --key m0-abcdefghijklmnop"}, environ={})
    assert "abcdefghijklmnop" not in (settings.server or "")


@pytest.mark.parametrize("command", ["", "  ", "'open", "\x1b"])
def test_what_is_no_command_is_refused(command: str) -> None:
    with pytest.raises(SettingsError):
        load({"command": command}, environ={})


def test_an_mcp_backend_needs_to_be_told_where() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"backend": "mcp"}, environ={})
    assert "--command" in caught.value.hint
