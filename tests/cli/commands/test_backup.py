"""``backup``: a git repository with a file for each memory, and no surprises in it."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mem0_tui.store.sqlite.lock import FileLock
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program
from tests.support.backups import Machine, every_object, git
from tests.support.git_traps import set_traps
from tests.support.memories import memory

SECRET = "sk-proj-" + "Ab3dE6gH9" * 5


@pytest.fixture
def machine(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "one", program, monkeypatch.setenv)


def head(machine: Machine) -> str:
    return git(machine.backup, "rev-parse", "HEAD").strip()


def clean(machine: Machine) -> bool:
    git(machine.backup, "fsck", "--strict")
    return git(machine.backup, "status", "--porcelain") == ""


def test_a_backup_says_what_changed_and_the_next_one_nothing(machine: Machine) -> None:
    first = machine.add("round once, at the end", "--type", "decision")
    second = machine.add("soon to go")
    said = machine.back_up()
    assert (said["added"], said["changed"], said["deleted"], said["memories"]) == (2, 0, 0, 2)
    assert said["revision"] == head(machine)
    assert clean(machine)
    again = machine("backup", str(machine.backup))
    assert "nothing changed" in again.out
    assert head(machine) == said["revision"]
    machine("edit", first, "--text", "round twice")
    machine("rm", second, "--yes")
    third = machine.add("new")
    said = machine.back_up()
    assert said["committed"]
    message = git(machine.backup, "log", "-1", "--format=%B")
    assert message.startswith("1 added, 1 changed, 1 deleted\n\n2 memories in all, secrets masked")
    assert f"+ {third} untyped: new" in message
    assert f"~ {first} decision: round twice" in message
    assert f"- {second} untyped: soon to go" in message
    assert "mem0-tui <mem0-tui@localhost>" in git(machine.backup, "log", "-1", "--format=%an <%ae>")
    assert clean(machine)
    assert (
        git(machine.backup, "diff", "HEAD~1", "--", f"*{first}*").count('+    "round twice"') == 1
    )


def test_only_the_owner_can_read_it(machine: Machine) -> None:
    machine.add("private")
    old = os.umask(0o022)
    try:
        machine.back_up()
    finally:
        os.umask(old)
    for at, folders, files in os.walk(machine.backup):
        for name in (*folders, *files):
            mode = stat.S_IMODE(os.lstat(Path(at, name)).st_mode)
            assert not mode & 0o077, Path(at, name)


def test_a_secret_never_enters_the_history_unless_asked(machine: Machine) -> None:
    one = machine.add(f"the key is {SECRET}", "--meta", f"token={SECRET}", "--type", "decision")
    said = machine.back_up()
    assert said["masked"] == 1
    machine("edit", one, "--text", f"the new key is {SECRET} too")
    machine.back_up()
    machine("rm", one, "--yes")
    machine.back_up("--exact")
    assert SECRET.encode() not in every_object(machine.backup)
    machine("undo", "--yes")
    machine.back_up("--with-secrets")
    objects = every_object(machine.backup)
    assert SECRET.encode() in objects
    assert SECRET not in git(machine.backup, "log", "--format=%B"), "messages stay masked"
    machine.back_up()
    assert SECRET not in git(machine.backup, "show", "HEAD:./", f"HEAD:{_path(machine, one)}")


def _path(machine: Machine, memory_id: str) -> str:
    return git(machine.backup, "ls-files", f"*{memory_id}*").strip()


def test_secrets_go_into_a_repository_with_a_remote_only_when_that_is_wanted(
    machine: Machine,
) -> None:
    machine.add(f"the key is {SECRET}")
    machine.back_up()
    git(machine.backup, "remote", "add", "away", "https://kim:hunter2@git.example.org/memories.git")
    before = head(machine)
    result = machine("backup", str(machine.backup), "--with-secrets")
    assert result.code == 3
    assert "https://git.example.org/memories.git" in result.err
    assert "hunter2" not in result.err
    assert machine("backup", str(machine.backup), "--with-secrets", typed="n\n").code == 3
    assert head(machine) == before
    assert machine("backup", str(machine.backup), "--with-secrets", "--yes").code == 0
    assert SECRET.encode() in every_object(machine.backup)


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
    file = machine.backup / _path(machine, one)
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


def test_line_ends_that_git_wrote_are_no_change(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    file = machine.backup / _path(machine, one)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not machine.back_up()["committed"]
    machine("edit", one, "--text", "changed")
    assert machine.back_up()["changed"] == 1
    assert b"\r" not in file.read_bytes()


def test_who_is_at_work_in_the_repository_is_not_disturbed(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    machine("edit", one, "--text", "changed")
    before = head(machine)
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
        assert head(machine) == before
        assert lock.read_text() == "git's own"
        lock.unlink()
    assert machine.back_up()["changed"] == 1
    assert clean(machine)


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


@pytest.mark.parametrize("state", ["MERGE_HEAD", "rebase-merge", "detached"])
def test_a_repository_in_the_middle_of_something_is_refused(machine: Machine, state: str) -> None:
    machine.add("something")
    machine.back_up()
    if state == "detached":
        git(machine.backup, "checkout", "-q", "--detach")
    else:
        (machine.backup / ".git" / state).write_text("")
    machine.add("more")
    before = head(machine)
    assert machine("backup", str(machine.backup)).code == 3
    assert head(machine) == before


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
    path = _path(machine, one)
    (machine.backup / path).unlink()
    (machine.backup / path).symlink_to(tmp_path / "outside")
    git(machine.backup, "add", "-A")
    git(machine.backup, "commit", "-qm", "a link")
    assert "a link" in machine("backup", str(machine.backup)).err
    assert not (tmp_path / "outside").exists()


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


def test_ids_of_other_servers_are_kept(machine: Machine) -> None:
    odd = [("A", "one"), ("a", "two"), ("con", "three"), ("../x", "four"), ("é/ü", "five")]
    store = open_store(machine.store)
    try:
        made = [replace(memory(n), id=id_, text=text) for n, (id_, text) in enumerate(odd)]
        asyncio.run(store.restore(made))
    finally:
        store.close()
    assert machine.back_up()["added"] == len(odd)
    assert clean(machine)
    exported = machine.export()
    machine("rm", *(id_ for id_, _ in odd), "--yes")
    machine("backup", str(machine.backup), "--restore", "HEAD", "--yes")
    assert machine.export() == exported


def test_a_damaged_memory_does_not_replace_what_the_backup_has(machine: Machine) -> None:
    one = machine.add("a text that a disk turns over")
    machine.add("another")
    machine.back_up()
    data = machine.store.read_bytes()
    machine.store.write_bytes(data.replace(b"a disk turns", b"a risk turns"))
    said = machine.back_up(code=1)
    assert said["damaged"] == [one]
    assert (said["committed"], said["memories"]) == (False, 2)
    assert "a disk turns over" in git(machine.backup, "grep", "-h", "turns")


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


def test_a_store_that_lost_everything_does_not_empty_the_backup(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    machine("rm", one, "--yes")
    result = machine("backup", str(machine.backup))
    assert result.code == 3
    assert "no memories here" in result.err
    assert machine.back_up("--exact")["deleted"] == 1


def test_a_repository_that_git_made_is_used_as_it_is(machine: Machine) -> None:
    machine.add("something")
    machine.backup.mkdir()
    git(machine.backup, "init", "-q", "-b", "trunk", "--object-format=sha256")
    said = machine.back_up()
    assert len(said["revision"]) == 64
    assert git(machine.backup, "symbolic-ref", "HEAD").strip() == "refs/heads/trunk"
    git(machine.backup, "pack-refs", "--all")
    git(machine.backup, "gc", "-q")
    machine.add("more")
    assert machine.back_up()["added"] == 1
    assert clean(machine)
    assert "backup: 1 added" in git(machine.backup, "reflog")


def test_the_author_is_who_git_knows(machine: Machine, isolated_home: Path) -> None:
    (isolated_home / ".gitconfig").write_text(
        "[user]\n\tname = Kim <K>\n\temail = kim@example.org\n[init]\n\tdefaultBranch = trunk\n"
    )
    machine.add("something")
    machine.back_up()
    assert git(machine.backup, "log", "-1", "--format=%an <%ae>") == "Kim K <kim@example.org>\n"
    assert git(machine.backup, "branch", "--show-current") == "trunk\n"


def test_revisions_are_listed(machine: Machine) -> None:
    machine.add("something")
    first = machine.back_up()["revision"]
    machine.add("more")
    second = machine.back_up()["revision"]
    (machine.backup / "README.md").write_text("mine")
    git(machine.backup, "add", ".")
    git(machine.backup, "commit", "-qm", "a word of mine")
    found = machine.back_up("--list")["revisions"]
    assert [each["revision"] for each in found] == [second, first]
    assert [each["added"] for each in found] == [1, 1]
    assert second[:10] in machine("backup", str(machine.backup), "--list").out


@pytest.mark.parametrize(
    "words",
    [("--theirs",), ("--ours",), ("--dry-run",), ("--merge", "--exact"), ("--list", "--exact")],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_named(
    machine: Machine, words: tuple[str, ...]
) -> None:
    assert machine("backup", str(machine.backup), *words).code == 2
    assert not machine.backup.exists()
