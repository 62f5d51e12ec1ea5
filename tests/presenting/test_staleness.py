"""What became of what a memory names, and a commit, in words; nothing of theirs is markup."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mem0_tui.evidence.repository.commit import Commit, FileChange
from mem0_tui.evidence.staleness.assessed import NEVER, Assessed, Freshness, unverifiable
from mem0_tui.evidence.staleness.reference import Reference, ReferenceKind
from mem0_tui.presenting.spans import texts
from mem0_tui.presenting.staleness import commit_lines, names_lines

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


def named(path: str) -> Reference:
    return Reference(ReferenceKind.PATH, path, 0, len(path))


def told(path: str, freshness: Freshness, **more: Any) -> Assessed:
    commit = "abcdef0123456789"
    return Assessed(named(path), freshness, path=path, commit=commit, at=AT, **more)


def test_each_thing_is_told_with_its_evidence_what_is_gone_first() -> None:
    said = names_lines(
        [
            Assessed(named("a.py"), Freshness.FRESH, path="a.py"),
            unverifiable(named("and/or"), NEVER),
            unverifiable(named("/etc/x"), "it lies outside of the repository"),
            told("b.py", Freshness.CHANGED, changes=3),
            told("c.py", Freshness.MOVED, target="d.py"),
            told("e.py", Freshness.GONE, why="it happened within a day"),
        ]
    )
    assert texts(said) == [
        "gone         e.py  removed by abcdef01, 2026-05-01; it happened within a day: not held"
        " against it",
        "moved        c.py  now d.py, by abcdef01, 2026-05-01",
        "changed      b.py  3 commits since, the last abcdef01, 2026-05-01",
        "fresh        a.py",
        "unverifiable /etc/x  it lies outside of the repository",
    ]


def test_a_commit_shows_its_own_file_first_and_nothing_that_a_terminal_obeys() -> None:
    message = "Drop it\x1b[2J\n\nkey AKIAIOSFODNN7REALKEY\n" + "\n".join(map(str, range(40)))
    changes = [FileChange("M", f"src/{n}.py") for n in range(60)]
    changes.append(FileChange("R", "old\x1b]0;x\x07.py", "new.py"))
    commit = Commit("ab" * 20, AT, "Kim\x07", message, tuple(changes))
    said = texts(commit_lines(commit, {"src/59.py"}))
    text = "\n".join(said)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "AKIAIOSFODNN7REALKEY" not in text
    files = [each.strip() for each in said if each.strip()[:2] in ("M ", "R ")]
    assert files[0] == "M src/59.py"
    assert len(files) == 40
    assert said[-1].strip() == "… and 21 files more"
    assert "  … and 31 lines more" in said
