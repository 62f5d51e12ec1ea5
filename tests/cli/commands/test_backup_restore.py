"""From a backup into a store: the same memories again, and what two machines did merged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.backups import Machine, git

pytestmark = pytest.mark.slow

SECRET = "sk-proj-" + "Ab3dE6gH9" * 5


class Pair:
    """Two machines with a clone each."""

    def __init__(self, a: Machine, b: Machine) -> None:
        self.a, self.b = a, b

    def carry(self, here: Machine, there: Machine) -> None:
        """Pull what *here* has into the repository *there*, as their owner would."""
        if there.backup.exists():
            git(there.backup, "pull", "-q", "--ff-only", str(here.backup), "main")
        else:
            git(there.folder, "clone", "-q", str(here.backup), str(there.backup))


@pytest.fixture
def pair(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    machines = (Machine(tmp_path / name, program, monkeypatch.setenv) for name in ("a", "b"))
    return Pair(*machines)


def waiting(machine: Machine, code: int = 0) -> set[str]:
    return {each["id"] for each in machine.back_up(code=code)["waiting"]}


def test_an_empty_machine_becomes_equal_field_by_field(pair: Pair, demo_original: Path) -> None:
    pair.a.store.write_bytes((demo_original / "memories.db").read_bytes())
    pair.a.back_up("--with-secrets")
    pair.carry(pair.a, pair.b)
    pair.b.store.unlink()
    assert pair.b("backup", str(pair.b.backup), "--restore", "HEAD").code == 0
    assert pair.b.export() == pair.a.export()
    again = pair.b.back_up("--with-secrets", "--yes")
    assert not again["committed"], "the same bytes on both machines"


def test_odd_memories_come_back_field_by_field(pair: Pair, tmp_path: Path) -> None:
    a, b = pair.a, pair.b
    nested = '{"a": {"b": [1, 2.5, {"c": null}]}, "z": "\u202e"}'
    a.add("Zwei\r\n\n汉字", "--user", "kim/lee ü", "--app", "../API", "--meta", f"deep={nested}")
    a.add("[PINNED] stays", "--user", "KIM", "--expires", "2099-01-01", "--category", "work")
    a.add("gone by", "--user", "kim", "--run", "r 1", "--agent", "x/y", "--expires", "2020-01-01")
    rows = [
        {"id": id_, "memory": f"the memory {id_}", "user_id": "kim"}
        for id_ in ("0A-upper", "0a-upper", "../../x", "con", "Ünï", "a" * 300)
    ]
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(rows))
    assert a("import", str(file)).code == 0
    a.back_up()
    assert len(set(map(str.casefold, git(a.backup, "ls-files").split()))) == 10
    pair.carry(a, b)
    assert b("backup", str(b.backup), "--restore", "HEAD", "--yes").code == 0
    assert b.export() == a.export()
    assert a.export().count("\n") == 10, "nine, and the end"


def test_a_restore_is_a_plan_that_undo_takes_back(pair: Pair, tmp_path: Path) -> None:
    a = pair.a
    kept, edited, gone = a.add("kept"), a.add("as it was"), a.add("deleted by mistake")
    a.back_up()
    a("edit", edited, "--text", "edited by mistake")
    a("rm", gone, "--yes")
    late = a.add("came later")
    before = a.texts()
    folder = str(a.backup)
    shown = a("backup", folder, "--restore", "HEAD", "--dry-run")
    assert "stay as they are" in shown.out
    assert a.texts() == before
    assert a("backup", folder, "--restore", "HEAD").code == 3, "what is there changes: it asks"
    document = a.json("backup", folder, "--restore", "HEAD", "--yes")
    assert document["plan"]["counts"] == {"restore": 1, "update": 1}
    assert document["same"] == 1
    assert a.texts() == {"kept", "as it was", "deleted by mistake", "came later"}
    a("undo", "--yes")
    assert a.texts() == before
    plan = tmp_path / "plan.json"
    a("backup", folder, "--restore", "HEAD", "--exact", "--plan-out", str(plan))
    assert a("apply", str(plan), "--yes").code == 0
    assert a.texts() == {"kept", "as it was", "deleted by mistake"}
    assert {kept, edited, gone} == {m["id"] for m in a.json("list", "--all")["memories"]}
    assert late


def test_an_earlier_revision_comes_back_whole(pair: Pair) -> None:
    a = pair.a
    one = a.add("first", "--type", "decision", "--category", "old")
    a.back_up()
    a("edit", one, "--text", "second", "--meta", "more=1", "--type", "convention")
    a("move", one, "--app", "elsewhere", "--yes")
    a.back_up()
    a("backup", str(a.backup), "--restore", "HEAD~1", "--yes")
    found = a.json("show", one)["memory"]
    assert (found["text"], found["metadata"], found["app_id"]) == (
        "first",
        {"type": "decision"},
        None,
    )
    assert found["categories"] == ["old"]
    assert a.back_up()["changed"] == 1


def test_a_mask_never_replaces_a_secret(pair: Pair) -> None:
    a = pair.a
    one = a.add(f"the key is {SECRET}")
    a.back_up()
    assert a.json("backup", str(a.backup), "--restore", "HEAD")["same"] == 1
    a("edit", one, "--text", f"the key of the staging server is {SECRET}")
    result = a.json("backup", str(a.backup), "--restore", "HEAD", "--yes", code=1)
    assert result["left_out"]["masked"] == [one]
    assert SECRET in a("export", "--with-secrets").out
    pair.carry(a, pair.b)
    said = pair.b("backup", str(pair.b.backup), "--restore", "HEAD")
    assert "masks stand in the place of secrets" in said.err
    assert len(pair.b.texts()) == 1


def test_pinned_memories_are_not_deleted_by_a_restore(pair: Pair) -> None:
    a = pair.a
    a.add("kept")
    a.back_up()
    pinned = a.add("[PINNED] must stay")
    found = a.json("backup", str(a.backup), "--restore", "HEAD", "--exact", "--yes")
    assert found["left_out"]["pinned"] == [pinned]
    assert "[PINNED] must stay" in a.texts()


def test_two_machines_take_over_what_the_other_did(pair: Pair) -> None:
    a, b = pair.a, pair.b
    edited, gone, stays = a.add("to be edited"), a.add("to be deleted"), a.add("stays")
    a.back_up()
    pair.carry(a, b)
    b("backup", str(b.backup), "--restore", "HEAD")
    a("edit", edited, "--text", "edited on A")
    a("rm", gone, "--yes")
    a.add("new on A")
    a.back_up()
    b.add("new on B")
    b("edit", stays, "--text", "edited on B")
    pair.carry(a, b)
    said = b.back_up()
    assert (said["added"], said["changed"], said["deleted"]) == (1, 1, 0), "A's work stays"
    assert len(said["waiting"]) == 3
    assert not any(each["conflict"] for each in said["waiting"])
    merged = b.json("backup", str(b.backup), "--merge", "--yes")
    assert merged["plan"]["counts"] == {"restore": 1, "update": 1, "delete": 1}
    assert merged["conflicts"] == []
    assert b.texts() == {"edited on A", "new on A", "new on B", "edited on B"}
    said = b.back_up()
    assert not said["committed"]
    assert not said["waiting"]
    pair.carry(b, a)
    assert len(waiting(a)) == 2
    a("backup", str(a.backup), "--merge", "--yes")
    assert a.texts() == b.texts()
    assert not a.back_up()["committed"], "dates that differ are no reason for another commit"
    assert not waiting(a)


def test_after_a_rebase_the_earlier_state_is_still_known(pair: Pair) -> None:
    a, b = pair.a, pair.b
    a.add("one")
    gone = a.add("two")
    a.back_up()
    pair.carry(a, b)
    b("backup", str(b.backup), "--restore", "HEAD")
    a.add("from A")
    a.back_up()
    b("rm", gone, "--yes")
    b.back_up()
    git(b.backup, "pull", "-q", "--rebase", str(a.backup), "main")
    said = b.back_up()
    assert not said["committed"]
    assert [each["backup"] for each in said["waiting"]] == ["from A"]
    pair.carry(b, a)
    a("backup", str(a.backup), "--merge", "--yes")
    assert a.texts() == {"one", "from A"}


def test_what_the_owner_edits_and_reverts_by_hand_is_taken_over(pair: Pair) -> None:
    a = pair.a
    one = a.add("as it was")
    a.back_up()
    file = a.backup / a.path_of(one)
    file.write_text(file.read_text().replace("as it was", "edited by hand"))
    git(a.backup, "commit", "-qam", "by hand")
    a("backup", str(a.backup), "--merge", "--yes")
    assert a.texts() == {"edited by hand"}
    assert not a.back_up()["committed"]
    git(a.backup, "revert", "--no-edit", "HEAD")
    a("backup", str(a.backup), "--merge", "--yes")
    assert a.texts() == {"as it was"}
    assert not a.back_up()["waiting"]


def conflict(pair: Pair) -> str:
    one = pair.a.add("as it was")
    pair.a.back_up()
    pair.carry(pair.a, pair.b)
    pair.b("backup", str(pair.b.backup), "--restore", "HEAD")
    pair.a("edit", one, "--text", "A says this")
    pair.a.back_up()
    pair.b("edit", one, "--text", "B says that")
    pair.carry(pair.a, pair.b)
    return one


def test_what_both_changed_is_shown_and_left_alone(pair: Pair) -> None:
    one, b = conflict(pair), pair.b
    assert waiting(b, code=1) == {one}
    told = b("backup", str(b.backup)).err
    assert "--merge --theirs, or --merge --ours" in told
    assert "To take over" not in told, "--merge alone would do nothing"
    result = b("backup", str(b.backup), "--merge")
    assert result.code == 1
    assert "A says this" in result.err
    assert "B says that" in result.err
    found = b.json("backup", str(b.backup), "--merge", code=1)["conflicts"]
    assert [(each["here"], each["backup"]) for each in found] == [("B says that", "A says this")]
    assert b.texts() == {"B says that"}
    assert git(b.backup, "grep", "-h", "says").strip() == '"A says this"'
    assert waiting(b, code=1) == {one}, "it stays open until somebody decides"


def test_a_conflict_is_decided_for_theirs(pair: Pair) -> None:
    conflict(pair)
    b = pair.b
    assert b("backup", str(b.backup), "--merge", "--theirs", "--yes").code == 0
    assert b.texts() == {"A says this"}
    assert not waiting(b)


def test_a_conflict_is_decided_for_ours(pair: Pair) -> None:
    conflict(pair)
    b = pair.b
    assert b("backup", str(b.backup), "--merge", "--ours").code == 0
    assert b.back_up()["changed"] == 1
    assert git(b.backup, "grep", "-h", "says").strip() == '"B says that"'
    pair.carry(b, pair.a)
    pair.a("backup", str(pair.a.backup), "--merge", "--yes")
    assert pair.a.texts() == {"B says that"}


def test_what_a_mask_keeps_out_is_decided_for_ours(pair: Pair) -> None:
    a, b = pair.a, pair.b
    one = a.add(f"the key is {SECRET}")
    b.json("import", str(_exported(a)))
    a.back_up()
    pair.carry(a, b)
    assert not b.back_up()["waiting"]
    a("edit", one, "--text", f"the old key is {SECRET}")
    a.back_up()
    pair.carry(a, b)
    found = b.json("backup", str(b.backup), "--merge", code=1)
    assert found["left_out"]["masked"] == [one]
    assert SECRET in b("export", "--with-secrets").out
    assert waiting(b) == {one}
    b("backup", str(b.backup), "--merge", "--ours")
    assert b.back_up()["changed"] == 1
    assert not waiting(b)


def _exported(machine: Machine) -> Path:
    file = machine.folder / "all.jsonl"
    machine("export", str(file), "--with-secrets")
    return file


def test_one_deleted_what_the_other_edited(pair: Pair) -> None:
    a, b = pair.a, pair.b
    one, other = a.add("one"), a.add("other")
    a.add("third")
    a.back_up()
    pair.carry(a, b)
    b("backup", str(b.backup), "--restore", "HEAD")
    a("rm", one, "--yes")
    a("edit", other, "--text", "other, edited")
    a.back_up()
    b("edit", one, "--text", "one, edited")
    b("rm", other, "--yes")
    pair.carry(a, b)
    assert waiting(b, code=1) == {one, other}
    b("backup", str(b.backup), "--merge", "--theirs", "--yes")
    assert b.texts() == {"other, edited", "third"}


def test_without_an_earlier_backup_nothing_counts_as_deleted(pair: Pair) -> None:
    a, b = pair.a, pair.b
    a.add("only on A")
    a.back_up()
    pair.carry(a, b)
    b.add("only on B")
    said = b.back_up()
    assert (said["added"], said["deleted"], said["memories"]) == (1, 0, 2)
    b("backup", str(b.backup), "--merge")
    assert b.texts() == {"only on A", "only on B"}


def test_a_repository_made_anew_gets_everything(pair: Pair) -> None:
    a = pair.a
    a.add("one")
    a.back_up()
    shutil.rmtree(a.backup)
    assert a.back_up()["added"] == 1


def test_a_damaged_file_is_named(pair: Pair) -> None:
    """By every way, before anything is written, and with the ways out of it."""
    a = pair.a
    one = a.add("one")
    a.back_up()
    file = a.backup / a.path_of(one)
    a.add("two")
    for content in (b"<<<<<<< HEAD\n", b"\0" * 9):
        file.write_bytes(content)
        git(a.backup, "commit", "-qam", "a merge gone wrong")
        before = a.head, a.export()
        for words in (("--restore", "HEAD", "--yes"), ("--merge", "--yes"), ()):
            result = a("backup", str(a.backup), *words)
            assert result.code in (2, 3)
            assert f"{a.backup}" in result.err
            assert file.name in result.err
            assert "--exact" in result.err
            assert (a.head, a.export()) == before
    said = a.back_up("--exact")
    assert (said["added"], said["changed"]) == (1, 1)
    assert b'"one"' in file.read_bytes()
    assert a("backup", str(a.backup), "--restore", "HEAD").code == 0
    file.write_text("{")
    git(a.backup, "commit", "-qam", "by hand")
    a("rm", one, "--yes")
    assert a.back_up("--exact")["deleted"] == 1
