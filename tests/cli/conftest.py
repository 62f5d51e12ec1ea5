"""Runs the command line in this process on real store files."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.cli.commands import serve_status
from mem0_tui.cli.commands.demo import make_demo
from mem0_tui.cli.main import main
from mem0_tui.store.store import open_store


@dataclass(frozen=True)
class Result:
    """What one command printed and returned."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


class Terminal(io.StringIO):
    """An input on which somebody has typed *text*."""

    def isatty(self) -> bool:
        return True


class Program:
    """``mem0-tui``, run in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._patch = patch
        self.options: tuple[str, ...] = ()

    def __call__(self, *words: str, typed: str | None = None, sent: str = "") -> Result:
        """Run it with these words; *typed* comes from a terminal, *sent* from a pipe."""
        stdin = io.StringIO(sent) if typed is None else Terminal(typed)
        self._patch.setattr(sys, "stdin", stdin)
        self._capsys.readouterr()
        code = main([*self.options, *words])
        captured = self._capsys.readouterr()
        return Result(code, captured.out, captured.err)

    def json(self, *words: str, code: int = 0) -> Any:
        """The JSON document that these words print."""
        result = self(*words, "--json")
        assert result.code == code, result.err + result.out
        return result.document

    def add(self, text: str, *words: str) -> str:
        """Add a memory and return its id."""
        report = self.json("add", text, *words)["report"]
        added: str = report["items"][0]["added_id"]
        return added


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is slow because the machine is busy is no server that does not answer."""
    monkeypatch.setattr(serve_status, "_PATIENCE", 60.0)


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    return Program(capsys, monkeypatch)


@pytest.fixture(scope="session")
def demo_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    make_demo(folder / "memories.db")
    return folder


@pytest.fixture
def demo(program: Program, demo_original: Path) -> Program:
    """The program with ``--demo``, its store made already."""
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "mem0-tui" / "demo"
    shutil.copytree(demo_original, folder)
    program.options = ("--demo",)
    return program


@pytest.fixture
def store(program: Program, tmp_path: Path) -> Program:
    """The program on an empty store of its own."""
    path = tmp_path / "memories.db"
    open_store(path).close()
    program.options = ("--store", str(path))
    return program
