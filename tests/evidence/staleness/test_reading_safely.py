"""Somebody's repository is read without obeying it, and whatever state it is in."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from mem0_tui.evidence.repository import history
from mem0_tui.evidence.repository.commit import read_commit
from mem0_tui.evidence.staleness.assess import assess
from mem0_tui.evidence.staleness.assessed import Assessed, Freshness
from mem0_tui.evidence.staleness.question import question_of
from mem0_tui.git.objects import contents
from mem0_tui.git.place import Repository, RepositoryError, find_repository
from mem0_tui.git.program import MOST_PROCESSES, GitProgram
from mem0_tui.model.memory import Memory
from tests.evidence.staleness.conftest import HISTORY, judged
from tests.evidence.staleness.made import SAFE, Commit, git, make, noon
from tests.support.git_traps import set_traps

TEXTS = (
    "See src/app/old_api.py", "Retries are in src/app/retry.py", "The cache is src/app/cache.py",
    "It is build/generated_table.py", "Port in src/app/server.py", "Fixed in deadbeef01",
)  # fmt: skip


def memories() -> list[Memory]:
    made = noon("2025-02-15")
    return [Memory(str(n), text, created_at=made) for n, text in enumerate(TEXTS)]


def said(folder: Path) -> list[Assessed]:
    return [one for each in judged(folder, *memories()).values() for one in each]


def verdicts(folder: Path) -> list[tuple[str, str | None]]:
    return [(each.freshness.value, each.target) for each in said(folder)]


@pytest.fixture(scope="module")
def plain(repository: Path) -> list[tuple[str, str | None]]:
    return verdicts(repository)


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repository, tmp_path / "copy", symlinks=True))


def digest(folder: Path) -> str:
    """A hash over names, contents and times of all that lies in *folder*."""
    seen = hashlib.sha256()
    for at, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(at, name)
            there = path.stat()
            seen.update(f"{path}\0{there.st_mtime_ns}\0{there.st_mode}\0".encode())
            seen.update(path.read_bytes())
        seen.update(f"{at}\0{Path(at).stat().st_mtime_ns}".encode())
    return seen.hexdigest()


def test_no_program_that_a_repository_names_is_started_and_nothing_is_written(
    copy: Path, tmp_path: Path, plain: list[tuple[str, str | None]]
) -> None:
    mark = tmp_path / "mark"
    set_traps(copy, mark)
    (copy / "src" / "app" / "server.py").write_text("changed since\n")
    before = digest(copy)
    assert verdicts(copy) == plain
    assert not mark.exists(), mark.read_text()
    assert digest(copy) == before
    environ = {**os.environ, **SAFE, "HOME": str(tmp_path), "GIT_NO_LAZY_FETCH": "1"}
    subprocess.run(
        ["git", "diff"], cwd=copy, env=environ, capture_output=True, check=False, timeout=60
    )
    assert mark.exists(), "the traps work: git itself walks into them"


def test_variables_of_git_do_not_reach_it(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plain: list[tuple[str, str | None]],
) -> None:
    mark = tmp_path / "mark"
    program = tmp_path / "trace"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    program.chmod(0o755)
    for name, value in {
        "GIT_DIR": str(tmp_path), "GIT_EXTERNAL_DIFF": str(program), "GIT_PAGER": str(program),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(program), "GIT_TRACE": str(mark), "GIT_OBJECT_DIRECTORY": "/",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert verdicts(repository) == plain
    assert not mark.exists()


def test_git_is_started_a_few_times_whatever_is_asked(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    begin = subprocess.Popen

    def counted(command: list[str], **more: object) -> subprocess.Popen[bytes]:
        started.append(command)
        return begin(command, **more)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", counted)
    many = [
        Memory(f"{n} {each.id}", each.text, created_at=each.created_at)
        for n in range(50)
        for each in memories()
    ]
    work = assess(find_repository(str(repository)), [question_of(each) for each in many])
    for _ in work:
        pass
    assert 0 < len(started) <= MOST_PROCESSES
    assert {Path(command[0]).name for command in started} == {"git"}


def test_our_folder_is_gone_afterwards(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert said(repository)
    assert list(tmp_path.iterdir()) == []


# -- repositories of every kind


def test_a_bare_one_a_linked_one_and_a_folder_in_one(
    copy: Path, tmp_path: Path, plain: list[tuple[str, str | None]]
) -> None:
    git(copy, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "work")
    assert verdicts(tmp_path / "linked") == plain
    assert verdicts(copy / "src" / "app") == plain
    assert find_repository(str(tmp_path / "linked")).branch == "work"
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(copy), str(bare))
    ignored = [  # without a working tree there is nothing that says what is ignored
        ("gone", None) if text.startswith("It is build") else each
        for text, each in zip(TEXTS, plain, strict=True)
    ]
    assert verdicts(bare) == ignored


def test_ids_of_sha256(tmp_path: Path, plain: list[tuple[str, str | None]]) -> None:
    folder = make(tmp_path / "sha256", HISTORY, "--object-format=sha256")
    assert verdicts(folder) == plain


def test_a_shallow_one_judges_what_it_holds(
    repository: Path, tmp_path: Path, plain: list[tuple[str, str | None]]
) -> None:
    folder = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "3", repository.as_uri(), str(folder))
    stale = {(each.freshness.value, each.target) for each in said(folder) if each.stale}
    assert stale < set(plain)
    late = Memory("m", "See build/generated_table.py", created_at=noon("2025-05-20"))
    assert find_repository(str(folder)).shallow is not None
    assert judged(folder, late)["m"][0].freshness is Freshness.UNVERIFIABLE


def test_without_contents_moves_of_unchanged_files_are_still_found(
    copy: Path, plain: list[tuple[str, str | None]]
) -> None:
    git(copy, "repack", "-q", "-a", "-d")
    git(copy, "unpack-objects", "-q", given=_packed(copy))
    contents = {
        line.split()[0]
        for line in git(copy, "cat-file", "--batch-check", "--batch-all-objects").splitlines()
        if line.split()[1] == "blob"
    }
    for id_ in contents:
        path = copy / ".git" / "objects" / id_[:2] / id_[2:]
        path.unlink(missing_ok=True)
    assert verdicts(copy)[:2] == plain[:2]


def _packed(folder: Path) -> bytes:
    packs = folder / ".git" / "objects" / "pack"
    [pack] = packs.glob("*.pack")
    data = pack.read_bytes()
    shutil.rmtree(packs)
    packs.mkdir()
    return data


def test_a_damaged_one_makes_nothing_stale(copy: Path) -> None:
    packs = [*(copy / ".git" / "objects").rglob("*.pack")]
    loose = [p for p in (copy / ".git" / "objects").glob("??/*") if p.is_file()]
    assert packs or loose
    for path in (*packs, *loose):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert {each.freshness for each in said(copy)} == {Freshness.UNVERIFIABLE}


def test_one_without_commits_and_none_at_all(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "empty")
    with pytest.raises(RepositoryError, match="nothing is committed"):
        find_repository(str(tmp_path / "empty"))
    with pytest.raises(RepositoryError, match="no git repository"):
        find_repository(str(tmp_path / "nowhere"))


def test_a_pipe_in_place_of_a_file_holds_nothing_up(copy: Path) -> None:
    head = copy / ".git" / "HEAD"
    head.unlink()
    os.mkfifo(head)
    assert stat.S_ISFIFO(head.stat().st_mode)
    with pytest.raises(RepositoryError):
        find_repository(str(copy))


def test_git_that_takes_too_long_is_ended(repository: Path, tmp_path: Path) -> None:
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 1000\n")
    slow.chmod(0o755)
    there = find_repository(str(repository))
    with GitProgram(there, seconds=0.2) as program:
        program._program = str(slow)
        with pytest.raises(RepositoryError, match="took longer than 0.2 s"):
            list(program.run("log"))


def test_git_that_says_too_much_is_ended(repository: Path) -> None:
    there = find_repository(str(repository))
    with GitProgram(there, seconds=60, most=10) as program, pytest.raises(RepositoryError):
        list(program.run("log", there.head))


def test_without_git_nobody_can_tell(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = said(repository)
    assert {(each.freshness, each.why) for each in found} == {
        (Freshness.UNVERIFIABLE, "there is no git on PATH")
    }


def test_another_head_is_another_state(copy: Path) -> None:
    def state() -> Repository:
        return find_repository(str(copy))

    before = state()
    git(copy, "checkout", "-q", "--detach", "HEAD~1")
    after = state()
    assert before.state != after.state
    assert after.branch is None


@pytest.mark.parametrize("seconds", ["99999999999999999999", "253402300800", "-5", "0"])
def test_a_commit_may_claim_any_time(copy: Path, seconds: str) -> None:
    tree, parent = git(copy, "rev-parse", "HEAD^{tree}", "HEAD").split()
    who = f"Kim <kim@example.org> {seconds} +0000"
    text = f"tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\n\nlater\n"
    literally = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    commit = git(copy, *literally, given=text.encode()).strip()
    git(copy, "update-ref", "refs/heads/main", commit)
    assert said(copy)[0].freshness is Freshness.GONE
    assert 1969 < read_commit(str(copy), commit).at.year <= 9999


def test_a_history_that_is_too_long_is_not_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_MOST", 5)
    assert {each.why for each in said(repository)} == {"it has more than 5 commits"}


def test_large_and_binary_contents_are_passed_over(tmp_path: Path) -> None:
    large, binary = "x" * 3_000_000, "a\0b"
    folder = make(
        tmp_path / "large",
        [Commit("2025-01-01", put={"a": "one", "b": large, "c": binary, "d": "two", "e": large})],
    )
    taken: dict[int, bytes] = {}
    with GitProgram(find_repository(str(folder)), seconds=60) as program:
        names = [f"HEAD:{name}" for name in "abcxde"]
        names = [each.replace("HEAD", program.repository.head) for each in names]
        for _ in contents(program, names, taken.__setitem__, most=1_000_000):
            pass
    assert taken == {0: b"one", 4: b"two"}


def test_a_commit_is_shown_with_what_it_did(repository: Path) -> None:
    head = find_repository(str(repository)).head
    shown = read_commit(str(repository / "src"), head)
    assert (shown.id, shown.at, shown.author) == (head, noon("2025-06-02"), "Kim")
    assert {(each.kind, each.path) for each in shown.changes} == {
        ("D", "src/jobs/nightly_report.py"), ("D", "src/jobs/weekly_report.py"),
    }  # fmt: skip
    with pytest.raises(RepositoryError):
        read_commit(str(repository), "f" * 40)
