"""When the first page is shown: as long as nothing but looks has been chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.cli.composition.screen_parts import is_first_run
from mem0_tui.settings.load import load
from mem0_tui.settings.locations import locations


@pytest.mark.parametrize(
    ("file", "environ", "first"),
    [
        (None, {}, True),
        ('theme = "mem0-light"\n', {}, True),
        ('backend = "local"\n', {}, False),
        ("timeout = 5\n", {}, False),
        (None, {"MEM0_API_KEY": "m0-EXAMPLE00000000000000"}, False),
        (None, {"MEM0_TUI_STORE": "elsewhere.db"}, False),
    ],
)
def test_first_run(tmp_path: Path, file: str | None, environ: dict[str, str], first: bool) -> None:
    given = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), **environ}
    settings_file = locations(given).settings_file
    if file is not None:
        settings_file.parent.mkdir(parents=True)
        settings_file.write_text(file)
    assert is_first_run(load(environ=given)) is first
