"""What a backup refuses, leaves alone and does not obey."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from mem0_tui.curator.backup.folder import open_folder, refusing
from mem0_tui.git.place import RepositoryError
from mem0_tui.git.program import GitProgram, joined
from mem0_tui.git.worktree import open_checkout
from mem0_tui.model.errors import StoreFullError
from mem0_tui.store.formats.backup import path_of
from mem0_tui.store.sqlite.lock import FileLock
from tests.cli.conftest import Program
from tests.support.backups import Machine, git
from tests.support.git_traps import set_traps


@pytest.fixture
def machine(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "one", program, monkeypatch.setenv)


def test_what_is_not_ours_is_refused_and_left(machine: Machine, tmp_path: Path) -> None:
    machine.add("something")
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "letter.txt").write_text("dear")
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "-q")
    (project / "code.py").write_text("pass")
    for folder, what in ((documents, "holds files"), (project, "holds files")):
        before = sorted(os.listdir(folder))
        result = machine("backup", str(folder))
        assert result.code == 3
        assert what in result.err
        assert sorted(os.listdir(folder)) == before
    git(project, "add", ".")
    git(project, "commit", "-qm", "code")
    assert "holds files" in machine("backup", str(project)).err
    file = tmp_path / "a file"
    file.write_text("")
    assert "is a file" in machine("backup", str(file)).err


def test_changes_that_are_not_committed_are_refused(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    file = machine.backup / machine.path_of(one)
    kept = file.read_bytes()
    machine.add("more")
    for change in (
        lambda: file.write_bytes(kept + b" "),
        file.unlink,
        lambda: git(machine.backup, "rm", "-q", "--cached", str(file)),
        lambda: (machine.backup / "mem0-tui.json").unlink(),
    ):
        change()
        result = machine("backup", str(machine.backup))
        assert result.code == 3
        assert "not committed" in result.err
        git(machine.backup, "reset", "-q", "--hard")
    assert machine.back_up()["added"] == 1


def test_who_is_at_work_in_the_repository_is_not_disturbed(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    machine("edit", one, "--text", "changed")
    before = machine.head
    own = FileLock(machine.backup / ".git" / "mem0-tui" / "lock")
    assert own.acquire()
    assert "another backup" in machine("backup", str(machine.backup)).err
    own.release()
    for name in ("index.lock", "refs/heads/main.lock"):
        lock = machine.backup / ".git" / name
        lock.write_text("git's own")
        result = machine("backup", str(machine.backup))
        assert result.code == 3
        assert "git is at work in it" in result.err
        assert machine.head == before
        assert lock.read_text() == "git's own"
        lock.unlink()
    assert machine.back_up()["changed"] == 1
    assert machine.is_clean()


def test_files_of_the_owner_and_what_they_have_staged_stay(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    notes, loose = machine.backup / "README.md", machine.backup / "memories" / "loose.txt"
    notes.write_text("staged")
    loose.write_text("untracked")
    (machine.backup / ".gitignore").write_text("*.json\n")
    git(machine.backup, "add", "README.md")
    machine.add("more")
    machine("rm", one, "--yes")
    machine.back_up()
    assert "README.md" not in git(machine.backup, "ls-tree", "-r", "--name-only", "HEAD")
    assert git(machine.backup, "diff", "--cached", "--name-only").split() == ["README.md"]
    assert (notes.read_text(), loose.read_text()) == ("staged", "untracked")


def test_an_index_as_git_may_keep_it_is_written(machine: Machine) -> None:
    machine.add("something")
    machine.back_up()
    git(machine.backup, "update-index", "--split-index", "--untracked-cache")
    machine.add("more")
    machine.back_up()
    assert machine.is_clean()
    other = machine.folder / "other"
    git(machine.backup, "worktree", "add", "-q", "-b", "other", str(other))
    machine.add("in another working tree")
    assert machine.json("backup", str(other))["added"] == 1
    assert git(other, "status", "--porcelain") == ""
    assert git(other, "rev-list", "--count", "HEAD").strip() == "3"
    assert git(machine.backup, "rev-list", "--count", "HEAD").strip() == "2"


@pytest.mark.parametrize("state", ["MERGE_HEAD", "rebase-merge", "detached"])
def test_a_repository_in_the_middle_of_something_is_refused(machine: Machine, state: str) -> None:
    machine.add("something")
    machine.back_up()
    if state == "detached":
        git(machine.backup, "checkout", "-q", "--detach")
    else:
        (machine.backup / ".git" / state).write_text("")
    machine.add("more")
    before = machine.head
    assert machine("backup", str(machine.backup)).code == 3
    assert machine.head == before


def test_links_are_not_followed(machine: Machine, tmp_path: Path) -> None:
    one = machine.add("something")
    machine.back_up()
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(machine.backup / "memories", elsewhere)
    before = sorted(elsewhere.rglob("*"))
    folder = machine.backup / "memories"
    shutil.rmtree(folder)
    folder.symlink_to(elsewhere)
    machine("edit", one, "--text", "changed")
    result = machine("backup", str(machine.backup))
    assert result.code == 3
    assert "not a folder" in result.err
    assert sorted(elsewhere.rglob("*")) == before
    folder.unlink()
    git(machine.backup, "reset", "-q", "--hard")
    path = machine.path_of(one)
    (machine.backup / path).unlink()
    (machine.backup / path).symlink_to(tmp_path / "outside")
    git(machine.backup, "add", "-A")
    git(machine.backup, "commit", "-qm", "a link")
    assert "a link" in machine("backup", str(machine.backup)).err
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("mode", ["100644", "120000", "160000"])
def test_what_its_owner_has_in_the_place_of_a_folder_stays_there(
    machine: Machine, mode: str
) -> None:
    """Also where the working tree does not show it, as of a submodule that was never fetched."""
    machine.add("something")
    machine.back_up()
    wanted = path_of("memories", machine.add("more"))
    place = wanted.rpartition("/")[0]
    blob = git(machine.backup, "rev-parse", "HEAD:mem0-tui.json").strip()
    held = machine.head if mode == "160000" else blob
    git(machine.backup, "update-index", "--add", "--cacheinfo", f"{mode},{held},{place}")
    git(machine.backup, "commit", "-qm", "of the owner")
    before = machine.head
    result = machine("backup", str(machine.backup))
    assert result.code == 3
    assert place in result.err
    assert "of its own" in result.err
    assert machine.head == before


def test_nothing_that_a_repository_names_is_started(machine: Machine, tmp_path: Path) -> None:
    one = machine.add("something")
    machine.back_up()
    mark = tmp_path / "mark"
    set_traps(machine.backup, mark)
    with (machine.backup / ".git" / "config").open("a") as config:
        config.write("[commit]\n\tgpgSign = true\n")
    (machine.backup / ".gitattributes").write_text("* filter=trap diff=trap\n")
    for hook in ("pre-commit", "commit-msg", "post-commit", "prepare-commit-msg"):
        shutil.copy(machine.backup / ".git" / "leave-a-mark", machine.backup / ".git/hooks" / hook)
    machine("edit", one, "--text", "changed")
    machine.add("more")
    assert machine.back_up("--with-secrets", "--yes")["committed"]
    machine("rm", one, "--yes")
    for words in (("--list",), ("--restore", "HEAD", "--yes"), ("--merge", "--yes")):
        assert machine("backup", str(machine.backup), *words).code == 0
    assert not mark.exists(), mark.read_text()


@pytest.mark.parametrize(
    "content",
    ["ref: refs/heads/../../../outside", "ref: refs/heads/a/../../b", "ref: refs/heads/a b.lock"],
)
def test_a_branch_that_leads_elsewhere_is_refused(
    machine: Machine, tmp_path: Path, content: str
) -> None:
    machine.add("something")
    machine.backup.mkdir()
    git(machine.backup, "init", "-q")
    (machine.backup / ".git" / "HEAD").write_text(f"{content}\n")
    before = sorted(tmp_path.iterdir())
    assert machine("backup", str(machine.backup)).code == 3
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["refs/heads", "logs", "mem0-tui"])
def test_a_repository_whose_parts_lie_elsewhere_is_refused(
    machine: Machine, tmp_path: Path, name: str
) -> None:
    machine.add("something")
    machine.back_up()
    place, elsewhere = machine.backup / ".git" / name, tmp_path / "elsewhere"
    shutil.move(place, elsewhere)
    place.symlink_to(elsewhere)
    before = sorted(elsewhere.rglob("*"))
    machine.add("more")
    result = machine("backup", str(machine.backup))
    assert result.code == 3
    assert "leads out of it" in result.err
    assert sorted(elsewhere.rglob("*")) == before


def test_a_folder_that_nobody_could_make_is_named(machine: Machine, tmp_path: Path) -> None:
    machine.add("something")
    assert machine("backup", " ").code == 2
    long = tmp_path / ("x" * 300)
    result = machine("backup", str(long))
    assert result.code == 4
    assert "defect" not in result.err
    (tmp_path / "file").write_text("")
    result = machine("backup", str(tmp_path / "file" / "below"))
    assert result.code == 4
    assert "defect" not in result.err
    assert "a part of it is a file" in result.err


@pytest.mark.parametrize(
    "said",
    [
        "git fast-import failed (128): fatal: cannot write: No space left on device",
        "git fast-import failed (128): fatal: sha1 file 'tmp_idx' write error. Out of diskspace",
        "git cannot make a repository there: error: failed to write new configuration file"
        " .git/config.lock\nfatal: could not set 'core.filemode' to 'true'",
    ],
)
def test_a_full_disk_is_said_to_be_that(tmp_path: Path, said: str) -> None:
    """The sentences are git 2.39's; a disk cannot be filled without harm to the other tests."""
    with pytest.raises(StoreFullError) as raised, refusing(tmp_path):
        raise RepositoryError(said)
    assert str(raised.value) == f"{tmp_path}: there is no room for what is to be stored"


def test_a_full_disk_of_temporary_files_is_named_and_nothing_stays_there(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.add("something")
    machine.back_up()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    make = os.mkdir

    def full(path: str, mode: int = 0o777) -> None:
        if os.path.basename(path) == "objects":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        make(path, mode)

    monkeypatch.setattr(os, "mkdir", full)
    with pytest.raises(StoreFullError, match=f"^{temporary}: there is no room"):
        open_folder(machine.backup)
    monkeypatch.undo()
    assert not list(temporary.iterdir())


def test_a_repository_without_files_is_told_from_other_folders(machine: Machine) -> None:
    machine.add("something")
    hub = machine.folder / "hub.git"
    git(machine.folder, "init", "-q", "--bare", str(hub))
    for words in ((), ("--list",), ("--merge",)):
        result = machine("backup", str(hub), *words)
        assert result.code == 3
        assert "is a bare repository" in result.err
        assert "git clone" in result.err


def test_no_second_history_is_begun_in_a_clone_on_an_empty_branch(machine: Machine) -> None:
    """So a clone comes out whose origin was made for a branch of another name."""
    machine.add("something")
    machine.back_up()
    hub, clone = machine.folder / "hub.git", machine.folder / "clone"
    git(machine.folder, "init", "-q", "--bare", "--initial-branch=elsewhere", str(hub))
    git(machine.backup, "push", "-q", str(hub), "main")
    git(machine.folder, "clone", "-q", str(hub), str(clone))
    for words in ((), ("--list",), ("--restore", "HEAD")):
        result = machine("backup", str(clone), *words)
        assert result.code == 3
        assert "its backup is on the branch origin/main" in result.err
        assert "`git switch main`" in result.err
    git(clone, "switch", "-q", "main")
    assert not machine.json("backup", str(clone))["committed"]
    git(clone, "switch", "-q", "--orphan", "other")
    assert machine("backup", str(clone)).code == 3


def test_of_a_failed_import_the_reason_is_said(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    with (
        GitProgram(open_checkout(tmp_path).repository, seconds=60) as run,
        pytest.raises(RepositoryError) as raised,
    ):
        joined(run.run("fast-import", "--quiet", asked=b"nonsense\n"))
    # git 2.55 begins it with a small letter.
    assert "unsupported command: nonsense" in str(raised.value).lower()
    assert "crash report" not in str(raised.value)
