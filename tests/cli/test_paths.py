"""A relative path is meant from the shell's folder, whatever folder Codex is looked at from."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.facts.paths import find_homes
from tests.cli.conftest import Program


@pytest.mark.parametrize("cwd", [None, "project", "/elsewhere", "../x"])
def test_no_folder_moves_with_the_folder_that_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cwd: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Path.cwd()
    option = find_homes(home="h", codex_home="c", cwd=cwd, environ={})
    assert (Path(option.home), Path(option.codex_home)) == (here / "h", here / "c")
    named = find_homes(cwd=cwd, environ={"HOME": "h", "USERPROFILE": "h", "CODEX_HOME": "c"})
    assert (Path(named.home), Path(named.codex_home)) == (here / "h", here / "c")
    expected = (here / cwd).resolve() if cwd else here
    assert Path(option.cwd) == expected


def test_the_doctor_takes_relative_folders_as_the_shell_does(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "codex").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path)
    document = program("doctor", "--codex-home", "codex", "--cwd", "project", "--json").document
    assert Path(document["codex_home"]) == Path.cwd() / "codex"


def test_the_store_is_where_the_shell_says(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program("add", "one", "--store", "memories.db")
    monkeypatch.setenv("MEM0_TUI_STORE", "memories.db")
    assert program.json("list")["total"] == 1
    assert (tmp_path / "memories.db").is_file()
