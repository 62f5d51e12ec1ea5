"""What became of a thing that a memory names: fresh, changed, moved, gone, or nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mem0_tui.evidence.staleness.assessed import Freshness
from mem0_tui.model.memory import Memory
from tests.evidence.staleness.conftest import Judge, judged
from tests.evidence.staleness.made import noon

CommitOf = Callable[[str], str]


def test_what_is_gone_names_the_commit_that_removed_it(judge: Judge, commit_of: CommitOf) -> None:
    said = judge("The v1 endpoints live in src/app/old_api.py.")
    assert (said.freshness, said.commit, said.counts) == (
        Freshness.GONE, commit_of("2025-04-01"), True,
    )  # fmt: skip
    assert said.at == noon("2025-04-01")
    assert said.path == "src/app/old_api.py"


def test_a_move_is_followed_hop_by_hop_and_names_where_it_began(
    judge: Judge, commit_of: CommitOf
) -> None:
    said = judge("Retries are in `src/app/retry.py`")
    assert (said.freshness, said.target) == (Freshness.MOVED, "src/net/backoff.py")
    assert said.commit == commit_of("2025-03-01")


def test_from_a_later_day_only_the_later_hop_counts(judge: Judge, commit_of: CommitOf) -> None:
    said = judge("Retries are in src/net/retry.py", "2025-03-07")
    assert (said.freshness, said.target) == (Freshness.MOVED, "src/net/backoff.py")
    assert said.commit == commit_of("2025-03-10")


def test_a_file_that_a_merge_alone_moved_is_found(judge: Judge, commit_of: CommitOf) -> None:
    said = judge("The cache is src/app/cache.py")
    assert (said.freshness, said.target) == (Freshness.MOVED, "src/app/store.py")
    assert said.commit == commit_of("2025-06-01")


@pytest.mark.parametrize("name", ["docs/guide/", "docs/guide"])
def test_a_folder_moves_with_its_files(judge: Judge, commit_of: CommitOf, name: str) -> None:
    said = judge(f"Pages belong into {name} only")
    assert (said.freshness, said.target) == (Freshness.MOVED, "docs/handbook")
    assert said.commit == commit_of("2025-05-02")


def test_a_folder_moves_also_where_most_of_it_was_removed_before(judge: Judge) -> None:
    said = judge("The rules are in lib/parse/")
    assert (said.freshness, said.target) == (Freshness.MOVED, "vendor/parse")


def test_a_script_is_no_host(judge: Judge) -> None:
    said = judge("Run tests/smoke_all.sh first")
    assert (said.freshness, said.path) == (Freshness.GONE, "tests/smoke_all.sh")


def test_a_folder_is_gone_with_its_last_file(judge: Judge, commit_of: CommitOf) -> None:
    said = judge("All jobs are below src/jobs/")
    assert (said.freshness, said.commit) == (Freshness.GONE, commit_of("2025-06-02"))


def test_what_is_there_says_how_often_it_has_changed(judge: Judge, commit_of: CommitOf) -> None:
    said = judge("The port is set in src/app/server.py", "2025-01-15")
    assert (said.freshness, said.changes) == (Freshness.CHANGED, 2)
    assert said.commit == commit_of("2025-03-05")
    assert judge("The port is set in src/app/server.py", "2025-04-15").freshness is Freshness.FRESH


def test_a_removal_that_was_taken_back_is_none(judge: Judge) -> None:
    assert judge("Seen in src/app/back_again.py").freshness is Freshness.FRESH


def test_the_commit_that_the_metadata_name_goes_before_the_day(
    judge: Judge, commit_of: CommitOf
) -> None:
    text, late = "See src/app/old_api.py", "2025-09-01"
    assert judge(text, late).freshness is Freshness.UNVERIFIABLE
    assert judge(text, late, git_sha=commit_of("2025-03-01")[:9]).freshness is Freshness.GONE


@pytest.mark.parametrize(
    ("name", "path"),
    [("old_api.py", "src/app/old_api.py"), ("app/old_api.py", "src/app/old_api.py"),
     ("nightly_report.py", "src/jobs/nightly_report.py")],
)  # fmt: skip
def test_a_name_that_only_one_file_had_stands_for_it(judge: Judge, name: str, path: str) -> None:
    said = judge(f"It is all in {name}, nowhere else.")
    assert (said.freshness, said.path) == (Freshness.GONE, path)


@pytest.mark.parametrize(
    "written",
    [
        "src/app/old_api.py:12", "src/app/old_api.py:12:4", "src/app/old_api.py::test_it",
        "src/app/old_api.py#L3-L9", "./src/app/old_api.py", "a/src/app/old_api.py",
        "`src/app/old_api.py`", "**src/app/old_api.py**", "(src/app/old_api.py)",
        "src\\app\\old_api.py", "src/app/old_api.py's",
    ],
)  # fmt: skip
def test_a_path_is_read_however_it_is_written(judge: Judge, written: str) -> None:
    said = judge(f"Look at {written} first")
    assert (said.freshness, said.path) == (Freshness.GONE, "src/app/old_api.py")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Reads and/or writes", "never had it"),
        ("Uses client/server and ~nothing else", "never had it"),
        ("It is in /etc/shop/old_api.py", "outside"),
        ("Ask config.py", "many files"),
        ("Start with twice_named.py", "several files had"),
        ("It is src/app/new_thing.py", "never had it"),
        ("It runs build/generated_table.py", "ignore"),
        ("See src/app/Casing.py", "case alone"),
    ],
)
def test_nobody_can_tell(judge: Judge, text: str, why: str) -> None:
    said = judge(text)
    assert said.freshness in (Freshness.UNVERIFIABLE, Freshness.MOVED), said
    assert not said.counts or said.target == "src/app/casing.py"
    if said.freshness is Freshness.UNVERIFIABLE:
        assert why in said.why


@pytest.mark.parametrize(
    "text",
    [
        "See https://github.com/acme/shop/blob/main/src/app/old_api.py",
        "It is in github.com/acme/shop/src/app/old_api.py",
        "Copied to kim@host:src/app/old_api.py",
        "Mine is ~/src/app/old_api.py",
        "Any of src/app/*.py or src/app/{old_api,retry}.py",
        "Pattern: docs/guide/*.py is linted, docs/guide/**/*.txt is not",
        "In $HOME/src/app/old_api.py",
        "On C:\\src\\app\\old_api.py",
        "One up: ../src/app/old_api.py",
    ],
)
def test_what_lies_elsewhere_is_not_asked_about(repository: Path, text: str) -> None:
    said = judged(repository, Memory("m", text, created_at=noon("2025-02-15")))["m"]
    assert [each for each in said if each.stale] == []


@pytest.mark.parametrize(
    ("text", "day", "metadata", "why"),
    [
        ("We removed src/app/old_api.py", "2025-02-15", {}, "itself"),
        ("Renamed src/app/retry.py", "2025-02-15", {}, "itself"),
        ("See src/app/old_api.py", "2025-03-31", {}, "within a day"),
        ("I like src/app/old_api.py", "2025-02-15", {"type": "user_preference"}, "preference"),
    ],
)
def test_it_is_not_held_against_a_memory(
    judge: Judge, text: str, day: str, metadata: dict[str, str], why: str
) -> None:
    said = judge(text, day, **metadata)
    assert said.stale
    assert not said.counts
    assert why in said.why


def test_what_was_gone_already_is_not_stale(judge: Judge) -> None:
    said = judge("It was once src/app/old_api.py", "2025-08-01")
    assert (said.freshness, said.counts) == (Freshness.UNVERIFIABLE, False)


def test_an_empty_file_does_not_move(judge: Judge) -> None:
    assert judge("Kept by tools/empty_marker.py").freshness is Freshness.GONE


def test_commits_and_branches_are_never_stale(repository: Path, commit_of: CommitOf) -> None:
    text = f"Fixed in {commit_of('2025-03-01')[:10]}, not in deadbeef01; the port is 8080808."
    one = Memory("m", text, metadata={"branch": "feature/gone"}, created_at=noon("2025-03-02"))
    said = {each.reference.name: each for each in judged(repository, one)["m"]}
    assert said[commit_of("2025-03-01")[:10]].freshness is Freshness.FRESH
    assert said["deadbeef01"].freshness is Freshness.UNVERIFIABLE
    assert said["feature/gone"].freshness is Freshness.UNVERIFIABLE
    assert len(said) == 3


def test_a_file_of_the_metadata_alone_is_not_held_against_it(repository: Path) -> None:
    metadata = {"files": ["src/app/old_api.py"]}
    one = Memory("m", "Retries need a cap", metadata=metadata, created_at=noon("2025-02-15"))
    [said] = judged(repository, one)["m"]
    assert (said.freshness, said.counts) == (Freshness.GONE, False)


def test_folders_of_the_metadata_say_which_file_is_meant(judge: Judge) -> None:
    said = judge("The limit is in config.py", dirs=["src", "src/app"])
    assert (said.freshness, said.path) == (Freshness.GONE, "src/app/config.py")


def test_without_a_day_nobody_can_tell(repository: Path) -> None:
    [said] = judged(repository, Memory("m", "See src/app/old_api.py"))["m"]
    assert said.freshness is Freshness.UNVERIFIABLE
