"""Run as a program: backs up a store again and again, each time killed at another point as ``kill
-9`` does it, and each time finished by another backup; prints what was not as it should be.

    python -m tests.support.dying_backups FOLDER EVERY

FOLDER holds ``first`` and ``second``, two states of a store. EVERY-th points are tried, of the
first backup and of one that adds, changes and deletes. Children are forked, so that a kill costs no
start of an interpreter.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from mem0_tui.cli.commands import backup as _loaded  # noqa: F401 (before the forks)
from mem0_tui.cli.main import main
from mem0_tui.curator.backup import saving as _too  # noqa: F401
from tests.support.dying_program import Fuse


class _NearTheRepository(Fuse):
    """Burns for what happens to the repository's files only."""

    def event(self, name: str, details: tuple[Any, ...]) -> None:
        if details and "/repository" in str(details[0]):
            super().event(name, details)


class Bench:
    """Stores to back up, and repositories to back them up to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"

    def run(self, state: str, point: int | None = None) -> tuple[int, int]:
        """Back up *state* in a process of its own, killed at its *point*-th point, if any: the exit
        code, negative for a signal, and how many points were passed."""
        store = self.folder / "store"
        shutil.copyfile(self.folder / state, store)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            if point is not None:
                os.dup2(nothing, 2)
                sys.addaudithook(_NearTheRepository(writing, point).event)
            code = main(["--store", str(store), "backup", str(self.repository)])
            os._exit(code)
        os.close(writing)
        with open(reading, "rb") as points:
            passed = len(points.read())
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), passed

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.repository, capture_output=True, text=True, check=False
        )
        return done.stdout.strip() or done.stderr.strip()

    def tree(self) -> str:
        return self.git("rev-parse", "HEAD^{tree}")

    def begin(self, kept: Path | None) -> None:
        """The repository as it was in *kept*, or none."""
        shutil.rmtree(self.repository, ignore_errors=True)
        shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)
        if kept is not None:
            shutil.copytree(kept / "repository", self.repository)
            shutil.copytree(kept / "state", os.environ["XDG_STATE_HOME"])

    def keep(self, kept: Path) -> None:
        shutil.copytree(self.repository, kept / "repository")
        shutil.copytree(os.environ["XDG_STATE_HOME"], kept / "state")

    def try_all(self, store: str, kept: Path | None, every: int) -> tuple[int, list[str]]:
        """Kill at every *every*-th point; how many kills there were, and what was wrong."""
        self.begin(kept)
        code, points = self.run(store, 0)
        assert code == 0, code
        wanted, wrong, kills = self.tree(), [], 0
        for point in range(1, points + 1, every):
            self.begin(kept)
            code, _ = self.run(store, point)
            if code != -signal.SIGKILL:
                continue
            kills += 1
            code, _ = self.run(store)
            state = (code, self.git("status", "--porcelain"), self.git("fsck", "--strict"))
            left = [str(each) for each in self.repository.rglob("*.lock")]
            left += [str(each) for each in self.repository.rglob("*mem0-tui-*")]
            if state[:2] != (0, "") or "error" in state[2] or self.tree() != wanted or left:
                wrong.append(f"{store}, point {point} of {points}: {state} {left}")
        return kills, wrong


def try_everything(folder: Path, every: int) -> None:
    """Print how many kills there were, and then what was wrong, a line each."""
    bench, kept = Bench(folder), folder / "kept"
    first, wrong = bench.try_all("first", None, every)
    bench.keep(kept)
    second, more = bench.try_all("second", kept, every)
    sys.stdout.write("\n".join([f"{first} {second}", *wrong, *more]))


if __name__ == "__main__":
    try_everything(Path(sys.argv[1]), int(sys.argv[2]))
