"""Opening a file at a line in the user's editor, whichever it is."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from mem0_tui.model.errors import NotFoundError, UsageError
from mem0_tui.tui.editor import open_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script as a program")


def editor(folder: Path, name: str) -> tuple[str, Path]:
    """A program called *name* that notes its arguments."""
    program, noted = folder / name, folder / "arguments.json"
    program.write_text(
        f"#!{sys.executable}\nimport json, pathlib, sys\n"
        f"pathlib.Path({str(noted)!r}).write_text(json.dumps(sys.argv[1:]))\n"
    )
    program.chmod(0o755)
    return str(program), noted


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("vi", "", ["+7", "FILE"]),
        ("nano", " -w", ["-w", "+7", "FILE"]),
        ("emacs", " -nw", ["-nw", "+7", "FILE"]),
        ("code", " --wait", ["--wait", "--goto", "FILE:7"]),
        ("hx", "", ["FILE:7"]),
        ("subl", " -w", ["-w", "FILE:7"]),
    ],
)
def test_each_editor_is_told_the_line_its_own_way(
    name: str, options: str, expected: list[str], tmp_path: Path
) -> None:
    program, noted = editor(tmp_path, name)
    file = tmp_path / "a file.toml"
    file.write_text("x = 1\n")

    open_file(str(file), 7, {"EDITOR": program + options})

    given = [each.replace(str(file), "FILE") for each in json.loads(noted.read_text())]
    assert given == expected


def test_without_a_line_the_file_alone_is_named(tmp_path: Path) -> None:
    program, noted = editor(tmp_path, "vi")
    file = tmp_path / "hooks.json"
    file.write_text("{}")
    open_file(str(file), None, {"EDITOR": program})
    assert json.loads(noted.read_text()) == [str(file)]


def test_a_file_that_is_gone_is_not_made(tmp_path: Path) -> None:
    program, noted = editor(tmp_path, "vi")
    with pytest.raises(NotFoundError):
        open_file(str(tmp_path / "gone"), 1, {"EDITOR": program})
    assert not noted.exists()


def test_an_editor_that_does_not_start_is_told(tmp_path: Path) -> None:
    file = tmp_path / "hooks.json"
    file.write_text("{}")
    with pytest.raises(UsageError):
        open_file(str(file), 1, {"EDITOR": str(tmp_path / "no-such-editor")})
