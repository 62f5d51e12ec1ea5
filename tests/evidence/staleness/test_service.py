"""Which memories are compared with which repository, and that what is known is kept up to date."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.detect.stale import StaleDetector
from mem0_tui.detect.suspicion import Mark
from mem0_tui.evidence.staleness.assessed import Freshness
from mem0_tui.evidence.staleness.service import Checkout, StaleNames
from mem0_tui.model.change import Edit, Update
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from tests.detect.incremental import agrees_with_a_fresh_one, found, told
from tests.evidence.staleness.made import git, noon

TODAY = date(2026, 11, 30)
SHOP = Scope(user_id="kim", app_id="acme-shop")


def note(id_: str, text: str, scope: Scope = SHOP, **metadata: Any) -> Memory:
    return Memory(id_, text, scope, metadata=metadata, created_at=noon("2025-02-15"))


def names(folder: Path, *, chosen: bool = False) -> StaleNames:
    apps, lanes = frozenset({"acme-shop"}), frozenset({"acme-shop-0123456789"})
    return StaleNames(lambda: [Checkout(str(folder), apps, lanes, chosen)])


def test_the_reason_names_the_path_the_commit_and_the_day(
    repository: Path, commit_of: Callable[[str], str]
) -> None:
    detector = StaleDetector(TODAY, names(repository))
    [moved, gone] = found(
        detector,
        [
            note("b", "Limits: src/app/old_api.py, and nothing else."),
            note("a", "Retries in src/app/retry.py, port in src/app/server.py"),
            note("c", "Port in src/app/server.py"),
        ],
    )
    commit = commit_of("2025-03-01")[:8]
    place = "src/app/retry.py, which is now src/net/backoff.py"
    assert moved.reason == f"names {place} ({commit}, 2025-03-01)"
    assert (moved.ids, moved.label, moved.proposal) == (("a",), "moved", ())
    assert moved.marks["a"] == (Mark(11, 27, "moved"),)
    commit = commit_of("2025-04-01")[:8]
    assert gone.reason == f"names src/app/old_api.py, which is gone ({commit}, 2025-04-01)"
    assert gone.proposal == (Update("b", Edit(expires_on=date(2026, 11, 29))),)


@pytest.mark.parametrize(
    ("text", "more", "proposes"),
    [
        ("src/app/old_api.py and read/write locks", {}, True),
        ("src/app/old_api.py and nightly_report.py", {}, True),
        ("src/app/old_api.py and src/app/server.py", {}, False),
        ("src/app/old_api.py and src/app/retry.py", {}, False),
        ("src/app/old_api.py and config.py", {}, False),
        ("src/app/old_api.py", {"pinned": True}, False),
    ],
)
def test_only_what_names_nothing_that_is_left_is_proposed_to_expire(
    repository: Path, text: str, more: dict[str, Any], proposes: bool
) -> None:
    [said] = found(StaleDetector(TODAY, names(repository)), [note("a", text, **more)])
    assert bool(said.proposal) is proposes


def test_what_has_expired_is_there_once(repository: Path) -> None:
    over = replace(note("a", "See src/app/old_api.py"), expires_on=date(2026, 1, 1))
    [said] = found(StaleDetector(TODAY, names(repository)), [over])
    assert said.label == "expired"


@pytest.mark.parametrize(
    ("scope", "chosen", "holds"),
    [
        (Scope(user_id="kim", app_id="acme-shop"), False, True),
        (Scope(agent_id="acme-shop-0123456789", app_id="acme-shop"), False, True),
        (Scope(agent_id="acme-shop-0123456789"), False, True),
        (Scope(agent_id="acme-shop-ffffffffff", app_id="acme-shop"), False, True),
        (Scope(user_id="kim", app_id="acme-site"), True, False),
        (Scope(user_id="kim"), False, False),
        (Scope(user_id="kim"), True, True),
    ],
)
def test_a_repository_is_compared_with_its_own_memories(
    repository: Path, scope: Scope, chosen: bool, holds: bool
) -> None:
    compared = names(repository, chosen=chosen)
    detector = StaleDetector(TODAY, compared)
    assert bool(found(detector, [note("a", "See src/app/old_api.py", scope)])) is holds
    why = "not compared with git: no repository of these memories is known"
    assert detector.partly == (None if holds else why)


@dataclass(frozen=True)
class Session:
    folder: str
    commit: str


def test_the_session_says_which_repository_and_which_commit(
    repository: Path, commit_of: Callable[[str], str]
) -> None:
    thread = "019AD0E2-0000-7000-8000-000000000001"
    sessions = {thread.lower(): Session(str(repository / "src"), commit_of("2025-03-01"))}
    compared = StaleNames(
        lambda: [Checkout(str(repository), frozenset({"acme-shop"}))], sessions=sessions.get
    )
    detector = StaleDetector(TODAY, compared)
    scope = Scope(user_id="kim", run_id=thread)
    late = noon("2025-12-01")  # by its day alone, the file was gone already
    made = replace(note("a", "See src/app/old_api.py", scope), created_at=late)
    found(detector, [made, replace(made, id="b", scope=Scope(user_id="kim"))])
    [said] = compared.of("a")
    assert (said.freshness, said.counts) == (Freshness.GONE, False)
    assert compared.of("b") == ()
    elsewhere = {thread.lower(): Session(str(repository.parent), "")}
    compared = StaleNames(
        lambda: [Checkout(str(repository), frozenset({"acme-shop"}))], sessions=elsewhere.get
    )
    found(StaleDetector(TODAY, compared), [made])
    assert compared.of("a") == ()


def test_a_repository_that_is_gone_says_so(tmp_path: Path) -> None:
    detector = StaleDetector(TODAY, names(tmp_path / "away"))
    assert found(detector, [note("a", "See src/app/old_api.py")]) == []
    assert detector.partly == "not compared with git: no git repository holds that folder"


def test_it_says_the_same_however_it_was_told(repository: Path) -> None:
    kept, gone = note("k", "See src/app/server.py"), note("g", "See src/app/old_api.py")
    steps = [
        (kept, "put"), (gone, "put!"), (gone, "drop"), (replace(gone, text="none"), "put?"),
        (gone, "put!"), (replace(kept, text="See src/app/config.py"), "put"),
    ]  # fmt: skip
    agrees_with_a_fresh_one(lambda: StaleDetector(TODAY, names(repository)), steps)


def test_another_commit_is_noticed(repository: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(repository, tmp_path / "copy"))
    compared = names(folder)
    detector = StaleDetector(TODAY, compared)
    assert found(detector, [note("a", "Port in src/app/server.py")]) == []
    before = compared.state
    git(folder, "rm", "-q", "src/app/server.py")
    git(folder, "commit", "-q", "-m", "without it")
    assert compared.state != before
    [said] = told(detector)
    assert said.label == "gone"


def test_without_a_change_git_is_not_started_again(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = StaleDetector(TODAY, names(repository))
    before = found(detector, [note("a", "See src/app/old_api.py")])
    monkeypatch.setenv("PATH", "")
    assert told(detector) == before
    detector.put([note("b", "This names nothing")])
    assert told(detector) == before
