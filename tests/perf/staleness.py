"""Whether what is said to be gone or moved is, and what that costs beside one ``git log``.

The labelled references are of three public repositories that no rule was made on. Copies of them
are read from the folder that MEM0_TUI_REPOSITORIES names (``owner+name/repo``, ``owner/name`` or
``name`` in it); where there is none, that is said. The costs are measured on a made repository.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from mem0_tui.evidence.repository.history import History
from mem0_tui.evidence.staleness.assess import Answers, assess
from mem0_tui.evidence.staleness.assessed import Assessed, Freshness
from mem0_tui.evidence.staleness.question import question_of
from mem0_tui.git.place import Repository, RepositoryError, find_repository
from mem0_tui.git.program import GitProgram
from mem0_tui.model.memory import Memory
from tests.evidence.staleness.made import git
from tests.perf.measure import fact, heading

LABELLED = Path(__file__).parents[1] / "evidence" / "staleness" / "labelled.jsonl"
_COMMITS, _MEMORIES = 20_000, 1_000
_BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def run(folder: Path) -> None:
    """Print precision and recall, then what it costs."""
    heading("What labelled memories name: 342 of pytest, black and pydantic")
    _print_quality()
    heading(f"{_MEMORIES:,} memories in {_COMMITS:,} commits, one git log --name-status = 1.00")
    made = folder / "history"
    made.mkdir()
    truth = _make(made)
    command = [sys.executable, "-m", "tests.perf.staleness", str(made), str(truth)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=1200)
    found = json.loads(done.stdout)
    fact("references", f"{found['references']:,}")
    fact("CPU, git and ours", f"{found['ratio']:.2f}  ({found['seconds']:.1f} s)", "at most 2.0")
    fact("RSS, ours / git", f"{found['mb']:.0f} / {found['git_mb']:.0f} MB", "at most 260 MB")
    fact("git was started", f"{found['started']} times", "at most 8")
    fact("said as it was made", f"{found['right']:,} of {found['asked']:,}")


# -- quality


@dataclass
class Label:
    """One memory, and what became of the thing that it names."""

    repo: str
    memory: Memory
    verdict: str | None
    """``there``, ``gone`` or ``moved``; None where it names nothing of the repository."""
    name: str | None
    target: str | None
    commit: str | None
    """On the main line: the commit itself, or the merge that brought it."""


def read_labels() -> tuple[dict[str, str], list[Label]]:
    """The commit at which each repository was labelled, and the labels."""
    head, *rows = map(json.loads, LABELLED.read_text(encoding="utf-8").splitlines())
    return head["heads"], [_label(number, row) for number, row in enumerate(rows)]


def _label(number: int, row: Sequence[Any]) -> Label:
    repo, at, sha, text, name, verdict, target, commit = row
    made = datetime.fromisoformat(at).replace(tzinfo=UTC)
    memory = Memory(str(number), text, created_at=made, metadata={"git_sha": sha} if sha else {})
    return Label(repo, memory, verdict, name, target, commit)


def _print_quality() -> None:
    heads, labels = read_labels()
    counts: Counter[str] = Counter()
    for repo, head in heads.items():
        repository = _found(repo, head)
        if repository is None:
            print(f"  {repo} is not at hand: name its folder by MEM0_TUI_REPOSITORIES", flush=True)
            continue
        own = [label for label in labels if label.repo == repo]
        _count(repository, own, counts)
    if not counts:
        return
    stale, moved, slash = counts["stale"], counts["moved"], counts["slash"]
    fact("said to be gone or moved", f"{stale:,}, right {counts['right']:,}", "precision .95")
    fact("moved to", f"{moved:,}, right {counts['right target']:,}", "precision .97")
    fact("by the right commit", f"{counts['right commit']:,} of {stale:,}")
    fact("of those with a slash, found", f"{counts['found']:,} of {slash:,}", "recall .85")
    fact("and held against the memory", f"{counts['held']:,} of {slash:,}")
    fact("of bare names, found", f"{counts['found bare']:,} of {counts['bare']:,}")


def _found(repo: str, head: str) -> Repository | None:
    folder = Path(os.environ.get("MEM0_TUI_REPOSITORIES", "."))
    for name in (f"{repo.replace('/', '+')}/repo", repo, repo.partition("/")[2]):
        try:
            repository = find_repository(str(folder / name))
        except RepositoryError:
            continue
        if Path(repository.root) == (folder / name).resolve():
            return replace(repository, head=head, branch=None)
    return None


def _count(repository: Repository, labels: Sequence[Label], counts: Counter[str]) -> None:
    answers = _judged(repository, [label.memory for label in labels])
    line = _within(repository, {label.commit for label in labels if label.commit})
    for label in labels:
        stale = [each for each in answers[label.memory.id] if each.stale]
        for each in stale:
            counts["stale"] += 1
            counts["right"] += each.freshness.value == label.verdict
            counts["right commit"] += line.get(each.commit or "") == label.commit
            if each.freshness is Freshness.MOVED:
                counts["moved"] += 1
                counts["right target"] += each.target == label.target
        if label.verdict in ("gone", "moved"):
            slash = "/" in (label.name or "")
            counts["slash" if slash else "bare"] += 1
            counts["found" if slash else "found bare"] += bool(stale)
            counts["held"] += slash and any(each.counts for each in stale)


def _within(repository: Repository, commits: Iterable[str | None]) -> dict[str, str | None]:
    """Each commit that one of *commits* brought to the main line, by id."""
    with GitProgram(repository, seconds=600) as program:
        history = History()
        for _ in history.read(program):
            pass
    numbers = {history.find(each): each for each in commits if each}
    found: dict[str, str | None] = {}
    for number, name in numbers.items():
        assert number is not None
        before = history.reached([number, *history.parents(number)[:1]])
        has = before.of(number)
        had = [before.of(each) for each in history.parents(number)[:1]]
        for commit in range(number, len(history.ids)):
            if has(commit) and not any(each(commit) for each in had):
                found[history.ids[commit]] = name
    return found


def _judged(repository: Repository, memories: Sequence[Memory]) -> Answers:
    work = assess(repository, [question_of(each) for each in memories], seconds=600)
    while True:
        try:
            next(work)
        except StopIteration as done:
            answers: Answers = done.value
            return answers


# -- costs


def _make(folder: Path) -> Path:
    """A repository of 20,000 commits, and memories with what has become of what they name."""
    rng = random.Random(9)
    living = [f"src/part{n % 60}/module_{n}.py" for n in range(3_000)]
    asked: list[dict[str, Any]] = []
    fate: dict[str, tuple[str, str | None]] = {}
    stream = [_first(living)]
    for number in range(2, _COMMITS + 1):
        lines = [_header(number)]
        for _ in range(3):
            path = living[rng.randrange(len(living))]
            lines.append(f"M 100644 inline {path}\n{_data(f'{path} {number}', rng)}")
        if number % 20 == 0:
            lines.append(_change(number, living, fate, rng))
        if number % (_COMMITS // _MEMORIES) == 0:
            day = (_BEGIN + timedelta(hours=number, minutes=5)).isoformat()
            asked.append({"at": day, "paths": rng.sample(living, 1 + len(asked) % 2)})
        stream.append("\n".join(lines))
    git(folder, "init", "-q", "--bare", "-b", "main")
    git(folder, "fast-import", "--quiet", given=("\n".join(stream) + "\n").encode())
    truth = folder / "truth.json"
    truth.write_text(json.dumps({"asked": asked, "fate": fate}))
    return truth


def _change(
    number: int, living: list[str], fate: dict[str, tuple[str, str | None]], rng: random.Random
) -> str:
    at = rng.randrange(len(living))
    old = living[at]
    if number % 40 == 0:
        living[at] = living[-1]
        living.pop()
        fate[old] = ("gone", None)
        return f"D {old}"
    living[at] = f"lib/area{number % 40}/{old.rpartition('/')[2].removesuffix('.py')}_{number}.py"
    fate[old] = ("moved", living[at])
    return f"R {old} {living[at]}"


def _first(paths: Sequence[str]) -> str:
    rng = random.Random(1)
    files = (f"M 100644 inline {path}\n{_data(path, rng)}" for path in paths)
    return "\n".join((_header(1), *files))


def _header(number: int) -> str:
    seconds = int((_BEGIN + timedelta(hours=number)).timestamp())
    start = f"from :{number - 1}\n" if number > 1 else ""
    return (
        f"commit refs/heads/main\nmark :{number}\ncommitter Kim <kim@example.org> {seconds} +0000\n"
        f"data 3\nfix\n{start}".rstrip("\n")
    )


def _data(text: str, rng: random.Random) -> str:
    body = text + "\n" + "\n".join(f"line {rng.randrange(10**9)}" for _ in range(5)) + "\n"
    return f"data {len(body)}\n{body}"


def _main(folder: str, truth_file: str) -> None:
    truth = json.loads(Path(truth_file).read_text())
    memories = [
        Memory(str(n), "See " + " and ".join(each["paths"]), created_at=_moment(each["at"]))
        for n, each in enumerate(truth["asked"])
    ]
    repository = find_repository(folder)
    baseline = min(_git_seconds(folder) for _ in range(3))
    started = _counting()
    before, start = _children(), process_time()
    answers = _judged(repository, memories)
    seconds = process_time() - start + _children() - before
    said = [each for those in answers.values() for each in those]
    right = [_right(each, truth["fate"]) for each in said]
    result = {
        "references": len(said),
        "seconds": seconds,
        "ratio": seconds / baseline,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "git_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "started": len(started),
        "right": sum(right),
        "asked": len(right),
    }
    print(json.dumps(result))


def _right(each: Assessed, fate: dict[str, tuple[str, str | None]]) -> bool:
    path = each.reference.name
    hops = list(_hops(path, fate))
    if not hops:
        return each.freshness in (Freshness.FRESH, Freshness.CHANGED)
    kind, target = hops[-1]
    return each.freshness.value == kind and (kind == "gone" or each.target == target)


def _hops(path: str, fate: dict[str, tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    while path in fate:
        kind, target = fate[path]
        yield kind, target
        if target is None:
            return
        path = target


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _counting() -> list[object]:
    started: list[object] = []
    begin = subprocess.Popen

    def counted(*arguments: Any, **more: Any) -> Any:
        started.append(arguments)
        return begin(*arguments, **more)

    subprocess.Popen = counted  # type: ignore[assignment, misc]
    return started


def _git_seconds(folder: str) -> float:
    before = _children()
    command = ["git", "log", "--name-status", "HEAD"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
