"""``backup``: a git repository with a file for each memory, and no surprises in it."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from mem0_tui.model.memory import Memory
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program
from tests.support.backups import Machine, every_object, git
from tests.support.memories import memory

SECRET = "sk-proj-" + "Ab3dE6gH9" * 5


@pytest.fixture
def machine(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "one", program, monkeypatch.setenv)


def put_in(machine: Machine, *memories: Memory) -> None:
    """Store these as they are."""
    store = open_store(machine.store)
    asyncio.run(store.restore(memories))
    store.close()


def test_a_backup_says_what_changed_and_the_next_one_nothing(machine: Machine) -> None:
    first = machine.add("round once, at the end", "--type", "decision")
    second = machine.add("soon to go")
    said = machine.back_up()
    assert (said["added"], said["changed"], said["deleted"], said["memories"]) == (2, 0, 0, 2)
    assert said["revision"] == machine.head
    assert machine.is_clean()
    again = machine("backup", str(machine.backup))
    assert "nothing changed" in again.out
    assert machine.head == said["revision"]
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
    assert machine.is_clean()
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
    hidden = memory(2, "said elsewhere", nested={SECRET: [{"note": f"it is {SECRET}"}]})
    put_in(machine, replace(hidden, categories=(SECRET,), raw={"structured": {"note": SECRET}}))
    said = machine.back_up()
    assert said["masked"] == 2
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
    assert SECRET not in git(machine.backup, "show", "HEAD:./", f"HEAD:{machine.path_of(one)}")


def test_secrets_go_into_a_repository_with_a_remote_only_when_that_is_wanted(
    machine: Machine,
) -> None:
    machine.add(f"the key is {SECRET}")
    machine.back_up()
    git(machine.backup, "remote", "add", "away", "https://kim:hunter2@git.example.org/memories.git")
    before = machine.head
    result = machine("backup", str(machine.backup), "--with-secrets")
    assert result.code == 3
    assert "https://git.example.org/memories.git" in result.err
    assert "hunter2" not in result.err
    assert machine("backup", str(machine.backup), "--with-secrets", typed="n\n").code == 3
    assert machine.head == before
    assert machine("backup", str(machine.backup), "--with-secrets", "--yes").code == 0
    assert SECRET.encode() in every_object(machine.backup)


def test_line_ends_that_git_wrote_are_no_change(machine: Machine) -> None:
    one = machine.add("something")
    machine.back_up()
    file = machine.backup / machine.path_of(one)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not machine.back_up()["committed"]
    machine("edit", one, "--text", "changed")
    assert machine.back_up()["changed"] == 1
    assert b"\r" not in file.read_bytes()


def test_ids_of_other_servers_are_kept(machine: Machine) -> None:
    odd = [("A", "one"), ("a", "two"), ("con", "three"), ("../x", "four"), ("é/ü", "five")]
    made = (replace(memory(n), id=id_, text=text) for n, (id_, text) in enumerate(odd))
    put_in(machine, *made)
    assert machine.back_up()["added"] == len(odd)
    assert machine.is_clean()
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
    assert machine.is_clean()
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
