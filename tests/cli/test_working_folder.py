"""What the program starts imports nothing from the folder that somebody happens to be in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mem0_tui.cli.composition.screen_parts import ScreenSession
from mem0_tui.settings.load import load


def test_the_indexer_imports_nothing_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "imported"
    package = tmp_path / "repository" / "mem0_tui"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"open({str(marker)!r}, 'w').close()\n")
    monkeypatch.chdir(package.parent)
    session = ScreenSession(load({"store": str(tmp_path / "memories.db")}, environ=os.environ))
    session.start_indexer()
    process = session._indexer
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(120) == 0
    assert not marker.exists()
