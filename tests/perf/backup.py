"""A backup of 10,000 memories, against ``git add -A && git commit`` of the very same files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.perf.measure import compared, heading, timed_together
from tests.perf.stores import filled

_COUNT = 10_000
_CALLS = 5
_GOAL = "3 at most"
_WHO = ("-c", "user.name=Kim", "-c", "user.email=kim@example.org")


def run(folder: Path) -> None:
    """Compare a first backup, and one where nothing changed."""
    heading(f"A backup of {_COUNT:,} memories, against git add -A and git commit of its files")
    store = filled(folder, _COUNT)
    place = folder / "backups"
    place.mkdir()
    ours, plain, files = place / "ours", place / "plain", place / "files"
    environ = {**os.environ, "HOME": str(place), "XDG_STATE_HOME": str(place / "state")}

    def program(*words: str) -> None:
        command = [sys.executable, "-m", "mem0_tui", "--store", str(store), *words]
        subprocess.run(command, env=environ, check=True, capture_output=True)

    def back_up() -> None:
        program("backup", str(ours))

    def export() -> None:
        program("export", str(place / "all.jsonl"), "--force")

    def first() -> None:
        shutil.rmtree(ours, ignore_errors=True)
        back_up()

    def commit() -> None:
        for words in (("add", "-A"), (*_WHO, "commit", "-q", "--allow-empty", "-m", "all")):
            subprocess.run(["git", *words], cwd=plain, env=environ, check=True)

    def add_all() -> None:
        shutil.rmtree(plain / ".git", ignore_errors=True)
        subprocess.run(["git", "init", "-q"], cwd=plain, env=environ, check=True)
        commit()

    first()
    shutil.copytree(ours, files, ignore=shutil.ignore_patterns(".git"))
    shutil.copytree(files, plain)
    mine, git = timed_together(first, add_all, calls=_CALLS)
    compared("the first (which also writes the files)", mine, git, _GOAL)
    mine, git = timed_together(back_up, commit, calls=_CALLS)
    compared("one of a store that did not change", mine, git)
    mine, theirs = timed_together(back_up, export, calls=_CALLS)
    compared("the same, against an export, which reads it, too", mine, theirs, "2 at most")
