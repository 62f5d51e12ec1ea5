"""Machines that back up to repositories, each with a store, a home and settings of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mem0_tui.store.store import open_store
from tests.cli.conftest import Program, Result

_SAFE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}


def git(folder: Path, *arguments: str, fine: tuple[int, ...] = (0,)) -> str:
    """What git itself prints in *folder*, as its owner would run it."""
    who = ("-c", "user.name=Noor", "-c", "user.email=noor@example.org")
    environ = {**os.environ, **_SAFE}
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, env=environ, capture_output=True, check=False
    )
    assert done.returncode in fine, done.stderr.decode()
    return done.stdout.decode("utf-8", "surrogateescape")


def every_object(folder: Path) -> bytes:
    """The contents of all objects of a repository: files, trees, commits and their messages."""
    done = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"],
        cwd=folder,
        env={**os.environ, **_SAFE},
        capture_output=True,
        check=True,
    )
    return done.stdout


class Machine:
    """One machine."""

    def __init__(self, folder: Path, program: Program, setenv: Callable[[str, str], None]) -> None:
        self.folder = folder
        self.store = folder / "memories.db"
        self.backup = folder / "backup"
        self._program, self._setenv = program, setenv
        folder.mkdir()
        open_store(self.store).close()

    def __call__(self, *words: str, typed: str | None = None) -> Result:
        """Run the program there."""
        self._setenv("XDG_STATE_HOME", str(self.folder / "state"))
        return self._program("--store", str(self.store), *words, typed=typed)

    def json(self, *words: str, code: int = 0) -> Any:
        """The JSON document that these words print there."""
        result = self(*words, "--json")
        assert result.code == code, result.err + result.out
        return result.document

    def add(self, text: str, *words: str) -> str:
        """Add a memory and return its id."""
        added: str = self.json("add", text, *words)["report"]["items"][0]["added_id"]
        return added

    def back_up(self, *words: str, code: int = 0) -> Any:
        """Back up to the machine's repository; the JSON document of that."""
        return self.json("backup", str(self.backup), *words, code=code)

    @property
    def head(self) -> str:
        """The commit that its repository ends in."""
        return git(self.backup, "rev-parse", "HEAD").strip()

    def is_clean(self) -> bool:
        """Whether git finds its repository whole, and nothing in it that is not committed."""
        git(self.backup, "fsck", "--strict")
        return git(self.backup, "status", "--porcelain") == ""

    def path_of(self, memory_id: str) -> str:
        """The file of a memory, within its repository."""
        return git(self.backup, "ls-files", f"*{memory_id}*").strip()

    def export(self) -> str:
        """All memories as lines, without the first, which names the store."""
        return self("export", "--with-secrets").out.partition("\n")[2]

    def texts(self) -> set[str]:
        """What its memories say."""
        return {each["text"] for each in self.json("list", "--all")["memories"]}
