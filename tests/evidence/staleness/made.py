"""Git repositories made for tests: commits with set days, written by one run of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

SAFE = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Kim",
    "GIT_AUTHOR_EMAIL": "kim@example.org",
    "GIT_COMMITTER_NAME": "Kim",
    "GIT_COMMITTER_EMAIL": "kim@example.org",
}


@dataclass(frozen=True)
class Commit:
    """One commit to be made."""

    day: str
    """Such as ``2026-03-01``; it is made at noon, UTC."""
    put: Mapping[str, str] = field(default_factory=dict)
    """Contents by path."""
    drop: Sequence[str] = ()
    move: Mapping[str, str] = field(default_factory=dict)
    """New paths by old ones."""
    branch: str = "main"
    merge: str | None = None
    """The branch that is merged in; what changes in the merge is said as in any commit."""
    start: str | None = None
    """The branch that a new *branch* begins at."""


def git(folder: Path, *arguments: str, given: bytes = b"", home: Path | None = None) -> str:
    """What git prints in *folder*."""
    environ = {**os.environ, **SAFE, "HOME": str(home or folder)}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environ, input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def make(folder: Path, commits: Sequence[Commit], *options: str, checkout: bool = True) -> Path:
    """A repository in *folder* with these commits, ``main`` checked out."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    stream = b"".join(_written(number, each, commits) for number, each in enumerate(commits, 1))
    git(folder, "fast-import", "--quiet", given=stream)
    if checkout:
        git(folder, "reset", "-q", "--hard")
    return folder


def _written(number: int, commit: Commit, commits: Sequence[Commit]) -> bytes:
    seconds = int(noon(commit.day).timestamp())
    lines = [
        f"commit refs/heads/{commit.branch}",
        f"mark :{number}",
        f"committer Kim <kim@example.org> {seconds} +0000",
        _data(f"change {number}"),
    ]
    before = _last(commits[: number - 1], commit.branch) or _last(
        commits[: number - 1], commit.start
    )
    if before:
        lines.append(f"from :{before}")
    if commit.merge and (merged := _last(commits[: number - 1], commit.merge)):
        lines.append(f"merge :{merged}")
    lines += [f'R "{old}" "{new}"' for old, new in commit.move.items()]
    lines += [f'D "{path}"' for path in commit.drop]
    for path, content in commit.put.items():
        lines += [f'M 100644 inline "{path}"', _data(content)]
    return ("\n".join(lines) + "\n").encode()


def _last(commits: Sequence[Commit], branch: str | None) -> int:
    return max((n for n, each in enumerate(commits, 1) if each.branch == branch), default=0)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"


def noon(day: str) -> datetime:
    """Noon of *day*, UTC."""
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


def lines(count: int, word: str = "line") -> str:
    """A file of *count* different lines."""
    return "".join(f"{word} {number}\n" for number in range(count))
