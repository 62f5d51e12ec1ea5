"""A clone with the line ends of Windows: the shell finds the interpreter of no script."""

from __future__ import annotations

from pathlib import Path

from tests.codex.homes import Home


def test_scripts_with_windows_line_ends_are_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    for script in (home.cached / "scripts").iterdir():
        script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    home.trust()

    found = next(f for f in home.report().findings if f.id == "hooks.crlf")

    assert found.title == "9 hook scripts have the line ends of Windows"
    assert "127" in found.detail
    assert found.fix is not None
    assert found.fix.command is None
