"""Asks a Codex program whether it takes a config.toml: ``codex mcp list`` starts no server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

_AT = re.compile(r"config\.toml:(\d+):\d+")
_IN = re.compile(r"in `([^`\n]+)`")
_NOISE = ("WARNING:", "Error: failed to load", "Caused by:", "Stack backtrace:")


class Verdict(NamedTuple):
    """What Codex said of one config.toml."""

    taken: bool
    said: str
    """The reason of a refusal, without the lines that are always there."""
    line: int | None = None
    """1-based line that the refusal names."""
    key: str | None = None
    """Dotted key that the refusal names."""


class Judge:
    """One Codex program, asked about many files, two at a time, each in a home of its own."""

    def __init__(self, program: str, workers: int = 2) -> None:
        self.program = program
        self.asked = 0
        self._root = Path(tempfile.mkdtemp(prefix="codex-judge-"))
        self._pool = ThreadPoolExecutor(workers)
        self._homes: list[Path] = []
        (self._root / "there.txt").write_text("here\n")

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        shutil.rmtree(self._root, ignore_errors=True)

    @property
    def file(self) -> str:
        """A file that exists, for settings that must name one."""
        return str(self._root / "there.txt")

    @property
    def folder(self) -> str:
        """A folder that exists."""
        return str(self._root)

    def ask(self, text: str) -> Verdict:
        """What Codex says of a config.toml that holds *text*."""
        home = self._homes.pop() if self._homes else self._new_home()
        try:
            (home / "config.toml").write_text(text)
            return self._run(home)
        finally:
            self._homes.append(home)

    def ask_all(self, texts: Iterable[str]) -> Iterator[Verdict]:
        """Like :meth:`ask` for many, in order."""
        return self._pool.map(self.ask, texts)

    def _new_home(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._root))

    def run(self, *arguments: str) -> str:
        """What another command prints in an empty home."""
        home = self._new_home()
        return self.start(home, *arguments).stdout

    def _run(self, home: Path) -> Verdict:
        self.asked += 1
        done = self.start(home, "mcp", "list")
        if done.returncode == 0:
            return Verdict(True, "")
        lines = [line.strip() for line in done.stderr.split("Stack backtrace:")[0].splitlines()]
        said = "\n".join(line for line in lines if line and not line.startswith(_NOISE))
        at, key = _AT.search(said), _IN.search(said)
        return Verdict(False, said, int(at[1]) if at else None, key[1] if key else None)

    def start(self, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in *home*."""
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "CODEX_HOME": str(home),
            "RUST_BACKTRACE": "0",
        }
        return subprocess.run(
            (self.program, *arguments),
            cwd=home,
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def native_program(folder: Path) -> str:
    """The compiled ``codex`` in the npm package below *folder*, without its script."""
    found = sorted(folder.glob("node_modules/@openai/codex*/vendor/*/*/codex"))
    found += sorted(folder.glob("node_modules/@openai/codex/node_modules/**/vendor/*/*/codex"))
    if not found:
        raise FileNotFoundError(f"no Codex program below {folder}")
    return str(found[0])
