"""Asks a Codex program about a config.toml, each question in a home of its own.

``codex mcp list`` says whether it takes the file and starts no server; ``codex app-server
--strict-config`` also refuses settings that it does not know, and ends with its input; the
app-server's ``config/read`` shows every setting that a table has, set or not. It refuses nothing
that the command takes, and answers in milliseconds, so that a quick judge asks it first.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from scripts.codexrules.session import Ended, Refused, Session

_AT = re.compile(r"config\.toml:(\d+):\d+")
_IN = re.compile(r"in `([^`\n]+)`")
_NOISE = ("WARNING:", "Error: failed to load", "Caused by:", "Stack backtrace:")

_NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there, so that nothing is said to other machines."""


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
    """One Codex program, asked about many files, two at a time, each in a home of its own.

    *quick*: what ``config/read`` refuses is not asked again.
    """

    def __init__(self, program: str, workers: int = 2, *, quick: bool = False) -> None:
        self.program = program
        self.quick = quick
        self.asked = 0
        self._root = Path(tempfile.mkdtemp(prefix="codex-judge-"))
        self._pool = ThreadPoolExecutor(workers)
        self._homes: list[Path] = []
        self._reading = threading.Lock()
        self._reader: Session | None = None
        (self._root / "there.txt").write_text("here\n")

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.close()
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
        if self.quick and (said := self._read(text)[1]) is not None:
            return _refusal(said)
        return self._run(text, "mcp", "list")

    def strict(self, text: str) -> Verdict:
        """Like :meth:`ask`, where a setting that Codex does not know is a reason to refuse."""
        return self._run(text, "app-server", "--strict-config")

    def ask_all(self, texts: Iterable[str]) -> Iterator[Verdict]:
        """Like :meth:`ask` for many, in order."""
        return self._pool.map(self.ask, texts)

    def shown(self, text: str) -> Mapping[str, Any]:
        """The configuration that Codex makes of *text*, as ``config/read`` shows it: also what is
        not set, as None or with its default. Empty where Codex refuses *text*."""
        return self._read(text)[0]

    def _read(self, text: str) -> tuple[Mapping[str, Any], str | None]:
        """What ``config/read`` shows of *text*, and why it refuses it; neither where it ends."""
        with self._reading:
            try:
                reader = self._reader = self._reader or self.session(self.home())
                (reader.home / "config.toml").write_text(text)
                return reader.ask("config/read")["config"], None
            except Ended:  # another one answers the next question
                if self._reader is not None:
                    self._reader.close()
                self._reader = None
                return {}, None
            except Refused as error:
                return {}, str(error)

    def warned(self, text: str) -> list[str]:
        """What Codex warns of by itself when it starts with a config.toml that holds *text*."""
        home = self.home()
        (home / "config.toml").write_text(text)
        with self.session(home) as session:
            session.ask("config/read")
            return session.warnings()

    def session(self, home: Path, cwd: Path | None = None) -> Session:
        """A running app-server of *home*, in the folder *cwd*."""
        return Session(self.program, home, _environ(home), cwd)

    def home(self) -> Path:
        """A new empty home."""
        return Path(tempfile.mkdtemp(dir=self._root))

    def run(self, *arguments: str) -> str:
        """What another command prints in an empty home."""
        home = self.home()
        return self.start(home, *arguments).stdout

    def _run(self, text: str, *arguments: str) -> Verdict:
        self.asked += 1
        home = self._homes.pop() if self._homes else self.home()
        try:
            (home / "config.toml").write_text(text)
            done = self.start(home, *arguments)
        finally:
            self._homes.append(home)
        if done.returncode == 0:
            return Verdict(True, "")
        return _refusal(done.stderr.split("Stack backtrace:")[0])

    def start(self, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in *home*."""
        return subprocess.run(
            (self.program, *arguments),
            cwd=home,
            env=_environ(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _refusal(error: str) -> Verdict:
    lines = [line.strip() for line in error.splitlines()]
    said = "\n".join(line for line in lines if line and not line.startswith(_NOISE))
    at, key = _AT.search(said), _IN.search(said)
    return Verdict(False, said, int(at[1]) if at else None, key[1] if key else None)


def _environ(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "CODEX_HOME": str(home),
        "RUST_BACKTRACE": "0",
        "HTTPS_PROXY": _NOWHERE,
        "HTTP_PROXY": _NOWHERE,
    }


def native_program(folder: Path) -> str:
    """The compiled ``codex`` in the npm package below *folder*, without its script."""
    found = sorted(folder.glob("node_modules/@openai/codex*/vendor/*/*/codex"))
    found += sorted(folder.glob("node_modules/@openai/codex/node_modules/**/vendor/*/*/codex"))
    if not found:
        raise FileNotFoundError(f"no Codex program below {folder}")
    return str(found[0])
