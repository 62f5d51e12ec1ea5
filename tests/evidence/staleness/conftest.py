"""One repository with the moves that there are, for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mem0_tui.evidence.staleness.assess import assess
from mem0_tui.evidence.staleness.assessed import Assessed
from mem0_tui.evidence.staleness.question import question_of
from mem0_tui.git.place import find_repository
from mem0_tui.model.memory import Memory
from tests.evidence.staleness.made import Commit, git, lines, make, noon

Judge = Callable[..., Assessed]

HISTORY = [
    Commit(
        "2025-01-10",
        put={
            "README.md": lines(5),
            "src/app/server.py": lines(80, "serve"),
            "src/app/retry.py": lines(60, "retry"),
            "src/app/cache.py": lines(50, "cache"),
            "src/app/old_api.py": lines(40, "api"),
            "src/app/config.py": lines(30, "config"),
            "src/app/Casing.py": lines(30, "casing"),
            "src/app/back_again.py": lines(30, "again"),
            "src/jobs/nightly_report.py": lines(44, "report"),
            "src/jobs/weekly_report.py": lines(45, "weekly"),
            "src/one/twice_named.py": lines(20, "one"),
            "src/two/twice_named.py": lines(20, "two"),
            "docs/guide/intro.md": lines(40, "intro"),
            "docs/guide/usage.md": lines(40, "usage"),
            "build/generated_table.py": lines(12, "generated"),
            "tools/empty_marker.py": "",
            "tests/smoke_all.sh": lines(14, "smoke"),
            **{f"lib/parse/rule_{n}.py": lines(20, f"rule {n}") for n in range(12)},
        },
    ),
    Commit("2025-02-01", put={"src/app/server.py": lines(81, "serve")}),
    Commit("2025-02-10", put={"side/only_here.py": lines(33, "side")}, branch="side", start="main"),
    Commit("2025-03-01", move={"src/app/retry.py": "src/net/retry.py"}),
    Commit("2025-03-05", put={"src/app/server.py": lines(82, "serve")}),
    Commit("2025-03-10", move={"src/net/retry.py": "src/net/backoff.py"}),
    Commit("2025-04-01", drop=["src/app/old_api.py", "src/one/twice_named.py"]),
    Commit("2025-04-02", drop=["src/app/back_again.py"]),
    Commit("2025-04-02", drop=[f"lib/parse/rule_{n}.py" for n in range(7)]),
    Commit("2025-04-03", move={"lib/parse": "vendor/parse"}, drop=["tests/smoke_all.sh"]),
    Commit("2025-04-03", put={"src/app/back_again.py": lines(30, "again")}),
    Commit("2025-05-01", drop=["src/app/config.py", "src/two/twice_named.py"]),
    Commit("2025-05-02", move={"docs/guide": "docs/handbook"}),
    Commit("2025-05-03", move={"src/app/Casing.py": "src/app/casing.py"}),
    Commit(
        "2025-05-04",
        drop=["build/generated_table.py", "tools/empty_marker.py"],
        put={".gitignore": "build/\n", "tools/other_marker.py": ""},
    ),
    Commit(
        "2025-06-01", merge="side", move={"src/app/cache.py": "src/app/store.py"},
        put={"side/only_here.py": lines(33, "side")},
    ),
    Commit("2025-06-02", drop=["src/jobs/nightly_report.py", "src/jobs/weekly_report.py"]),
]  # fmt: skip


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of :data:`HISTORY`."""
    return make(tmp_path_factory.mktemp("repository") / "shop", HISTORY)


@pytest.fixture(scope="session")
def commit_of(repository: Path) -> Callable[[str], str]:
    """The id of the commit of a day."""
    said = git(repository, "log", "--all", "--format=%H %cs")
    by_day = {day: id_ for id_, day in (line.split() for line in said.splitlines())}
    return by_day.__getitem__


def judged(folder: Path, *memories: Memory) -> dict[str, tuple[Assessed, ...]]:
    """What became of all that *memories* name, by their ids."""
    work = assess(find_repository(str(folder)), [question_of(each) for each in memories])
    while True:
        try:
            next(work)
        except StopIteration as done:
            return dict(done.value)


@pytest.fixture
def judge(repository: Path) -> Judge:
    """Judges the one thing that a memory of a day, by default of 2025-02-15, names."""

    def judge_one(text: str, day: str = "2025-02-15", **metadata: object) -> Assessed:
        one = Memory("m", text, created_at=noon(day), metadata=metadata)
        found = [each for each in judged(repository, one)["m"] if each.reference.in_text]
        assert len(found) == 1, found
        return found[0]

    return judge_one
